package store

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode"

	"ninelives/internal/health"
)

// setting is one value of the settings. Its zero value is "not set".
type setting interface {
	// read takes a value as the TOML file gives it: a string, a bool or a
	// list of them. It reports whether that is an allowed value.
	read(value any) bool
	// toml writes the value as the file would; empty when it is not set.
	toml() string
}

// age is a duration after which a backup is late; zero is not set.
type age time.Duration

func (a *age) read(value any) bool {
	text, _ := value.(string)
	d, err := ParseDuration(text)
	*a = age(d)
	return err == nil
}

func (a *age) toml() string {
	if *a == 0 {
		return ""
	}
	return quote(FormatDuration(time.Duration(*a)))
}

// schedule is check_every as written.
type schedule string

func (s *schedule) read(value any) bool {
	text, _ := value.(string)
	*s = schedule(text)
	_, err := parseSchedule(text)
	return err == nil
}

func (s *schedule) toml() string {
	if *s == "" {
		return ""
	}
	return quote(string(*s))
}

// toggle is true, false or not set.
type toggle health.Answer

func (t *toggle) read(value any) bool {
	on, ok := value.(bool)
	*t = toggle(health.AnswerOf(on))
	return ok
}

func (t *toggle) toml() string {
	if *t == "" {
		return ""
	}
	return strconv.FormatBool(*t == toggle(health.Yes))
}

// hours is the daily quiet time.
type hours struct {
	set  bool
	text string
	span health.Quiet
}

func (h *hours) read(value any) bool {
	text, ok := value.(string)
	if !ok {
		return false
	}
	*h = hours{set: true, text: text}
	if text == "" {
		return true
	}
	from, to, ok := strings.Cut(text, "-")
	start, startOK := timeOfDay(from)
	end, endOK := timeOfDay(to)
	h.span = health.Quiet{Start: start, End: end}
	return ok && startOK && endOK && start != end
}

func (h *hours) toml() string {
	if !h.set {
		return ""
	}
	return quote(h.text)
}

// timeOfDay reads "HH:MM", as an offset from midnight.
func timeOfDay(text string) (time.Duration, bool) {
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, false
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, true
}

// ages is a list of durations that is not empty when it is set.
type ages []time.Duration

func (a *ages) read(value any) bool {
	const most = 50
	list, ok := value.([]any)
	if !ok || len(list) == 0 || len(list) > most {
		return false
	}
	*a = nil
	for _, item := range list {
		text, _ := item.(string)
		d, err := ParseDuration(text)
		if err != nil || d < shortestInterval {
			return false
		}
		*a = append(*a, d)
	}
	return true
}

func (a *ages) toml() string {
	if *a == nil {
		return ""
	}
	var texts []string
	for _, d := range *a {
		texts = append(texts, FormatDuration(d))
	}
	return quoteList(texts)
}

// folders is a list of paths as written; an empty list that is set is not nil.
type folders []string

func (f *folders) read(value any) bool {
	const most = 1000
	list, ok := value.([]any)
	if !ok || len(list) > most {
		return false
	}
	*f = folders{}
	for _, item := range list {
		path, _ := item.(string)
		if !isFolder(path) {
			return false
		}
		*f = append(*f, path)
	}
	return true
}

func (f *folders) toml() string {
	if *f == nil {
		return ""
	}
	return quoteList(*f)
}

// isFolder reports whether a path is absolute or below the home folder. Only
// its form is looked at: a drive that is absent today is a good setting.
func isFolder(path string) bool {
	const longest = 4096
	if len(path) > longest || strings.ContainsFunc(path, unicode.IsControl) {
		return false
	}
	return filepath.IsAbs(path) || isBelowHome(path)
}

func isBelowHome(path string) bool {
	return len(path) > 2 && path[0] == '~' && os.IsPathSeparator(path[1])
}

// quote writes a TOML string: plain where that is possible, so that Windows
// paths stay readable.
func quote(text string) string {
	plain := !strings.ContainsFunc(text, func(r rune) bool { return r == '\'' || unicode.IsControl(r) })
	if plain && strings.ContainsAny(text, `"\`) {
		return "'" + text + "'"
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsControl(r):
			b.WriteString(`\u` + strconv.FormatInt(0x10000+int64(r), 16)[1:])
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func quoteList(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = quote(text)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

package view

import (
	"regexp"
	"strings"
)

// Typed is what a form holds that was sent back, by key of the settings.
type Typed struct {
	Values map[string]string // meant for the file: what nobody touched is as it was; "" follows the default; lists one item a line
	Shown  map[string]string // as typed, for the form to come back with
	Errors map[string]string // what cannot be meant
}

// The choice of check_every that leads to a field of its own.
const (
	checkEvery = "check_every"
	ownChoice  = "own"
	ownName    = checkEvery + ".own"
)

// settingKind is how a setting is written.
type settingKind int

const (
	notASetting settingKind = iota
	aSchedule
	aLength
	aToggle
	someHours
	someLengths
	someFolders
)

func kindOf(key string) settingKind {
	last := key[strings.LastIndex(key, ".")+1:]
	switch {
	case key == checkEvery:
		return aSchedule
	case last == "warn_after", last == "critical_after":
		return aLength
	case last == "enabled", last == "ignore", last == "hide_names":
		return aToggle
	case key == "notifications.quiet":
		return someHours
	case key == "notifications.repeat":
		return someLengths
	case key == "backups.folders":
		return someFolders
	default:
		return notASetting
	}
}

// Typed reads a form that was drawn from these settings. Names that are none
// of its fields are left out, and so are fields that are locked.
func (s Settings) Typed(form map[string]string) Typed {
	t := Typed{Values: map[string]string{}, Shown: map[string]string{}, Errors: map[string]string{}}
	for key, raw := range form {
		kind := kindOf(key)
		if kind == notASetting || s.isForced(key) {
			continue
		}
		t.Shown[key] = strings.ReplaceAll(raw, "\r\n", "\n")
		t.Values[key] = meant(kind, t.Shown[key], s.Values[key])
	}
	own, both := form[ownName]
	if _, chosen := form[checkEvery]; both && chosen && !s.isForced(checkEvery) {
		s.readOwn(&t, own)
	}
	return t
}

// readOwn joins the two fields of check_every. Without a script the choice
// does not follow what is typed beside it, so a contradiction is asked about.
func (s Settings) readOwn(t *Typed, own string) {
	t.Shown[ownName] = own
	switch {
	case t.Shown[checkEvery] == ownChoice && own == s.own() && own != "":
		t.Values[checkEvery] = s.Values[checkEvery]
	case t.Shown[checkEvery] == ownChoice:
		if t.Values[checkEvery] = meant(aSchedule, own, ""); t.Values[checkEvery] == "" {
			t.Errors[checkEvery] = "Write when to check, or choose one of the intervals."
		}
	case strings.TrimSpace(own) != "" && own != s.own():
		t.Errors[checkEvery] = "This does not go with the interval chosen above it. Choose “" + otherTimes + "” there, or empty this field."
	}
}

// meant gives a value in the form of the file. was is its value there: what
// stands in a field untouched is not written anew.
func meant(kind settingKind, typed, was string) string {
	if typed == was || kind == someLengths && typed == shownList(was) {
		return was
	}
	switch kind {
	case aLength, aSchedule:
		return shortLength(strings.TrimSpace(typed))
	case someHours:
		return shortHours(typed)
	case someLengths:
		items := strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ';' || r == '\n' })
		return eachLine(items, func(item string) string { return shortLength(strings.TrimSpace(item)) })
	case someFolders:
		old := "\n" + was + "\n"
		return eachLine(strings.Split(typed, "\n"), func(line string) string {
			if strings.Contains(old, "\n"+line+"\n") {
				return line
			}
			return unquoted(strings.TrimSpace(line))
		})
	default:
		return strings.TrimSpace(typed)
	}
}

// eachLine joins what is left of the items, a line each.
func eachLine(items []string, of func(string) string) string {
	var lines []string
	for _, item := range items {
		if item = of(item); strings.TrimSpace(item) != "" {
			lines = append(lines, item)
		}
	}
	return strings.Join(lines, "\n")
}

// unquoted takes the quotes off a path: Windows copies paths with them.
func unquoted(path string) string {
	if n := len(path); n >= 2 && (path[0] == '"' || path[0] == '\'') && path[n-1] == path[0] {
		return path[1 : n-1]
	}
	return path
}

var (
	lengthForm = regexp.MustCompile(`(?i)^(?:\d+(?:\.\d+)?\s*(?:w|weeks?|d|days?|h|hours?|m|min|minutes?)[\s,]*)+$`)
	lengthUnit = regexp.MustCompile(`(?i)([wdhm])[a-z]*[\s,]*`)
)

// shortLength writes "7 days" as the file does, "7d"; what is no length of
// time stays as it is.
func shortLength(text string) string {
	if !lengthForm.MatchString(text) {
		return text
	}
	text = lengthUnit.ReplaceAllStringFunc(text, func(unit string) string { return strings.ToLower(unit[:1]) })
	return strings.Join(strings.Fields(text), "")
}

// shortHours writes "9:00 – 17:00" as the file does, "09:00-17:00".
func shortHours(text string) string {
	text = strings.NewReplacer(" ", "", "–", "-", "—", "-").Replace(strings.TrimSpace(text))
	from, to, ok := strings.Cut(text, "-")
	if !ok {
		return text
	}
	return twoDigits(from) + "-" + twoDigits(to)
}

func twoDigits(clock string) string {
	if len(clock) == len("9:00") && clock[1] == ':' {
		return "0" + clock
	}
	return clock
}

package view

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ninelives/internal/health"
)

const (
	hiddenFolder = "[hidden folder]"
	hiddenPath   = "[hidden path]"
)

// nameless takes the names of devices, and the paths that may hold the name of
// a person, out of what is shown.
func nameless(r health.Report, s Session) (health.Report, Session) {
	called := aliases(r.Devices)
	words := func(device, text string) string {
		for _, v := range r.Devices {
			if device == "" || v.ID == device {
				text = replaceWhole(text, strings.TrimSpace(v.Name), called[v.ID])
			}
		}
		return text
	}
	hidden := r
	hidden.Devices = slices.Clone(r.Devices)
	for i := range hidden.Devices {
		hidden.Devices[i].Name = called[hidden.Devices[i].ID]
	}
	hidden.Obstacles = slices.Clone(r.Obstacles)
	for i := range hidden.Obstacles {
		o := &hidden.Obstacles[i]
		o.Title, o.Remedy = words(o.Device, without(o.Title, o.Path)), words(o.Device, without(o.Remedy, o.Path))
	}
	hidden.Sources = slices.Clone(r.Sources)
	for i := range hidden.Sources {
		hideSource(&hidden.Sources[i])
	}
	s.Notices = slices.Clone(s.Notices)
	for i := range s.Notices {
		s.Notices[i] = words("", withoutPaths(s.Notices[i]))
	}
	return hidden, s
}

// hideSource hides a folder; what a source that failed says of itself may name
// it again.
func hideSource(s *health.SourceState) {
	if s.Kind != health.SourceMobileSync {
		return
	}
	s.Where = hiddenFolder
	if s.State() != "ok" {
		s.Detail = ""
	}
}

// aliases call devices by what they are, "iPhone 1", in an order that does not
// change with their state. No alias is a name of another device.
func aliases(devices []health.Verdict) map[string]string {
	kinds := map[string]string{}
	for _, v := range devices {
		kinds[v.ID] = kindWords(v.ProductType)
	}
	called, count := map[string]string{}, map[string]int{}
	for _, id := range slices.Sorted(maps.Keys(kinds)) {
		count[kinds[id]]++
		called[id] = fmt.Sprintf("%s %d", kinds[id], count[kinds[id]])
	}
	return called
}

func kindWords(productType string) string {
	if kind := health.Kind(productType); kind != "" {
		return kind
	}
	return "Device"
}

func without(text, path string) string {
	if path == "" {
		return text
	}
	return strings.ReplaceAll(text, path, hiddenFolder)
}

// withoutPaths hides every word that begins a path.
func withoutPaths(text string) string {
	words := strings.Split(text, " ")
	for i, w := range words {
		if bare := strings.TrimLeft(w, "\"'(“"); strings.HasPrefix(bare, "/") || strings.HasPrefix(bare, "~") || len(bare) > 2 && bare[1:3] == `:\` {
			words[i] = hiddenPath
		}
	}
	return strings.Join(words, " ")
}

// replaceWhole replaces a name where it stands as words of its own, so that a
// device called "a" does not tear words apart.
func replaceWhole(text, name, by string) string {
	if name == "" {
		return text
	}
	var b strings.Builder
	done := 0
	for {
		i := strings.Index(text[done:], name)
		if i < 0 {
			return b.String() + text[done:]
		}
		start, end := done+i, done+i+len(name)
		b.WriteString(text[done:start])
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		word := by
		if inWord(before) || inWord(after) {
			word = name
		}
		b.WriteString(word)
		done = end
	}
}

func inWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

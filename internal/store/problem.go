package store

import (
	"fmt"
	"strings"
	"unicode"
)

// SettingsError says which setting is bad and what would be good. Its text is
// one line.
type SettingsError struct {
	File  string // empty: not from a file
	Line  int    // counted from 1; 0: not from a file
	Key   string // such as "icloud.warn_after"; empty: the line as a whole
	Value string // as written
	Want  string // the allowed values or their form

	Other string // the key that it contradicts; empty: the value itself is not allowed
	Limit string // the value of Other, such as "14d"
}

// Error names file, line, key, value and what is allowed.
func (e *SettingsError) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File)
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, ", line %d", e.Line)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	b.WriteString(clip(e.Key))
	if e.Key != "" && e.Value != "" {
		b.WriteString(" = ")
	}
	b.WriteString(clip(e.Value))
	if e.Key != "" || e.Value != "" {
		b.WriteString(": ")
	}
	return b.String() + "want " + e.Want
}

// clip makes foreign text fit for an error of one line.
func clip(text string) string {
	const longest = 80
	var b strings.Builder
	for i, r := range []rune(text) {
		if i == longest {
			return b.String() + "…"
		}
		if !unicode.IsPrint(r) {
			r = '·'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// keyName writes a key path for people.
func keyName(path []string) string { return strings.Join(path, ".") }

// unknown says what may stand in the place of a key that nobody knows.
func unknown(path []string) string {
	name, best := keyName(path), ""
	const hopeless = 64
	least := max(2, len(name)/3) + 1
	var allowed []string
	for _, r := range rows {
		known := r.Name
		if len(path) == 3 && path[0] == "device" {
			known = strings.Replace(known, "ID", path[1], 1)
		}
		if len(name) <= hopeless {
			if d := distance(name, known); d < least {
				best, least = known, d
			}
		}
		if sameTable(path, strings.Split(known, ".")) {
			allowed = append(allowed, known)
		}
	}
	want := "a known key"
	if len(allowed) > 0 {
		want = "one of " + strings.Join(allowed, ", ")
	}
	if best != "" {
		want += fmt.Sprintf("; did you mean %s?", best)
	}
	return want
}

// sameTable reports whether a known key stands beside an unknown one.
func sameTable(path, known []string) bool {
	n := len(path) - 1
	return len(known)-1 == n && strings.Join(path[:n], ".") == strings.Join(known[:n], ".")
}

// distance counts the letters to change, add or drop (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

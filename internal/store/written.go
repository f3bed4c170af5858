package store

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// Written is a settings file as it stands, good or bad: what a form is filled
// with.
type Written struct {
	Values map[string]string // by key, such as "device.3f2a9c01.ignore": as written, without quotes; lists one item a line
	Bad    SettingsErrors    // all that is wrong with it, by line
	Stamp  string            // as [ContentStamp]
}

// ReadWritten reads a settings file without judging it. A missing file holds
// nothing; one that cannot be read at all is an error.
func ReadWritten(path string) (Written, error) {
	text, err := readText(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Written{}, nil
	}
	if err != nil {
		return Written{}, err
	}
	w := Written{Values: make(map[string]string), Stamp: stampOf(text)}
	d, problem := parseText(text)
	for _, e := range d.entries {
		if f, ok := lookUp(e.path); ok && (f.device == "" || isID(f.device)) {
			w.Values[keyName(e.path)] = plain(e.parsed, d.string(e.value))
		}
	}
	var s Settings
	w.Bad = s.take(d)
	if problem != nil {
		w.Bad = append(w.Bad, problem)
	}
	for _, bad := range w.Bad {
		bad.File = path
	}
	slices.SortStableFunc(w.Bad, func(a, b *SettingsError) int { return a.Line - b.Line })
	return w, nil
}

// plain gives a value as a form shows it; one that is no setting's comes as it
// is written.
func plain(value any, written string) string {
	switch value := value.(type) {
	case string:
		return value
	case []any:
		items := make([]string, len(value))
		for i, item := range value {
			text, ok := item.(string)
			if !ok || strings.ContainsAny(text, "\r\n") {
				return written
			}
			items[i] = text
		}
		return strings.Join(items, "\n")
	default:
		return written
	}
}

package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// ReadSettings reads the settings file. A file that is missing gives the
// defaults, unless the user named it. What is wrong in the file is a
// [*SettingsError], of several the first by line; the settings are the
// defaults then.
func ReadSettings(path string, named bool) (Settings, error) {
	text, err := readText(path)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return Defaults(), nil
	}
	if err != nil {
		return Defaults(), err
	}
	return readDocument(path, text)
}

// readText reads a file that a person may have named by mistake: it must be a
// regular one of a sane size.
func readText(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("store: settings %s: %w", path, fs.ErrNotExist)
	case err == nil && !info.Mode().IsRegular():
		return nil, &SettingsError{File: path, Want: "a regular file"}
	case err != nil:
		return nil, readError(path, err)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, readError(path, err)
	}
	defer func() { _ = file.Close() }() // only read from
	const most = 1 << 20
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err != nil {
		return nil, readError(path, err)
	}
	if len(text) > most {
		return nil, &SettingsError{File: path, Want: "at most 1 MiB"}
	}
	return text, nil
}

func readError(path string, err error) error {
	return fmt.Errorf("store: settings %s cannot be read: %w: make it readable, or name another file with --config", path, cause(err))
}

// readDocument reads the settings in a text that came from a file.
func readDocument(path string, text []byte) (Settings, error) {
	d, problem := parseText(text)
	var s Settings
	problems := s.take(d)
	if problem != nil {
		problems = append(problems, problem)
	}
	if len(problems) == 0 {
		return s, nil
	}
	first := slices.MinFunc(problems, func(a, b *SettingsError) int { return a.Line - b.Line })
	first.File = path
	return Defaults(), first
}

// byteOrderMark is what some Windows editors put before a text.
var byteOrderMark = []byte("\uFEFF")

// parseText refuses what is not UTF-8, such as UTF-16 of other Windows editors,
// in words that help, and parses the rest, without a byte order mark.
func parseText(text []byte) (*document, *SettingsError) {
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return &document{}, &SettingsError{Line: 1, Want: "a text in UTF-8: save it as that"}
	}
	return parse(bytes.TrimPrefix(text, byteOrderMark))
}

// take reads the values of a document and gives all problems with them.
func (s *Settings) take(d *document) []*SettingsError {
	var problems []*SettingsError
	complain := func(line int, path []string, value, want string) {
		problems = append(problems, &SettingsError{Line: line, Key: keyName(path), Value: value, Want: want})
	}
	for _, t := range d.tables[min(1, len(d.tables)):] {
		if want := wantTable(t); want != "" {
			complain(t.line, t.path, "", want)
		}
	}
	lines := make(map[string]int)
	for _, e := range d.entries {
		lines[keyName(e.path)] = e.line
		if want := s.put(e.path, e.parsed); want != "" {
			complain(e.line, e.path, d.string(e.value), want)
		}
	}
	for _, c := range s.contradictions() {
		c.Line = lines[c.Key]
		problems = append(problems, c)
	}
	return problems
}

// wantTable says what is wanted instead of a table; empty: it is good.
func wantTable(t table) string {
	switch {
	case t.path[0] == "device" && len(t.path) > 1 && !isID(t.path[1]):
		return wantID
	case isTable(t.path) && t.list:
		return "[single brackets]"
	case isTable(t.path):
		return ""
	}
	if f, ok := lookUp(t.path); ok {
		return f.Form
	}
	return wantTables
}

const (
	wantID     = `the id of a device, 8 digits of 0-9 and a-f, as "ninelives check --json" shows it`
	wantTables = `one of the tables [icloud], [computer], [device."ID"], [backups], [apple_status], [phones], [ios_releases], [notifications], [page]`
)

// put sets one value. It says what is wanted instead; empty: it is good.
func (s *Settings) put(path []string, value any) string {
	f, ok := lookUp(path)
	switch {
	case path[0] == "device" && len(path) > 1 && !isID(path[1]):
		return wantID
	case !ok && isTable(path):
		return "a table"
	case !ok:
		return unknown(path)
	case !f.field(s, f.device).read(value):
		return f.Form
	}
	return ""
}

// turned says the same of the later key, for somebody who has just changed
// that one.
func (e *SettingsError) turned() *SettingsError {
	return &SettingsError{
		Key: e.Other, Value: quote(e.Limit), Want: "at least " + e.Key + ", which is " + e.Value,
		Other: e.Key, Limit: strings.Trim(e.Value, `"`),
	}
}

// contradictions finds tables whose warning comes after its problem.
func (s *Settings) contradictions() []*SettingsError {
	var found []*SettingsError
	check := func(prefix string, l limits) {
		if l.contradict() {
			found = append(found, &SettingsError{
				Key: prefix + "warn_after", Value: l.warn.toml(),
				Want:  fmt.Sprintf("at most %scritical_after, which is %s", prefix, l.critical.toml()),
				Other: prefix + "critical_after", Limit: FormatDuration(time.Duration(l.critical)),
			})
		}
	}
	check("", s.general)
	check("icloud.", s.icloud)
	check("computer.", s.computer)
	for id, d := range s.devices {
		check(strings.Replace(devices, "ID", id, 1), d.limits)
	}
	return found
}

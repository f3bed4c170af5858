package store

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
)

// ErrStale is why [Change] changes nothing: the file is not the one any more
// that the changes were thought up for.
var ErrStale = errors.New("it was changed by somebody else meanwhile")

// SettingsErrors are all problems of a change or a file, in the order of the
// keys. Those with a File were there before the change.
type SettingsErrors []*SettingsError

// Error gives one line for each.
func (e SettingsErrors) Error() string { return errors.Join(e.Unwrap()...).Error() }

// Unwrap lets errors.As find the first.
func (e SettingsErrors) Unwrap() []error {
	all := make([]error, len(e))
	for i, one := range e {
		all[i] = one
	}
	return all
}

// ContentStamp tells contents of a settings file apart: a hash; empty for a
// file that is not there.
func ContentStamp(path string) (string, error) {
	text, err := readText(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return stampOf(text), nil
}

// stampOf gives the stamp of a text, nil for a missing file.
func stampOf(text []byte) string {
	if text == nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Change changes several keys in one go, all or nothing: changes are set, in
// the forms of [Set], and the keys of unset are taken out. Every other byte
// stays, as with Set.
//
// The stamp says which content the changes were made for; when the file has
// another one by now, the error is [ErrStale]. What is not allowed is told of
// every key at once, as [SettingsErrors]. A value that was bad in the file may
// be mended this way; nothing is written while something bad is left.
func Change(path string, changes map[string]string, unset []string, stamp string) error {
	return edit(path, func(text []byte) ([]byte, error) {
		if stampOf(text) != stamp {
			return nil, fmt.Errorf("store: settings %s: %w", path, ErrStale)
		}
		if text == nil && len(changes) > 0 {
			text = newFile()
		}
		return changeAll(path, text, changes, unset)
	})
}

// List writes a list for [Change] and [Set] so that no item is cut in two.
func List(items []string) string { return quoteList(items) }

// step is the change of one key.
type step struct {
	keys    []string
	literal string // in TOML; empty: taken out
	row     int    // its place in a new file
}

// changeAll changes a text step by step, and judges what came out.
func changeAll(path string, text []byte, changes map[string]string, unset []string) ([]byte, error) {
	before, problem := parseText(text)
	if problem != nil {
		problem.File = path
		return nil, SettingsErrors{problem}
	}
	steps, bad := stepsOf(changes, unset)
	touched := make(map[string]bool)
	after := text
	for _, s := range steps {
		touched[keyName(s.keys)] = true
		changed, err := changeText(path, after, s.keys, s.literal)
		if problem := (*SettingsError)(nil); errors.As(err, &problem) {
			bad = append(bad, problem)
			continue
		}
		after = changed
	}
	bad = append(bad, leftBad(path, before, touched, bad)...)
	bad = append(bad, madeBad(after, touched, bad)...)
	if len(bad) > 0 {
		slices.SortStableFunc(bad, func(a, b *SettingsError) int { return cmp.Compare(a.Key, b.Key) })
		return nil, bad
	}
	return after, nil
}

// stepsOf checks each change by itself. The order is that of the file's rows,
// device by device, so that new keys come to stand in that order.
func stepsOf(changes map[string]string, unset []string) (steps []step, bad SettingsErrors) {
	for _, key := range slices.Sorted(slices.Values(unset)) {
		keys, f, problem := findKey(key)
		if problem != nil {
			bad = append(bad, problem)
			continue
		}
		steps = append(steps, step{keys, "", rowOf(f)})
	}
	for _, key := range slices.Sorted(maps.Keys(changes)) {
		keys, f, problem := findKey(key)
		if problem == nil {
			field := f.field(new(Settings), f.device)
			if field.read(valueFrom(changes[key], field)) {
				steps = append(steps, step{keys, field.toml(), rowOf(f)})
				continue
			}
			problem = &SettingsError{Key: keyName(keys), Want: f.Form}
		}
		problem.Value = quote(changes[key])
		bad = append(bad, problem)
	}
	slices.SortStableFunc(steps, func(a, b step) int {
		if a.keys[0] == "device" && b.keys[0] == "device" {
			return cmp.Or(cmp.Compare(a.keys[1], b.keys[1]), cmp.Compare(a.row, b.row))
		}
		return cmp.Compare(a.row, b.row)
	})
	return steps, bad
}

func rowOf(f found) int {
	return slices.IndexFunc(rows[:], func(r row) bool { return r.Name == f.Name })
}

// leftBad gives what was wrong with the file before, with its lines, and is
// not being mended.
func leftBad(path string, before *document, touched map[string]bool, refused SettingsErrors) []*SettingsError {
	var s Settings
	problems := slices.DeleteFunc(s.take(before), func(e *SettingsError) bool {
		return touched[e.Key] || touched[e.Other] || refused.about(e.Key) || refused.about(e.Other)
	})
	for _, problem := range problems {
		problem.File = path
	}
	return problems
}

// madeBad gives what is wrong with the changed text by the changes: they
// contradict each other, or what is in the file. What only follows from a
// refused change is left out.
func madeBad(after []byte, touched map[string]bool, refused SettingsErrors) []*SettingsError {
	d, _ := parseText(after) // it was looked at by changeText
	var s Settings
	var problems []*SettingsError
	for _, e := range s.take(d) {
		switch {
		case refused.about(e.Key) || refused.about(e.Other):
			continue
		case !touched[e.Key] && touched[e.Other]:
			e = e.turned()
		case !touched[e.Key]:
			continue
		}
		e.Line = 0
		problems = append(problems, e)
	}
	return problems
}

// about reports whether one of the problems is with this key.
func (e SettingsErrors) about(key string) bool {
	return key != "" && slices.ContainsFunc(e, func(one *SettingsError) bool { return one.Key == key })
}

package store

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// Domain is the name under which an administrator of Macs forces settings by a
// configuration profile: the identifier of the app.
const Domain = "ninelives.monitor"

// ForcedFiles are where macOS puts what a profile forces, for one person
// before for the whole computer. Other systems have none.
func ForcedFiles(goos, user string) []string {
	const dir = "/Library/Managed Preferences"
	if goos != "darwin" {
		return nil
	}
	all := []string{path.Join(dir, Domain+".plist")}
	if user != "" && !strings.ContainsAny(user, "/\\") && user != ".." {
		all = append([]string{path.Join(dir, user, Domain+".plist")}, all...)
	}
	return all
}

// Forced are settings that an administrator forces. They have the keys of the
// settings file, but those of single devices.
type Forced struct{ values map[string]any }

// ReadForced reads what is forced; of a key in several files the first one
// counts. What is not allowed is left out and told, as [SettingsErrors] or
// another error for each file; all else holds.
func ReadForced(files []string) (Forced, error) {
	f := Forced{values: make(map[string]any)}
	var troubles []error
	for _, file := range files {
		values, err := readForcedFile(file)
		if err != nil {
			troubles = append(troubles, err)
			continue
		}
		if bad := f.take(file, values); len(bad) > 0 {
			troubles = append(troubles, bad)
		}
	}
	return f, errors.Join(troubles...)
}

// take adds the values of a file that are allowed and not forced already.
func (f Forced) take(file string, values map[string]forcedValue) (bad SettingsErrors) {
	var s Settings
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if strings.HasPrefix(key, "Payload") { // about the profile itself; some of it gets here
			continue
		}
		path, row, problem := findKey(key)
		if problem == nil && row.device != "" {
			problem = &SettingsError{Key: key, Want: "a setting that is not of a single device"}
		}
		if problem == nil && !row.field(&s, "").read(values[key].value) {
			problem = &SettingsError{Key: key, Want: row.Form}
		}
		if problem != nil {
			problem.File = file
			bad = append(bad, problem)
			continue
		}
		if _, already := f.values[keyName(path)]; !already {
			f.values[keyName(path)] = values[key].value
		}
	}
	for _, problem := range s.contradictions() {
		problem.File = file
		bad = append(bad, problem)
		delete(f.values, problem.Key)
		delete(f.values, problem.Other)
	}
	return bad
}

// Over gives settings with the forced ones above them. A limit of one's own
// that contradicts a forced one gives way; that of a route or a device may be
// stricter than a forced one, and never laxer.
func (f Forced) Over(s Settings) Settings {
	if len(f.values) == 0 {
		return s
	}
	s = s.clone()
	s.forced, s.bounds = make(map[string]bool, len(f.values)), f.bounds()
	for key, value := range f.values {
		_, row, _ := findKey(key)
		row.field(&s, "").read(value)
		s.forced[key] = true
	}
	for prefix, l := range map[string]*limits{"": &s.general, "icloud.": &s.icloud, "computer.": &s.computer} {
		switch {
		case !l.contradict():
		case s.forced[prefix+"warn_after"]:
			l.critical = 0
		default:
			l.warn = 0
		}
	}
	return s
}

// Forced reports whether an administrator forces a key. Where limits are
// forced, no device can be left out.
func (s Settings) Forced(key string) bool {
	if strings.HasPrefix(key, devices[:len("device.")]) && strings.HasSuffix(key, ".ignore") {
		return s.bounds.any()
	}
	return s.forced[key]
}

// ErrForced is why a setting cannot be changed.
var ErrForced = errors.New("it is set by your administrator and cannot be changed here")

// Refuse gives an error for a key that is forced.
func (s Settings) Refuse(key string) error {
	keys, _, problem := findKey(key)
	if problem == nil && s.Forced(keyName(keys)) {
		return fmt.Errorf("store: %s = %s: %w", keyName(keys), clip(strings.ReplaceAll(s.InForce(keyName(keys)), "\n", ", ")), ErrForced)
	}
	return nil
}

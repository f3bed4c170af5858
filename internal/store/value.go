package store

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// valueFrom reads a value as people type it on a command line: 7d, true,
// 1d,3d or the TOML forms "7d", ["1d", "3d"]. What cannot be read is nil,
// which no setting allows.
func valueFrom(text string, into setting) any {
	text = strings.TrimSpace(text)
	if text != "" && strings.ContainsRune(`["'`, rune(text[0])) {
		return tomlValue(text)
	}
	switch into.(type) {
	case *toggle:
		return tomlValue(text)
	case *ages:
		return list(strings.Split(text, ","))
	case *folders:
		return list(splitFolders(text))
	default:
		return text
	}
}

// tomlValue reads one value of TOML.
func tomlValue(text string) any {
	if strings.ContainsAny(text, "\r\n") {
		return nil
	}
	var line struct{ Value any }
	if err := toml.Unmarshal([]byte("Value = "+text), &line); err != nil {
		return nil
	}
	return line.Value
}

// splitFolders reads a path list of the system, or one with commas: a comma
// counts only where each piece is a folder, since names may hold commas too.
func splitFolders(text string) []string {
	paths := filepath.SplitList(text)
	pieces := strings.Split(text, ",")
	for i, piece := range pieces {
		pieces[i] = strings.TrimSpace(piece)
		if !isFolder(pieces[i]) || strings.ContainsRune(pieces[i], os.PathListSeparator) {
			return paths
		}
	}
	return pieces
}

func list(texts []string) []any {
	values := []any{}
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			values = append(values, text)
		}
	}
	return values
}

// With gives the settings with one of them changed, as a flag or a variable of
// the environment does it. A value that is not allowed is a [*SettingsError].
func (s Settings) With(key, value string) (Settings, error) {
	changed, _, problem := s.with(key, value)
	if problem != nil {
		return s, problem
	}
	return changed, nil
}

// with gives the changed settings, and the value in TOML.
func (s Settings) with(key, value string) (Settings, string, *SettingsError) {
	path, f, problem := findKey(key)
	if problem != nil {
		problem.Value = quote(value)
		return s, "", problem
	}
	changed := s.clone()
	field := f.field(&changed, f.device)
	if !field.read(valueFrom(value, field)) {
		return s, "", &SettingsError{Key: key, Value: quote(value), Want: f.Form}
	}
	// Before the change there was no contradiction: it must be with this key.
	if all := changed.contradictions(); len(all) > 0 {
		problem := all[0]
		if path[len(path)-1] == "critical_after" {
			problem = problem.turned()
		}
		return s, "", problem
	}
	return changed, field.toml(), nil
}

// findKey reads a key as people type it: icloud.warn_after,
// device.3f2a9c01.ignore; the id may stand in quotes, as in the file.
func findKey(key string) ([]string, found, *SettingsError) {
	path := strings.Split(key, ".")
	for i := range path {
		path[i] = strings.Trim(path[i], `"'`)
	}
	f, ok := lookUp(path)
	switch {
	case path[0] == "device" && len(path) == 3 && !isID(path[1]):
		return nil, f, &SettingsError{Key: key, Want: wantID}
	case !ok:
		return nil, f, &SettingsError{Key: key, Want: unknown(path)}
	}
	return path, f, nil
}

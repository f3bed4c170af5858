package view

import (
	"strings"

	"ninelives/internal/health"
)

// field makes a field that is typed into.
func (s Settings) field(key string, kind FieldKind, label, help string) SettingsField {
	f := SettingsField{
		Name: key, ID: strings.ReplaceAll(key, ".", "-"), Kind: kind, Label: label, Help: help,
		Value: s.Values[key], Usual: usualWords(key, s.Usual[key]), Error: s.Errors[key],
	}
	if kindOf(key) == someLengths {
		f.Value, f.Usual = shownList(f.Value), shownList(s.Usual[key])
	}
	if newer, changed := s.Newer[key]; changed {
		f.Newer = newerWords(shownList(newer))
	}
	if s.isForced(key) {
		f.Locked, f.Help, f.Error, f.Newer = true, "Set by your administrator.", "", ""
	}
	return f
}

// isForced knows that check_every has two fields.
func (s Settings) isForced(key string) bool {
	return s.Forced[key] || key == ownName && s.Forced[checkEvery]
}

// shownList puts a list on one line; one that was typed is there already.
func shownList(lines string) string { return strings.ReplaceAll(lines, "\n", ", ") }

// toggle makes a field of two choices. The usual one of them takes the key out
// of the file, but a value that is there already stays as it is.
func (s Settings) toggle(key, label, help, on, off string) SettingsField {
	f := s.field(key, FieldSelect, label, help)
	usual := s.Usual[key]
	current := f.Value
	if current == "" {
		current = usual
	}
	if newer, changed := s.Newer[key]; changed && newer != "" && !f.Locked {
		f.Newer = newerWords(map[string]string{"true": on, "false": off}[newer])
	}
	known := false
	for _, o := range []SettingsOption{{Value: "true", Label: on}, {Value: "false", Label: off}} {
		switch o.Value {
		case current:
			o.Value, o.Chosen, known = f.Value, true, true
		case usual:
			o.Value = ""
		}
		f.Options = append(f.Options, o)
	}
	if !known {
		f.Options = append(f.Options, SettingsOption{Value: f.Value, Label: clamp(f.Value, nameRunes), Chosen: true})
	}
	return f
}

// usualWords says what holds while a field is empty. Two lines are those of a
// device whose two kinds of backup differ.
func usualWords(key, usual string) string {
	switch kindOf(key) {
	case aLength:
		here, cloud, two := strings.Cut(usual, "\n")
		if two {
			return settingWords(here) + " here, " + settingWords(cloud) + " in iCloud"
		}
		if usual != "" {
			return settingWords(usual)
		}
	case someFolders, someHours:
		return usual
	default:
	}
	return ""
}

// newerWords says what somebody else has written into the file.
func newerWords(value string) string {
	if value == "" {
		return "In the file now: nothing, so the usual holds."
	}
	return "In the file now: " + value
}

// SettingsDevices are the devices of a report, for the form; hide calls them
// by what they are.
func SettingsDevices(r health.Report, hide bool) []SettingsDevice {
	called := aliases(r.Devices)
	var all []SettingsDevice
	for _, v := range r.Devices {
		d := SettingsDevice{ID: v.ID, Name: isolated(nameOf(v)), Model: v.Model}
		if hide {
			d.Name = called[v.ID]
		}
		all = append(all, d)
	}
	return all
}

package view

import (
	"time"

	"ninelives/internal/health"
)

// Settings are the settings as they stand and as somebody may have just typed
// them: what the page of settings shows, in the words of [Settings.Groups].
// Values are texts as in the file.
type Settings struct {
	Values  map[string]string // by key, such as "icloud.warn_after": as in the file, or as typed when it was not saved; lists one item a line
	Set     map[string]bool   // keys that are in the file; the others follow their default
	Usual   map[string]string // by key: what holds while the field is empty
	Errors  map[string]string // by key: why what was typed is not accepted
	Newer   map[string]string // by key: what the file says by now, where that was changed by somebody else meanwhile
	Forced  map[string]bool   // keys that an administrator has set: shown, and not to be changed
	Devices []SettingsDevice  // worst first
	Folders []SettingsFolder  // the places that are read now
	Next    []time.Time       // the next three rounds by check_every, in the zone of Now
	Now     time.Time         // the moment that words are of
	AtLogin health.Answer     // is it started at login; DontKnow: cannot be changed here
	File    string            // the full path of the settings file
	Stamp   string            // of the file when it was read: a save with an older one is refused
	Problem string            // the file cannot be used or saved: what, where and the remedy
	Saved   bool              // the last save went well
	Refused bool              // the last save did not: what was typed stays as it is until it is sent again
	Noticed string            // what came of the last test notification; may be empty

	HideNames    bool // devices are called by their model
	FixedFolders bool // the command line names the places to read: those of the file do not count now
	Offline      bool // started without network: the switch of Apple's feed does not count now
}

// SettingsDevice is a device that may have settings of its own.
type SettingsDevice struct {
	ID, Name, Model string
}

// SettingsFolder is a place that backups are looked for in.
type SettingsFolder struct {
	Path string
	Own  bool   // from the settings; else one of the usual places
	Says string // what came of the last test; may be empty
}

// SettingsGroup is a part of the form: one fieldset. Its fields belong to the
// one form that is posted to /settings with its Stamp; each action is a small
// form of its own, posted to /act. A form that somebody has typed into keeps
// the Stamp it came with: a newer one would hide that the file has changed.
type SettingsGroup struct {
	ID      string // for an anchor, such as "schedule" or "device-3f2a9c01"
	Title   string
	Help    string   // may be empty
	Notes   []string // one sentence each, to be read after the fields
	Fields  []SettingsField
	Actions []SettingsAction
}

// FieldKind is how a field is asked for.
type FieldKind string

// The kinds of field.
const (
	FieldText   FieldKind = "text"   // one line
	FieldLines  FieldKind = "lines"  // a list, one item a line: a textarea
	FieldSelect FieldKind = "select" // one of Options
)

// SettingsField is one setting to be filled in.
type SettingsField struct {
	Name    string // of the form field, such as "icloud.warn_after"
	ID      string // for the id attribute: the name without what CSS does not like
	Kind    FieldKind
	Label   string
	Help    string // may be empty
	Usual   string // what holds while it is empty: a placeholder; may be empty
	Value   string // as in the file, or as typed
	Options []SettingsOption
	Error   string // why the value is not accepted; empty: it is
	Newer   string // what the file says by now, as a sentence; empty: the same
	Locked  bool   // cannot be changed; Help says why
}

// SettingsOption is one choice of a field.
type SettingsOption struct {
	Value, Label string
	Chosen       bool
}

// SettingsAction is something to do beside filling in.
type SettingsAction struct {
	Label   string
	About   string // what it is done to, such as a folder: belongs before the button, and to its accessible name
	Command Command
	Says    string // what came of it; may be empty
}

package view

import "time"

// Settings are the settings as they stand and as somebody may have just typed
// them: what the page of settings shows. Values are texts as in the file.
type Settings struct {
	Values  map[string]string // by key, such as "icloud.warn_after"; lists one item a line
	Set     map[string]bool   // keys that are in the file; the others follow their default
	Errors  map[string]string // by key: why what was typed is not accepted
	Devices []SettingsDevice  // worst first
	Next    []time.Time       // the next three rounds by check_every
	Stamp   string            // of the file when it was read: a save with an older one is refused
	Problem string            // the file cannot be used or saved: what, where and the remedy
	Saved   bool              // the last save went well
}

// SettingsDevice is a device that may have settings of its own.
type SettingsDevice struct {
	ID, Name, Model string
}

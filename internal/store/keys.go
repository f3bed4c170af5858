package store

import "strings"

// Key describes one key of the settings: what help shows, what the header of a
// new file explains and what an error says is allowed.
type Key struct {
	Name    string // such as "icloud.warn_after"; "ID" stands for the id of a device
	Form    string // what is allowed, as the end of "want …"
	Default string // as written in TOML; empty: taken from elsewhere, see Meaning
	Meaning string // one sentence
}

// row is a key and the place of its value.
type row struct {
	Key
	field func(s *Settings, device string) setting
}

const (
	anyAge   = `a duration such as "36h", "7d" or "1w"`
	trueness = "true or false"
	devices  = "device.ID."
)

// rows are all settings, in the order of the file.
var rows = [...]row{
	{Key{"check_every", `an interval of at least "1m", such as "6h" or "1d", or a five-field cron line that fires, such as "0 9,21 * * *"`, `"6h"`,
		"How often to look: an interval, or a five-field cron line in local time."},
		func(s *Settings, _ string) setting { return &s.checkEvery }},
	{Key{"warn_after", anyAge, `"7d"`,
		"A backup older than this is late, on all routes and devices unless said below."},
		func(s *Settings, _ string) setting { return &s.general.warn }},
	{Key{"critical_after", anyAge + ", not below warn_after", `"14d"`,
		"A backup older than this is a problem."},
		func(s *Settings, _ string) setting { return &s.general.critical }},
	{Key{"icloud.warn_after", anyAge, `"3d"`,
		"The same for iCloud backups; a warn_after for all replaces this default."},
		func(s *Settings, _ string) setting { return &s.icloud.warn }},
	{Key{"icloud.critical_after", anyAge + ", not below warn_after", `"7d"`,
		"A critical_after for all replaces this default."},
		func(s *Settings, _ string) setting { return &s.icloud.critical }},
	{Key{"computer.warn_after", anyAge, `"7d"`,
		"The same for backups on this computer."},
		func(s *Settings, _ string) setting { return &s.computer.warn }},
	{Key{"computer.critical_after", anyAge + ", not below warn_after", `"14d"`,
		"A critical_after for all replaces this default."},
		func(s *Settings, _ string) setting { return &s.computer.critical }},
	{Key{devices + "warn_after", anyAge, "",
		"The same for one device; not set: as its route."},
		func(s *Settings, id string) setting { return &s.device(id).limits.warn }},
	{Key{devices + "critical_after", anyAge + ", not below warn_after", "",
		"Not set: as its route."},
		func(s *Settings, id string) setting { return &s.device(id).limits.critical }},
	{Key{devices + "ignore", trueness, "false",
		"Whether to leave this device out: it is shown, and counts for nothing."},
		func(s *Settings, id string) setting { return &s.device(id).ignore }},
	{Key{"backups.folders", `a list of folders, each absolute or below "~/", such as ["~/Backups", "/mnt/disk/phones"]`, "[]",
		"Where to look for backups, besides the usual places."},
		func(s *Settings, _ string) setting { return &s.folders }},
	{Key{"apple_status.enabled", trueness, "true",
		"Whether to read Apple's public system status."},
		func(s *Settings, _ string) setting { return &s.feed }},
	{Key{"phones.enabled", trueness, "true",
		"Whether to ask paired devices when their last iCloud backup was."},
		func(s *Settings, _ string) setting { return &s.phones }},
	{Key{"ios_releases.enabled", trueness, "true",
		"Whether to read Apple's public list of iOS versions, once a day."},
		func(s *Settings, _ string) setting { return &s.releases }},
	{Key{"notifications.enabled", trueness, "true",
		"Whether to send notifications."},
		func(s *Settings, _ string) setting { return &s.notify }},
	{Key{"notifications.quiet", `two times of day such as "22:00-08:00", or "" for none`, `""`,
		"When not to send any; they come afterwards."},
		func(s *Settings, _ string) setting { return &s.quiet }},
	{Key{"notifications.repeat", `a list of durations of at least "1m", such as ["1d", "3d", "7d"]`, `["1d", "3d", "7d"]`,
		"When to remind while a backup stays late; the last one goes on."},
		func(s *Settings, _ string) setting { return &s.repeat }},
	{Key{"page.hide_names", trueness, "false",
		"Whether the page hides the names of devices, as for sharing a screen."},
		func(s *Settings, _ string) setting { return &s.hideNames }},
}

// Keys describes every key of the settings, in the order of the file.
func Keys() []Key {
	keys := make([]Key, len(rows))
	for i, r := range rows {
		keys[i] = r.Key
	}
	return keys
}

// found is a row, and the device that a key of the file is about.
type found struct {
	row
	device string
}

// lookUp finds the row of a key path such as device, 3f2a9c01, ignore.
func lookUp(path []string) (found, bool) {
	var device string
	name := strings.Join(path, ".")
	if path[0] == "device" {
		if len(path) != 3 {
			return found{}, false
		}
		device, name = path[1], devices+path[2]
	}
	for _, r := range rows {
		if r.Name == name && strings.Count(r.Name, ".") == len(path)-1 {
			return found{r, device}, true
		}
	}
	return found{}, false
}

// isTable reports whether keys stand below this path.
func isTable(path []string) bool {
	if path[0] == "device" {
		return len(path) <= 2
	}
	prefix := strings.Join(path, ".") + "."
	for _, r := range rows {
		if len(path) == 1 && strings.HasPrefix(r.Name, prefix) {
			return true
		}
	}
	return false
}

// isID reports whether a word can be the id of a device, as health.IDOf
// makes them.
func isID(word string) bool {
	return len(word) == 8 && strings.Trim(word, "0123456789abcdef") == ""
}

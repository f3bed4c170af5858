package main

import (
	"os"
	"os/user"

	"ninelives/internal/store"
)

// personName is the short name of whom the program runs for, which names the
// folder of their profile. The system is asked, as anybody may set $USER.
func personName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return os.Getenv("USER")
}

// readSettings reads the settings file, and puts above it what an administrator
// forces. What is wrong with that is said and left out: the person who reads it
// cannot mend it.
func (p *program) readSettings(path string, named bool) (store.Settings, error) {
	s, err := store.Defaults(), error(nil)
	if path != "" {
		s, err = store.ReadSettings(path, named)
	}
	forced, bad := store.ReadForced(p.forced)
	if bad != nil {
		p.complain(bad)
	}
	return forced.Over(s), err
}

// changeable gives an error for a setting that an administrator forces. A
// settings file that is bad does not matter here.
func (p *program) changeable(key string) error {
	forced, _ := store.ReadForced(p.forced)
	return forced.Over(store.Defaults()).Refuse(key)
}

// forcedChanged looks whether an administrator has changed something since it
// was asked last; it needs mu.
func (d *daemon) forcedChanged() bool {
	if d.forced == nil {
		d.forced = make(map[string]store.Stamp)
	}
	changed := false
	for _, file := range d.world.forced {
		stamp, other := store.Changed(file, d.forced[file])
		d.forced[file], changed = stamp, changed || other
	}
	return changed
}

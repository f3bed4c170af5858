package main

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"ninelives/internal/health"
	"ninelives/internal/store"
	"ninelives/internal/view"
)

// settingsForm is what the form of settings needs beside the file. Its zero
// value is ready for use.
type settingsForm struct {
	mu      sync.Mutex
	report  health.Report // the newest that was handed over
	shown   []shownForm   // oldest first
	notice  triedNotice
	folders map[string]*triedFolder // by path
}

// shownForm is what the file held when it had this stamp.
type shownForm struct {
	stamp  string
	values map[string]string
}

// readForm makes the form of the file as it is now. saved says that its
// settings have just come into force, with a round at once.
func (d *daemon) readForm(saved bool) view.Settings {
	d.mu.Lock()
	w := *d.world // with the settings in force
	d.mu.Unlock()
	written, err := store.ReadWritten(w.places.ConfigFile)
	report, now := d.lastReport(), w.now()
	looked := report.At
	if saved {
		looked = now
	}
	s := view.Settings{
		Values: map[string]string{}, Set: map[string]bool{}, Errors: map[string]string{},
		Now: now, Next: nextRounds(w.settings, looked, now),
		AtLogin: d.loginState(), File: w.places.ConfigFile, Stamp: written.Stamp,
		HideNames: w.settings.HideNames(), FixedFolders: len(w.flags.backupDirs) > 0, Offline: w.flags.offline,
		Noticed: d.noticed(now, w.settings), Folders: d.foldersOf(&w),
	}
	for key, value := range written.Values {
		s.Values[key], s.Set[key] = value, true
	}
	s.Devices = devicesOf(report, s.HideNames, s.Values)
	takeForced(&s, w.settings)
	s.Usual = usualOf(w.settings, s)
	d.form.remember(s.Stamp, s.Values)
	if err != nil {
		s.Problem = view.SettingsStuck(err)
	}
	for _, e := range written.Bad {
		if s.Set[e.Key] {
			s.Errors[e.Key] = errorWords(e)
		}
		if s.Problem == "" {
			s.Problem = view.SettingsBad(e.Error(), s.Set[e.Key])
		}
	}
	return s
}

// takeForced puts what an administrator forces in the place of what is in the
// file.
func takeForced(form *view.Settings, inForce store.Settings) {
	form.Forced = map[string]bool{}
	var keys []string
	for _, k := range store.Keys() {
		if !strings.HasPrefix(k.Name, "device.") {
			keys = append(keys, k.Name)
		}
	}
	for _, d := range form.Devices {
		keys = append(keys, "device."+d.ID+".ignore")
	}
	for _, key := range keys {
		if inForce.Forced(key) {
			form.Forced[key], form.Values[key], form.Set[key] = true, inForce.InForce(key), true
		}
	}
}

// lastReport asks the monitor, and does not wait while it is in a round.
func (d *daemon) lastReport() health.Report {
	const patience = 300 * time.Millisecond
	got := make(chan struct{})
	d.monitor.Report(func(r health.Report) {
		d.form.mu.Lock()
		d.form.report = r
		d.form.mu.Unlock()
		close(got)
	})
	select {
	case <-got:
	case <-time.After(patience):
	}
	d.form.mu.Lock()
	defer d.form.mu.Unlock()
	return d.form.report
}

// remember keeps what a form was filled with, for as many forms as one person
// may have open.
func (f *settingsForm) remember(stamp string, values map[string]string) {
	const most = 16
	f.mu.Lock()
	defer f.mu.Unlock()
	f.shown = slices.DeleteFunc(f.shown, func(one shownForm) bool { return one.stamp == stamp })
	if len(f.shown) == most {
		f.shown = slices.Delete(f.shown, 0, 1)
	}
	f.shown = append(f.shown, shownForm{stamp, maps.Clone(values)})
}

func (f *settingsForm) shownAt(stamp string) (map[string]string, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, one := range f.shown {
		if one.stamp == stamp {
			return one.values, true
		}
	}
	return nil, false
}

// devicesOf are the devices of the report, and those that only the file knows.
func devicesOf(r health.Report, hide bool, values map[string]string) []view.SettingsDevice {
	all := view.SettingsDevices(r, hide)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		parts := strings.Split(key, ".")
		if len(parts) != 3 || slices.ContainsFunc(all, func(d view.SettingsDevice) bool { return d.ID == parts[1] }) {
			continue
		}
		all = append(all, view.SettingsDevice{ID: parts[1]})
	}
	return all
}

// usualOf gives what holds for every key that is not set; of one that is set,
// its default, as far as that does not depend on others.
func usualOf(s store.Settings, form view.Settings) map[string]string {
	usual := map[string]string{}
	add := func(key, preset string) {
		if !form.Set[key] {
			usual[key] = s.InForce(key)
		} else if preset != "" {
			usual[key] = store.Defaults().InForce(key)
		}
	}
	for _, k := range store.Keys() {
		last, ofDevice := strings.CutPrefix(k.Name, "device.ID.")
		if !ofDevice {
			add(k.Name, k.Default)
			continue
		}
		for _, d := range form.Devices {
			add("device."+d.ID+"."+last, k.Default)
		}
	}
	return usual
}

// nextRounds are the next three by the settings in force.
func nextRounds(s store.Settings, looked, now time.Time) []time.Time {
	from := now
	if every := s.Interval(); every > 0 && looked.Before(now) && now.Sub(looked) < every {
		from = looked.In(now.Location())
	}
	return schedule(s).Times(from, 3)
}

// errorWords say why a value is not accepted.
func errorWords(e *store.SettingsError) string {
	if e.Other != "" {
		return view.Contradicts(e.Key, e.Limit)
	}
	return view.NotAccepted(e.Key)
}

// typedOver fills the fields with what was typed.
func typedOver(base view.Settings, shown map[string]string) view.Settings {
	base.Values, base.Errors = maps.Clone(base.Values), maps.Clone(base.Errors)
	maps.Copy(base.Values, shown)
	return base
}

// fileValue gives a value in the form of the settings file.
func fileValue(key, value string) string {
	if key == "backups.folders" || key == "notifications.repeat" {
		return store.List(strings.Split(value, "\n"))
	}
	return value
}

func hidden(s view.Settings) view.Settings {
	if s.HideNames {
		return s.Hidden()
	}
	return s
}

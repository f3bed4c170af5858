package main

import (
	"context"
	"errors"

	"ninelives/internal/store"
	"ninelives/internal/view"
)

// pageSettings gives the settings as they stand, for the page.
func (d *daemon) pageSettings() view.Settings {
	return hidden(d.readForm(false))
}

// saveSettings takes over what was typed into the form: all of it or nothing,
// and only what differs from the file. The stamp is that of the form.
func (d *daemon) saveSettings(_ context.Context, stamp string, form map[string]string) view.Settings {
	base := d.readForm(false)
	typed := base.Typed(form)
	changes, unset := changesOf(base, typed)
	if len(changes)+len(unset) == 0 {
		base.Saved = base.Problem == ""
		return hidden(base)
	}
	err := store.Change(d.world.places.ConfigFile, changes, unset, stamp)
	switch {
	case errors.Is(err, store.ErrStale):
		return hidden(d.stale(d.readForm(false), stamp, form))
	case err != nil:
		return hidden(refused(base, typed, err))
	}
	d.reload()
	saved := d.readForm(true)
	saved.Saved = true
	return hidden(saved)
}

// changesOf gives the keys to set and to take out. What stands in the file as
// it is typed is left alone, to the byte; an empty field follows the default.
func changesOf(base view.Settings, typed view.Typed) (changes map[string]string, unset []string) {
	changes = map[string]string{}
	for key, value := range typed.Values {
		_, isBad := base.Errors[key]
		_, contradictory := typed.Errors[key]
		switch {
		case contradictory:
			changes[key] = "" // never allowed: is refused, along with all else that is
		case value == "" && base.Set[key] && (isBad || base.Values[key] != ""):
			unset = append(unset, key)
		case value != base.Values[key]:
			changes[key] = fileValue(key, value)
		}
	}
	return changes, unset
}

// refused gives the form back as it was typed, with all that is not accepted.
func refused(base view.Settings, typed view.Typed, err error) view.Settings {
	s := typedOver(base, typed.Shown)
	var bad store.SettingsErrors
	if !errors.As(err, &bad) {
		s.Problem = view.SettingsStuck(err)
		return s
	}
	for key := range typed.Values {
		delete(s.Errors, key) // of the file; what was typed has its own
	}
	for _, e := range bad {
		if e.File != "" && s.Problem == "" {
			s.Problem = view.SettingsBad(e.Error(), false)
		}
		if e.File != "" && !s.Set[e.Key] {
			continue
		}
		s.Errors[e.Key] = errorWords(e)
		if words, ok := typed.Errors[e.Key]; ok {
			s.Errors[e.Key] = words
		}
	}
	return s
}

// stale gives the form back after somebody else has changed the file: what was
// typed is kept, with the file's values beside it, and what was not touched
// takes the file's values, so that saving again does not undo them.
func (d *daemon) stale(now view.Settings, stamp string, form map[string]string) view.Settings {
	before, known := d.form.shownAt(stamp)
	then := now
	if known {
		then.Values = before
	}
	typed := then.Typed(form)
	newer := map[string]string{}
	for key, value := range typed.Values {
		_, conflict := typed.Errors[key]
		switch {
		case value == now.Values[key] && !conflict, known && value == before[key] && !conflict:
			delete(typed.Shown, key)
			if key == "check_every" {
				delete(typed.Shown, key+".own")
			}
		case !known || before[key] != now.Values[key]:
			newer[key] = now.Values[key]
		}
	}
	s := typedOver(now, typed.Shown)
	s.Newer = newer
	s.Problem = view.SettingsStale
	if now.Problem != "" {
		s.Problem += " " + now.Problem
	}
	return s
}

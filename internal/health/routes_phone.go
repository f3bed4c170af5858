package health

import (
	"fmt"
	"time"
)

// clockSlack is how far a phone's clock may be off before its dates are doubted:
// further, and it is not known by which clock they were written.
const clockSlack = Day

// dated reads a date of the phone by our clock. When its clock is far off now
// it was perhaps so then, and perhaps not: the earlier reading counts, weakly.
func (p Phone) dated(t time.Time) (date time.Time, weak bool) {
	if t.IsZero() || p.ClockAt.IsZero() || p.ClockOff.Abs() <= clockSlack {
		return t, false
	}
	if moved := t.Add(-p.ClockOff); moved.Before(t) {
		t = moved
	}
	return t, true
}

// told says when the phone said what a route rests on.
func (p Phone) told(now time.Time) string {
	return fmt.Sprintf("told by the device %s", moment(p.CloudAt, now))
}

// cloudRoute is the iCloud backup as the phone told it.
func cloudRoute(p Phone, limits Limits, now time.Time) Route {
	r := Route{Kind: ICloudRoute, Limits: limits, ToldAt: p.CloudAt}
	r.LastGood, r.Weak = p.dated(p.LastCloudBackup)
	r.LastAttempt = r.LastGood
	r.State = r.dated(now)
	off := ""
	if p.CloudBackup == No {
		off = " iCloud Backup is off now."
	}
	switch {
	case p.CloudAt.IsZero() && p.Cloud == Refused:
		r.Why = "The device refused to say anything of its iCloud backup."
	case p.CloudAt.IsZero():
		r.Why = "The device did not say anything of its iCloud backup."
	case r.LastGood.IsZero() && p.CloudBackup == No:
		r.State = RouteNever
		r.Why = fmt.Sprintf("iCloud Backup is off, %s.", p.told(now))
	case r.LastGood.IsZero() && p.CloudBackup == Yes:
		r.Why = fmt.Sprintf("iCloud Backup is on, %s, but it named no backup yet.", p.told(now))
	case r.LastGood.IsZero():
		r.Why = "The device did not say when it was last backed up to iCloud."
	case r.Weak:
		r.Why = fmt.Sprintf("iCloud backup perhaps on %s, but not proven: the clock of the device is %s.%s", day(r.LastGood, now), offWords(p.ClockOff), off)
	default:
		r.Why = fmt.Sprintf("Last iCloud backup on %s, %s.%s%s%s", day(r.LastGood, now), p.told(now), off, p.crowded(r, now), p.silence(now))
	}
	return r
}

func offWords(off time.Duration) string {
	if off < 0 {
		return Age(-off) + " behind that of this computer"
	}
	return Age(off) + " ahead of that of this computer"
}

// fullPhone is how little room on the device itself is worth a word: a backup
// needs some to prepare itself.
const fullPhone = gigabyte / 2

// crowded says that a device whose iCloud backup is late is full itself.
func (p Phone) crowded(r Route, now time.Time) string {
	if r.State != RouteStale || p.FreeBytes <= 0 || p.FreeBytes > fullPhone || age(p.At, now) > phoneFor {
		return ""
	}
	return fmt.Sprintf(" Only %s are free on the device itself.", bytes(p.FreeBytes))
}

// silence says that what is newer cannot be known. It is no fault of a backup.
func (p Phone) silence(now time.Time) string {
	if age(p.CloudAt, now) <= phoneFor {
		return ""
	}
	return " The device has not been heard since, so newer ones are not known."
}

// dated is the state of a route by its date. One that was in time when the
// device last spoke of it is not known to be late now.
func (r Route) dated(now time.Time) RouteState {
	if r.unheard(now) {
		return RouteUnknown
	}
	return dateState(r.LastGood, r.Limits, now)
}

// unheard reports whether a route that only the device can tell of would be
// late by now, and was in time when it last told: newer backups may be there.
func (r Route) unheard(now time.Time) bool {
	return !r.LastGood.IsZero() && r.ByAge(now) == Unknown && r.Limits.state(age(r.LastGood, now)) != OK
}

// ByAge is what the date of a route, which must have one, says now. What a device told stays true: a
// backup that was in time does not become late because nobody asked again, nor
// a late one hopeless.
func (r Route) ByAge(now time.Time) State {
	s := r.Limits.state(age(r.LastGood, now))
	if s == OK || r.ToldAt.IsZero() || age(r.ToldAt, now) <= phoneFor {
		return s
	}
	if then := r.Limits.state(age(r.LastGood, r.ToldAt)); then != OK {
		return then
	}
	return Unknown
}

// frozenRoute is what the newest unencrypted backup on this computer knew of
// iCloud: no proof of anything since, so it has no date to judge by.
func frozenRoute(folders []Backup, limits Limits, now time.Time) (Route, bool) {
	var newest Backup
	for _, b := range folders {
		if b.Frozen != (Frozen{}) && b.LastGood.After(newest.LastGood) {
			newest = b
		}
	}
	f, when := newest.Frozen, day(newest.LastGood, now)
	r := Route{Kind: ICloudRoute, State: RouteUnknown, Limits: limits}
	switch {
	case f.CloudBackup == No:
		r.Why = fmt.Sprintf("iCloud Backup was off when the device was backed up to this computer on %s; it has not been asked since.", when)
	case !f.LastCloudBackup.IsZero():
		r.Why = fmt.Sprintf("The device's backup on this computer, of %s, names an iCloud backup on %s; it has not been asked since.", when, day(f.LastCloudBackup, now))
	case f.CloudBackup == Yes:
		r.Why = fmt.Sprintf("iCloud Backup was on when the device was backed up to this computer on %s; it has not been asked since.", when)
	default:
		return Route{}, false
	}
	return r, true
}

// sameBackup is how far the folder's date and the phone's date of one backup
// may lie apart.
const sameBackup = Day

// elsewhereRoute is a backup to a computer that the phone tells of and no
// folder here shows.
func elsewhereRoute(p Phone, folders []Backup, unread bool, limits Limits, now time.Time) (Route, bool) {
	date, weak := p.dated(p.LastComputerBackup)
	if date.IsZero() {
		return Route{}, false
	}
	for _, b := range folders {
		for _, known := range []time.Time{b.LastGood, b.History, b.Attempt} {
			if !known.IsZero() && date.Sub(known) <= sameBackup {
				return Route{}, false // it is the one here, or an older one
			}
		}
	}
	r := Route{Kind: ComputerRoute, LastGood: date, LastAttempt: date, Weak: weak, Encrypted: p.Encrypts, ToldAt: p.CloudAt, Limits: limits}
	r.State = r.dated(now)
	where := "another computer"
	if unread {
		where = "a computer, which may be this one"
	}
	r.Why = fmt.Sprintf("Backed up to %s on %s, %s.%s", where, day(date, now), p.told(now), p.silence(now))
	if weak {
		r.Why = fmt.Sprintf("Backed up to %s perhaps on %s, but not proven: the clock of the device is %s.", where, day(date, now), offWords(p.ClockOff))
	}
	return r, true
}

// disputed takes the green from a folder that says it finished when the device,
// asked later, knows of no backup that new.
func (r Route) disputed(p Phone, now time.Time) Route {
	known, weak := p.dated(p.LastComputerBackup)
	switch {
	case r.Kind != ComputerRoute, r.Weak, r.State != RouteFresh && r.State != RouteStale:
	case weak, known.IsZero(), r.LastGood.Sub(known) <= sameBackup, p.CloudAt.Sub(r.LastGood) <= time.Hour:
	default:
		r.State, r.Weak = RouteUnfinished, true
		r.Why = fmt.Sprintf("The folder says that a backup finished on %s, but the device knows of none to a computer after %s.", day(r.LastGood, now), day(known, now))
	}
	return r
}

package health

import (
	"fmt"
	"time"
)

// clockSlack is how far a phone's clock may be off before its dates are doubted:
// further, and it is not known by which clock they were written.
const clockSlack = Day

// dated reads a date of the phone by our clock. When its clock is far off now
// it was perhaps so then, and perhaps not: the later reading that can be true
// counts, and proves nothing.
func (p Phone) dated(t time.Time) (date time.Time, weak bool) {
	if t.IsZero() || p.ClockAt.IsZero() || p.ClockOff.Abs() <= clockSlack {
		return t, false
	}
	early, late := t, t.Add(-p.ClockOff)
	if late.Before(early) {
		early, late = late, early
	}
	if believable(late, p.ClockAt) {
		return late, true
	}
	return early, true
}

// cloud is its last iCloud backup by our clock, and whether that proves
// nothing: for the clock, because it was told before it could be true, or
// because iCloud Backup is off, which may have deleted it.
func (p Phone) cloud() (date time.Time, weak bool) {
	date, weak = p.dated(p.LastCloudBackup)
	return date, weak || !date.IsZero() && (p.CloudBackup == No || p.LastCloudBackup.Equal(p.CloudAhead))
}

// computer is its last backup to any computer, likewise.
func (p Phone) computer() (date time.Time, weak bool) {
	date, weak = p.dated(p.LastComputerBackup)
	return date, weak || !date.IsZero() && p.LastComputerBackup.Equal(p.ComputerAhead)
}

// wrongClock reports whether the phone's clock is so far off that its dates are
// doubted.
func (p Phone) wrongClock() bool { return !p.ClockAt.IsZero() && p.ClockOff.Abs() > clockSlack }

// told says when the phone said what a route rests on.
func (p Phone) told(now time.Time) string {
	return fmt.Sprintf("told by the device %s", moment(p.CloudAt, now))
}

// cloudRoute is the iCloud backup as the phone told it.
func cloudRoute(p Phone, limits Limits, now time.Time) Route {
	r := Route{Kind: ICloudRoute, Limits: limits, ToldAt: p.CloudAt}
	r.LastGood, r.Weak = p.cloud()
	r.LastAttempt = r.LastGood
	r.State = r.dated(now)
	off := ""
	if p.CloudBackup == No {
		off = " iCloud Backup is off now, so it may be gone."
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
	case p.wrongClock():
		r.Why = fmt.Sprintf("iCloud backup perhaps on %s, but not proven: the clock of the device is %s.%s", day(r.LastGood, now), offWords(p.ClockOff), off)
	case r.Weak && p.CloudBackup != No:
		r.Why = fmt.Sprintf("The device named an iCloud backup on %s before that day had come, so its clock was wrong then, and it proves nothing.%s", day(r.LastGood, now), off)
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

// ByAge is what the date of a route, which must have one, says now. What a device
// told stays true: a backup that was in time then does not become late because
// nobody has asked since, nor a late one hopeless.
func (r Route) ByAge(now time.Time) State {
	s := r.Limits.state(age(r.LastGood, now))
	if s == OK || r.ToldAt.IsZero() {
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
// folder here shows. It is proven to be on another one only if all that is here
// was read, and is whole and older: else it may be the one that cannot be read.
func elsewhereRoute(p Phone, folders []Backup, read bool, limits Limits, now time.Time) (Route, bool) {
	date, weak := p.computer()
	if date.IsZero() {
		return Route{}, false
	}
	for _, b := range folders {
		for _, known := range []time.Time{b.LastGood, b.History} {
			if !known.IsZero() && date.Sub(known) <= sameBackup {
				return Route{}, false // it is the one here, or an older one
			}
		}
		// A run that did not finish is none that the phone counts.
		mayBeIt := !b.Failed && !b.Attempt.IsZero() && date.Sub(b.Attempt).Abs() <= sameBackup
		read = read && b.Phase == PhaseComplete && b.Weak == NoFlaw && !mayBeIt
	}
	r := Route{Kind: ComputerRoute, LastGood: date, LastAttempt: date, Weak: weak || !read, Encrypted: p.Encrypts, ToldAt: p.CloudAt, Limits: limits}
	r.State = r.dated(now)
	switch {
	case p.wrongClock():
		r.Why = fmt.Sprintf("Backed up to a computer perhaps on %s, but not proven: the clock of the device is %s.", day(date, now), offWords(p.ClockOff))
	case weak:
		r.Why = fmt.Sprintf("The device named a backup to a computer on %s before that day had come, so its clock was wrong then, and it proves nothing.", day(date, now))
	case !read:
		r.Why = fmt.Sprintf("Backed up on %s to a computer that may be this one, where not everything can be read, %s.%s", day(date, now), p.told(now), p.silence(now))
	default:
		r.Why = fmt.Sprintf("Backed up to another computer on %s, %s.%s", day(date, now), p.told(now), p.silence(now))
	}
	return r, true
}

// disputed takes the green from a folder that says it finished when the device,
// asked later, knows of no backup that new.
func (r Route) disputed(p Phone, now time.Time) Route {
	known, weak := p.computer()
	switch {
	case r.Kind != ComputerRoute, r.Weak, r.LastGood.IsZero():
	case weak, known.IsZero(), r.LastGood.Sub(known) <= sameBackup, p.CloudAt.Sub(r.LastGood) <= time.Hour:
	default:
		said := r.Why + " "
		if r.State == RouteFresh || r.State == RouteStale { // others say what stands in the way now
			r.State, said = RouteUnfinished, ""
		}
		r.Weak, r.Disputed = true, true
		r.Why = said + fmt.Sprintf("The folder says that a backup finished on %s, but the device knows of none to a computer after %s: it did not finish, or the device was restored since.", day(r.LastGood, now), day(known, now))
	}
	return r
}

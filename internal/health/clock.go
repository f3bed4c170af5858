package health

import (
	"slices"
	"time"
)

// aheadBy is how far a date may lie ahead of this computer's clock: a device's
// clock goes by its own zone and a little wrong. What lies further ahead is no
// date: it was taken while some clock was wrong, and would stay young for ever.
const aheadBy = Day

// believable reports whether a date can be true now.
func believable(t, now time.Time) bool { return !t.After(now.Add(aheadBy)) }

// believable gives the facts without the dates that cannot be true now. They
// were read as good ones: a clock may have been ahead then, or be behind now.
func (f Facts) believable(now time.Time) Facts {
	places := make([]Reading[[]Backup], len(f.Backups))
	for i, place := range f.Backups {
		backups := make([]Backup, len(place.Value))
		for k, b := range place.Value {
			backups[k] = b.believable(now)
		}
		place.Value = backups
		places[i] = place.believable(now)
	}
	f.Backups = places
	phones := make([]Phone, len(f.Phones.Value))
	for i, p := range f.Phones.Value {
		phones[i] = p.believable(now)
	}
	f.Phones.Value = phones
	f.Feed, f.Phones = f.Feed.believable(now), f.Phones.believable(now)
	f.Quota, f.Releases, f.Volumes = f.Quota.believable(now), f.Releases.believable(now), f.Volumes.believable(now)
	return f
}

// believable takes away the time of a reading that cannot have been made yet.
func (r Reading[T]) believable(now time.Time) Reading[T] {
	if !believable(r.GoodAt, now) {
		r.GoodAt = time.Time{}
		if r.Trouble == NoTrouble {
			r.Trouble = Failed
		}
	}
	return r
}

// believable takes away dates that lie too far ahead: what they were to prove
// is not known any more.
func (b Backup) believable(now time.Time) Backup {
	if !believable(b.LastGood, now) {
		b.LastGood, b.Weak = time.Time{}, StatusDate
		if b.Phase == PhaseComplete {
			b.Phase = PhaseUnknown
		}
	}
	for _, t := range []*time.Time{&b.History, &b.Attempt, &b.ActiveAt} {
		if !believable(*t, now) {
			*t = time.Time{}
		}
	}
	return b
}

// believable takes away what a phone cannot have said yet. Dates by its own
// clock are compared with that.
func (p Phone) believable(now time.Time) Phone {
	for _, t := range []*time.Time{&p.SeenAt, &p.WiFiAt, &p.At, &p.CloudAt, &p.ClockAt, &p.PowerAt, &p.BootAt, &p.SameBootSince, &p.RestartAfter} {
		if !believable(*t, now) {
			*t = time.Time{}
		}
	}
	if p.CloudAt.IsZero() {
		p.CloudBackup, p.LastCloudBackup, p.LastComputerBackup = DontKnow, time.Time{}, time.Time{}
	}
	for _, t := range []*time.Time{&p.LastCloudBackup, &p.LastComputerBackup} {
		if date, _ := p.dated(*t); !believable(date, now) || !believable(date, p.CloudAt) {
			*t = time.Time{} // nor when it was told: its day does not make it true
		}
	}
	lastNight := nightOf(now)
	p.Nights = slices.DeleteFunc(slices.Clone(p.Nights), func(n Night) bool { return n.Of > lastNight })
	return p
}

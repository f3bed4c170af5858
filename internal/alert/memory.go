package alert

import (
	"maps"
	"time"

	"ninelives/internal/health"
)

// Memory is what must be remembered between rounds, and over restarts, so that
// nothing is said twice. It is plain data for JSON; its zero value has heard
// and said nothing. All methods leave the receiver and its maps as they are.
type Memory struct {
	Devices map[string]Record `json:"devices,omitempty"` // by device ID
	Places  map[string]Record `json:"places,omitempty"`  // by the folder of the source
}

// Record is what is remembered of one device or place.
type Record struct {
	State    health.State `json:"state"`              // as last seen; a place is OK or unknown
	Since    time.Time    `json:"since,omitzero"`     // seen in that state since
	Seen     time.Time    `json:"seen,omitzero"`      // last seen in a report; zero: never
	LastGood time.Time    `json:"last_good,omitzero"` // newest backup known while it could be judged; of a place: last good reading
	Proof    time.Time    `json:"proof,omitzero"`     // the last good backup in the newest report; zero: none
	Held     time.Time    `json:"held,omitzero"`      // start of an outage that was waited for, until something is said
	Snooze   *Snooze      `json:"snooze,omitempty"`   // nil: none
	Woke     bool         `json:"woke,omitempty"`     // a snooze has ended and nothing was said since
	Told     Told         `json:"told,omitzero"`      // what people know, counting what is in doubt as said
	Pending  *Pending     `json:"pending,omitempty"`  // a message under way, or in doubt after a crash
}

// Snooze is a wish not to hear of a device.
type Snooze struct {
	Set   time.Time `json:"set"`
	Until time.Time `json:"until"` // 9999-01-01: until the next backup
}

// Told is what people were told of one device or place. Zero: nothing.
type Told struct {
	State health.State `json:"state"`          // the worst since its last newer backup
	First time.Time    `json:"first"`          // when the change was told: reminders count from here
	Last  time.Time    `json:"last"`           // when it was mentioned last
	Proof time.Time    `json:"proof,omitzero"` // the last good backup that was known then; zero: none
}

// Pending is a message that was handed to an outlet, with what is to be
// restored if it fails.
type Pending struct {
	Reason Reason       `json:"reason"`
	State  health.State `json:"state"`
	Before Told         `json:"before,omitzero"`
	Held   time.Time    `json:"held,omitzero"`
	Woke   bool         `json:"woke,omitempty"`
}

// forgetAfter is how long a device that is gone from the reports is
// remembered: a drive that is away for a while brings no second first message.
const forgetAfter = 30 * health.Day

// lifetime is longer than anybody is reminded of anything.
const lifetime = 100 * 365 * health.Day

// something reports whether anything was told.
func (t Told) something() bool { return !t.First.IsZero() }

// level is the state that news must be worse than.
func (t Told) level() health.State {
	if t.something() {
		return t.State
	}
	return health.OK
}

// late reports whether s is a state that reminders are for.
func late(s health.State) bool { return s == health.Warning || s == health.Critical }

// plain is t without a zone and without Go's monotonic reading, which stands
// still while a computer sleeps.
func plain(t time.Time) time.Time { return t.Round(0).UTC() }

// clone copies m so deeply that changing the copy cannot change m.
func (m Memory) clone() Memory {
	return Memory{Devices: cloneRecords(m.Devices), Places: cloneRecords(m.Places)}
}

func cloneRecords(from map[string]Record) map[string]Record {
	to := maps.Clone(from)
	if to == nil {
		to = map[string]Record{}
	}
	for key, r := range to {
		if r.Snooze != nil {
			r.Snooze = new(*r.Snooze)
		}
		if r.Pending != nil {
			r.Pending = new(*r.Pending)
		}
		to[key] = r
	}
	return to
}

// settle takes times that lie ahead of the clock as now: the clock was set
// back, and neither a reminder nor the end of a snooze may wait for a year
// that was a mistake.
func (r Record) settle(now time.Time) Record {
	for _, t := range []*time.Time{&r.Since, &r.Seen, &r.Held} {
		*t = notAfter(*t, now)
	}
	if r.LastGood.After(now.Add(health.Day)) { // up to a day ahead the judge believes it
		r.LastGood = now
	}
	r.Told = r.Told.settle(now)
	if r.Pending != nil {
		r.Pending.Before = r.Pending.Before.settle(now)
		r.Pending.Held = notAfter(r.Pending.Held, now)
	}
	if s := r.Snooze; s != nil && s.Set.After(now) {
		if !s.Until.Equal(untilBackup()) {
			s.Until = now.Add(s.Until.Sub(s.Set))
		}
		s.Set = now
	}
	return r
}

func (t Told) settle(now time.Time) Told {
	t.First, t.Last = notAfter(t.First, now), notAfter(t.Last, now)
	if t.something() && t.Last.Sub(t.First) > lifetime {
		t.First = t.Last // a damaged memory: lengths of time would overflow
	}
	return t
}

func notAfter(t, now time.Time) time.Time {
	if t.After(now) {
		return now
	}
	return t
}

// lower forgets that worse than s was told: a newer backup has been seen since,
// so getting worse again is news.
func (r Record) lower(s health.State) Record {
	if r.Told.something() && r.Told.State.Worse(s) {
		r.Told.State = s
	}
	if p := r.Pending; p != nil && p.Before.something() && p.Before.State.Worse(s) {
		p.Before.State = s
	}
	return r
}

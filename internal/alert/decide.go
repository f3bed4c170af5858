package alert

import (
	"slices"
	"time"

	"ninelives/internal/health"
)

// How long it takes until blindness is worth a word; the rules stand in the
// package comment.
const (
	unknownGrace = health.Day
	lostGrace    = time.Hour
	refusedGrace = health.Day
)

// Decide compares a report with what people were told before and gives the
// messages that are due: at most one that something is late, and one that
// something is fresh again. The memory it returns has seen the report, but has
// said nothing yet. Words and quiet hours are in the zone of now.
func Decide(m Memory, r health.Report, p health.Policy, now time.Time) (Memory, []Message) {
	m = m.clone()
	m.see(r, plain(now))
	if _, silent := silence(p, now); silent {
		return m, nil
	}
	subjects := slices.Concat(m.places(r, plain(now)), m.devices(r, p, plain(now)))
	slices.SortStableFunc(subjects, worstFirst)
	var bad, good []Subject
	for _, s := range subjects {
		if s.Reason == Solved {
			good = append(good, s)
		} else {
			bad = append(bad, s)
		}
	}
	w := writer{memory: m, report: r, policy: p, now: now}
	var due []Message
	if len(bad) > 0 {
		due = append(due, w.alarm(bad))
	}
	if len(good) > 0 {
		due = append(due, w.solved(good))
	}
	return m, due
}

func worstFirst(a, b Subject) int {
	switch {
	case a.State.Worse(b.State):
		return -1
	case b.State.Worse(a.State):
		return 1
	}
	return 0
}

// places gives the places of backups that are due to be mentioned.
func (m Memory) places(r health.Report, now time.Time) []Subject {
	var due []Subject
	for _, s := range r.Sources {
		refused, ok := readable(s)
		if !ok {
			continue
		}
		rec := m.Places[s.Where]
		subject := Subject{Place: s.Where, State: rec.State}
		switch {
		case !refused && rec.Told.something():
			subject.Reason = Solved
		case refused && rec.blind(now) && !rec.Told.something():
			subject.Reason = Changed
		default:
			continue
		}
		due = append(due, subject)
	}
	return due
}

// blind reports whether a place has refused for long enough to be mentioned.
func (r Record) blind(now time.Time) bool {
	grace := lostGrace
	if r.LastGood.IsZero() {
		grace = refusedGrace
	}
	return r.State == health.Unknown && now.Sub(r.Since) >= grace
}

// devices gives the devices that are due to be mentioned.
func (m Memory) devices(r health.Report, p health.Policy, now time.Time) []Subject {
	var due []Subject
	for _, v := range r.Devices {
		if v.Ignored {
			continue
		}
		if reason := m.reason(v, p, now); reason != "" {
			due = append(due, Subject{Device: v.ID, State: v.State, Reason: reason})
		}
	}
	return due
}

// reason answers "shall I speak of this device?". Empty: no.
func (m Memory) reason(v health.Verdict, p health.Policy, now time.Time) Reason {
	rec := m.Devices[v.ID]
	switch {
	case v.State == health.OK && rec.Told.something() && v.LastGood.After(rec.Told.Proof):
		return Solved // not when only a limit was changed: nothing is fresher than it was
	case v.State == health.OK, rec.Snooze != nil, holds(v.Hold, now):
		return ""
	case v.State.Worse(rec.Told.level()) && (late(v.State) || m.unproven(v, p, now)):
		return Changed
	case late(rec.Told.level()) && rec.remind(p, now):
		return Still
	}
	return ""
}

// remind reports whether the next reminder, or the word after a snooze, is due.
func (r Record) remind(p health.Policy, now time.Time) bool {
	next, ok := r.Told.next(p.Repeat)
	return r.Woke || ok && !now.Before(next)
}

// unproven reports whether a device of unknown state has been so for long
// enough to be mentioned.
func (m Memory) unproven(v health.Verdict, p health.Policy, now time.Time) bool {
	rec := m.Devices[v.ID]
	proof := rec.LastGood
	if proof.IsZero() {
		proof = rec.Since
	}
	return now.Sub(rec.Since) >= unknownGrace && now.Sub(proof) > warnLimit(v, p) && !m.explained(v, now)
}

// explained reports whether a place that is, or is being, mentioned as
// unreadable explains why a device cannot be judged.
func (m Memory) explained(v health.Verdict, now time.Time) bool {
	refused := slices.ContainsFunc(v.Routes, func(r health.Route) bool { return r.State == health.RouteNoPermission })
	for _, place := range m.Places {
		if refused && place.blind(now) {
			return true
		}
	}
	return false
}

// warnLimit is the age from which a device is late.
func warnLimit(v health.Verdict, p health.Policy) time.Duration {
	if v.Limits.WarnAfter > 0 {
		return v.Limits.WarnAfter
	}
	return p.LimitsFor(v.ID, health.ComputerRoute).WarnAfter
}

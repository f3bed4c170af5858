package alert

import (
	"cmp"
	"maps"
	"time"

	"ninelives/internal/health"
)

// see takes a report into the memory. It says nothing; that is up to [Decide].
func (m Memory) see(r health.Report, now time.Time) {
	for _, records := range []map[string]Record{m.Devices, m.Places} {
		for key, r := range records {
			records[key] = r.settle(now)
		}
	}
	for _, v := range r.Devices {
		if v.Ignored {
			delete(m.Devices, v.ID)
			continue
		}
		m.Devices[v.ID] = m.Devices[v.ID].look(v, now)
	}
	for _, s := range r.Sources {
		if refused, ok := readable(s); ok {
			m.Places[s.Where] = m.Places[s.Where].lookAt(s, refused, now)
		}
	}
	for _, records := range []map[string]Record{m.Devices, m.Places} {
		maps.DeleteFunc(records, func(_ string, r Record) bool {
			return now.Sub(later(r.Seen, r.Since)) > forgetAfter
		})
	}
}

// look takes over what a verdict says of a device.
func (r Record) look(v health.Verdict, now time.Time) Record {
	known := !r.Seen.IsZero()
	if !known || r.State != v.State {
		r.State, r.Since = v.State, now
	}
	r.Seen = now
	if v.State != health.Unknown && v.LastGood.After(r.LastGood) {
		r.LastGood = plain(v.LastGood)
		r = r.lower(v.State)
		if v.State == health.OK {
			r.Snooze = nil
		}
		if known && r.Snooze != nil && r.Snooze.Until.Equal(untilBackup()) {
			r.Snooze, r.Woke = nil, true
		}
	}
	if r.Snooze != nil && !now.Before(r.Snooze.Until) {
		r.Snooze, r.Woke = nil, true
	}
	if holds(v.Hold, now) && r.Held.IsZero() {
		r.Held = notAfter(plain(cmp.Or(v.Hold.Since, now)), now)
	}
	if v.State == health.OK {
		r.Woke, r.Held = false, time.Time{}
	}
	r.Proof = plain(v.LastGood)
	return r
}

// lookAt takes over how a place of backups is doing.
func (r Record) lookAt(s health.SourceState, refused bool, now time.Time) Record {
	state := health.OK
	if refused {
		state = health.Unknown
	}
	if r.Seen.IsZero() || r.State != state {
		r.State, r.Since = state, now
	}
	r.Seen = now
	r.LastGood = later(notAfter(plain(s.ReadAt), now), r.LastGood)
	return r
}

// readable tells a place that was read from one that refuses to be (no
// permission, or a failing disk). Everything else proves neither: ok is false
// for places that are absent or slow, and for sources other than the backups
// of this computer, whose absence is normal.
func readable(s health.SourceState) (refused, ok bool) {
	if s.Kind != health.SourceMobileSync {
		return false, false
	}
	switch s.Trouble {
	case health.NoPermission, health.Failed, health.Malformed:
		return true, true
	case health.NoTrouble:
		return false, !s.ReadAt.IsZero()
	default:
		return false, false
	}
}

// holds reports whether an outage still excuses a device.
func holds(h *health.Hold, now time.Time) bool {
	return h != nil && (h.Until.IsZero() || now.Before(h.Until))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

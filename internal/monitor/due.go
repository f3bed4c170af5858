package monitor

import (
	"time"

	"ninelives/internal/alert"
	"ninelives/internal/health"
)

// due is the work of a heartbeat: take over changed settings, let the ages on
// screen grow, and say whether a round is wanted now. Nothing is said on the
// strength of an old look: what seems due is looked at again first.
func (m *Monitor) due(jumped bool) bool {
	if m.Renew != nil {
		if s, changed := m.Renew(); changed {
			m.use(s)
		}
	}
	now := m.Now()
	if jumped || !now.Before(m.next) {
		return true
	}
	if m.changedSince(now) {
		return true
	}
	m.show()
	return false
}

// changedSince reports whether time alone has changed the verdict, or made a
// message due.
func (m *Monitor) changedSince(now time.Time) bool {
	report := health.Judge(m.facts, m.setup.Policy, now)
	if !sameStates(report, m.report) {
		return true
	}
	if m.Notifier == nil || now.Sub(m.refused) < retryAfter && now.After(m.refused) {
		return false
	}
	_, messages := alert.Decide(m.memory, report, m.setup.Policy, now)
	return len(messages) > 0
}

// sameStates compares what stands on screen: the states, and how much was
// tried in vain, which a night may add to.
func sameStates(a, b health.Report) bool {
	if len(a.Devices) != len(b.Devices) {
		return false
	}
	states := make(map[string]standing, len(a.Devices))
	for _, d := range a.Devices {
		states[d.ID] = standingOf(d)
	}
	for _, d := range b.Devices {
		if s, ok := states[d.ID]; !ok || s != standingOf(d) {
			return false
		}
	}
	return true
}

type standing struct {
	state  health.State
	inVain int
}

func standingOf(v health.Verdict) standing {
	s := standing{state: v.State}
	for _, o := range v.Fixes {
		if o.Tried != nil && o.Tried.Failed {
			s.inVain++
		}
	}
	return s
}

package monitor

import (
	"context"
	"time"

	"ninelives/internal/alert"
	"ninelives/internal/health"
)

// youngLook is how old the last look may be when a message that was refused
// before is tried again without a new one.
const youngLook = time.Hour

// due is the work of a heartbeat: take over changed settings, let the ages on
// screen grow, and say whether a round is wanted now. Nothing is said on the
// strength of an old look: what seems due is looked at again first.
func (m *Monitor) due(ctx context.Context, jumped bool) bool {
	if m.unkept != nil {
		m.remember()
	}
	renewed := m.renew()
	now := m.Now()
	if renewed || jumped || !now.Before(m.next) || !sameStates(health.Judge(m.facts, m.setup.Policy, now), m.report) {
		return true
	}
	if m.pending(now) {
		if m.refused.times == 0 || now.Sub(m.report.At) > youngLook {
			return true
		}
		m.tell(ctx, m.decide())
	}
	m.show()
	return false
}

// pending reports whether there is something to say and no reason to wait.
func (m *Monitor) pending(now time.Time) bool {
	if m.Notifier == nil || m.refused.wait(now) {
		return false
	}
	_, messages := alert.Decide(m.memory, m.report, m.setup.Policy, now)
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

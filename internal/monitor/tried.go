package monitor

import (
	"slices"

	"ninelives/internal/health"
)

// Tried notes that somebody carried out a fix on a device; failed says that it
// did not help. It is remembered, and shown with the next fix first, at once;
// after one that was done there is a round as soon as possible as well. A
// device that is not known, or is doing well, has nothing to note: its page
// was out of date.
func (m *Monitor) Tried(device string, fix health.Code, failed bool) {
	m.ask(func() {
		if m.ails(device) {
			m.facts = m.facts.Tried(device, health.Trial{Fix: fix, At: m.Now(), Failed: failed})
			looked := m.report.At
			m.judge()
			m.report.At = looked
			m.show()
			m.remember()
		}
		if !failed {
			m.Poke()
		}
	})
}

// ails reports whether the last report has fixes for a device.
func (m *Monitor) ails(device string) bool {
	return slices.ContainsFunc(m.report.Devices, func(v health.Verdict) bool {
		return v.ID == device && len(v.Fixes) > 0
	})
}

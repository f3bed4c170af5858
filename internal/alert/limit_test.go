package alert

import (
	"testing"
	"time"

	"ninelives/internal/health"
)

func TestAChangedLimitIsNoFreshBackup(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	report := func(s health.State, last time.Time) health.Report {
		return health.Report{At: now, State: s, Devices: []health.Verdict{{
			Device: health.Device{ID: "a", Name: "Anna"}, State: s, LastGood: last, Why: "Because.",
			Limits: health.Limits{WarnAfter: 7 * health.Day, CriticalAfter: 14 * health.Day},
		}}}
	}
	say := func(m Memory, r health.Report) (Memory, []Message) {
		m, due := Decide(m, r, health.DefaultPolicy(), now)
		for _, msg := range due {
			m = m.Intend(msg, now).Said(msg, now)
		}
		now = now.Add(time.Hour)
		return m, due
	}
	old := now.Add(-11 * health.Day)
	m, due := say(Memory{}, report(health.Warning, old))
	if len(due) != 1 {
		t.Fatalf("late: %d messages, want one", len(due))
	}
	m = m.Snooze("a", now.Add(7*health.Day), now)
	if m, due = say(m, report(health.OK, old)); len(due) != 0 {
		t.Errorf("with a longer limit: %q, want silence", due[0].Title)
	}
	if len(m.Snoozed()) != 1 {
		t.Error("a longer limit ended the snooze")
	}
	if m, due = say(m, report(health.Warning, old)); len(due) != 0 {
		t.Errorf("with the old limit again: %q, want silence: it is snoozed, and was told", due[0].Title)
	}
	m, due = say(m, report(health.OK, now.Add(-time.Hour)))
	if len(due) != 1 || due[0].Reason != Solved {
		t.Errorf("with a new backup: %v, want solved", due)
	}
	if len(m.Snoozed()) != 0 {
		t.Error("a new backup did not end the snooze")
	}
}

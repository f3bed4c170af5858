package alert_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"ninelives/internal/alert"
	"ninelives/internal/health"
)

// told is a memory in which a device was told to be critical, and a reminder
// of it is under way.
func told(t *testing.T) (alert.Memory, alert.Message, time.Time) {
	t.Helper()
	l := teller{policy: health.DefaultPolicy()}
	now := monday()
	l.round(t, report(now, crit("a", 15*day)), now)
	l.memory = l.memory.Snooze("b", now.Add(day), now)
	now = now.Add(day)
	m, msgs := alert.Decide(l.memory, report(now, crit("a", 16*day)), l.policy, now)
	if len(msgs) != 1 {
		t.Fatalf("no reminder: %v", said(msgs))
	}
	return m.Intend(msgs[0], now), msgs[0], now
}

func TestNoMethodChangesItsReceiver(t *testing.T) {
	m, msg, now := told(t)
	before := dump(m)
	back := now.Add(-3 * day)
	for name, do := range map[string]func(){
		"Decide, with a newer backup":     func() { alert.Decide(m, report(now, warn("a", 8*day)), health.DefaultPolicy(), now) },
		"Decide, with the clock set back": func() { alert.Decide(m, report(back, crit("a", 16*day)), health.DefaultPolicy(), back) },
		"Intend":                          func() { m.Intend(msg, now) },
		"Said":                            func() { m.Said(msg, now) },
		"Failed":                          func() { m.Failed(msg, now) },
		"Snooze":                          func() { m.Snooze("a", now.Add(day), now) },
		"Unsnooze":                        func() { m.Unsnooze("b") },
		"Snoozed":                         func() { clear(m.Snoozed()) },
	} {
		if do(); dump(m) != before {
			t.Fatalf("%s changed its receiver:\n%s\n%s", name, before, dump(m))
		}
	}
}

func TestGettingWorseAfterANewerBackupIsNewsThoughAReminderFailedInBetween(t *testing.T) {
	m, msg, now := told(t)
	now = now.Add(time.Hour)
	m, _ = alert.Decide(m, report(now, warn("a", 8*day)), health.DefaultPolicy(), now)
	m = m.Failed(msg, now)
	now = now.Add(time.Hour)
	_, msgs := alert.Decide(m, report(now, crit("a", 15*day)), health.DefaultPolicy(), now)
	if got := strings.Join(said(msgs), "; "); got != "changed a critical" {
		t.Errorf("got %q", got)
	}
}

func TestAMessageOfAForgottenDeviceIsNotRemembered(t *testing.T) {
	m, msg, now := told(t)
	gone := report(now, dev{id: "a", state: health.Critical, age: 16 * day, ignored: true})
	m, _ = alert.Decide(m, gone, health.DefaultPolicy(), now)
	for _, m := range []alert.Memory{m.Said(msg, now), m.Failed(msg, now), m.Intend(msg, now)} {
		if _, known := m.Devices["a"]; known {
			t.Errorf("remembered: %s", dump(m))
		}
	}
}

// A process that runs on over a sleep must count the time as one that was
// started anew: Go's monotonic reading, which stands still, may not be kept.
func TestAMemoryIsTheSameAfterItWasWrittenAndRead(t *testing.T) {
	now := time.Now()
	r := report(now, crit("a", 15*day).held(now, time.Time{}), crit("b", 15*day))
	r.Sources = []health.SourceState{place(now, health.NoTrouble, now)}
	m, msgs := alert.Decide(alert.Memory{}.Snooze("c", now.Add(day), now), r, health.DefaultPolicy(), now)
	m = m.Intend(msgs[0], now)
	if back := restart(t, m); !reflect.DeepEqual(back, m) {
		t.Errorf("before\n%#v\nafter\n%#v", m, back)
	}
}

func TestASnoozeOfACallerIsNotShared(t *testing.T) {
	m := alert.Memory{}.Snooze("a", monday().Add(day), monday())
	back := monday().Add(-400 * day)
	alert.Decide(m, report(back), health.DefaultPolicy(), back)
	if until := m.Snoozed()["a"]; !until.Equal(monday().Add(day)) {
		t.Errorf("the snooze of the argument now ends at %v", until)
	}
}

// Whatever a damaged memory holds, what was said is not said again at once.
func FuzzMemory(f *testing.F) {
	f.Add(`{}`)
	f.Add(`{"devices":null,"places":{"/backups":{"state":"unknown"}}}`)
	f.Add(`{"devices":{"a":{"told":{"state":"critical","first":"0001-01-01T00:00:01Z","last":"2026-11-10T09:00:00Z"}}}}`)
	f.Add(`{"devices":{"a":{"told":{"state":"ok","first":"2026-01-01T00:00:00Z","last":"0001-01-01T00:00:00Z"},"pending":{"reason":"?"}}}}`)
	f.Add(`{"devices":{"a":{"seen":"9999-12-31T23:59:59-12:00","snooze":{"set":"9000-01-01T00:00:00Z","until":"9999-12-31T00:00:00Z"}}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var m alert.Memory
		if json.Unmarshal([]byte(text), &m) != nil {
			return
		}
		now := monday()
		r := report(now, crit("a", 15*day), warn("b", 8*day), ok("c"), unknown("d"))
		r.Sources = []health.SourceState{place(now, health.NoPermission, now.Add(-day))}
		m, msgs := alert.Decide(m, r, health.DefaultPolicy(), now)
		for _, msg := range msgs {
			m = m.Intend(msg, now).Said(msg, now)
		}
		if _, again := alert.Decide(m, r, health.DefaultPolicy(), now.Add(time.Minute)); len(again) > 0 {
			t.Errorf("said twice: %v", said(again))
		}
		if _, err := json.Marshal(m); err != nil {
			t.Errorf("cannot be written: %v", err)
		}
	})
}

func BenchmarkDecide(b *testing.B) {
	var devices []dev
	for i := range 1000 {
		devices = append(devices, crit(fmt.Sprint(i), 15*day))
	}
	r := report(monday(), devices...)
	for name, quiet := range map[string]bool{"all are late at first sight": false, "nothing is said": true} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			p := health.DefaultPolicy()
			p.Silent = quiet
			for b.Loop() {
				alert.Decide(alert.Memory{}, r, p, monday())
			}
		})
	}
}

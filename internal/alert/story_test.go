package alert_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"ninelives/internal/alert"
	"ninelives/internal/health"
)

const day = health.Day

// monday is 09:00 on a Monday in winter.
func monday() time.Time { return time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC) }

func backup() time.Time { return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }

// dev is one device in a hand-made report. Its age is that of the last good
// backup at the time of the round; negative: there is none.
type dev struct {
	id      string
	state   health.State
	age     time.Duration
	why     string
	ignored bool
	hold    *health.Hold
	refused bool // its folder may not be read
	fixes   []health.Opinion
	step    string
}

func ok(id string) dev                      { return dev{id: id, state: health.OK, age: day} }
func warn(id string, age time.Duration) dev { return dev{id: id, state: health.Warning, age: age} }
func crit(id string, age time.Duration) dev { return dev{id: id, state: health.Critical, age: age} }
func unknown(id string) dev                 { return dev{id: id, age: -1} }
func (d dev) held(since, until time.Time) dev {
	d.hold = &health.Hold{Since: since, Until: until}
	return d
}

func (d dev) verdict(now time.Time) health.Verdict {
	v := health.Verdict{
		Device: health.Device{ID: d.id, Name: names[d.id]}, State: d.state, Ignored: d.ignored,
		Limits: health.DefaultPolicy().Computer, Why: d.why, Hold: d.hold, Fixes: d.fixes, Step: d.step,
	}
	if d.age >= 0 {
		v.LastGood = now.Add(-d.age)
	}
	if v.Why == "" {
		v.Why = words(d.state, d.age)
	}
	if d.refused {
		v.Routes = []health.Route{{Kind: health.ComputerRoute, State: health.RouteNoPermission, Path: "/backups/" + d.id}}
	}
	return v
}

var names = map[string]string{"a": "Anna's iPhone", "b": "Ben's iPad", "c": "Cleo", "d": "Dora", "e": "Emil"}

func words(s health.State, age time.Duration) string {
	if s == health.Unknown {
		return "The folder may not be read."
	}
	if age < 0 {
		return "No backup was ever finished."
	}
	return "Last complete backup " + health.Age(age) + " ago."
}

func report(now time.Time, devices ...dev) health.Report {
	r := health.Report{At: now}
	for _, d := range devices {
		r.Devices = append(r.Devices, d.verdict(now))
	}
	return r
}

func place(now time.Time, t health.Trouble, readAt time.Time) health.SourceState {
	if t == health.NoTrouble {
		readAt = now
	}
	return health.SourceState{Kind: health.SourceMobileSync, Where: "/backups", Trouble: t, ReadAt: readAt}
}

// said writes messages as a line each: "changed a critical, b warning".
func said(msgs []alert.Message) []string {
	var lines []string
	for _, m := range msgs {
		var of []string
		for _, s := range m.Subjects {
			word := s.Device + s.Place + " " + s.State.String()
			if s.Reason != m.Reason {
				word += " (" + string(s.Reason) + ")"
			}
			of = append(of, word)
		}
		lines = append(lines, string(m.Reason)+" "+strings.Join(of, ", "))
	}
	return lines
}

// teller runs rounds: it remembers, delivers, and checks that a memory means
// the same after a restart.
type teller struct {
	memory alert.Memory
	policy health.Policy
	fate   fate
}

type fate int

const (
	delivered fate = iota
	failed         // the outlet said no
	killed         // kill -9 between the delivery and Said
	unnoted        // Said without Intend
)

func (l *teller) round(t fatal, r health.Report, now time.Time) []alert.Message {
	l.memory = restart(t, l.memory)
	next, msgs := alert.Decide(l.memory, r, l.policy, now)
	for _, m := range msgs {
		if l.fate != unnoted {
			next = next.Intend(m, now)
		}
		switch l.fate {
		case delivered, unnoted:
			next = next.Said(m, now)
		case failed:
			next = next.Failed(m, now)
		case killed:
		}
	}
	l.memory = next
	return msgs
}

type fatal interface {
	Helper()
	Fatalf(format string, args ...any)
}

var _ fatal = (*testing.T)(nil)

func restart(t fatal, m alert.Memory) alert.Memory {
	t.Helper()
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatalf("memory cannot be written: %v", err)
	}
	var back alert.Memory
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatalf("memory cannot be read: %v\n%s", err, text)
	}
	return back
}

func dump(v any) string {
	text, err := json.MarshalIndent(v, "", " ")
	return fmt.Sprint(string(text), err)
}

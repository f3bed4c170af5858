package alert_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ninelives/internal/alert"
	"ninelives/internal/health"
)

// world is a small truth that reports are made of, and what must hold of all
// that is said about it.
type world struct {
	teller
	now       time.Time
	phones    map[string]*phone
	backwards bool // the clock was set back at least once
	trouble   health.Trouble
}

type phone struct {
	backup  time.Time
	limits  health.Limits
	blind   bool // unknown
	ignored bool
	gone    bool
	hold    *health.Hold

	// What people heard, kept by the test in its own way.
	heard    health.State // the worst since the last newer backup; OK: nothing
	heardAt  time.Time    // the last Changed
	newest   time.Time    // the newest backup seen by a round
	still    int          // reminders since heardAt
	wakings  int          // snoozes since heardAt
	lastSeen time.Time
}

func newWorld() *world {
	w := &world{now: monday(), phones: map[string]*phone{}}
	w.policy = health.DefaultPolicy()
	for _, id := range []string{"a", "b", "c"} {
		w.phones[id] = &phone{backup: w.now, limits: w.policy.Computer, heard: health.OK}
	}
	return w
}

func (p *phone) stateAt(now time.Time) health.State {
	switch age := now.Sub(p.backup); {
	case p.blind:
		return health.Unknown
	case age > p.limits.CriticalAfter:
		return health.Critical
	case age > p.limits.WarnAfter:
		return health.Warning
	default:
		return health.OK
	}
}

func (w *world) report() health.Report {
	r := health.Report{At: w.now}
	for _, id := range []string{"a", "b", "c"} {
		p := w.phones[id]
		if p.gone {
			continue
		}
		v := health.Verdict{Device: health.Device{ID: id, Name: names[id]}, Ignored: p.ignored, Limits: p.limits, Hold: p.hold}
		v.State = p.stateAt(w.now)
		if !p.blind {
			v.LastGood = p.backup
		}
		r.Devices = append(r.Devices, v)
	}
	r.Sources = []health.SourceState{place(w.now, w.trouble, time.Time{})}
	return r
}

func (w *world) round(t *rapid.T) {
	r := w.report()
	before := dump(w.memory)
	next, msgs := alert.Decide(w.memory, r, w.policy, w.now)
	if dump(w.memory) != before {
		t.Fatalf("Decide changed its argument:\n%s\n%s", before, dump(w.memory))
	}
	if again, same := alert.Decide(w.memory, r, w.policy, w.now); !reflect.DeepEqual(msgs, same) || !reflect.DeepEqual(next, again) {
		t.Fatalf("the same input gave something else:\n%v\n%v", said(msgs), said(same))
	}
	if _, same := alert.Decide(restart(t, w.memory), r, w.policy, w.now); !reflect.DeepEqual(msgs, same) {
		t.Fatalf("after a restart something else is said:\n%v\n%v", said(msgs), said(same))
	}
	snoozed := next.Snoozed()
	w.hear()
	w.checkForm(t, msgs)
	for _, m := range msgs {
		for _, s := range m.Subjects {
			if s.Device != "" {
				w.checkSubject(t, m, s, snoozed)
			}
		}
	}
	w.deliver(t, next, r, msgs)
}

// hear brings the test's own book up to date with a look at the world.
func (w *world) hear() {
	for _, p := range w.phones {
		p.lastSeen = minTime(p.lastSeen, w.now)
		if p.newest.After(w.now.Add(day)) {
			p.newest = w.now
		}
		switch state := p.stateAt(w.now); {
		case p.ignored:
			p.heard, p.newest, p.heardAt = health.OK, time.Time{}, time.Time{}
		case p.gone:
			if w.now.Sub(p.lastSeen) > 30*day {
				p.heard, p.newest, p.heardAt = health.OK, time.Time{}, time.Time{}
			}
			continue
		case !p.blind && p.backup.After(p.newest):
			p.newest = p.backup
			if p.heard.Worse(state) {
				p.heard = state
			}
		}
		p.lastSeen = w.now
	}
}

func (w *world) checkForm(t *rapid.T, msgs []alert.Message) {
	if _, silent := alert.Silence(w.policy, w.now); silent && len(msgs) > 0 {
		t.Fatalf("said while silent: %v", said(msgs))
	}
	solved := func(m alert.Message) bool { return m.Reason == alert.Solved }
	if len(msgs) > 2 || len(msgs) == 2 && (solved(msgs[0]) || !solved(msgs[1])) {
		t.Fatalf("more than one message of a kind in a round: %v", said(msgs))
	}
	for _, m := range msgs {
		if len(m.Subjects) == 0 || m.Title == "" || m.Body == "" || m.Body != "" && m.Body[0] == '\n' {
			t.Fatalf("an empty message: %+v", m)
		}
		if !slices.IsSortedFunc(m.Subjects, func(a, b alert.Subject) int {
			if b.State.Worse(a.State) {
				return 1
			}
			return 0
		}) {
			t.Fatalf("not worst first: %v", said(msgs))
		}
		if !m.Next.IsZero() && !m.Next.After(w.now) {
			t.Fatalf("next at %v is not after %v", m.Next, w.now)
		}
		if !m.Next.IsZero() && w.policy.Quiet.Covers(m.Next) {
			t.Fatalf("next at %v falls into quiet hours", m.Next)
		}
	}
}

func (w *world) checkSubject(t *rapid.T, m alert.Message, s alert.Subject, snoozed map[string]time.Time) {
	p := w.phones[s.Device]
	_, quiet := snoozed[s.Device]
	held := p.hold != nil && (p.hold.Until.IsZero() || w.now.Before(p.hold.Until))
	switch {
	case p.gone || p.ignored:
		t.Fatalf("%s is gone or ignored: %v", s.Device, said([]alert.Message{m}))
	case s.State != p.stateAt(w.now):
		t.Fatalf("%s is %v, not %v", s.Device, p.stateAt(w.now), s.State)
	case (s.Reason == alert.Solved) != (s.State == health.OK):
		t.Fatalf("%v of a device that is %v", s.Reason, s.State)
	case s.Reason != alert.Solved && (quiet || held):
		t.Fatalf("%s is snoozed or held: %v", s.Device, said([]alert.Message{m}))
	case s.Reason == alert.Solved && p.heardAt.IsZero():
		t.Fatalf("%s is fresh again, and nobody had heard otherwise", s.Device)
	case s.Reason == alert.Changed && !s.State.Worse(p.heard):
		t.Fatalf("%s changed to %v a second time, after %v", s.Device, s.State, p.heard)
	case s.Reason == alert.Still && p.heardAt.IsZero():
		t.Fatalf("a reminder of %s, and nobody had heard of it", s.Device)
	}
}

// deliver gives the messages one of the fates, and checks what follows.
func (w *world) deliver(t *rapid.T, next alert.Memory, r health.Report, msgs []alert.Message) {
	fate := rapid.SampledFrom([]fate{delivered, delivered, failed, killed, unnoted}).Draw(t, "fate")
	for _, m := range msgs {
		if fate != unnoted {
			next = next.Intend(m, w.now)
		}
	}
	next = restart(t, next)
	for _, m := range msgs {
		switch fate {
		case failed:
			next = next.Failed(m, w.now)
			continue
		case delivered, unnoted:
			next = next.Said(m, w.now)
		case killed:
		}
		w.note(t, m)
	}
	w.memory = next
	_, again := alert.Decide(next, r, w.policy, w.now)
	if fate == failed && !reflect.DeepEqual(msgs, again) {
		t.Fatalf("what failed is not due any more, or otherwise:\n%v\n%v", said(msgs), said(again))
	}
	if fate != failed && len(again) > 0 {
		t.Fatalf("said twice: %v", said(again))
	}
}

// note writes into the test's own book what people heard.
func (w *world) note(t *rapid.T, m alert.Message) {
	for _, s := range m.Subjects {
		p := w.phones[s.Device]
		if p == nil {
			continue
		}
		switch s.Reason {
		case alert.Solved:
			p.heard, p.heardAt = health.OK, time.Time{}
		case alert.Changed:
			p.heard, p.heardAt, p.still, p.wakings = s.State, w.now, 0, 0
		case alert.Still:
			p.still++
			if most := steps(w.now.Sub(p.heardAt)) + p.wakings; p.still > most && !w.backwards {
				t.Fatalf("%s: reminder %d after %v; the rule gives %d", s.Device, p.still, w.now.Sub(p.heardAt), most)
			}
		}
	}
}

// steps counts the reminders that the default rule gives within d.
func steps(d time.Duration) int {
	n := 0
	for _, step := range []time.Duration{day, 3 * day, 7 * day} {
		if d >= step {
			n++
		}
	}
	if d > 7*day {
		n += int((d - 7*day) / (7 * day))
	}
	return n
}

func TestWhateverHappens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		a := func() *phone { return w.phones[rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "device")] }
		id := func() string { return rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "device") }
		flip := func() bool { return rapid.Bool().Draw(t, "on") }
		pass := func(most time.Duration) {
			w.now = w.now.Add(time.Duration(rapid.Int64Range(int64(time.Second), int64(most)).Draw(t, "passes")))
		}
		look := func(*rapid.T) { pass(12 * time.Hour); w.round(t) }
		t.Repeat(map[string]func(*rapid.T){
			"look":   look,
			"look 2": look,
			"look 3": look,
			"sleep":  func(*rapid.T) { pass(20 * day); w.round(t) },
			"backup": func(*rapid.T) { a().backup = w.now },
			"old backup turns up": func(*rapid.T) {
				p := a()
				p.backup = p.backup.Add(w.now.Sub(p.backup) / 3)
			},
			"blind":  func(*rapid.T) { a().blind = flip() },
			"ignore": func(*rapid.T) { a().ignored = flip() },
			"gone":   func(*rapid.T) { a().gone = flip() },
			"limits": func(*rapid.T) {
				p := a()
				p.limits = health.Limits{WarnAfter: 20 * day, CriticalAfter: 30 * day}
				if flip() {
					p.limits = w.policy.Computer
				}
			},
			"outage": func(*rapid.T) { a().hold = &health.Hold{Since: w.now.Add(-day)} },
			"outage ends": func(*rapid.T) {
				if p := a(); p.hold != nil && flip() {
					p.hold.Until = w.now.Add(12 * time.Hour)
				} else {
					p.hold = nil
				}
			},
			"snooze": func(*rapid.T) {
				of := id()
				until := w.now.Add(time.Duration(rapid.Int64Range(0, int64(9*day)).Draw(t, "snooze")))
				if flip() {
					until = backup()
				}
				w.memory = w.memory.Snooze(of, until, w.now)
				w.phones[of].wakings++
			},
			"unsnooze":  func(*rapid.T) { w.memory = w.memory.Unsnooze(id()) },
			"quiet":     func(*rapid.T) { w.policy.Quiet = health.Quiet{Start: 22 * time.Hour, End: 8 * time.Hour} },
			"not quiet": func(*rapid.T) { w.policy.Quiet = health.Quiet{} },
			"silent":    func(*rapid.T) { w.policy.Silent = flip() },
			"permission": func(*rapid.T) {
				w.trouble = rapid.SampledFrom([]health.Trouble{"", "", health.NoPermission, health.Offline}).Draw(t, "trouble")
			},
			"travel": func(*rapid.T) {
				w.now = w.now.In(time.FixedZone("", rapid.IntRange(-12, 14).Draw(t, "zone")*3600))
			},
			"clock set back": func(*rapid.T) {
				w.now = w.now.Add(-time.Duration(rapid.Int64Range(0, int64(40*day)).Draw(t, "back")))
				w.backwards = true
			},
		})
	})
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// A message says when it would be said again if nothing changes: not a moment
// earlier, and then indeed.
func TestNextIsKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := teller{policy: health.DefaultPolicy()}
		l.policy.Repeat = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.IntRange(1, 300).Draw(t, "hours")) * time.Hour
		}), 0, 4).Draw(t, "repeat")
		if rapid.Bool().Draw(t, "quiet hours") {
			l.policy.Quiet = health.Quiet{Start: 22 * time.Hour, End: 8 * time.Hour}
		}
		berlin, err := time.LoadLocation("Europe/Berlin")
		if err != nil {
			t.Skip(err)
		}
		now := time.Date(2026, 3, 20, 9, 0, 0, 0, berlin)
		r := func() health.Report { return report(now, crit("a", -1), warn("b", -1)) }
		msgs := l.round(t, r(), now)
		for range 12 {
			next := msgs[0].Next
			if next.IsZero() {
				now = now.Add(1000 * day)
				if msgs := l.round(t, r(), now); len(msgs) > 0 {
					t.Fatalf("said again, against its word: %v", said(msgs))
				}
				return
			}
			now = next.Add(-time.Second)
			if msgs := l.round(t, r(), now); len(msgs) > 0 {
				t.Fatalf("said before %v: %v", next, said(msgs))
			}
			now = next.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "late")) * time.Hour)
			if _, silent := alert.Silence(l.policy, now); silent {
				now = next
			}
			if msgs = l.round(t, r(), now); len(msgs) != 1 {
				t.Fatalf("not said at %v: %v", next, said(msgs))
			}
		}
	})
}

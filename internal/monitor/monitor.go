// Package monitor is the loop of the program: look, judge, decide, show, tell,
// remember.
//
// It knows only the small interfaces below, none of the edges behind them. One
// goroutine, the one in [Monitor.Run], owns all changing state; everything
// else reaches it through [Monitor.Poke], [Monitor.Use] and the like, which
// never block.
package monitor

import (
	"context"
	"log/slog"
	"runtime/debug"
	"time"

	"ninelives/internal/alert"
	"ninelives/internal/health"
	"ninelives/internal/view"
)

// Source is where facts come from. An error wraps one of health's kinds.
type Source[T any] interface {
	Read(context.Context) (T, error)
	Where() string // the folder or address, the name of the source
}

// Keeping is a source that gives its last good answer again for a while: what it
// gives is as old as that.
type Keeping interface {
	Last() (from string, at time.Time)
}

// Screen shows a view; it never blocks.
type Screen interface{ Show(view.View) }

// Notifier delivers a message: nil means that it was delivered.
type Notifier interface {
	Notify(context.Context, alert.Message) error
}

// Keeper remembers what was seen and said, over restarts and kills.
type Keeper interface {
	Keep(health.Facts, alert.Memory) error
}

// Setup is what the settings make of the monitor; a new one may come at any
// time by [Options.Renew].
type Setup struct {
	Places   []Source[[]health.Backup]
	Feed     Source[health.Feed]      // nil: switched off
	FeedName string                   // its address, said even when it is off
	Phones   Source[[]health.Phone]   // nil: switched off
	Releases Source[[]health.Release] // nil: switched off
	Quota    Source[health.Quota]     // nil: this system has none
	Volumes  Source[[]health.Volume]  // nil: not looked at
	Online   func() health.Answer     // whether this computer has a network; nil: not known

	PhonesName, ReleasesName string // where they would be asked, said even when they are off

	Policy   health.Policy
	Schedule Schedule
	OS       string // as runtime.GOOS
	Session  view.Session
}

// Options are the outlets of a monitor. Screen, Notifier, Keeper and Diary may
// be nil: then nothing is shown, told or remembered, as for a single check.
type Options struct {
	Screen   Screen
	Notifier Notifier
	Keeper   Keeper
	Diary    Diary
	Renew    func() (Setup, bool) // asked at every heartbeat and by Reload for changed settings; may be nil
	Now      func() time.Time     // the wall clock, in this computer's zone
	Log      *slog.Logger
	Facts    health.Facts // what was remembered
	Memory   alert.Memory // what was said
}

// Monitor watches. Make one with [New].
type Monitor struct {
	Options
	setup   Setup
	facts   health.Facts
	memory  alert.Memory
	report  health.Report
	session view.Session
	next    time.Time // the next round by schedule
	unkept  error     // why the last round could not be remembered
	unnoted error     // why it is not in the history
	days    pastDays  // what the history says of the last days
	refused refusals  // messages that could not be delivered, one after the other
	begun   int       // rounds
	waiting []waiter  // for the end of a round

	pokes chan struct{}
	asked chan func()
}

// New makes a monitor; Run starts it.
func New(setup Setup, o Options) *Monitor {
	m := &Monitor{
		Options: o, setup: setup, facts: o.Facts, memory: o.Memory,
		pokes: make(chan struct{}, 1), asked: make(chan func(), 64),
	}
	m.facts.Host.OS = setup.OS
	return m
}

// Check is one round: everything that happens, happens here.
func (m *Monitor) Check(ctx context.Context) health.Report {
	m.begun++
	m.session.Checking = true
	m.show()
	m.look(ctx)
	m.judge()
	m.session.LastCheck = m.report.At
	m.note(ctx)
	messages := m.decide()
	m.session.Checking = false
	m.show()
	m.release()
	m.tell(ctx, messages)
	m.remember()
	return m.report
}

// judge makes the report of this moment from the facts at hand.
func (m *Monitor) judge() {
	m.report = health.Judge(m.facts, m.setup.Policy, m.Now())
}

// decide asks what is to be said of the report.
func (m *Monitor) decide() []alert.Message {
	if m.Notifier == nil {
		return nil
	}
	var messages []alert.Message
	m.memory, messages = alert.Decide(m.memory, m.report, m.setup.Policy, m.report.At)
	return messages
}

// show draws the last report as of now; with the same words nothing changes
// on screen.
func (m *Monitor) show() {
	if m.Screen == nil {
		return
	}
	s := m.setup.Session
	s.Checking, s.LastCheck, s.NextCheck, s.OS = m.session.Checking, m.session.LastCheck, m.next, m.setup.OS
	s.Snoozed = m.memory.Snoozed()
	now := m.Now()
	s.History = m.history(now)
	s.Notices = s.Notices[:len(s.Notices):len(s.Notices)]
	if m.unkept != nil {
		s.Notices = append(s.Notices, "What was seen and said cannot be remembered: "+m.unkept.Error())
	}
	if m.unnoted != nil {
		s.Notices = append(s.Notices, "The history has a problem: "+m.unnoted.Error())
	}
	m.Screen.Show(view.Of(m.report, s, now))
}

// remember keeps what was seen and said.
func (m *Monitor) remember() {
	if m.Keeper == nil {
		return
	}
	err := m.Keeper.Keep(m.facts, m.memory)
	if (err == nil) != (m.unkept == nil) {
		m.unkept = err
		m.show()
	}
	if err != nil {
		m.Log.Error("cannot remember", "err", err)
	}
}

// round runs one check; a panic in it is logged, and the next round runs.
func (m *Monitor) round(ctx context.Context) {
	m.next = m.setup.Schedule.next(m.Now())
	m.safely(func() { m.Check(ctx) })
	m.session.Checking = false
	// Hours of idling follow, with what the round took still in hand.
	debug.FreeOSMemory()
}

// safely runs one piece of work; a panic in it is logged and costs no more
// than that piece.
func (m *Monitor) safely(do func()) {
	defer func() {
		if p := recover(); p != nil {
			m.Log.Error("something failed", "panic", p, "stack", string(debug.Stack()))
		}
	}()
	do()
}

// Poke asks for a round as soon as possible. It never blocks; bursts count
// once.
func (m *Monitor) Poke() {
	select {
	case m.pokes <- struct{}{}:
	default:
	}
}

// Reload asks for changed settings now instead of at the next heartbeat, and
// looks at once if there are any.
func (m *Monitor) Reload() {
	m.ask(func() {
		if m.renew() {
			m.Poke()
		}
	})
}

// renew takes over changed settings, and reports whether there were any.
func (m *Monitor) renew() bool {
	if m.Renew == nil {
		return false
	}
	s, changed := m.Renew()
	if !changed {
		return false
	}
	m.setup = s
	m.facts.Host.OS = s.OS
	m.next = s.Schedule.next(m.Now())
	m.show()
	return true
}

// Snooze silences a device until a time; the zero time ends the snooze.
func (m *Monitor) Snooze(device string, until time.Time) {
	m.ask(func() {
		if until.IsZero() {
			m.memory = m.memory.Unsnooze(device)
		} else {
			m.memory = m.memory.Snooze(device, until, m.Now())
		}
		m.show()
		m.remember()
	})
}

// Report hands the newest report to a function, on the monitor's goroutine.
func (m *Monitor) Report(use func(health.Report)) { m.ask(func() { use(m.report) }) }

// Refresh shows the newest report again, for a screen that has just come.
func (m *Monitor) Refresh() { m.ask(m.show) }

// ask queues work for the goroutine that owns the state.
func (m *Monitor) ask(do func()) {
	select {
	case m.asked <- do:
	default:
		m.Log.Warn("too many requests at once; one was dropped")
	}
}

// Run watches until the context ends: a round at once, then by schedule, after
// waking up, and when poked. It returns with everything remembered.
func (m *Monitor) Run(ctx context.Context) error {
	beat := newHeartbeat(m.Now())
	ticker := time.NewTicker(beatEvery)
	defer ticker.Stop()
	defer m.remember()
	m.round(ctx)
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-m.pokes:
			m.round(ctx)
		case do := <-m.asked:
			m.safely(do)
		case <-ticker.C:
			jumped, due := beat.tick(m.Now()), true
			m.safely(func() { due = m.due(ctx, jumped) })
			if due {
				m.round(ctx)
			}
		}
	}
	return nil
}

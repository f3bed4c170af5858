package monitor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ninelives/internal/alert"
	"ninelives/internal/health"
	"ninelives/internal/view"
)

// fake is source, screen, notifier and memory in one.
type fake struct {
	mu      sync.Mutex
	lastOK  time.Time // of the backup that the source reports
	err     error
	slow    time.Duration
	deaf    bool // the source does not heed its context
	panics  bool
	reads   []time.Time
	inside  atomic.Int32
	twice   bool // two reads overlapped
	views   []view.View
	tellErr error
	hang    bool // the notifier never answers
	tries   int  // how often the notifier was asked
	told    []alert.Message
	kept    []alert.Memory
	facts   []health.Facts // kept with them
	noted   []health.Report
	asleep  []map[string]time.Time // snoozed, as noted
	asked   []string               // the days that the diary was asked for
	noteErr error
	keepErr error
	skew    time.Duration // of the wall clock against the time awake
	offer   *Setup        // changed settings
}

func (f *fake) now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return time.Now().Round(0).Add(f.skew)
}

func (f *fake) set(change func(*fake)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

func (f *fake) Where() string { return "/backups" }

func (f *fake) Read(ctx context.Context) ([]health.Backup, error) {
	if f.inside.Add(1) > 1 {
		f.set(func(f *fake) { f.twice = true })
	}
	defer f.inside.Add(-1)
	now := f.now()
	f.mu.Lock()
	f.reads = append(f.reads, now)
	slow, deaf, panics, err, last := f.slow, f.deaf, f.panics, f.err, f.lastOK
	f.mu.Unlock()
	if panics {
		panic("no such luck")
	}
	if deaf {
		time.Sleep(slow)
	} else {
		select {
		case <-time.After(slow):
		case <-ctx.Done():
			return nil, health.ErrTimedOut
		}
	}
	if err != nil {
		return nil, err
	}
	return []health.Backup{{
		Device: health.Device{ID: "aaaaaaaa", Name: "Anna"}, Path: "/backups/a",
		Phase: health.PhaseComplete, LastGood: last, Attempt: last,
	}}, nil
}

func (f *fake) Show(v view.View) { f.set(func(f *fake) { f.views = append(f.views, v) }) }

func (f *fake) Notify(ctx context.Context, m alert.Message) error {
	f.mu.Lock()
	f.tries++
	hang, err := f.hang, f.tellErr
	f.mu.Unlock()
	if hang {
		<-ctx.Done()
		return ctx.Err()
	}
	if err != nil {
		return err
	}
	f.set(func(f *fake) { f.told = append(f.told, m) })
	return nil
}

func (f *fake) Keep(facts health.Facts, m alert.Memory) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.keepErr != nil {
		return f.keepErr
	}
	f.kept = append(f.kept, m)
	f.facts = append(f.facts, facts)
	return nil
}

func (f *fake) Note(r health.Report, snoozed map[string]time.Time, _ time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.noted, f.asleep = append(f.noted, r), append(f.asleep, snoozed)
	return f.noteErr
}

func (f *fake) Days(now time.Time, n int) map[string][]health.DayRecord {
	f.set(func(f *fake) { f.asked = append(f.asked, fmt.Sprint(now.Format(time.DateOnly), " ", n)) })
	return map[string][]health.DayRecord{"aaaaaaaa": {{Date: now.Format(time.DateOnly)}}}
}

func (f *fake) renew() (Setup, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.offer == nil {
		return Setup{}, false
	}
	s := *f.offer
	f.offer = nil
	return s, true
}

func (f *fake) setup() Setup {
	return Setup{
		Places: []Source[[]health.Backup]{f}, Policy: health.DefaultPolicy(), Schedule: Every(6 * time.Hour), OS: "linux",
	}
}

// start runs a monitor on the fake until the test ends.
func start(t *testing.T, f *fake) *Monitor {
	t.Helper()
	m := New(f.setup(), Options{
		Screen: f, Notifier: f, Keeper: f, Diary: f, Now: f.now, Renew: f.renew, Log: slog.New(slog.DiscardHandler),
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = m.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	synctest.Wait()
	return m
}

// after lets time pass and everything settle.
func after(d time.Duration) { time.Sleep(d); synctest.Wait() }

func (f *fake) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.reads)
}

func (f *fake) said() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.told)
}

func (f *fake) icon() view.Icon {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.views) == 0 {
		return ""
	}
	return f.views[len(f.views)-1].Icon
}

func TestWhenItLooks(t *testing.T) {
	fresh := func() *fake { return &fake{lastOK: time.Now().Add(-time.Hour)} }
	tests := []struct {
		name string
		do   func(t *testing.T, f *fake, m *Monitor)
		want int
	}{
		{"at once on start", func(*testing.T, *fake, *Monitor) {}, 1},
		{"not again before its time", func(*testing.T, *fake, *Monitor) { after(5*time.Hour + 59*time.Minute) }, 1},
		{"after the interval", func(*testing.T, *fake, *Monitor) { after(6*time.Hour + time.Minute) }, 2},
		{"four times a day", func(*testing.T, *fake, *Monitor) { after(24*time.Hour + time.Minute) }, 5},
		{"when poked; a burst counts once", func(_ *testing.T, f *fake, m *Monitor) {
			f.set(func(f *fake) { f.slow = 3 * time.Second })
			m.Poke()
			after(time.Second)
			for range 50 {
				m.Poke()
			}
			after(20 * time.Second)
		}, 3},
		{"within a minute after waking up", func(_ *testing.T, f *fake, _ *Monitor) {
			after(time.Hour)
			f.set(func(f *fake) { f.skew += 2 * time.Hour })
			after(time.Minute)
		}, 2},
		{"when the clock was set back", func(_ *testing.T, f *fake, _ *Monitor) {
			f.set(func(f *fake) { f.skew -= 40 * 24 * time.Hour })
			after(6*time.Hour + 2*time.Minute)
		}, 3},
		{"at once with a new schedule, and then by it", func(_ *testing.T, f *fake, m *Monitor) {
			s := f.setup()
			s.Schedule = Every(time.Hour)
			f.set(func(f *fake) { f.offer = &s })
			m.Reload()
			after(2*time.Hour + 2*time.Minute)
		}, 4},
		{"by a cron line", func(t *testing.T, f *fake, m *Monitor) {
			at, err := At("*/30 * * * *")
			if err != nil {
				t.Fatal(err)
			}
			s := f.setup()
			s.Schedule = at
			f.set(func(f *fake) { f.offer = &s })
			m.Reload()
			after(61 * time.Minute)
		}, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := fresh()
				m := start(t, f)
				tt.do(t, f, m)
				if got := f.count(); got != tt.want {
					t.Errorf("looked %d times, want %d: %v", got, tt.want, f.reads)
				}
				if f.twice {
					t.Error("two looks at once")
				}
			})
		})
	}
}

func TestASourceThatHangsHoldsNothingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{lastOK: time.Now().Add(-time.Hour)}
		m := start(t, f)
		f.set(func(f *fake) { f.slow, f.deaf = 5*time.Minute, true })
		m.Poke()
		after(time.Second)
		m.Snooze("aaaaaaaa", f.now().Add(time.Hour))
		synctest.Wait()
		snoozed := false
		m.Report(func(health.Report) { _, snoozed = m.memory.Snoozed()["aaaaaaaa"] })
		synctest.Wait()
		if !snoozed {
			t.Error("a click was not served while the source hung")
		}
		after(20 * time.Second)
		var got health.Report
		m.Report(func(r health.Report) { got = r })
		synctest.Wait()
		if got.Sources[0].Trouble != health.TimedOut || got.State != health.OK {
			t.Errorf("source %q, state %v; want timed-out, and what was proven to count", got.Sources[0].Trouble, got.State)
		}
		after(5 * time.Minute)
	})
}

func TestAPanicCostsOneRoundAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{panics: true}
		start(t, f)
		if f.icon() != view.IconUnknown {
			t.Errorf("icon %q after a panic, want unknown", f.icon())
		}
		f.set(func(f *fake) { f.panics, f.lastOK = false, f.lastOKNow() })
		after(6*time.Hour + time.Minute)
		if f.icon() != view.IconOK {
			t.Errorf("icon %q after the next round, want ok", f.icon())
		}
	})
}

func (f *fake) lastOKNow() time.Time { return time.Now() }

func TestGreenExpiresWithoutALook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{lastOK: time.Now().Add(-7*health.Day + 30*time.Minute)}
		start(t, f)
		if f.icon() != view.IconOK || f.said() != 0 {
			t.Fatalf("icon %q, said %d; want ok in silence", f.icon(), f.said())
		}
		after(31 * time.Minute)
		if f.icon() != view.IconAttention || f.said() != 1 || f.count() != 2 {
			t.Errorf("icon %q, said %d, looked %d times; want attention, one message, after a second look", f.icon(), f.said(), f.count())
		}
	})
}

func TestABackupMadeMeanwhileRaisesNoFalseAlarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{lastOK: time.Now().Add(-7*health.Day + 30*time.Minute)}
		start(t, f)
		f.set(func(f *fake) { f.lastOK = f.lastOKNow() })
		after(31 * time.Minute)
		if f.icon() != view.IconOK || f.said() != 0 {
			t.Errorf("icon %q, said %d; the backup was renewed since the last look", f.icon(), f.said())
		}
	})
}

func TestSaidOnlyAfterDelivery(t *testing.T) {
	late := func() *fake { return &fake{lastOK: time.Now().Add(-11 * health.Day)} }
	t.Run("once, however often it looks", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := late()
			m := start(t, f)
			for range 10 {
				m.Poke()
				after(time.Minute)
			}
			if f.said() != 1 {
				t.Errorf("said %d times, want once", f.said())
			}
		})
	})
	t.Run("a refused message stays due and is tried again in minutes", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := late()
			f.tellErr = errors.New("no service")
			start(t, f)
			after(4 * time.Minute)
			f.set(func(f *fake) { f.tellErr = nil })
			after(30 * time.Second)
			if f.said() != 0 {
				t.Error("tried again at once")
			}
			after(2 * time.Minute)
			if f.said() != 1 {
				t.Errorf("said %d times, want once", f.said())
			}
		})
	})
	t.Run("a notifier that hangs does not stop the rounds", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := late()
			f.hang = true
			m := start(t, f)
			after(11 * time.Second)
			m.Poke()
			after(11 * time.Second)
			if f.count() != 2 {
				t.Errorf("looked %d times, want 2", f.count())
			}
		})
	})
	t.Run("what is about to be said is remembered before", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := late()
			f.hang = true
			start(t, f)
			after(time.Second)
			f.mu.Lock()
			n := len(f.kept)
			var inDoubt alert.Memory
			if n > 0 {
				inDoubt = f.kept[n-1]
			}
			f.mu.Unlock()
			if n == 0 {
				t.Fatal("nothing was remembered before the delivery")
			}
			// As after kill -9: a new program with that memory.
			g := late()
			m := New(g.setup(), Options{Notifier: g, Keeper: g, Now: g.now, Log: slog.New(slog.DiscardHandler), Memory: inDoubt})
			m.Check(t.Context())
			if g.said() != 0 {
				t.Error("said again what may have been said")
			}
			after(time.Minute)
		})
	})
}

func TestTheEndIsQuickAndRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{lastOK: time.Now(), slow: 5 * time.Second}
		m := New(f.setup(), Options{Screen: f, Notifier: f, Keeper: f, Now: f.now, Log: slog.New(slog.DiscardHandler)})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- m.Run(ctx) }()
		after(time.Second)
		cancel()
		began := time.Now()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("ending took %v", took)
		}
		if len(f.kept) == 0 {
			t.Error("nothing was remembered at the end")
		}
	})
}

func TestWhatCannotBeRememberedIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{lastOK: time.Now(), keepErr: fmt.Errorf("no space left on device")}
		start(t, f)
		f.mu.Lock()
		menu := fmt.Sprint(f.views[len(f.views)-1].Menu)
		f.mu.Unlock()
		if !strings.Contains(menu, "no space left on device") || f.icon() != view.IconOK {
			t.Errorf("icon %q, menu %s; want ok and a line that names the trouble", f.icon(), menu)
		}
	})
}

func TestChangedSettingsAreAskedForAtEveryBeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{lastOK: time.Now().Add(-9 * health.Day)}
		s := f.setup()
		s.Policy.Computer = health.Limits{WarnAfter: 30 * health.Day, CriticalAfter: 60 * health.Day}
		offered := false
		m := New(f.setup(), Options{
			Screen: f, Now: f.now, Log: slog.New(slog.DiscardHandler),
			Renew: func() (Setup, bool) {
				first := !offered
				offered = true
				return s, first
			},
		})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- m.Run(ctx) }()
		synctest.Wait()
		if f.icon() != view.IconAttention {
			t.Errorf("icon %q before, want attention", f.icon())
		}
		after(time.Minute)
		if f.icon() != view.IconOK {
			t.Errorf("icon %q with the new limit, want ok", f.icon())
		}
		cancel()
		<-ended
	})
}

func TestSchedules(t *testing.T) {
	for _, bad := range []string{"", "TZ=", "CRON_TZ=UTC", "* * * *", "61 * * * *"} {
		if _, err := At(bad); err == nil {
			t.Errorf("At(%q) is accepted", bad)
		}
	}
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	if got := Every(0).next(now); got != now.Add(time.Minute) {
		t.Errorf("an interval of nothing is next due %v, want in a minute", got)
	}
	never, err := At("0 0 30 2 *")
	if err != nil {
		t.Fatal(err)
	}
	if got := never.next(now); got != now.Add(defaultInterval) {
		t.Errorf("a line that never fires is next due %v, want in %v", got, defaultInterval)
	}
	if got := (Schedule{}).next(now); got != now.Add(defaultInterval) {
		t.Errorf("no schedule is next due %v", got)
	}
}

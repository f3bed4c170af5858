package monitor

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"ninelives/internal/health"
)

// fixes gives the newest opinions over the device of the fake.
func fixes(m *Monitor) []health.Opinion {
	var all []health.Opinion
	m.Report(func(r health.Report) {
		for _, d := range r.Devices {
			all = d.Fixes
		}
	})
	synctest.Wait()
	return all
}

// trials gives what was remembered of trials last.
func trials(f *fake) []health.Trial {
	return locked(f, func() []health.Trial { return f.facts[len(f.facts)-1].Trials["aaaaaaaa"] })
}

// sleep lets the computer sleep, which costs less than days of heartbeats.
func sleep(f *fake, d time.Duration) {
	f.set(func(f *fake) { f.skew += d })
	after(time.Minute)
}

func TestWhatDidNotHelpMakesWayAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{lastOK: time.Now().Add(-9 * health.Day)}
		m := start(t, f)
		before := fixes(m)
		after(time.Minute + time.Second)
		looked := func() (at time.Time) { m.Report(func(r health.Report) { at = r.At }); synctest.Wait(); return at }
		at := looked()
		shown := locked(f, func() int { return len(f.views) })
		m.Tried("aaaaaaaa", before[0].Code, true)
		synctest.Wait()
		got := fixes(m)
		if got[0].Code != before[1].Code || got[len(got)-1].Code != before[0].Code || got[len(got)-1].Tried == nil {
			t.Errorf("first %s, last %s; want %s, %s", got[0].Code, got[len(got)-1].Code, before[1].Code, before[0].Code)
		}
		if all := trials(f); len(all) != 1 || !all[0].Failed || !all[0].At.Equal(f.now()) {
			t.Errorf("remembered %+v", all)
		}
		if f.count() != 1 || locked(f, func() int { return len(f.views) }) == shown || looked() != at {
			t.Errorf("%d rounds, shown again: %v; a click is no look", f.count(), len(f.views) != shown)
		}
		// As after a restart: it is remembered, and judged.
		again := New(f.setup(), Options{Now: f.now, Log: slog.New(slog.DiscardHandler), Facts: f.facts[len(f.facts)-1]})
		if r := again.Check(t.Context()); r.Devices[0].Fixes[0].Code != before[1].Code {
			t.Errorf("after a restart %s leads", r.Devices[0].Fixes[0].Code)
		}
	})
}

func TestWhatWasDoneIsLookedAtAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{lastOK: time.Now().Add(-9 * health.Day)}
		m := start(t, f)
		first := fixes(m)[0].Code
		m.Tried("aaaaaaaa", first, false)
		synctest.Wait()
		if f.count() != 2 {
			t.Errorf("looked %d times, want a second look at once", f.count())
		}
		if got := fixes(m)[0]; got.Code != first || got.Tried == nil || got.Tried.Failed {
			t.Errorf("%s leads, tried %+v; what was done waits for its night", got.Code, got.Tried)
		}
		sleep(f, 3*health.Day)
		if got := fixes(m)[0]; got.Code == first {
			t.Errorf("%s still leads after three nights without a backup", got.Code)
		}
		m.Tried("aaaaaaaa", first, true)
		synctest.Wait()
		if all := trials(f); len(all) != 1 || !all[0].Failed {
			t.Errorf("remembered %+v, want the newer one in place of the older", all)
		}
	})
}

func TestANewBackupEndsTheTrials(t *testing.T) {
	for name, made := range map[string]time.Duration{"made after the click": 0, "made before the click": -5 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{lastOK: time.Now().Add(-9 * health.Day)}
				m := start(t, f)
				first := fixes(m)[0].Code
				m.Tried("aaaaaaaa", first, true)
				after(time.Hour)
				f.set(func(f *fake) { f.lastOK = f.lastOKNow().Add(made) })
				m.Tried("aaaaaaaa", first, false)
				after(time.Second)
				if all := trials(f); all != nil {
					t.Errorf("remembered %+v after a new backup", all)
				}
				sleep(f, 9*health.Day)
				if got := fixes(m); len(got) == 0 || got[0].Code != first || got[0].Tried != nil {
					t.Errorf("late again, with %+v", got)
				}
			})
		})
	}
}

func TestATrialNotedWhileARoundLooksIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{lastOK: time.Now().Add(-9 * health.Day)}
		m := start(t, f)
		first := fixes(m)[0].Code
		f.set(func(f *fake) { f.slow = 5 * time.Second })
		m.Poke()
		after(time.Second)
		m.Tried("aaaaaaaa", first, true)
		after(time.Minute)
		if all := trials(f); len(all) != 1 || fixes(m)[0].Code == first {
			t.Errorf("remembered %+v", all)
		}
	})
}

func TestAClickOnAPageOutOfDateNotesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{lastOK: time.Now().Add(-time.Hour)}
		m := start(t, f)
		m.Tried("aaaaaaaa", health.WiFi, false) // all is well by now
		m.Tried("bbbbbbbb", health.WiFi, true)  // never seen
		after(time.Second)
		f.set(func(f *fake) { f.lastOK = f.lastOK.Add(-9 * health.Day) })
		m.Poke()
		after(time.Second)
		m.Tried("aaaaaaaa", "prayer", true) // none of the nine
		after(time.Second)
		f.mu.Lock()
		defer f.mu.Unlock()
		for _, facts := range f.facts {
			if facts.Trials != nil {
				t.Fatalf("noted %+v", facts.Trials)
			}
		}
	})
}

func TestTheMorningAfterTheNextFixLeads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // begins at midnight
		f := &fake{lastOK: time.Now().Add(-8 * health.Day)}
		s := f.setup()
		s.Schedule = Every(100 * time.Hour)
		m := New(s, Options{Screen: f, Keeper: f, Now: func() time.Time { return f.now().UTC() }, Log: slog.New(slog.DiscardHandler)})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- m.Run(ctx) }()
		after(20 * time.Hour)
		first := fixes(m)[0].Code
		m.Tried("aaaaaaaa", first, false)
		after(12*time.Hour - time.Minute)
		if got := fixes(m)[0].Code; got != first || f.count() != 2 {
			t.Errorf("before the night is over %s leads, after %d looks", got, f.count())
		}
		after(2 * time.Minute)
		if got := fixes(m)[0].Code; got == first || f.count() != 3 {
			t.Errorf("in the morning %s leads, after %d looks", got, f.count())
		}
		cancel()
		<-ended
	})
}

package monitor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ninelives/internal/health"
)

// locked gives a part of the fake as it is now.
func locked[T any](f *fake, part func() T) T {
	f.mu.Lock()
	defer f.mu.Unlock()
	return part()
}

func TestEachRoundIsNotedAndNothingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{lastOK: time.Now().Add(-9 * health.Day)}
		m := start(t, f)
		m.Snooze("aaaaaaaa", f.now().Add(5*health.Day))
		after(time.Hour) // many heartbeats
		if n := locked(f, func() int { return len(f.noted) }); n != 1 {
			t.Errorf("noted %d times in one round", n)
		}
		after(6 * time.Hour)
		f.mu.Lock()
		defer f.mu.Unlock()
		if len(f.noted) != len(f.reads) || len(f.noted) != 2 {
			t.Fatalf("noted %d times in %d rounds", len(f.noted), len(f.reads))
		}
		if d := f.noted[1].Devices; len(d) != 1 || d[0].State != health.Warning || len(f.asleep[0]) != 0 || f.asleep[1]["aaaaaaaa"].IsZero() {
			t.Errorf("noted %+v, snoozed %v", d, f.asleep)
		}
	})
}

func TestTheDiaryIsAskedAfterARoundAndOnANewDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // begins at midnight
		f := &fake{lastOK: time.Now().Add(-time.Hour)}
		s := f.setup()
		s.Schedule = Every(30 * time.Hour)
		m := New(s, Options{Screen: f, Diary: f, Now: f.now, Log: slog.New(slog.DiscardHandler)})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- m.Run(ctx) }()
		after(31 * time.Hour)
		today, tomorrow := f.now().AddDate(0, 0, -1).Format(time.DateOnly), f.now().Format(time.DateOnly)
		want := fmt.Sprintf("[%s 90 %s 90 %s 90 %s 90]", today, today, tomorrow, tomorrow) // start, round, midnight, round
		if got := locked(f, func() string { return fmt.Sprint(f.asked) }); got != want {
			t.Errorf("asked for %s, want %s", got, want)
		}
		cancel()
		<-ended
	})
}

func TestAHistoryThatCannotBeKeptIsSaidAndStopsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{lastOK: time.Now().Add(-9 * health.Day), noteErr: errors.New("no space left on device")}
		m := start(t, f)
		menu := func() string { return locked(f, func() string { return fmt.Sprint(f.views[len(f.views)-1].Menu) }) }
		if !strings.Contains(menu(), "no space left on device") || f.said() != 1 || len(f.kept) == 0 {
			t.Errorf("said %d messages, kept %d memories; menu %s", f.said(), len(f.kept), menu())
		}
		f.set(func(f *fake) { f.noteErr = nil })
		m.Poke()
		after(time.Second)
		if strings.Contains(menu(), "no space left on device") {
			t.Errorf("it is still said: %s", menu())
		}
	})
}

func TestARoundThatTheEndCutsShortIsNotNoted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{lastOK: time.Now(), slow: 5 * time.Second}
		m := New(f.setup(), Options{Screen: f, Keeper: f, Diary: f, Now: f.now, Log: slog.New(slog.DiscardHandler)})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- m.Run(ctx) }()
		after(time.Second)
		cancel()
		<-ended
		if len(f.noted) != 0 {
			t.Errorf("noted %+v", f.noted)
		}
	})
}

package monitor

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestWaitingForARound(t *testing.T) {
	for _, test := range []struct {
		name       string
		slow, hang bool          // the source takes four seconds; the notifier never answers
		begin      time.Duration // after the start, which looks at once
		patience   time.Duration
		took       time.Duration
		err        error
		reads      int
	}{
		{name: "when nothing is under way it is the next round", slow: true, begin: time.Minute, patience: time.Minute, took: 4 * time.Second, reads: 2},
		{name: "a round under way does not count", slow: true, begin: time.Second, patience: time.Minute, took: 7 * time.Second, reads: 2},
		{name: "patience ends before the round", slow: true, begin: time.Minute, patience: 3 * time.Second, took: 3 * time.Second, err: context.DeadlineExceeded, reads: 2},
		{name: "a notification under way is not waited for", hang: true, begin: time.Minute, patience: time.Minute, reads: 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{lastOK: time.Now().Add(-10 * 24 * time.Hour)}
				if test.slow {
					f.slow = 4 * time.Second
				}
				m := start(t, f)
				after(test.begin)
				if test.hang {
					f.set(func(f *fake) { f.hang = true; f.lastOK = time.Now().Add(-20 * 24 * time.Hour) })
				}
				ctx, cancel := context.WithTimeout(t.Context(), test.patience)
				defer cancel()
				begin := time.Now()
				if err := m.CheckAndWait(ctx); !errors.Is(err, test.err) {
					t.Errorf("error %v, want %v", err, test.err)
				}
				if took := time.Since(begin); took != test.took {
					t.Errorf("it took %v, want %v", took, test.took)
				}
				synctest.Wait()
				if f.count() != test.reads {
					t.Errorf("%d rounds, want %d", f.count(), test.reads)
				}
				after(time.Minute)
				if len(m.waiting) > 0 {
					t.Error("somebody waits for ever")
				}
			})
		})
	}
}

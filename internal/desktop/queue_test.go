package desktop

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func within(d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	context.AfterFunc(ctx, cancel)
	return ctx
}

func hang(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }

func TestQueueReturnsWhatTheJobSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(time.Minute)
		defer q.close()
		want := errors.New("no")
		if err := q.do(within(time.Second), func(context.Context) error { return want }); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
		if err := q.do(within(time.Second), func(context.Context) error { return nil }); err != nil {
			t.Errorf("got %v, want nil", err)
		}
	})
}

func TestHungJobCostsItsCallerTheDeadlineAndTheNextNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(time.Minute)
		defer q.close()
		answer := make(chan struct{})
		start := time.Now()
		err := q.do(within(10*time.Second), func(context.Context) error { <-answer; return nil })
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 10*time.Second {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
		start = time.Now()
		if err := q.do(within(10*time.Second), hang); !errors.Is(err, ErrBusy) || time.Since(start) != 0 {
			t.Errorf("the next one after %s: %v", time.Since(start), err)
		}
		close(answer)
		synctest.Wait()
		if err := q.do(within(10*time.Second), func(context.Context) error { return nil }); err != nil {
			t.Errorf("after the recovery: %v", err)
		}
	})
}

func TestJobGivenUpBeforeItsTurnNeverRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(time.Minute)
		defer q.close()
		answer := make(chan struct{})
		go func() { _ = q.do(within(time.Hour), func(context.Context) error { <-answer; return nil }) }()
		synctest.Wait()
		var ran atomic.Bool
		err := q.do(within(time.Second), func(context.Context) error { ran.Store(true); return nil })
		if !errors.Is(err, ErrBusy) {
			t.Errorf("got %v, want ErrBusy", err)
		}
		close(answer)
		synctest.Wait()
		if ran.Load() {
			t.Error("a notice was shown that had been reported as not delivered")
		}
	})
}

func TestFullQueueRefusesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(time.Minute)
		defer q.close()
		for range queueLength + 1 { // one runs, the others wait
			go func() { _ = q.do(within(30*time.Second), hang) }()
			synctest.Wait()
		}
		start := time.Now()
		if err := q.do(within(10*time.Second), hang); !errors.Is(err, ErrBusy) || time.Since(start) != 0 {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
	})
}

func TestJobThatNeverReturnsIsLeftBehindAndBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(time.Minute)
		defer q.close()
		release := make(chan struct{})
		var begun atomic.Int32
		for range 100 {
			_ = q.do(within(10*time.Second), func(context.Context) error { begun.Add(1); <-release; return nil })
			time.Sleep(time.Minute)
		}
		if got := begun.Load(); got != outLimit {
			t.Errorf("%d hung calls at once, want %d", got, outLimit)
		}
		close(release)
		synctest.Wait()
		if err := q.do(within(time.Second), func(context.Context) error { return nil }); err != nil {
			t.Errorf("after they returned: %v", err)
		}
	})
}

func TestPanicOfALibraryIsAnError(t *testing.T) {
	q := newQueue(time.Minute)
	defer q.close()
	if err := q.do(t.Context(), func(context.Context) error { panic("boom") }); err == nil {
		t.Error("a panic counts as delivered")
	}
}

func TestClosedQueueSaysSoAndAnswersThoseWhoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(time.Minute)
		got := make(chan error, 1)
		go func() { got <- q.do(within(time.Hour), hang) }()
		synctest.Wait()
		go q.close()
		if err := <-got; !errors.Is(err, ErrClosed) {
			t.Errorf("the one that waited: %v", err)
		}
		if err := q.do(within(time.Second), hang); !errors.Is(err, ErrClosed) {
			t.Errorf("a later one: %v", err)
		}
	})
}

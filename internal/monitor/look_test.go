package monitor

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"ninelives/internal/health"
	"ninelives/internal/view"
)

// fakeFeed is a feed that may be slow.
type fakeFeed struct {
	slow  time.Duration
	reads int
}

func (f *fakeFeed) Where() string { return "feed" }

func (f *fakeFeed) Read(ctx context.Context) (health.Feed, error) {
	f.reads++
	select {
	case <-time.After(f.slow):
		return health.Feed{Listed: []health.Service{health.ICloudBackup}}, nil
	case <-ctx.Done():
		return health.Feed{}, health.ErrTimedOut
	}
}

// with gives the fake's settings with a feed.
func (f *fake) with(feed Source[health.Feed]) *Setup {
	s := f.setup()
	s.Feed = feed
	return &s
}

func TestASlowFeedDoesNotKeepTheBackupsFromBeingJudged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{lastOK: time.Now().Add(-9 * health.Day)}
		m := start(t, f)
		f.set(func(g *fake) { g.lastOK, g.offer = time.Now(), g.with(&fakeFeed{slow: 14 * time.Second}) })
		m.Reload()
		after(time.Second)
		if f.icon() != view.IconOK {
			t.Errorf("icon %q while the feed drips, want ok", f.icon())
		}
		after(20 * time.Second)
	})
}

func TestTheFeedIsNotReadOverAndOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, feed := &fake{lastOK: time.Now()}, &fakeFeed{}
		f.offer = f.with(feed)
		m := start(t, f)
		m.Reload()
		after(time.Second)
		for range 100 {
			m.Poke()
			after(100 * time.Millisecond)
		}
		if feed.reads != 1 || f.count() < 100 {
			t.Errorf("the feed was read %d times in %d rounds of ten seconds, want once", feed.reads, f.count())
		}
		after(30 * time.Second)
		m.Poke()
		after(time.Second)
		if feed.reads != 2 {
			t.Errorf("half a minute later it was read %d times, want twice", feed.reads)
		}
	})
}

func TestAnEditThatIsTakenBackCostsNoProof(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{lastOK: time.Now().Add(-2 * health.Day)}
		m := start(t, f)
		none, all := f.setup(), f.setup()
		none.Places = nil
		f.set(func(f *fake) { f.offer = &none })
		m.Reload()
		after(time.Minute)
		if f.icon() != view.IconUnknown {
			t.Errorf("icon %q without any place, want unknown", f.icon())
		}
		f.set(func(f *fake) { f.offer, f.err = &all, health.ErrOffline })
		m.Reload()
		after(time.Minute)
		if f.icon() != view.IconOK {
			t.Errorf("icon %q with the place back and its drive away, want ok: two days old, and proven", f.icon())
		}
	})
}

func TestARefusedMessageIsNotTriedAllDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{lastOK: time.Now().Add(-11 * health.Day), tellErr: errors.New("no service")}
		start(t, f)
		after(5*time.Hour + 50*time.Minute)
		f.mu.Lock()
		asked := f.tries
		f.mu.Unlock()
		if asked != 3 || f.count() != 1 {
			t.Errorf("tried %d times in %d rounds, want 3 in one: at once, after 5 and after 30 minutes", asked, f.count())
		}
	})
}

package monitor

import (
	"context"
	"fmt"
	"sync"
	"time"

	"ninelives/internal/health"
)

// How long a source may take. The feed's own limit is 15 s; a folder on a
// network drive that hangs must not hold up the round.
const (
	placeDeadline = 10 * time.Second
	feedDeadline  = 16 * time.Second
)

// look asks all sources side by side and keeps what each last said well.
// Requests that come meanwhile are served, so that a slow source does not make
// the menu deaf.
func (m *Monitor) look(ctx context.Context) {
	found := make(chan health.Facts, 1)
	setup, before, now := m.setup, m.facts, m.Now
	go func() { found <- read(ctx, setup, before, now) }()
	for {
		select {
		case facts := <-found:
			facts.Trials = m.facts.Trials // of now: some may have been noted meanwhile
			m.facts = facts.Prune(before, m.Now())
			return
		case do := <-m.asked:
			do()
		case <-ctx.Done():
			return
		}
	}
}

// read asks every source, each with its own deadline.
func read(ctx context.Context, s Setup, before health.Facts, now func() time.Time) health.Facts {
	after := before
	after.Backups = make([]health.Reading[[]health.Backup], len(s.Places))
	var all sync.WaitGroup
	for i, place := range s.Places {
		all.Go(func() { after.Backups[i] = readPlace(ctx, place, before.Backups, now) })
	}
	if s.Feed == nil {
		after.Feed = health.Reading[health.Feed]{Where: s.FeedName, Trouble: health.Off}
	} else {
		all.Go(func() {
			feed, err := ask(ctx, s.Feed, feedDeadline)
			after.Feed = before.Feed.Next(feed, err, now())
			after.Feed.Where = s.Feed.Where()
		})
	}
	all.Wait()
	return after
}

// readPlace reads one place and carries over what was proven there before.
func readPlace(ctx context.Context, place Source[[]health.Backup], before []health.Reading[[]health.Backup], now func() time.Time) health.Reading[[]health.Backup] {
	r := health.Reading[[]health.Backup]{Where: place.Where()}
	for _, old := range before {
		if old.Where == r.Where {
			r = old
		}
	}
	backups, err := ask(ctx, place, placeDeadline)
	if err == nil {
		backups = health.Carry(r.Value, backups)
	}
	return r.Next(backups, err, now())
}

// ask reads a source within a deadline, whether it heeds the context or not;
// a panic in it is its own failure.
func ask[T any](ctx context.Context, source Source[T], limit time.Duration) (T, error) {
	type answer struct {
		value T
		err   error
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	got := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			if p := recover(); p != nil {
				a.err = fmt.Errorf("monitor: reading %s panicked: %v", source.Where(), p)
			}
			got <- a
		}()
		a.value, a.err = source.Read(ctx)
	}()
	select {
	case a := <-got:
		return a.value, a.err
	case <-ctx.Done():
		select {
		case a := <-got:
			return a.value, a.err
		default:
		}
		var none T
		return none, fmt.Errorf("monitor: %s: %w", source.Where(), health.ErrTimedOut)
	}
}

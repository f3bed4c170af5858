package monitor

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"ninelives/internal/health"
)

// How long a source may take, a little more than its own limits: a folder on a
// network drive that hangs must not hold up the round.
const (
	placeDeadline    = 10 * time.Second
	feedDeadline     = 16 * time.Second
	phonesDeadline   = 16 * time.Second
	releasesDeadline = 31 * time.Second
	quotaDeadline    = 11 * time.Second
	volumesDeadline  = 11 * time.Second
)

// restFor is how long a place that the settings do not name any more is kept
// in mind: an edit that is taken back must not cost what was proven.
const restFor = 30 * health.Day

// anewAfter is the least time between two tries to read Apple's feed, however
// often somebody asks.
const anewAfter = 30 * time.Second

// update is what one source brings to the facts.
type update struct {
	place bool // it is a place of backups
	apply func(*health.Facts)
}

// look asks all sources side by side and keeps what each last said well. What
// has arrived counts, even if the rest never does. Requests that come meanwhile
// are served, so that a slow source does not make the menu deaf; and a slow
// feed does not keep the backups from being judged.
func (m *Monitor) look(ctx context.Context) {
	before := m.facts
	m.facts = arrange(before, m.setup.Places, m.Now())
	updates := make(chan update, len(m.setup.Places)+1+mostQuestions)
	places, others := m.send(ctx, updates)
	for places+others > 0 {
		select {
		case u := <-updates:
			u.apply(&m.facts)
			if !u.place {
				others--
				continue
			}
			if places--; places == 0 && others > 0 && m.Screen != nil {
				m.judge()
				m.show()
			}
		case do := <-m.asked:
			m.safely(do)
		case <-ctx.Done():
			return
		}
	}
	m.facts = m.facts.Prune(before, m.Now())
}

// send asks every source, each on its own and with its own deadline, and says
// how many answers will come.
func (m *Monitor) send(ctx context.Context, to chan<- update) (places, others int) {
	questions := m.questions()
	s, now, known := m.setup, m.Now, m.facts
	for i, place := range s.Places {
		go func() {
			r := readPlace(ctx, place, known.Backups[i], now)
			to <- update{place: true, apply: func(f *health.Facts) { f.Backups[i] = r }}
		}()
	}
	m.facts.Host.Online = health.DontKnow
	if s.Online != nil {
		m.facts.Host.Online = s.Online()
	}
	if s.Feed == nil {
		m.facts.Feed = health.Reading[health.Feed]{Where: s.FeedName, Trouble: health.Off}
	} else {
		others++
		go func() {
			r := readFeed(ctx, s.Feed, known.Feed, now)
			to <- update{apply: func(f *health.Facts) { f.Feed = r }}
		}()
	}
	for _, ask := range questions {
		others++
		go func() { to <- update{apply: ask(ctx, known, now)} }()
	}
	return len(s.Places), others
}

// arrange gives the facts a reading for each place that the settings name, in
// their order, and lets the others rest.
func arrange(f health.Facts, places []Source[[]health.Backup], now time.Time) health.Facts {
	known := map[string]health.Reading[[]health.Backup]{}
	for _, r := range slices.Concat(f.Resting, f.Backups) {
		known[r.Where] = r
	}
	f.Backups, f.Resting = make([]health.Reading[[]health.Backup], len(places)), nil
	for i, place := range places {
		where := place.Where()
		f.Backups[i] = known[where]
		f.Backups[i].Where = where
		delete(known, where)
	}
	for _, where := range slices.Sorted(maps.Keys(known)) {
		if r := known[where]; r.Known() && now.Sub(r.TriedAt) < restFor {
			f.Resting = append(f.Resting, r)
		}
	}
	return f
}

// readPlace reads one place and carries over what was proven there before.
func readPlace(ctx context.Context, place Source[[]health.Backup], known health.Reading[[]health.Backup], now func() time.Time) health.Reading[[]health.Backup] {
	backups, err := ask(ctx, place, placeDeadline)
	if err == nil {
		backups = health.Carry(known.Value, backups)
	}
	return known.Next(backups, err, now())
}

// readFeed reads Apple's status, unless it was read a moment ago.
func readFeed(ctx context.Context, feed Source[health.Feed], known health.Reading[health.Feed], now func() time.Time) health.Reading[health.Feed] {
	old := now().Sub(known.TriedAt)
	if known.Where == feed.Where() && old >= 0 && old < anewAfter {
		return known
	}
	return readOne(ctx, feed, known, feedDeadline, now)
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

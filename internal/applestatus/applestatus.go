// Package applestatus reads Apple's system status feed: what Apple itself says
// about iCloud Backup and the services it leans on.
//
// [Source] fetches the feed by a plain GET, [Parse] understands a body, and
// [Settle] keeps a stale copy of it (Apple's delivery network hands out old
// ones now and then) from taking back what a newer copy has said.
package applestatus

import (
	"context"
	"fmt"
	"sync"
	"time"

	"ninelives/internal/feed"
	"ninelives/internal/health"
)

// URL is Apple's feed for customers in the one locale whose service names are
// known here. Despite its ending it is bare JSON.
const URL = "https://www.apple.com/support/systemstatus/data/system_status_en_US.js"

const largestBody = 2 << 20 // bytes; recorded bodies have up to 42 KB

// Source is the feed at one address. It remembers for an hour what it saw of
// each incident, so that a stale copy cannot contradict it.
type Source struct {
	// Now is the clock; [New] sets time.Now.
	Now func() time.Time

	feed *feed.Feed

	mu   sync.Mutex // a read given up by its caller may end beside the next one
	seen sightings
}

// New gives the source at address, usually [URL], that introduces itself as
// userAgent.
func New(address, userAgent string) *Source {
	return &Source{
		Now:  time.Now,
		feed: feed.New(address, userAgent, feed.Bounds{Largest: largestBody, Site: "apple.com"}),
		seen: sightings{},
	}
}

// Where gives the address that is read, without a password it may hold.
func (s *Source) Where() string { return s.feed.Where() }

// Seed tells the source what was read at an earlier time, before a restart.
func (s *Source) Seed(f health.Feed, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = sightingsOf(f, at)
}

// Read fetches the feed once, within 15 seconds. Its errors are of the kinds
// health.ErrOffline (no network, name not found, no connection),
// health.ErrTimedOut and health.ErrMalformed (not the feed, cut off, or over
// 2 MiB); another answer than 200, a refused certificate and a redirect to
// elsewhere are of no kind, and say so in their text.
func (s *Source) Read(ctx context.Context) (health.Feed, error) {
	body, err := s.feed.Fetch(ctx)
	if err != nil {
		return health.Feed{}, fmt.Errorf("applestatus: %s: %w", s.Where(), err)
	}
	next, err := Parse(body)
	if err != nil {
		return health.Feed{}, fmt.Errorf("applestatus: %s: %w", s.Where(), err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen.take(next, s.Now()), nil
}

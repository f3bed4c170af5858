// Package iosrelease reads which iOS and iPadOS versions Apple offers to which
// model.
//
// [Source] asks Apple's own list once a day, and where this system does not
// trust the certificate of that list, SOFA's copy of it. [Parse] understands a
// body of either.
package iosrelease

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"sync"
	"time"

	"ninelives/internal/feed"
	"ninelives/internal/health"
)

// The addresses of the lists. Apple's is signed by a root of Apple's own, which
// Macs trust and hardly anybody else does.
const (
	URL         = "https://gdmf.apple.com/v2/pmv"
	FallbackURL = "https://sofafeed.macadmins.io/v2/ios_data_feed.json"
)

const (
	largestBody = 4 << 20 // bytes; recorded bodies have up to 198 KB
	goodFor     = 24 * time.Hour
	retryAfter  = time.Hour
)

// Source is the list at one address. It keeps the last good answer for a day
// and asks nobody meanwhile.
type Source struct {
	// Now is the clock; [New] sets time.Now.
	Now func() time.Time

	first  *feed.Feed
	second *feed.Feed // where the certificate of the first is not trusted; nil: nobody else is asked

	mu   sync.Mutex // a read given up by its caller may end beside the next one
	last answer
	fail failure
}

// answer is the last good one.
type answer struct {
	releases []health.Release
	from     string
	at       time.Time
}

// failure is the last try, if it was none.
type failure struct {
	err error
	at  time.Time
}

// New gives the source at address, usually [URL], that introduces itself as
// userAgent. Only beside [URL] there is a fallback: whoever names another
// address wants that one.
func New(address, userAgent string) *Source {
	s := &Source{Now: time.Now, first: feed.New(address, userAgent, feed.Bounds{Largest: largestBody, Site: "apple.com"})}
	if address == URL {
		s.second = feed.New(FallbackURL, userAgent, feed.Bounds{Largest: largestBody, Site: "macadmins.io"})
	}
	return s
}

// Where gives the address that is asked first, without a password it may hold.
func (s *Source) Where() string { return s.first.Where() }

// Last gives the address that the answer came from which [Source.Read] would
// repeat, and when it came: a reading is as old as that, not as the last Read.
// Zero: there is none. After [Source.Seed] the address is not known.
func (s *Source) Last() (from string, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last.from, s.last.at
}

// Seed tells the source what was truly fetched at an earlier time, before a
// restart. Nothing is not an answer.
func (s *Source) Seed(releases []health.Release, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(releases) > 0 && at.After(s.last.at) {
		s.last = answer{releases: releases, at: at}
	}
}

// Read gives the versions on offer, the newest first, from an answer of at
// most a day ago. It asks within 15 seconds, twice that with the fallback; for
// an hour after a failure it repeats the error instead. Its errors are those
// of [feed.Feed.Fetch] and [Parse].
func (s *Source) Read(ctx context.Context) ([]health.Release, error) {
	if releases, err, known := s.recent(); known {
		return releases, err
	}
	releases, from, err := s.ask(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err == nil:
		s.last, s.fail = answer{releases, from, s.Now()}, failure{}
	case !errors.Is(ctx.Err(), context.Canceled): // being told to stop is no failure of the list
		s.fail = failure{err, s.Now()}
	}
	return releases, err
}

// recent gives the outcome of an earlier try that still stands. One from the
// future (the clock was set back) does not.
func (s *Source) recent() (releases []health.Release, err error, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	within := func(at time.Time, limit time.Duration) bool {
		return !at.IsZero() && !at.After(now) && now.Sub(at) < limit
	}
	switch {
	case within(s.last.at, goodFor):
		return s.last.releases, nil, true
	case within(s.fail.at, retryAfter):
		return nil, s.fail.err, true
	}
	return nil, nil, false
}

// ask fetches the list, and its copy only where this system cannot tell Apple
// from anybody else. Every other failure passes by itself, and the last good
// answer outlives it; SOFA would learn of this computer for nothing, and as it
// also keeps what Apple has withdrawn, the answers would change to and fro.
func (s *Source) ask(ctx context.Context) ([]health.Release, string, error) {
	releases, err := read(ctx, s.first)
	var untrusted *tls.CertificateVerificationError
	if err == nil || s.second == nil || !errors.As(err, &untrusted) {
		return releases, s.first.Where(), err
	}
	releases, failed := read(ctx, s.second)
	if failed != nil {
		return nil, "", fmt.Errorf("%w; and %w", err, failed)
	}
	return releases, s.second.Where(), nil
}

func read(ctx context.Context, from *feed.Feed) ([]health.Release, error) {
	body, err := from.Fetch(ctx)
	if err != nil {
		return nil, fmt.Errorf("iosrelease: %s: %w", from.Where(), err)
	}
	releases, err := Parse(body)
	if err != nil {
		return nil, fmt.Errorf("iosrelease: %s: %w", from.Where(), err)
	}
	return releases, nil
}

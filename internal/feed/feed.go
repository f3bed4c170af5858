// Package feed fetches public feeds for the edges that read them: one set of
// limits, one rule for redirects and one sorting of errors for all of them.
//
// A [Feed] is asked by a plain GET that sends nothing but the program's name
// and keeps nothing: no cookie, no open connection. What the body means is the
// business of the edge; [Bare] and [Decode] only tell JSON from what networks
// serve in its place.
package feed

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

const patience = 15 * time.Second // for the whole of a fetch, redirects and body included

// Bounds are what one feed may do.
type Bounds struct {
	Largest int64  // bytes of a body, unpacked
	Site    string // a domain, such as "apple.com": over https, redirects may lead to any host in it
}

// Feed is what one address serves.
type Feed struct {
	address   string
	userAgent string
	bounds    Bounds
	client    *http.Client
}

// New gives the feed at address, to which we introduce ourselves as userAgent.
// Nothing is asked yet.
func New(address, userAgent string, b Bounds) *Feed {
	return &Feed{address: address, userAgent: userAgent, bounds: b, client: newClient(b.Site)}
}

// Where gives the address, without a password it may hold.
func (f *Feed) Where() string {
	u, err := url.Parse(f.address)
	if err != nil {
		return f.address
	}
	return u.Redacted()
}

// Fetch gives the body at the address, within 15 seconds. Its errors do not
// name the address. They are of the kinds health.ErrOffline (no network, name
// not found, no connection), health.ErrTimedOut and health.ErrMalformed (cut
// off, packed wrongly or too long); another answer than 200, a refused
// certificate and a redirect to elsewhere are of no kind, and say so in their
// text.
func (f *Feed) Fetch(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.address, nil)
	if err != nil {
		return nil, withoutAddress(err)
	}
	request.Header.Set("User-Agent", f.userAgent)
	answer, err := f.client.Do(request)
	if err != nil {
		return nil, kindOf(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the answer is HTTP %d %s", answer.StatusCode, http.StatusText(answer.StatusCode))
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, f.bounds.Largest+1))
	switch {
	case err != nil:
		return nil, kindOf(err)
	case int64(len(body)) > f.bounds.Largest:
		return nil, Malformed(fmt.Sprintf("longer than %d MiB", f.bounds.Largest>>20))
	}
	return body, nil
}

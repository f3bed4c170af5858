package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	mostStreams   = 16
	mostOfSession = 4 // browsers open six connections to one address
	retryEvery    = 15 * time.Second
)

// streams are the browsers that follow the page.
type streams struct {
	mu  sync.Mutex
	all []*stream // the oldest first
}

// stream is one browser that follows.
type stream struct {
	session *session
	news    chan struct{} // holds one at most
	end     context.CancelFunc
}

// join adds a stream; the oldest ends when there are too many.
func (s *streams) join(one *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ours := 0
	for _, other := range s.all {
		if other.session == one.session {
			ours++
		}
	}
	switch {
	case ours >= mostOfSession:
		s.end(slices.IndexFunc(s.all, func(other *stream) bool { return other.session == one.session }))
	case len(s.all) >= mostStreams:
		s.end(0)
	}
	s.all = append(s.all, one)
}

// end ends one stream; it needs mu.
func (s *streams) end(i int) {
	s.all[i].end()
	s.all = slices.Delete(s.all, i, i+1)
}

func (s *streams) leave(one *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = slices.DeleteFunc(s.all, func(other *stream) bool { return other == one })
}

// wake tells all streams that there is news; it never blocks.
func (s *streams) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.all {
		select {
		case one.news <- struct{}{}:
		default:
		}
	}
}

// follow tells a browser whenever the page is another one, until it goes away.
// The event holds the revision only; the browser fetches what it shows. What it
// has already it may say as "since".
func (s *Server) follow(w http.ResponseWriter, r *http.Request, one *session) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	own := &stream{session: one, news: make(chan struct{}, 1), end: cancel}
	s.streams.join(own)
	defer s.streams.leave(own)
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("Connection", "close") // a stream that ends takes no place
	out := http.NewResponseController(w)
	var err error
	send := func(format string, args ...any) {
		err = errors.Join(err, out.SetWriteDeadline(time.Now().Add(s.times.event)))
		if err == nil {
			_, err = fmt.Fprintf(w, format, args...)
		}
		if err == nil {
			err = out.Flush()
		}
	}
	send("retry: %d\n\n", retryEvery.Milliseconds())
	beat := time.NewTicker(s.times.beat)
	defer beat.Stop()
	for last := since(r); err == nil; {
		if _, now := s.newest(); now != last {
			last = now
			send("event: page\nid: %d\ndata: %d\n\n", now, now)
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-own.news:
		case <-beat.C:
			if s.sessions.find(one.key) == nil {
				return
			}
			send(":\n\n")
		}
	}
}

// since is the revision that a browser has; 0 when it does not say.
func since(r *http.Request) uint64 {
	text := r.Header.Get("Last-Event-ID")
	if text == "" {
		text = r.URL.Query().Get("since")
	}
	revision, _ := strconv.ParseUint(text, 10, 64) // what is no number is 0
	return revision
}

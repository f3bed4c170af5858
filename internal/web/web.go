// Package web serves the pages of a view on loopback, to browsers that came by
// one of its links and to nobody else.
//
// A link carries a key that works once and becomes a session in a strict
// cookie. Everything that is asked goes through one gate (Server.serve),
// which answers 403 and nothing more to who does not belong here: another user
// of this computer, another page in the same browser, a name that somebody
// else lets lead here. Words come from the view and its templates; the server
// has none.
package web

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"ninelives/assets"
	"ninelives/internal/view"
)

// Bounds of what one request may ask of the server, in bytes.
const (
	mostHeader = 12 << 10 // net/http adds 4 KiB of its own
	mostBody   = 64 << 10
)

// times bound how long anybody may keep the server busy.
type times struct {
	header  time.Duration // to send the head of a request
	request time.Duration // to send all of it
	answer  time.Duration // to take the answer
	act     time.Duration // for what a click asks for, and its answer: a round that is waited for takes 20 s at most
	idle    time.Duration // of a connection between two requests
	beat    time.Duration // between signs of life in a stream; shorter than what ends silent connections
	event   time.Duration // to take one event
	end     time.Duration // for the answers under way when the server ends
}

var usual = times{
	header: 5 * time.Second, request: 10 * time.Second, answer: 20 * time.Second, act: 30 * time.Second,
	idle: 2 * time.Minute, beat: 25 * time.Second, event: 10 * time.Second, end: 500 * time.Millisecond,
}

// Options are what the server asks and tells. Any of them may be nil but Act:
// then there is nothing to set, or nothing is logged.
type Options struct {
	// Act does what a click asks for, and gives a sentence for the page that
	// follows; it may be empty. The context ends when the browser goes away.
	Act func(context.Context, view.Command) (notice string, err error)
	// Settings gives the settings as they stand.
	Settings func() view.Settings
	// Save takes over what was typed, by key, all or nothing, if the file is
	// still the one of the stamp. It gives what to show then.
	Save func(ctx context.Context, stamp string, values map[string]string) view.Settings
	Log  *slog.Logger
	Now  func() time.Time // the clock of keys and sessions; nil: that of the system
}

// Server shows the newest view to browsers of this computer that came by one
// of its links. Make one with [New].
type Server struct {
	options  Options
	times    times
	door     *door
	hosts    []string // what a browser may call us, the first in our links
	entries  *entries
	sessions *sessions
	streams  *streams
	// templates gives the pages; tests bring their own.
	templates func() *template.Template
	ready     atomic.Pointer[template.Template] // those in use; nil while nobody has the page open

	mu       sync.Mutex
	page     view.Page
	revision uint64 // counts the pages that differ
}

// New makes a server; Listen and Serve start it.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Server{
		options: o, times: usual, templates: assets.PageTemplates,
		entries: &entries{now: o.Now}, sessions: &sessions{now: o.Now}, streams: &streams{},
	}
}

// Listen takes a free port on loopback. From then on there are links.
func (s *Server) Listen() error {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		var other error
		if listener, other = net.Listen("tcp6", "[::1]:0"); other != nil {
			return fmt.Errorf("web: no port on loopback: %w", errors.Join(err, other))
		}
	}
	s.take(listener)
	return nil
}

// take answers on a listener of ours.
func (s *Server) take(listener net.Listener) {
	s.door = &door{Listener: listener, empty: func() { s.ready.Store(nil) }}
	own := listener.Addr().String()
	_, port, _ := net.SplitHostPort(own) // our own listener's
	s.hosts = []string{own, "localhost:" + port}
	s.sessions.cookie = "ninelives-" + port // browsers keep no cookies apart by port
}

// Serve answers until ctx is done and returns nil then, within a second, also
// when browsers follow the page.
func (s *Server) Serve(ctx context.Context) error {
	if s.door == nil {
		return errors.New("web: not listening")
	}
	server := &http.Server{
		Handler:           http.HandlerFunc(s.serve),
		ReadHeaderTimeout: s.times.header, ReadTimeout: s.times.request, WriteTimeout: s.times.answer, IdleTimeout: s.times.idle,
		MaxHeaderBytes: mostHeader, DisableGeneralOptionsHandler: true,
		ErrorLog:    slog.NewLogLogger(s.options.Log.Handler(), slog.LevelWarn),
		BaseContext: func(net.Listener) context.Context { return ctx }, // its end ends the streams
		ConnContext: s.door.introduce,
	}
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.times.end)
		defer cancel()
		if server.Shutdown(end) != nil {
			_ = server.Close() // whoever is left is too slow
		}
	})
	err := server.Serve(s.door)
	if !stop() {
		<-ended
		return nil
	}
	_ = server.Close() // the error of Serve is the one that matters
	return fmt.Errorf("web: %w", err)
}

// Show takes over a view for all pages from now on and tells the browsers that
// follow. It never blocks. A page that differs only in its moment is none.
func (s *Server) Show(v view.View) {
	s.mu.Lock()
	before := s.page
	before.Generated = v.Page.Generated
	changed := s.revision == 0 || !reflect.DeepEqual(before, v.Page)
	s.page = v.Page
	if changed {
		s.revision++
	}
	s.mu.Unlock()
	if changed {
		s.streams.wake()
	}
}

// newest is the page to show and its revision.
func (s *Server) newest() (view.Page, uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.page, s.revision
}

// Link gives an address that opens a page, such as "/settings", in one browser,
// once, within a minute. A page that is not ours becomes the overview. It is
// empty before Listen.
func (s *Server) Link(path string) string {
	if s.door == nil {
		return ""
	}
	if _, known := placeOf(path); !known {
		path = "/"
	}
	query := url.Values{"t": {s.entries.issue()}, "to": {path}}
	return "http://" + s.hosts[0] + enterPath + "?" + query.Encode()
}

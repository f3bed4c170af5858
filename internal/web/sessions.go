package web

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

const (
	sessionIdle  = 12 * time.Hour
	mostSessions = 16
	noticeStays  = 30 * time.Second
)

// sessions are the browsers that came by a link.
type sessions struct {
	cookie string // its name
	now    func() time.Time
	mu     sync.Mutex
	all    []*session // the one used last at the end
}

// session is one browser. The mu of sessions guards all but its keys.
type session struct {
	key    string // in the cookie
	token  string // in every form
	used   time.Time
	notice notice
}

// notice is what the page that follows a click has to tell.
type notice struct {
	text  string    // a sentence; may be empty
	saved bool      // the settings were saved
	shown time.Time // zero: not yet
}

// open makes a session of a new key; the one unused for longest goes when there
// are too many.
func (s *sessions) open(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop()
	if len(s.all) >= mostSessions {
		s.all = slices.Delete(s.all, 0, 1)
	}
	s.all = append(s.all, &session{key: key, token: newKey(), used: s.now()})
}

// of finds the session of a request; nil if there is none.
func (s *sessions) of(r *http.Request) *session {
	cookie, err := r.Cookie(s.cookie)
	if err != nil {
		return nil
	}
	return s.find(cookie.Value)
}

// find gives the session of a key and notes that it is in use.
func (s *sessions) find(key string) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop()
	i := slices.IndexFunc(s.all, func(one *session) bool { return sameKey(one.key, key) })
	if i < 0 {
		return nil
	}
	one := s.all[i]
	one.used = s.now()
	s.all = append(slices.Delete(s.all, i, i+1), one)
	return one
}

// close ends a session.
func (s *sessions) close(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = slices.DeleteFunc(s.all, func(one *session) bool { return sameKey(one.key, key) })
}

// drop forgets what is over; it needs mu.
func (s *sessions) drop() {
	now := s.now()
	s.all = slices.DeleteFunc(s.all, func(one *session) bool { return now.Sub(one.used) >= sessionIdle })
}

// say keeps a notice for the next page of a session.
func (s *sessions) say(one *session, n notice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one.notice = n
}

// said takes the notice for a page. Only a page that a person goes to uses it
// up; a script that fetches that page again sees it for a while, so that the
// first news after a click do not take away what came of it.
func (s *sessions) said(one *session, byScript bool) notice {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, now := &one.notice, s.now()
	switch fresh := n.shown.IsZero(); {
	case fresh && !byScript:
		n.shown = now
		return *n
	case !fresh && byScript && now.Sub(n.shown) < noticeStays:
		return *n
	case !fresh:
		*n = notice{}
	}
	return notice{}
}

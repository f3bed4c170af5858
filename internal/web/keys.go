package web

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"slices"
	"sync"
	"time"
)

const (
	entryLife   = time.Minute
	mostEntries = 16
)

// newKey gives 32 random bytes as text for links, cookies and forms.
func newKey() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// sameKey compares in constant time.
func sameKey(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// entries are the keys in links that were given out.
type entries struct {
	now func() time.Time
	mu  sync.Mutex
	all []entry // the oldest first
}

type entry struct {
	key     string
	until   time.Time
	session string // that it has opened; empty: not used yet
}

// issue makes a new key. The oldest goes when there are too many.
func (e *entries) issue() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.drop()
	if len(e.all) >= mostEntries {
		e.all = slices.Delete(e.all, 0, 1)
	}
	key := newKey()
	e.all = append(e.all, entry{key: key, until: e.now().Add(entryLife)})
	return key
}

// use takes a key for a session. A key that comes a second time was overheard,
// on a command line for one: it opens nothing, and names the session that it
// opened, which may be that of a stranger.
func (e *entries) use(key, session string) (ok bool, stolen string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.drop()
	for i := range e.all {
		one := &e.all[i]
		switch {
		case !sameKey(one.key, key):
		case one.session != "":
			return false, one.session
		default:
			one.session = session
			return true, ""
		}
	}
	return false, ""
}

// drop forgets what is over; it needs mu.
func (e *entries) drop() {
	now := e.now()
	e.all = slices.DeleteFunc(e.all, func(one entry) bool { return !now.Before(one.until) })
}

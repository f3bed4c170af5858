// Package mobilesync reads the backups of iPhones and iPads that this computer
// keeps.
//
// A [Place] is one folder that holds a folder per device, as Finder, iTunes,
// Apple Devices and idevicebackup2 write them. Each device folder is read for
// evidence (three property lists, the head of the database, file times), and a
// pure function climbs down a ladder from the best proof to the weakest. Of what
// was backed up, one small file is read where it is not encrypted: the device's
// note of its iCloud backups. Nothing is ever written, locked or opened as a
// database in there.
package mobilesync

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"time"

	"ninelives/internal/health"
)

// Place is a folder that holds backups, and what is remembered of it so that
// unchanged files are not read again.
type Place struct {
	dir     string
	now     func() time.Time
	disk    disk
	pause   time.Duration      // before a second look at what is being written right now
	turn    chan struct{}      // holds one token while a round is under way
	folders map[string]*folder // by name; belongs to the holder of the turn
	sizes   sizes
	links   atomic.Pointer[[]string]
}

// New gives the place at dir. Nothing is read yet. The clock is asked once per
// round: dates that lie ahead of it are not believed.
func New(dir string, now func() time.Time) *Place {
	if full, err := filepath.Abs(dir); err == nil {
		dir = full
	}
	return &Place{
		dir: dir, now: now, disk: theDisk(), pause: 300 * time.Millisecond,
		turn: make(chan struct{}, 1), folders: map[string]*folder{},
	}
}

// Where gives the full path of the place.
func (p *Place) Where() string { return p.dir }

// Links gives the device folders that are links, as the last round found them:
// what is behind them may lie on another volume than the place.
func (p *Place) Links() []string {
	if links := p.links.Load(); links != nil {
		return *links
	}
	return nil
}

// Read looks at every device folder of the place, once, in the order of their
// names. A place without backups gives none and no error; trouble with one
// device folder is told in its Phase.
//
// The error wraps [health.ErrNotFound] when the place does not exist,
// [health.ErrOffline] when it lies on a volume that is not connected,
// [health.ErrNoPermission] when it may not be listed, [health.ErrMalformed]
// when it is a file or itself the backup of one device, and
// [health.ErrTimedOut] when ctx ended first. A drive that hangs cannot hold the
// caller: the work goes on alone, and until it comes back every further Read
// says ErrTimedOut at once.
func (p *Place) Read(ctx context.Context) ([]health.Backup, error) {
	select {
	case p.turn <- struct{}{}:
	default:
		return nil, p.trouble(health.ErrTimedOut, errors.New("the look before this one still hangs"))
	}
	type result struct {
		backups []health.Backup
		err     error
	}
	done := make(chan result, 1)
	go func() {
		backups, err := p.round(ctx)
		<-p.turn
		done <- result{backups, err}
	}()
	select {
	case r := <-done:
		return r.backups, r.err
	case <-ctx.Done():
		return nil, p.trouble(health.ErrTimedOut, context.Cause(ctx))
	}
}

// trouble makes the error of a place: where, what kind, and the cause without
// the path that stands in front already.
func (p *Place) trouble(kind, cause error) error {
	return fmt.Errorf("mobilesync: %s: %w: %w", discreet(p.dir), kind, withoutPath(cause))
}

package mobilesync

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"sync"

	"ninelives/internal/health"
)

// sizes counts how large backups are, beside the rounds. A backup has hundreds
// of thousands of files, which takes minutes on a slow disk: a round only
// orders a count and takes what is there.
type sizes struct {
	mu      sync.Mutex // guards what follows; never held while a disk is asked
	ctx     context.Context
	orders  []order          // the first one is under way
	counted map[string]count // by the path of the folder
	running bool             // a goroutine is at work
}

// order asks for the size of one backup.
type order struct {
	disk disk
	path string
	of   edition
}

// count is the size of a backup, and of which one.
type count struct {
	of    edition
	bytes int64
}

// CountSizes makes the place count, from the next round on and until ctx ends,
// how many bytes each proven backup has; without it, Size stays 0. No round
// waits for it: a new backup's size shows in a round after it was counted, once
// for each backup. A single goroutine does it, slowly, and only while there is
// something to count. A drive that hangs holds it, but nobody else.
func (p *Place) CountSizes(ctx context.Context) {
	p.sizes.mu.Lock()
	defer p.sizes.mu.Unlock()
	p.sizes.ctx = ctx // the goroutine outlives every call that could hand it on
}

// of gives the size of the backup in a folder, 0 while it is not known, and
// orders a count of one that is proven and was not counted yet. While a later
// run is under way, the backup beneath it keeps its size.
func (s *sizes) of(d disk, f *folder, b health.Backup) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	last, now := s.counted[f.path], f.edition()
	proven := b.Phase == health.PhaseComplete && b.Weak == health.NoFlaw && f.status.settled && f.manifest.settled
	if proven && !last.of.same(now) {
		s.order(order{d, f.path, now})
	}
	if b.LastGood.IsZero() || !same(last.of.manifest, now.manifest) {
		return 0
	}
	return last.bytes
}

// order puts a count at the end of the line, unless it stands there already.
func (s *sizes) order(o order) {
	stands := slices.ContainsFunc(s.orders, func(other order) bool { return other.path == o.path })
	if s.ctx == nil || s.ctx.Err() != nil || stands {
		return
	}
	s.orders = append(s.orders, o)
	if !s.running {
		s.running = true
		go s.work()
	}
}

// work carries out one order after the other, until there is none.
func (s *sizes) work() {
	for {
		ctx, o, ok := s.next()
		if !ok {
			return
		}
		bytes, err := o.count(ctx)
		s.done(o, bytes, err)
	}
}

func (s *sizes) next() (context.Context, order, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.orders) == 0 || s.ctx.Err() != nil {
		s.orders, s.running = nil, false
		return nil, order{}, false
	}
	return s.ctx, s.orders[0], true
}

// done notes a size. What could not be counted is ordered again by the next
// round.
func (s *sizes) done(o order, bytes int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders = s.orders[1:]
	if err != nil {
		return
	}
	if s.counted == nil {
		s.counted = map[string]count{}
	}
	s.counted[o.path] = count{o.of, bytes}
}

// keep forgets all folders but these.
func (s *sizes) keep(folders map[string]*folder) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.counted, func(path string, _ count) bool { return folders[filepath.Base(path)] == nil })
}

// count counts the backup, if it is the one that was meant, before and after.
func (o order) count(ctx context.Context) (int64, error) {
	if err := o.stands(); err != nil {
		return 0, err
	}
	t := tally{disk: o.disk, restFor: restFor, left: maxEntries}
	bytes, err := t.count(ctx, o.path)
	if err != nil {
		return 0, err
	}
	return bytes, o.stands()
}

// stands reports, by its error, that the backup is not the one that was meant
// any more.
func (o order) stands() error {
	status, err := o.disk.lstat(filepath.Join(o.path, statusName))
	if err != nil {
		return err
	}
	manifest, err := o.disk.lstat(filepath.Join(o.path, manifestName))
	if err != nil {
		return err
	}
	if !o.of.same(edition{status, manifest}) {
		return errReplaced
	}
	return nil
}

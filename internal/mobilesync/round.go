package mobilesync

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"ninelives/internal/health"
)

// sight is what one look at a device folder gave.
type sight struct {
	folder    *folder
	link      bool
	backup    health.Backup
	unsettled bool
	gone      bool // it vanished during the round
}

// round looks at every device folder once, and after a short pause once more
// at those where something is being written right now.
func (p *Place) round(ctx context.Context) (backups []health.Backup, err error) {
	defer func() {
		if r := recover(); r != nil {
			backups, err = nil, fmt.Errorf("mobilesync: %s: %v", discreet(p.dir), r)
		}
	}()
	entries, err := p.entries()
	if err != nil {
		return nil, err
	}
	now := p.now()
	sights, unsettled, err := p.lookAt(ctx, entries, now)
	if err == nil && unsettled {
		err = p.wait(ctx)
	}
	if err != nil {
		return nil, err
	}
	gone := false
	for _, s := range sights {
		if s.unsettled {
			s.backup, s.gone = s.folder.again(p.disk, s.link, now.Add(p.pause))
		}
		if s.gone {
			gone = true
			continue
		}
		s.backup.Size = p.sizes.of(p.disk, s.folder, s.backup)
		backups = append(backups, s.backup)
	}
	p.sizes.keep(p.folders)
	if gone {
		// One folder may be deleted; that the whole volume was pulled out must
		// not look like it.
		if _, err := p.entries(); err != nil {
			return nil, err
		}
	}
	return backups, nil
}

// lookAt takes the first look at each device folder, and forgets those that
// are not there any more.
func (p *Place) lookAt(ctx context.Context, entries []fs.DirEntry, now time.Time) (sights []sight, unsettled bool, err error) {
	here := make(map[string]*folder, len(p.folders))
	var links []string
	for _, entry := range entries {
		if ctx.Err() != nil {
			return nil, false, p.trouble(health.ErrTimedOut, context.Cause(ctx))
		}
		f := p.folder(entry.Name())
		link := isLink(entry.Type())
		if f == nil || !link && !entry.IsDir() {
			continue
		}
		here[entry.Name()] = f
		if link {
			links = append(links, f.path)
		}
		s := sight{folder: f, link: link}
		s.backup, s.unsettled, s.gone = f.look(p.disk, link, now)
		sights = append(sights, s)
		unsettled = unsettled || s.unsettled
	}
	p.folders = here
	p.links.Store(&links)
	return sights, unsettled, nil
}

// folder gives what is remembered of a device folder, or a new one, or nil if
// the name is not that of a backup.
func (p *Place) folder(name string) *folder {
	if f := p.folders[name]; f != nil {
		return f
	}
	id, archive, ok := parseName(name)
	if !ok {
		return nil
	}
	f := &folder{path: filepath.Join(p.dir, name), id: id, archive: archive}
	p.folders[name] = f // kept even if this round does not come to its end
	return f
}

// wait lets whoever is writing come to the end of a file.
func (p *Place) wait(ctx context.Context) error {
	select {
	case <-time.After(p.pause):
		return nil
	case <-ctx.Done():
		return p.trouble(health.ErrTimedOut, context.Cause(ctx))
	}
}

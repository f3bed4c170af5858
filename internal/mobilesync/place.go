package mobilesync

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"ninelives/internal/health"
)

// entries lists the place.
func (p *Place) entries() ([]fs.DirEntry, error) {
	info, err := p.disk.stat(p.dir)
	if err != nil {
		return nil, p.explain(err)
	}
	if !info.IsDir() {
		return nil, p.trouble(health.ErrMalformed, errors.New("this is not a folder"))
	}
	entries, err := p.disk.list(p.dir)
	if err != nil {
		return nil, p.explain(err)
	}
	if p.isBackup(entries) {
		return nil, p.trouble(health.ErrMalformed, fmt.Errorf(
			"this is the backup of one device; name the folder that holds it: %s", discreet(filepath.Dir(p.dir))))
	}
	return entries, nil
}

// explain finds the kind of an error met on the place itself.
func (p *Place) explain(err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return p.trouble(health.ErrNoPermission, err)
	case isAbsent(err):
		return p.trouble(health.ErrOffline, err)
	case errors.Is(err, fs.ErrNotExist) && p.leadsNowhere():
		return p.trouble(health.ErrOffline, err)
	case errors.Is(err, fs.ErrNotExist):
		return p.trouble(health.ErrNotFound, err)
	default:
		return fmt.Errorf("mobilesync: %s: %w", discreet(p.dir), withoutPath(err))
	}
}

// leadsNowhere reports whether the place, which does not exist, is missing only
// because its volume is: it or a parent is a link without its target, its drive
// letter is not in use, or the volume's folder in /Volumes is not there.
func (p *Place) leadsNowhere() bool {
	for path := p.dir; ; path = filepath.Dir(path) {
		info, err := p.disk.lstat(path)
		switch {
		case err == nil && isLink(info.Mode()):
			_, err = p.disk.stat(path)
			return err != nil
		case err == nil:
			return path == "/Volumes"
		case path == filepath.Dir(path):
			return true
		}
	}
}

// isBackup reports whether the place is itself a device folder: then the
// devices stand one level higher, and "no backups" would be a lie.
func (p *Place) isBackup(entries []fs.DirEntry) bool {
	_, _, named := parseName(filepath.Base(p.dir))
	holds := false
	for _, e := range entries {
		if _, _, ok := parseName(e.Name()); ok {
			return false
		}
		holds = holds || slices.Contains([]string{statusName, manifestName, databaseName, oldDatabaseName}, e.Name())
	}
	return named || holds
}

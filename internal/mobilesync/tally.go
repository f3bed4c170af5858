package mobilesync

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path/filepath"
	"time"
)

// The limits of a count, each far beyond any honest backup: hundreds of
// thousands of files in 512 folders.
const (
	maxEntries = 5_000_000 // files and folders of one backup
	maxWaiting = 10_000    // folders that are known and not yet listed
)

// The pace of a count: it leaves the disk to others for most of the time.
const (
	atATime  = 1024        // entries between two rests
	restFor  = 4           // times as long as the work before it
	longRest = time.Second // no rest is longer
)

// Why a count is given up.
var (
	errTooMuch  = errors.New("more than a backup can have")
	errReplaced = errors.New("another backup has taken its place")
)

// tally is the count of one backup under way.
type tally struct {
	disk    disk
	restFor time.Duration // times as long as the work before it
	left    int           // entries that may still come
	bytes   int64
	waiting []string // folders that are not yet listed
}

// count sums up the sizes of all files under path, by what their folders tell
// of them: no file is opened, no link in it followed. A part of a backup is not
// its size, so whatever cannot be listed ends the count.
func (t *tally) count(ctx context.Context, path string) (bytes int64, err error) {
	defer func() {
		if r := recover(); r != nil {
			bytes, err = 0, fmt.Errorf("counting: %v", r)
		}
	}()
	t.waiting = []string{path}
	for len(t.waiting) > 0 {
		last := len(t.waiting) - 1
		next := t.waiting[last]
		t.waiting = t.waiting[:last]
		if err := t.list(ctx, next); err != nil {
			return 0, err
		}
	}
	return t.bytes, nil
}

// list counts what lies in one folder.
func (t *tally) list(ctx context.Context, path string) error {
	start := time.Now()
	f, err := t.disk.folder(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	for {
		entries, err := f.ReadDir(atATime)
		if errors.Is(err, io.EOF) {
			return ctx.Err()
		}
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if err := t.add(ctx, path, entry); err != nil {
				return err
			}
		}
		if err := t.rest(ctx, time.Since(start)); err != nil {
			return err
		}
		start = time.Now()
	}
}

func (t *tally) add(ctx context.Context, in string, entry fs.DirEntry) error {
	if t.left--; t.left < 0 || len(t.waiting) >= maxWaiting {
		return errTooMuch
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case entry.IsDir():
		t.waiting = append(t.waiting, filepath.Join(in, entry.Name()))
		return nil
	case !entry.Type().IsRegular():
		return nil
	}
	info, err := entry.Info()
	switch {
	case errors.Is(err, fs.ErrNotExist): // deleted since: it does not count any more
		return nil
	case err != nil:
		return err
	case info.Size() > math.MaxInt64-t.bytes:
		return errTooMuch
	}
	t.bytes += info.Size()
	return nil
}

// rest waits for a multiple of the time that the work before it took: the
// slower a disk, the longer it is left alone.
func (t *tally) rest(ctx context.Context, worked time.Duration) error {
	select {
	case <-time.After(min(t.restFor*worked, longRest)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

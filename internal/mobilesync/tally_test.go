package mobilesync

import (
	"errors"
	"io/fs"
	"math"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheCountRestsMostOfTheTime(t *testing.T) {
	root := t.TempDir()
	m := complete(t, root, modernUDID, binaryOf) // two folders with something in them
	for _, c := range []struct{ work, rest time.Duration }{
		{100 * time.Millisecond, 400 * time.Millisecond},
		{time.Minute, time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			slow := faulty(theDisk(), func(string) error { time.Sleep(c.work); return nil })
			start, tally := time.Now(), tally{disk: slow, restFor: restFor, left: maxEntries}
			if got, err := tally.count(t.Context(), m.dir); err != nil || got != bytesOf(t, m.dir) {
				t.Errorf("%d bytes, %v", got, err)
			}
			if took := time.Since(start); took != 2*(c.work+c.rest) {
				t.Errorf("took %s", took)
			}
		})
	}
}

func TestLimitsOfACount(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "a"))
	mkdir(t, root, "b", "c")
	huge := func(string) (fs.ReadDirFile, error) { return &listing{endless: math.MaxInt64/2 + 1}, nil }
	crowd := func(string) (fs.ReadDirFile, error) { return &listing{folders: true}, nil }
	for name, c := range map[string]struct {
		change func(t *tally)
		want   error
	}{
		"just enough":         {func(t *tally) { t.left = 3 }, nil},
		"too many":            {func(t *tally) { t.left = 2 }, errTooMuch},
		"more than a number":  {func(t *tally) { t.disk.folder = huge }, errTooMuch},
		"folders without end": {func(t *tally) { t.disk.folder = crowd }, errTooMuch},
	} {
		counter := tally{disk: theDisk(), left: maxEntries}
		c.change(&counter)
		got, err := counter.count(t.Context(), root)
		if !errors.Is(err, c.want) || err != nil && got != 0 || len(counter.waiting) > maxWaiting {
			t.Errorf("%s: %d bytes, %v, %d waiting", name, got, err, len(counter.waiting))
		}
	}
}

// listing is a folder without end, of files of a size or of folders.
type listing struct {
	fs.ReadDirFile
	fs.FileInfo
	endless int64
	folders bool
}

func (l *listing) ReadDir(n int) ([]fs.DirEntry, error) {
	all := make([]fs.DirEntry, n)
	for i := range all {
		all[i] = l
	}
	return all, nil
}
func (l *listing) Close() error               { return nil }
func (l *listing) Name() string               { return "x" }
func (l *listing) IsDir() bool                { return l.folders }
func (l *listing) Type() fs.FileMode          { return 0 }
func (l *listing) Info() (fs.FileInfo, error) { return l, nil }
func (l *listing) Size() int64                { return l.endless }

func TestOnlyFoldersAreListed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path)
	counter := tally{disk: theDisk(), left: maxEntries}
	if got, err := counter.count(t.Context(), path); err == nil || got != 0 {
		t.Errorf("%d bytes, %v", got, err)
	}
}

package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Welcome remembers in a data folder that its person was shown around: by an
// empty file of its own, because a start at login keeps a memory and shows
// nobody around.
type Welcome struct{ path string }

// OpenWelcome gives the mark of a data folder, which need not exist yet.
func OpenWelcome(dir string) Welcome { return Welcome{filepath.Join(dir, "welcomed")} }

// Due reports whether nobody was shown around yet. A folder that cannot be
// looked into is nobody's first.
func (w Welcome) Due() bool {
	_, err := os.Lstat(w.path)
	return errors.Is(err, fs.ErrNotExist)
}

// Take sets the mark. Of several that try, one succeeds: what cannot be
// remembered must not be shown, or it would come at every start.
func (w Welcome) Take() error {
	if err := os.MkdirAll(filepath.Dir(w.path), 0o700); err != nil {
		return writeError(w.path, err, "--data-dir")
	}
	file, err := os.OpenFile(w.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return writeError(w.path, err, "--data-dir")
	}
	return file.Close()
}

// GiveBack takes the mark away again: the page could not be opened after all.
func (w Welcome) GiveBack() error {
	if err := os.Remove(w.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("store: %s cannot be removed: %w", w.path, cause(err))
	}
	return nil
}

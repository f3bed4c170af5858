package store

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// lockBeside holds off other writers of a file (a menu click beside a command
// line) with a lock file next to it, since the file itself is replaced by each
// write. The lock file goes with the lock.
func lockBeside(path string) (unlock func(), err error) {
	const patience, pause = 5 * time.Second, 5 * time.Millisecond
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	name := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".lock")
	for {
		lock := flock.New(name)
		if _, err := lock.TryLockContext(ctx, pause); err != nil {
			return nil, err
		}
		if isAt(lock, name) {
			return func() {
				_ = os.Remove(name) // while it is held: whoever waits for it looks again
				_ = lock.Unlock()
			}, nil
		}
		_ = lock.Unlock()
	}
}

// isAt reports whether the locked file is still the one that others would
// open: its last holder may have removed it in between.
func isAt(lock *flock.Flock, name string) bool {
	held, err := lock.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(name)
	return err == nil && os.SameFile(held, there)
}

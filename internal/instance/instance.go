// Package instance keeps the program to one instance per user, and lets other
// commands talk to the one that runs.
//
// [Acquire] takes a lock in the data folder, which the system gives back when
// the process ends in whatever way. The holder answers commands of one line on
// a unix socket ([Lock.Serve]); [Send] sends one. Both ends are of the same
// user: the folder and the socket are closed to all others.
package instance

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// The errors that are told apart; find them with errors.Is.
var (
	// ErrRunning is that another process of this user holds the lock.
	ErrRunning = errors.New("already running")
	// ErrNotRunning is that nobody answers in this data folder.
	ErrNotRunning = errors.New("not running")
	// ErrNoLock is that the data folder cannot be locked: it cannot be made
	// or written, or its file system knows no locks. It says nothing about
	// other instances; the program can go on without one.
	ErrNoLock = errors.New("the data folder cannot be locked")
)

// Lock is held by the one running instance.
type Lock struct {
	dir  string
	file *flock.Flock
}

const lockName = "ninelives.lock"

// Acquire makes the data folder and takes its lock, without waiting. The error
// is [ErrRunning] or [ErrNoLock].
func Acquire(dir string) (*Lock, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, noLock(dir, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, noLock(dir, err)
	}
	file := flock.New(filepath.Join(dir, lockName))
	held, err := file.TryLock()
	if err != nil {
		return nil, noLock(dir, err)
	}
	if !held {
		return nil, fmt.Errorf("instance: %s: %w", dir, ErrRunning)
	}
	return &Lock{dir: dir, file: file}, nil
}

func noLock(dir string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("instance: %s: %w: %w: make it writable for you, or name another place with --data-dir", dir, ErrNoLock, err)
}

// Release gives the lock back. The lock file stays: removing it would let two
// processes lock two files of one name.
func (l *Lock) Release() error {
	if err := l.file.Unlock(); err != nil {
		return fmt.Errorf("instance: %s: %w", l.dir, err)
	}
	return nil
}

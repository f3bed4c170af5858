package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// replaceFile writes a file so that at any moment, even after a kill or a
// power cut, either the old or the new content is there, whole. Only its user
// may read it. The folder must exist.
func replaceFile(path string, content []byte) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), tempPrefix(path)+"*") // 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = file.Close() // may be closed already
			_ = os.Remove(file.Name())
		}
	}()
	if _, err = file.Write(content); err != nil {
		return err
	}
	if err = file.Sync(); err != nil {
		return err
	}
	if err = file.Close(); err != nil {
		return err
	}
	if err = rename(file.Name(), path); err != nil {
		return err
	}
	syncFolder(filepath.Dir(path))
	return nil
}

// rename tries for a moment on Windows, where virus scanners and indexers hold
// a file that has just been written.
func rename(from, to string) error {
	err := os.Rename(from, to)
	for i := 0; i < 10 && runtime.GOOS == "windows" && errors.Is(err, fs.ErrPermission); i++ {
		time.Sleep(20 * time.Millisecond)
		err = os.Rename(from, to)
	}
	return err
}

// syncFolder makes a rename survive a power cut, where the system can do that;
// where it cannot (Windows, some network drives) the file itself is whole all
// the same, so there is nothing to report.
func syncFolder(path string) {
	folder, err := os.Open(path)
	if err != nil {
		return
	}
	_ = folder.Sync()
	_ = folder.Close()
}

func tempPrefix(path string) string { return "." + filepath.Base(path) + ".new-" }

// sweep removes what a killed process left of replaceFile: half-written files
// that are too old to be still under way.
func sweep(path string, now time.Time) {
	const underWay = time.Minute
	folder := filepath.Dir(path)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if !entry.Type().IsRegular() || !strings.HasPrefix(entry.Name(), tempPrefix(path)) {
			continue
		}
		if info, err := entry.Info(); err == nil && now.Sub(info.ModTime()) > underWay {
			_ = os.Remove(filepath.Join(folder, entry.Name())) // litter only; the next sweep tries again
		}
	}
}

// cause cuts the operation and path off an error, which our own text names.
func cause(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	var call *os.SyscallError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	case errors.As(err, &call):
		return call.Err
	default:
		return err
	}
}

// writeError names the file that could not be written and what helps; option
// is the flag that names another place.
func writeError(path string, err error, option string) error {
	remedy := "make its folder writable for you, or name another place with " + option
	if isFull(err) {
		remedy = "free some space on that disk"
	}
	return fmt.Errorf("store: %s cannot be written: %w: %s", path, cause(err), remedy)
}

// isFull reports whether a disk or a quota is used up.
func isFull(err error) bool {
	const diskFull, handleDiskFull = syscall.Errno(112), syscall.Errno(39) // of Windows
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) ||
		runtime.GOOS == "windows" && (errors.Is(err, diskFull) || errors.Is(err, handleDiskFull))
}

package instance

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	socketName  = "ninelives.sock"
	addressName = "ninelives.addr"
	shortPrefix = "ninelives-"

	// longest is how many bytes a socket's path may have: systems stop at
	// 103 (macOS) to 107.
	longest = 100
)

// A socket stands in the data folder, or, where that path is too long for the
// system, in a folder of its own in a shorter place. The holder of the lock
// notes where in a file, so that both ends agree whatever their environment
// and by whatever name they know the folder.

// newAddress clears away what a dead holder left and gives the path for a new
// socket. Only the holder of the lock may do this.
func newAddress(dir string, places []string) (string, error) {
	if old, err := address(dir); err == nil {
		discard(old)
	}
	path := filepath.Join(dir, socketName)
	if len(path) > longest {
		var err error
		if path, err = shortAddress(places); err != nil {
			return "", err
		}
	}
	if info, err := os.Lstat(path); err == nil && (info.IsDir() || info.Mode().IsRegular()) {
		return "", fmt.Errorf("%s is in the way: it is not a socket", path)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return path, note(dir, path)
}

// shortAddress makes a folder that nobody else may enter.
func shortAddress(places []string) (string, error) {
	err := errors.New("no place is short enough for a socket")
	for _, place := range places {
		// MkdirTemp adds up to ten digits.
		if !filepath.IsAbs(place) || len(place)+len(shortPrefix)+len(socketName)+12 > longest {
			continue
		}
		var folder string
		if folder, err = os.MkdirTemp(place, shortPrefix+"*"); err == nil { // 0700
			return filepath.Join(folder, socketName), nil
		}
	}
	return "", err
}

// shortPlaces are where a short path may be had; the first is not swept by
// cleaners of temporary files.
func shortPlaces() []string {
	return []string{os.Getenv("XDG_RUNTIME_DIR"), os.TempDir(), "/tmp"}
}

// note writes down where the socket is; readers see the old or the new path.
func note(dir, path string) error {
	file, err := os.CreateTemp(dir, "."+addressName+"-*") // 0600
	if err != nil {
		return err
	}
	_, err = file.WriteString(path + "\n")
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), filepath.Join(dir, addressName))
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}

// address gives the path that the holder has noted.
func address(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, addressName))
	if err != nil {
		return "", err
	}
	path := strings.TrimSuffix(string(text), "\n")
	if len(path) > longest || !filepath.IsAbs(path) || filepath.Base(path) != socketName {
		return "", fmt.Errorf("%s: not the path of a socket", filepath.Join(dir, addressName))
	}
	return path, nil
}

// discard removes a socket and, if it had one, the folder of its own. All
// other things are left alone.
func discard(path string) {
	if info, err := os.Lstat(path); err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		_ = os.Remove(path) // Listen says it if that matters
	}
	if folder := filepath.Dir(path); strings.HasPrefix(filepath.Base(folder), shortPrefix) {
		_ = os.Remove(folder) // only when empty
	}
}

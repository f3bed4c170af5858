//go:build !windows

package desktop

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// loginFileMost is far more than any login item has, in bytes.
const loginFileMost = 64 << 10

// slot is the login item's file.
type slot struct{ file string }

func (s slot) where() string { return s.file }

func (s slot) read() ([]byte, error) {
	f, err := os.Open(s.file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, loginFileMost+1))
	if err == nil && len(text) > loginFileMost {
		err = fmt.Errorf("more than %d bytes", loginFileMost)
	}
	return text, err
}

// write puts the whole file in place at once. Until then it has a name that
// no session takes for a login item.
func (s slot) write(text []byte) error {
	dir := filepath.Dir(s.file)
	if err := os.MkdirAll(dir, 0o755); err != nil { // there is no folder yet whose owner could be changed
		return fmt.Errorf("its folder cannot be made; set HOME (or XDG_CONFIG_HOME) to a folder that you may write in: %w", err)
	}
	tmp, err := os.CreateTemp(dir, ".ninelives-*.tmp")
	if err != nil {
		return withRemedy(dir, err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // nothing to remove after the rename
	_, err = tmp.Write(text)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Sync(), tmp.Close())
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), s.file)
}

// withRemedy adds the way out of a folder that belongs to somebody else, as
// some installers leave ~/Library/LaunchAgents.
func withRemedy(dir string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("the folder is not yours to write in; run: sudo chown \"$(id -un)\" '%s': %w", dir, err)
	}
	return err
}

func (s slot) remove() error {
	info, err := os.Lstat(s.file)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return errors.New("a folder stands where the login item's file should be; remove it by hand")
	}
	return os.Remove(s.file)
}

package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// SetAside says that a file of the memory was no good. It is a report, not a
// failure: what came with it can be used.
type SetAside struct {
	From, To string // where it was and where it is now; To is empty when it could not be moved
	Err      error  // what was wrong with it
	Restored bool   // the generation before it was good and has been taken
}

// Error names both files and how the program goes on.
func (s *SetAside) Error() string {
	text := fmt.Sprintf("store: %s: %v", s.From, s.Err)
	if s.To != "" {
		text += "; it was set aside as " + filepath.Base(s.To)
	}
	if s.Restored {
		return text + "; the copy before it is used"
	}
	return text + "; an empty memory is used"
}

// Unwrap gives what was wrong, such as [ErrNewer].
func (s *SetAside) Unwrap() error { return s.Err }

// putAside moves the file to a name of its day that is free.
func (m *Memory) putAside(reason error) *SetAside {
	to, err := moveAside(m.path, m.now(), reason)
	return &SetAside{From: m.path, To: to, Err: err}
}

// moveAside moves a file that is no good to a name of its day that is free. It
// gives that name, empty when the file could not be moved, and the reason for
// all of it.
func moveAside(path string, now time.Time, reason error) (to string, why error) {
	kind := "damaged"
	if errors.Is(reason, ErrNewer) {
		kind = "newer"
	}
	ending := filepath.Ext(path)
	base := strings.TrimSuffix(path, ending) + "." + kind + "-" + now.Format("2006-01-02")
	const most = 1000
	for n := 1; n <= most; n++ {
		to := base + ending
		if n > 1 {
			to = base + "-" + strconv.Itoa(n) + ending
		}
		err := moveTo(path, to)
		if err == nil {
			syncFolder(filepath.Dir(path))
			return to, reason
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", fmt.Errorf("%w; it could not be set aside: %w", reason, cause(err))
		}
	}
	return "", fmt.Errorf("%w; too many were set aside today", reason)
}

// moveTo renames a file, and never over another one. Only this program writes
// these names, so looking first is enough.
func moveTo(from, to string) error {
	if _, err := os.Lstat(to); err == nil {
		return fs.ErrExist
	}
	return rename(from, to)
}

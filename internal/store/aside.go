package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
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
	kind := "damaged"
	if errors.Is(reason, ErrNewer) {
		kind = "newer"
	}
	base := strings.TrimSuffix(m.path, ".json") + "." + kind + "-" + m.now().Format("2006-01-02")
	const most = 1000
	for n := 1; n <= most; n++ {
		to := base + ".json"
		if n > 1 {
			to = base + "-" + strconv.Itoa(n) + ".json"
		}
		err := moveTo(m.path, to)
		if err == nil {
			syncFolder(filepath.Dir(m.path))
			return &SetAside{From: m.path, To: to, Err: reason}
		}
		if !errors.Is(err, fs.ErrExist) {
			return &SetAside{From: m.path, Err: fmt.Errorf("%w; it could not be set aside: %w", reason, cause(err))}
		}
	}
	return &SetAside{From: m.path, Err: fmt.Errorf("%w; too many were set aside today", reason)}
}

// moveTo renames a file, and never over another one. Only this program writes
// these names, so looking first is enough.
func moveTo(from, to string) error {
	if _, err := os.Lstat(to); err == nil {
		return fs.ErrExist
	}
	return rename(from, to)
}

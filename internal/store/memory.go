package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"ninelives/internal/alert"
	"ninelives/internal/health"
)

// Remembered is what outlives a run. Its zero value remembers nothing.
type Remembered struct {
	Alerts alert.Memory `json:"alerts"` // what was said, and what is about to be
	Facts  health.Facts `json:"facts"`  // what was read last, each with its time
}

// Memory keeps a [Remembered] in the data folder. Its methods may be called
// from several goroutines; two processes must not share one.
type Memory struct {
	path  string
	write func(path string, content []byte) error
	now   func() time.Time

	mu     sync.Mutex
	loaded bool   // the file has been looked at
	unread bool   // it is there and could not be read: not ours to overwrite
	saved  []byte // what is in the file, as far as known
	stamp  Stamp  // what the file looked like then
}

// OpenMemory gives the memory of a data folder, which need not exist yet.
// Nothing is read or written before the first call.
func OpenMemory(dir string) *Memory {
	return &Memory{path: filepath.Join(dir, "memory.json"), write: replaceFile, now: time.Now}
}

// Load reads the memory. A missing file is an empty memory. A file that is
// damaged, or from a newer version, is put aside under another name, and the
// generation before it taken where that is good: the result can be used, and
// the error, a [*SetAside], says so this once.
func (m *Memory) Load() (Remembered, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.load()
}

func (m *Memory) load() (Remembered, error) {
	m.loaded, m.unread, m.saved = true, false, nil
	r, content, err := read(m.path)
	switch {
	case err == nil:
		m.keep(content)
		return r, nil
	case errors.Is(err, fs.ErrNotExist):
		return Remembered{}, nil
	case !errors.Is(err, errDamaged) && !errors.Is(err, ErrNewer):
		m.unread = true
		return Remembered{}, fmt.Errorf("store: %s cannot be read: %w: make it readable for you, or name another place with --data-dir", m.path, cause(err))
	}
	aside := m.putAside(err)
	if aside.To == "" {
		m.unread = true
	}
	before, content, err := read(m.copyPath())
	if err != nil {
		return Remembered{}, aside
	}
	aside.Restored = true
	if !m.unread && m.write(m.path, content) == nil {
		m.keep(content)
	}
	return before, aside
}

// Peek reads the memory and changes nothing on the disk, for a round that must
// leave no trace. It falls back like [Memory.Load]; the error says why.
func (m *Memory) Peek() (Remembered, error) {
	r, _, err := read(m.path)
	switch {
	case err == nil || errors.Is(err, fs.ErrNotExist):
		return r, nil
	case errors.Is(err, errDamaged) || errors.Is(err, ErrNewer):
		before, _, problem := read(m.copyPath())
		return before, &SetAside{From: m.path, Err: err, Restored: problem == nil}
	default:
		return Remembered{}, fmt.Errorf("store: %s cannot be read: %w", m.path, cause(err))
	}
}

// Save writes the memory, unless nothing has changed. When it returns nil the
// content is on the disk and survives a kill or a power cut. The error names
// the file and the remedy.
func (m *Memory) Save(r Remembered) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.loaded {
		_, _ = m.load() // for its care about what is there; the caller did not want it
	}
	content, omitted := encode(r)
	if content == nil {
		return omitted
	}
	if _, moved := Changed(m.path, m.stamp); m.saved != nil && !moved && bytes.Equal(content, m.saved) {
		return omitted
	}
	if err := m.replace(content); err != nil {
		return writeError(m.path, err, "--data-dir")
	}
	return omitted
}

// replace puts new content into the file.
func (m *Memory) replace(content []byte) error {
	if err := os.MkdirAll(filepath.Dir(m.path), 0o700); err != nil {
		return err
	}
	if m.unread {
		if aside := m.putAside(fs.ErrPermission); aside.To == "" {
			return aside.Err
		}
		m.unread = false
	}
	sweep(m.path, m.now())
	if m.saved != nil {
		m.keepCopy()
	}
	if err := m.write(m.path, content); err != nil {
		return err
	}
	m.keep(content)
	return nil
}

func (m *Memory) keep(content []byte) {
	m.saved = content
	m.stamp, _ = Changed(m.path, Stamp{})
}

// copyPath is where the generation before the last one is.
func (m *Memory) copyPath() string { return m.path + ".bak" }

// keepCopy gives the present generation a second name, which costs no writing.
// File systems without links do without it: it is a safety net for damage that
// an atomic write cannot prevent.
func (m *Memory) keepCopy() {
	_ = os.Remove(m.copyPath())
	_ = os.Link(m.path, m.copyPath())
}

package desktop

import (
	"errors"
	"io/fs"

	"golang.org/x/sys/windows/registry"
)

const (
	runKey      = `Software\Microsoft\Windows\CurrentVersion\Run`
	approvedKey = `Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run`
)

// slot is the login item's value in this person's registry.
type slot struct{ value string }

func (s slot) where() string { return `HKEY_CURRENT_USER\` + runKey + ` "` + s.value + `"` }

func (s slot) read() ([]byte, error) {
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if err != nil {
		return nil, err
	}
	defer func() { _ = key.Close() }()
	text, _, err := key.GetStringValue(s.value)
	return []byte(text), err
}

func (s slot) write(text []byte) error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return err
	}
	return errors.Join(key.SetStringValue(s.value, string(text)), key.Close())
}

// remove forgets Task Manager's note too: it is of an item that is gone.
func (s slot) remove() error {
	return errors.Join(deleteValue(runKey, s.value), deleteValue(approvedKey, s.value))
}

func loginBlocked(s slot) bool {
	key, err := registry.OpenKey(registry.CURRENT_USER, approvedKey, registry.QUERY_VALUE)
	if err != nil {
		return false
	}
	defer func() { _ = key.Close() }()
	approved, _, err := key.GetBinaryValue(s.value)
	return err == nil && startupOff(approved)
}

// loginAllow forgets what Task Manager noted of us: without a note, it is on.
func loginAllow(s slot) error {
	if !loginBlocked(s) {
		return nil
	}
	return deleteValue(approvedKey, s.value)
}

func newLoader() loader { return nil }

// deleteValue removes one value of ours; none is fine.
func deleteValue(path, value string) error {
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.SET_VALUE)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	err = key.DeleteValue(value)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, key.Close())
}

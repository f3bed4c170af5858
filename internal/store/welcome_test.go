package store

import (
	"os"
	"path/filepath"
	"testing"
)

func TestWelcomeIsTakenOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	w := OpenWelcome(dir)
	if !w.Due() {
		t.Error("a new folder has been welcomed already")
	}
	if err := w.Take(); err != nil {
		t.Fatal(err)
	}
	if err := OpenWelcome(dir).Take(); err == nil || w.Due() {
		t.Errorf("it is taken twice (%v), or due again", err)
	}
	if err := w.GiveBack(); err != nil || !w.Due() {
		t.Errorf("given back (%v), it is not due again", err)
	}
}

// What cannot be remembered would come at every start.
func TestWelcomeThatCannotBeRememberedIsNotTaken(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	w := OpenWelcome(filepath.Join(file, "data"))
	if err := w.Take(); err == nil {
		t.Error("it was taken below a file")
	}
}

// A memory of a start at login is not a welcome.
func TestMemoryIsNoWelcome(t *testing.T) {
	dir := t.TempDir()
	if err := OpenMemory(dir).Save(Remembered{}); err != nil {
		t.Fatal(err)
	}
	if !OpenWelcome(dir).Due() {
		t.Error("whoever has a memory counts as shown around")
	}
}

//go:build !windows

package desktop

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func testSlot(file string) slot { return slot{file} }

func TestOnlyOurOwnFileIsTouched(t *testing.T) {
	l := testLogin(t, linux, "/usr/bin/ninelives")
	dir := filepath.Dir(l.Where())
	other := filepath.Join(dir, "other.desktop")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(other, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := l.On(); err != nil {
		t.Fatal(err)
	}
	names := func() string {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		var s []string
		for _, e := range entries {
			s = append(s, e.Name())
		}
		return strings.Join(s, " ")
	}
	if got := names(); got != "ninelives.desktop other.desktop" {
		t.Errorf("after On: %s", got)
	}
	if err := l.Off(); err != nil {
		t.Fatal(err)
	}
	if got := names(); got != "other.desktop" {
		t.Errorf("after Off: %s", got)
	}
}

func TestItemThatIsRightIsNotWrittenAgain(t *testing.T) {
	l := testLogin(t, mac, "/usr/bin/ninelives")
	if err := l.On(); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(l.Where())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.On(); err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(l.Where()); err != nil || !os.SameFile(before, after) {
		t.Errorf("it was replaced (%v)", err)
	}
	if mode := before.Mode(); mode != 0o644 {
		t.Errorf("mode %v: launchd passes over files that others may write", mode)
	}
}

func TestLinkIsReplacedAndItsTargetLeftAlone(t *testing.T) {
	l := testLogin(t, linux, "/usr/bin/ninelives")
	precious := filepath.Join(t.TempDir(), "precious")
	if err := errors.Join(os.WriteFile(precious, []byte("x"), 0o600), os.MkdirAll(filepath.Dir(l.Where()), 0o755), os.Symlink(precious, l.Where())); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(l.On(), l.Off()); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(precious); err != nil || string(got) != "x" {
		t.Errorf("the target now holds %q (%v)", got, err)
	}
}

func TestFolderInTheWayIsSaidAndKept(t *testing.T) {
	l := testLogin(t, linux, "/usr/bin/ninelives")
	if err := os.MkdirAll(l.Where(), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Status(); err == nil {
		t.Error("a folder counts as off")
	}
	if l.On() == nil || l.Off() == nil {
		t.Error("a folder was taken for a file")
	}
	if entries, _ := os.ReadDir(filepath.Dir(l.Where())); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestHugeFileIsNotRead(t *testing.T) {
	l := testLogin(t, linux, "/usr/bin/ninelives")
	if err := l.slot.write(make([]byte, loginFileMost+1)); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Status(); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("got %v", err)
	}
}

func TestFolderOfSomebodyElseIsSaidWithTheRemedy(t *testing.T) {
	if err := withRemedy("/x", &fs.PathError{Op: "open", Path: "/x", Err: fs.ErrPermission}); !strings.Contains(err.Error(), "sudo chown") || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v", err)
	}
	if os.Geteuid() == 0 {
		t.Skip("running as root, whom no folder denies: a denied folder cannot be made here")
	}
	l := testLogin(t, linux, "/usr/bin/ninelives")
	folder := filepath.Dir(l.Where())
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(folder, 0o700) })
	if err := l.On(); err == nil || !strings.Contains(err.Error(), "sudo chown") {
		t.Errorf("got %v", err)
	}
}

// Nobody can change the owner of a folder that is not there.
func TestFolderThatCannotBeMadeIsNotForChown(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := slot{filepath.Join(file, "autostart", "ninelives.desktop")}.write(nil)
	if err == nil || strings.Contains(err.Error(), "chown") || !strings.Contains(err.Error(), "set HOME") {
		t.Errorf("got %v", err)
	}
}

func TestRelativeHomeIsNoHome(t *testing.T) {
	t.Setenv("HOME", "relative")
	t.Setenv("XDG_CONFIG_HOME", "")
	if l, err := NewLogin(); !errors.Is(err, ErrNoHome) {
		t.Errorf("got %v, %v", l, err)
	}
}

func TestNewLoginKnowsItsPlace(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", "")
	l, err := NewLogin()
	if err != nil {
		t.Fatal(err)
	}
	if on, err := l.Status(); on || err != nil {
		t.Errorf("in an empty home: %v, %v", on, err)
	}
	if !filepath.IsAbs(l.exe) || !filepath.IsAbs(l.Where()) {
		t.Errorf("program %q, item %q", l.exe, l.Where())
	}
}

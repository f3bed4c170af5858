package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// update refuses while a program runs that cannot be asked to end: this Wine
// has no sockets of the kind that the question goes through.
func update(t *testing.T, i installed) {
	i.await("ninelives.exe", 1)
	old, err := os.Stat(i.program())
	if err != nil {
		t.Fatal(err)
	}
	i.want(t, 1, []string{"still running"}, "quit")
	if out, code := i.run(i.setup, "/S"); code != 3 {
		t.Errorf("exit code %d: %s", code, out)
	}
	if out, code := i.run(filepath.Join(i.folder, "Nine Lives uninstall.exe"), "/S"); code != 0 { // of the copy that it starts, nobody learns the code
		t.Errorf("uninstalling: exit code %d: %s", code, out)
	}
	i.await("Un.exe", 0)
	if now, err := os.Stat(i.program()); err != nil || !now.ModTime().Equal(old.ModTime()) || i.registry(uninstallKey) == "" {
		t.Errorf("the program was touched while it ran: %v", err)
	}
	i.end("ninelives.exe")
	i.want(t, 0, nil, "login-item", "on")
	if out, code := i.run(i.setup, "/S"); code != 0 {
		t.Errorf("exit code %d: %s", code, out)
	}
	i.want(t, 0, []string{"on ("}, "login-item")
}

func uninstall(t *testing.T, i installed) {
	data := []string{i.home("AppData", "Local", "Nine Lives"), i.home("AppData", "Roaming", "Nine Lives")}
	i.want(t, 0, nil, "config", "set", "warn_after", "9d")
	i.remove(t)
	for _, dir := range data {
		if _, err := os.Stat(dir); err != nil {
			t.Errorf("the person's data is gone: %v", err)
		}
	}
	if out, code := i.run(i.setup, "/S", "/LOGIN"); code != 0 {
		t.Fatalf("exit code %d: %s", code, out)
	}
	i.want(t, 0, []string{"on ("}, "login-item")
	i.want(t, 0, []string{"9d"}, "config", "show")
	i.remove(t, "/DATA")
	if _, err := os.Stat(i.home("AppData", "Roaming", "Apple Computer", "MobileSync", "Backup", "00008110-000A1B2C3D4E5F60", "Info.plist")); err != nil {
		t.Errorf("a backup was touched: %v", err)
	}
}

// amongOthers installs into a folder that holds files of somebody else, under
// the names that installers like.
func amongOthers(t *testing.T, i installed) {
	i.folder = filepath.Join(i.prefix, "drive_c", "theirs")
	if err := os.Mkdir(i.folder, 0o750); err != nil {
		t.Fatal(err)
	}
	theirs := []string{"LICENSE.txt", "README.txt", "uninstall.exe"}
	for _, name := range theirs {
		if err := os.WriteFile(filepath.Join(i.folder, name), []byte("theirs"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, code := i.run(i.setup, "/S", "/D="+i.drivePath(i.folder)); code != 0 {
		t.Fatalf("exit code %d: %s", code, out)
	}
	i.want(t, 0, []string{"ninelives " + madeVersion}, "version")
	if out, code := i.run(filepath.Join(i.folder, "Nine Lives uninstall.exe"), "/S"); code != 0 {
		t.Fatalf("exit code %d: %s", code, out)
	}
	var left []string
	for range 200 { // it goes on in a copy of itself
		left = nil
		entries, err := os.ReadDir(i.folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			left = append(left, e.Name())
		}
		if slices.Equal(left, theirs) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if !slices.Equal(left, theirs) {
		t.Errorf("left are %q", left)
	}
	for _, name := range theirs {
		if text, err := os.ReadFile(filepath.Join(i.folder, name)); err != nil || string(text) != "theirs" {
			t.Errorf("%s is now %.20q, %v", name, text, err)
		}
	}
}

// remove uninstalls, and wants no trace but the data.
func (i installed) remove(t *testing.T, args ...string) {
	t.Helper()
	if out, code := i.run(filepath.Join(i.folder, "Nine Lives uninstall.exe"), append([]string{"/S"}, args...)...); code != 0 {
		t.Fatalf("exit code %d: %s", code, out)
	}
	for range 200 { // it goes on in a copy of itself
		if _, err := os.Stat(i.folder); err != nil && i.registry(uninstallKey) == "" {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	left := strings.ToLower(i.registry("Software"))
	for _, trace := range []string{"nine lives", "ninelives"} {
		if at := strings.Index(left, trace); at >= 0 {
			t.Errorf("the registry still has %q", left[max(0, at-200):min(len(left), at+100)])
		}
	}
	if _, err := os.Stat(i.folder); err == nil {
		t.Errorf("%s is still there", i.folder)
	}
}

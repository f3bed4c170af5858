package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"ninelives/internal/sample"
	"ninelives/internal/view"
)

// installedProgram is named in full: what PATH finds first may be this test.
const installedProgram = "/usr/bin/ninelives"

// installed is the .deb on this computer, and somebody who uses it.
type installed struct {
	*realDesktop
	user string
}

// newInstalled builds the .deb, installs it, and makes a person whose home
// folder has a blank and an accent in its name.
func newInstalled(t *testing.T) *installed {
	t.Helper()
	if os.Getenv("CI") != "true" {
		t.Skip("this installs a package and makes a user on this computer; with CI=true it does, as root")
	}
	need(t, "dpkg", "desktop-file-validate", "systemd-analyze", "mandoc", "gio", "useradd", "userdel")
	if os.Geteuid() != 0 {
		t.Fatal("packages are installed by root; run it so")
	}
	top := filepath.Join("..", "..")
	must(t, "make", "-C", top, "deb", "VERSION=9.8.7")
	packages, err := filepath.Glob(filepath.Join(top, "dist", "ninelives_9.8.7-1_*.deb"))
	if err != nil || len(packages) != 1 {
		t.Fatalf("make deb made %q (%v)", packages, err)
	}
	must(t, "dpkg", "--install", packages[0])
	t.Cleanup(func() { _ = exec.Command("dpkg", "--purge", "ninelives").Run(); _ = os.Remove(packages[0]) })
	user, home, as := newPerson(t)
	return &installed{realDesktop: desktopOf(t, home, as), user: user}
}

// newPerson makes a user of this computer who goes when the test ends.
func newPerson(t *testing.T) (user, home string, as *syscall.SysProcAttr) {
	t.Helper()
	user = "ninelives-try"
	above, err := os.MkdirTemp("/tmp", "ninelives-home-") // t.TempDir is closed to others
	if err == nil {
		err = os.Chmod(above, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	home = filepath.Join(above, "José Müller")
	must(t, "useradd", "--create-home", "--home-dir", home, "--shell", "/bin/sh", user)
	t.Cleanup(func() { _ = exec.Command("userdel", "--force", user).Run(); _ = os.RemoveAll(above) })
	info, err := os.Stat(home)
	if err != nil {
		t.Fatal(err)
	}
	owner, _ := info.Sys().(*syscall.Stat_t)
	return user, home, &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}}
}

// must runs a program that has to succeed and gives what it says.
func must(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// says runs the installed program as the person.
func (i *installed) says(want int, args ...string) string {
	i.t.Helper()
	out, err := i.command(installedProgram, args...).CombinedOutput()
	code := 0
	if err != nil {
		code = exitOf(err)
	}
	if code != want {
		i.t.Fatalf("ninelives %v ended with %v, want %d\n%s", args, err, want, out)
	}
	return string(out)
}

func exitOf(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return -1
}

func (i *installed) entry() string {
	return filepath.Join(i.home, ".config", "autostart", "ninelives.desktop")
}

// startsAtLogin waits until the autostart entry is there, or gone, and has a
// program of others read it.
func (i *installed) startsAtLogin(by string, want bool) {
	i.t.Helper()
	i.until("start at login by "+by+" to be "+strconv.FormatBool(want), func() bool {
		_, err := os.Stat(i.entry())
		return (err == nil) == want
	})
	if !want {
		if left, _ := os.ReadDir(filepath.Dir(i.entry())); len(left) > 0 {
			i.t.Errorf("switched off by %s, %v is left", by, left)
		}
		return
	}
	if out := must(i.t, "desktop-file-validate", i.entry()); out != "" {
		i.t.Errorf("by %s: %s", by, out)
	}
	if text, err := os.ReadFile(i.entry()); err != nil || !bytes.Contains(text, []byte("\nTryExec=/usr/bin/ninelives\n")) {
		i.t.Errorf("by %s: it starts another program (%v):\n%s", by, err, text)
	}
}

// TestPackageInstalledUsedAndPurged is a life of the .deb: installed by root,
// used by a person on a real desktop, and removed without a trace.
func TestPackageInstalledUsedAndPurged(t *testing.T) {
	i := newInstalled(t)
	i.readByOthers()
	if out := i.says(0, "version"); !strings.HasPrefix(out, "ninelives 9.8.7 (") {
		t.Errorf("version says %q", out)
	}

	backups, data := filepath.Join(i.home, "Backups of José"), filepath.Join(i.home, "data")
	late := sample.Folder{UDID: "00008110-000A1B2C3D4E5F60", Name: "Anna's iPhone", ProductType: "iPhone14,5", OSVersion: "18.1", Date: time.Now().Add(-8 * 24 * time.Hour), Encrypted: true}
	if _, err := late.Write(backups); err != nil {
		t.Fatal(err)
	}
	must(t, "chown", "-R", i.user+":", i.home)
	flags := []string{"--offline", "--backup-dir", backups, "--data-dir", data}
	if out := i.says(1, append([]string{"check"}, flags...)...); !strings.Contains(out, "Anna's iPhone: needs attention") {
		t.Errorf("check says\n%s", out)
	}
	if out := i.says(0, append([]string{"doctor"}, flags...)...); !strings.Contains(out, "this desktop shows tray icons") {
		t.Errorf("doctor says\n%s", out)
	}

	before := i.picture()
	program := i.command(installedProgram, append([]string{"run"}, flags...)...)
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Process.Kill() })
	item := i.item()
	i.until("the icon in the panel", func() bool {
		icon := changed(before, i.picture(), screenPanel)
		return icon.Dx() >= 10 && icon.Dy() >= 10
	})

	for _, on := range []bool{true, false} {
		i.click(item, "Start at Login")
		i.startsAtLogin("menu", on)
		i.until("the tick in the menu to follow", func() bool { return i.ticked(item, "Start at Login") == on })
	}
	page := &surfer{t: t, dir: i.home}
	page.enter()
	for _, on := range []string{"on", "off", "on"} {
		page.click(view.AtLogin, on, "/settings")
		i.startsAtLogin("page", on == "on")
	}
	i.click(item, "Quit")
	if err := program.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}

	i.startedByTheDesktop(item.Destination())
	i.says(0, "login-item", "off")
	i.startsAtLogin("command", false)
	i.says(0, "login-item", "on")
	i.startsAtLogin("command", true)
	i.purged(data)
}

// ticked reads from the bus whether an item of the menu has a tick.
func (i *installed) ticked(item dbus.BusObject, label string) bool {
	i.t.Helper()
	menu := i.conn.Object(item.Destination(), "/StatusNotifierItem/menu")
	_, ids := menuLabels(i.t, menu)
	var state dbus.Variant
	if err := menu.Call("com.canonical.dbusmenu.GetProperty", 0, ids[label], "toggle-state").Store(&state); err != nil {
		i.t.Fatal(err)
	}
	return state.Value() == int32(1)
}

// startedByTheDesktop has the desktop start the program from its autostart
// entry, and ends it by its menu.
func (i *installed) startedByTheDesktop(old string) {
	i.t.Helper()
	// Without pipes: the program lives on, and would hold them open.
	if err := i.command("gio", "launch", i.entry()).Run(); err != nil {
		i.t.Fatal(err)
	}
	var again string
	i.until("the icon after login", func() bool {
		again = i.item().Destination()
		return again != old
	})
	i.until("the menu to show Anna's iPhone", func() bool {
		labels, _ := menuLabels(i.t, i.conn.Object(again, "/StatusNotifierItem/menu"))
		return strings.Contains(strings.Join(labels, "\n"), "Anna's iPhone: 8 days")
	})
	i.click(i.item(), "Quit")
	i.until("the program to end", func() bool {
		var has bool
		return i.conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, again).Store(&has) == nil && !has
	})
}

// readByOthers lets the programs that use the installed files read them, and
// looks that nothing starts by itself.
func (i *installed) readByOthers() {
	i.t.Helper()
	const unit = "/usr/lib/systemd/user/ninelives.service"
	silent := func(name string, args ...string) {
		i.t.Helper()
		if out, err := i.command(name, args...).CombinedOutput(); err != nil || len(out) > 0 {
			i.t.Errorf("%s %v: %v\n%s", name, args, err, out)
		}
	}
	silent("desktop-file-validate", "/usr/share/applications/ninelives.desktop")
	silent("sh", "-c", "zcat /usr/share/man/man1/ninelives.1.gz | mandoc -Tlint -Wwarning")
	silent("systemd-analyze", "--user", "--man=no", "verify", unit)
	dropIn := filepath.Join(i.home, ".config", "systemd", "user", "ninelives.service.d")
	silent("mkdir", "-p", dropIn)
	silent("cp", "/usr/share/doc/ninelives/examples/strict.conf", dropIn)
	silent("systemd-analyze", "--user", "--man=no", "verify", unit)
	for _, pattern := range []string{"/etc/systemd/user/*/ninelives*", "/etc/xdg/autostart/ninelives*", "/etc/xdg/systemd/user/*/ninelives*"} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			i.t.Errorf("%v starts it by itself", found)
		}
	}
}

// purged removes the package and looks for what is left: of the package
// nothing, of the person what is theirs.
func (i *installed) purged(data string) {
	i.t.Helper()
	files := strings.Fields(must(i.t, "dpkg", "--listfiles", "ninelives"))
	if len(files) < 25 {
		i.t.Errorf("the package has only %q", files)
	}
	must(i.t, "dpkg", "--purge", "ninelives")
	if out, err := exec.Command("dpkg-query", "--status", "ninelives").CombinedOutput(); err == nil {
		i.t.Errorf("dpkg still knows it: %s", out)
	}
	for _, file := range files {
		if strings.Contains(file, "ninelives") {
			if _, err := os.Lstat(file); err == nil {
				i.t.Errorf("%s is left", file)
			}
		}
	}
	if left := must(i.t, "find", "/usr", "/etc", "/var/lib", "/opt", "-xdev", "-name", "*ninelives*", "-not", "-path", "*/go/*"); left != "" {
		i.t.Errorf("left behind:\n%s", left)
	}
	if _, err := os.Stat(filepath.Join(data, "memory.json")); err != nil {
		i.t.Errorf("what the person keeps is gone: %v", err)
	}
}

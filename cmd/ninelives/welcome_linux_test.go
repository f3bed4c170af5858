package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ninelives/internal/instance"
)

// newcomer is somebody on a desktop that shows no icons, with a browser that
// only notes what it is to open.
type newcomer struct {
	t    *testing.T
	home string
	env  []string
}

func newNewcomer(t *testing.T) *newcomer {
	t.Helper()
	n := &newcomer{t: t, home: t.TempDir()}
	bin := filepath.Join(n.home, "bin")
	script := "#!/bin/sh\necho \"$1\" >>'" + n.opened() + "'\n"
	if err := os.MkdirAll(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"xdg-open": script, "gio": "#!/bin/sh\nexit 2\n"} { // gio would be the next to try
		if err := os.WriteFile(filepath.Join(bin, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	n.env = append(os.Environ(), "NINELIVES_TEST_MAIN=1", "NINELIVES_OFFLINE=true", "HOME="+n.home, "XDG_CONFIG_HOME=", "XDG_STATE_HOME=",
		"DBUS_SESSION_BUS_ADDRESS="+privateBus(t), "PATH="+bin+":"+os.Getenv("PATH"), "DISPLAY=:99", "WAYLAND_DISPLAY=")
	return n
}

func (n *newcomer) opened() string { return filepath.Join(n.home, "opened") }
func (n *newcomer) data() string   { return filepath.Join(n.home, ".local", "state", "ninelives") }

func (n *newcomer) command(args ...string) *exec.Cmd {
	n.t.Helper()
	self, err := os.Executable()
	if err != nil {
		n.t.Fatal(err)
	}
	c := exec.Command(self)
	c.Args, c.Env = append([]string{"ninelives"}, args...), n.env
	return c
}

// start starts the program and waits until it listens; end ends it.
func (n *newcomer) start(args ...string) (end func()) {
	n.t.Helper()
	c := n.command(args...)
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		n.t.Fatal(err)
	}
	ended := false
	end = func() {
		if !ended {
			ended = true
			_ = c.Process.Signal(syscall.SIGTERM)
			_ = c.Wait()
		}
	}
	n.t.Cleanup(end)
	for range 200 {
		if _, err := instance.Send(n.t.Context(), n.data(), "ping"); err == nil {
			return end
		}
		time.Sleep(50 * time.Millisecond)
	}
	n.t.Fatalf("it never listened: %s", said.String())
	return nil
}

// second starts the program once more and gives what that says.
func (n *newcomer) second(args ...string) string {
	n.t.Helper()
	out, err := n.command(args...).CombinedOutput()
	if err != nil {
		n.t.Errorf("a second start ended with %v: %s", err, out)
	}
	return string(out)
}

// saw wants exactly these pages to have been opened, and waits for one too many.
func (n *newcomer) saw(want ...string) {
	n.t.Helper()
	var pages []string
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if pages = n.pages(); len(pages) >= len(want) {
			break
		}
	}
	time.Sleep(700 * time.Millisecond)
	if pages = n.pages(); strings.Join(pages, " ") != strings.Join(want, " ") {
		n.t.Errorf("the browser got %q, want %q", pages, want)
	}
}

// pages are those that the browser was to open: "" is the overview.
func (n *newcomer) pages() (pages []string) {
	text, _ := os.ReadFile(n.opened())
	for line := range strings.Lines(string(text)) {
		_, page, _ := strings.Cut(strings.TrimSpace(line), "to=%2F")
		pages = append(pages, page)
	}
	return pages
}

// Where no icon is to be seen, a program that is started again shows its page.
func TestSecondStartOpensThePage(t *testing.T) {
	n := newNewcomer(t)
	n.start("run")
	n.saw("welcome")
	if out := n.second(); out != "Nine Lives is running already; its page opens.\n" {
		t.Errorf("it says %q", out)
	}
	n.saw("welcome", "")
	if out := n.second("run", "--at-login"); !strings.Contains(out, "it was asked to check now.\n") {
		t.Errorf("at login it says %q", out)
	}
	n.env = append(n.env, "DISPLAY=")
	if out := n.second("run"); !strings.Contains(out, "`ninelives open`") {
		t.Errorf("without a desktop it says %q", out)
	}
	n.saw("welcome", "")
}

// A double click is a start for a page: a newcomer gets one, and it welcomes.
func TestFirstDoubleClickOpensOnePage(t *testing.T) {
	n := newNewcomer(t)
	end := n.start("open", "ninelives:open/overview")
	n.saw("welcome")
	end()
	n.start("open", "ninelives:open/overview")
	n.saw("welcome", "")
}

func TestPageThatWasAskedForIsTheOnlyOne(t *testing.T) {
	n := newNewcomer(t)
	n.start("open", "ninelives:open/settings")
	n.saw("settings")
}

// A start at login keeps a memory and shows nothing; the welcome is not lost.
func TestStartAtLoginKeepsTheWelcome(t *testing.T) {
	n := newNewcomer(t)
	end := n.start("run", "--at-login")
	if out := n.second(); !strings.Contains(out, "its page opens") {
		t.Errorf("it says %q", out)
	}
	n.saw("welcome")
	end()
	if _, err := os.Stat(filepath.Join(n.data(), "memory.json")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(n.data(), "welcomed")); err != nil {
		t.Fatal(err)
	}
	end = n.start("run", "--at-login")
	n.saw("welcome")
	end()
	end = n.start("run")
	n.saw("welcome", "welcome")
	end()
	n.start("run")
	n.saw("welcome", "welcome")
}

// Without a browser nobody was shown around.
func TestWelcomeWaitsForABrowser(t *testing.T) {
	n := newNewcomer(t)
	script, broken := filepath.Join(n.home, "bin", "xdg-open"), []byte("#!/bin/sh\nexit 3\n")
	works, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range [][]byte{broken, works} {
		if err := os.WriteFile(script, text, 0o755); err != nil {
			t.Fatal(err)
		}
		end := n.start("run")
		time.Sleep(time.Second)
		end()
	}
	n.saw("welcome")
}

// Where nothing can be kept, a welcome would come at every start.
func TestNoWelcomeThatCannotBeRemembered(t *testing.T) {
	n := newNewcomer(t)
	c := n.command("run", "--data-dir", "/proc/nobody")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1500 * time.Millisecond)
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("it does not run: %v", err)
	}
	_ = c.Wait()
	n.saw()
}

// The entry in the menu of programs starts it for the page where nothing runs.
func TestActionOfTheMenuOfProgramsStartsIt(t *testing.T) {
	n := newNewcomer(t)
	entry, err := os.ReadFile(filepath.Join("..", "..", "packaging", "linux", "ninelives.desktop"))
	if err != nil {
		t.Fatal(err)
	}
	_, action, _ := strings.Cut(string(entry), "[Desktop Action page]")
	_, line, found := strings.Cut(action, "\nExec=ninelives ")
	if !found {
		t.Fatalf("no action:\n%s", entry)
	}
	n.start(strings.Fields(line)...)
	n.saw("welcome")
}

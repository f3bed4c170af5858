package desktop

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"ninelives/internal/alert"
)

// A click of dunst's left button closes a notice unless told otherwise.
const dunstConfig = `[global]
origin = top-left
offset = 10x10
width = 420
font = Sans 11
max_icon_size = 64
mouse_left_click = do_action, close_current
`

// run starts a program for as long as the test runs.
func run(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

// newScreen starts an X server on a free display and makes it the test's.
func newScreen(t *testing.T) {
	t.Helper()
	needTool(t, "Xvfb")
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "640x300x24", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{write}
	run(t, cmd)
	_ = write.Close()
	display, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb does not start: %v", err)
	}
	t.Setenv("DISPLAY", ":"+strings.TrimSpace(display))
}

// A real service: the notice is seen, replaced, clicked and gone. With
// NINELIVES_SCREENSHOTS naming a folder, a picture is left there.
func TestRealServiceShowsAndAnswers(t *testing.T) {
	dunst, xdotool := needTool(t, "dunst"), needTool(t, "xdotool")
	newBus(t)
	newScreen(t)
	config := filepath.Join(t.TempDir(), "dunstrc")
	if err := os.WriteFile(config, []byte(dunstConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, exec.Command(dunst, "-conf", config))

	clicks := make(chan alert.Message, 1)
	n := newTestNotifier(t, NotifierOptions{Clicked: func(m alert.Message) { clicks <- m }})
	eventually(t, "dunst is there", func() bool { return strings.HasPrefix(n.Backend(), "session bus, dunst") })
	mustNotify(t, n, alert.Message{Title: "an older notice"})
	mustNotify(t, n, message)
	windows := func() int {
		out, _ := exec.Command(xdotool, "search", "--onlyvisible", "--class", "dunst").Output()
		return strings.Count(string(out), "\n")
	}
	eventually(t, "one window is seen", func() bool { return windows() == 1 })
	screenshot(t, "notification.png")
	if out, err := exec.Command(xdotool, "mousemove", "100", "40", "click", "1").CombinedOutput(); err != nil {
		t.Fatalf("xdotool: %v\n%s", err, out)
	}
	select {
	case m := <-clicks:
		if !reflect.DeepEqual(m, message) {
			t.Errorf("clicked %+v", m)
		}
	case <-time.After(soon):
		t.Fatal("the click does not arrive")
	}
	eventually(t, "the clicked notice is gone", func() bool { return windows() == 0 })
	mustNotify(t, n, message)
	eventually(t, "the next one is seen", func() bool { return windows() == 1 })
	if err := n.Withdraw(within(soon)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is withdrawn", func() bool { return windows() == 0 })
}

func screenshot(t *testing.T, name string) {
	t.Helper()
	dir := os.Getenv("NINELIVES_SCREENSHOTS")
	if dir == "" {
		return
	}
	time.Sleep(time.Second) // the window is there before it is drawn
	if out, err := exec.Command(needTool(t, "import"), "-window", "root", filepath.Join(dir, name)).CombinedOutput(); err != nil {
		t.Fatalf("import: %v\n%s", err, out)
	}
}

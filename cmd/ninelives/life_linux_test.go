package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"ninelives/internal/instance"
	"ninelives/internal/sample"
)

// life is the program as people have it: a process of its own, in a home of
// its own, that a real browser looks at.
type life struct {
	t    *testing.T
	home string
	args []string
	base string
	live bool // scripts are on
	*tab
}

// live starts the program on these backups, or on no folder at all, and opens
// its page in a browser.
func live(t *testing.T, backups ...sample.Folder) *life {
	t.Helper()
	need(t, "chromium")
	l := &life{t: t, home: t.TempDir(), args: []string{"run", "--no-tray", "--offline"}}
	for _, f := range backups {
		l.backup(f)
	}
	if len(backups) > 0 {
		l.args = append(l.args, "--backup-dir", l.folder())
	}
	c := l.program()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGTERM)
		if err := c.Wait(); err != nil {
			t.Errorf("the program ended with: %v", err)
		}
	})
	l.tab, l.live = newTab(t), true
	l.call("Emulation.setFocusEmulationEnabled", map[string]any{"enabled": true}, nil)
	l.visit(l.link())
	l.until("location.pathname + document.readyState", "/complete")
	l.base = l.eval("location.origin")
	return l
}

func (l *life) folder() string { return filepath.Join(l.home, "backups") }

// program is one start of it; the second one only pokes the first.
func (l *life) program() *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		l.t.Fatal(err)
	}
	c := exec.Command(self)
	c.Args = append([]string{"ninelives"}, l.args...)
	c.Env = append(os.Environ(), "NINELIVES_TEST_MAIN=1", "HOME="+l.home, "XDG_CONFIG_HOME="+filepath.Join(l.home, "config"),
		"XDG_STATE_HOME="+filepath.Join(l.home, "state"), "DBUS_SESSION_BUS_ADDRESS=unix:path="+filepath.Join(l.home, "no-bus"),
		"DISPLAY=", "WAYLAND_DISPLAY=") // so that a second start opens no page of its own
	return c
}

// backup writes a backup as a device does: the older one of it goes.
func (l *life) backup(f sample.Folder) {
	l.t.Helper()
	if err := os.RemoveAll(filepath.Join(l.folder(), f.UDID)); err != nil {
		l.t.Fatal(err)
	}
	if _, err := f.Write(l.folder()); err != nil {
		l.t.Fatal(err)
	}
}

// link is what `ninelives open` gives to the browser.
func (l *life) link() string {
	l.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		reply, err := instance.Send(l.t.Context(), filepath.Join(l.home, "state", "ninelives"), askForLink+"overview")
		if err == nil && strings.HasPrefix(reply, "http://") {
			return reply
		}
		if time.Now().After(end) {
			l.t.Fatalf("no link: %q, %v", reply, err)
		}
	}
}

func (l *life) settings() string {
	l.t.Helper()
	text, err := os.ReadFile(filepath.Join(l.home, "config", "ninelives", "config.toml"))
	if err != nil && !os.IsNotExist(err) {
		l.t.Fatal(err)
	}
	return string(text)
}

// keeps waits until the file of the settings has a text.
func (l *life) keeps(text string) {
	l.t.Helper()
	for end := time.Now().Add(20 * time.Second); !strings.Contains(l.settings(), text); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			l.t.Fatalf("the settings do not hold %s:\n%s", text, l.settings())
		}
	}
}

// save sends the settings and waits for the page that follows.
func (l *life) save() {
	l.t.Helper()
	l.eval("window.sent = true")
	l.click("Save settings")
	l.until("!window.sent && document.readyState", "complete")
}

// news lets the program look once more, and waits until a page with scripts
// has taken that over. A page without stands still.
func (l *life) news() {
	l.t.Helper()
	const renewals = "performance.getEntriesByName(location.origin + location.pathname).filter(e => e.initiatorType === 'fetch').length"
	before := l.eval(renewals)
	if out, err := l.program().Output(); err != nil || !strings.Contains(string(out), "it was asked to check now") {
		l.t.Fatalf("%s: %v", out, err)
	}
	if l.live {
		l.until(renewals+" > "+before, "true")
		l.eval("new Promise(done => setTimeout(done, 100))") // it was fetched; the script takes it over
	}
}

// refused forgets that the browser calls a refused form an error, as it is.
func (l *life) refused() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.log = slices.DeleteFunc(l.log, func(line string) bool { return strings.Contains(line, "422") })
}

// scripts switches JavaScript on or off and loads the page anew.
func (l *life) scripts(on bool) {
	l.t.Helper()
	l.live = on
	l.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": !on}, nil)
	l.open("/")
}

func (l *life) open(path string) {
	l.t.Helper()
	l.visit(l.base + path)
	l.until("location.pathname + document.readyState", path+"complete")
}

// click clicks with the mouse on what has these words and can be clicked.
func (l *life) click(words string) {
	l.t.Helper()
	l.clickOn(fmt.Sprintf(`[...document.querySelectorAll('main a, main button, main summary, nav a')].find(e => e.checkVisibility() && e.innerText.trim().startsWith(%q))`, words))
}

// clickOn clicks with the mouse on the middle of an element, which nothing may
// cover.
func (l *life) clickOn(element string) {
	l.t.Helper()
	l.until("!!("+element+")", "true")
	var at struct {
		X, Y    float64
		Covered string
	}
	place := l.eval(fmt.Sprintf(`(() => {
		const e = %s;
		e.scrollIntoView({block: 'center', behavior: 'instant'});
		const r = e.getClientRects()[0], x = r.x + r.width / 2, y = r.y + r.height / 2, top = document.elementFromPoint(x, y);
		return JSON.stringify({x, y, covered: top && (e.contains(top) || top.contains(e)) ? '' : top ? top.outerHTML.slice(0, 200) : 'off the screen'});
	})()`, element))
	if err := json.Unmarshal([]byte(place), &at); err != nil {
		l.t.Fatalf("%s: %q: %v", element, place, err)
	}
	if at.Covered != "" {
		l.t.Errorf("%s is covered by %s", element, at.Covered)
	}
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		l.call("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": at.X, "y": at.Y, "button": "left", "clickCount": 1}, nil)
	}
}

// fill types a text into a field, over what stands in it.
func (l *life) fill(field, text string) {
	l.t.Helper()
	l.until(fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.focus(); e.select(); return document.activeElement === e; })()`, field), "true")
	l.call("Input.insertText", map[string]any{"text": text}, nil)
}

// key presses a key on the keyboard.
func (l *life) key(name, text string, code int) {
	l.t.Helper()
	for _, kind := range []string{"keyDown", "keyUp"} {
		l.call("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": name, "code": name, "text": text, "windowsVirtualKeyCode": code}, nil)
		text = ""
	}
}

// picture keeps what the browser shows, if somebody wants to look at it.
func (l *life) picture(name string) {
	l.t.Helper()
	dir := os.Getenv("NINELIVES_SCREENSHOTS")
	if dir == "" {
		return
	}
	var shot struct{ Data string }
	l.call("Page.captureScreenshot", map[string]any{"format": "png", "captureBeyondViewport": true}, &shot)
	png, err := base64.StdEncoding.DecodeString(shot.Data)
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name), png, 0o644)
	}
	if err != nil {
		l.t.Fatal(err)
	}
}

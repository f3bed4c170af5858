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

	"ninelives/internal/health"
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
		"XDG_STATE_HOME="+filepath.Join(l.home, "state"), "DBUS_SESSION_BUS_ADDRESS=unix:path="+filepath.Join(l.home, "no-bus"))
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

func lea(age time.Duration) sample.Folder {
	f := kim(age)
	f.UDID, f.Name = "00008110-0000000000000002", "Lea's phone"
	return f
}

var kimID, leaID = health.IDOf(kim(0).UDID), health.IDOf(lea(0).UDID)

// eitherWay tells a story with JavaScript and without.
func eitherWay(t *testing.T, story func(t *testing.T, l *life), backups func() []sample.Folder) {
	for name, on := range map[string]bool{"with JavaScript": true, "without JavaScript": false} {
		t.Run(name, func(t *testing.T) {
			l := live(t, backups()...)
			l.scripts(on)
			story(t, l)
			l.content()
		})
	}
}

func TestStoryOfTheFirstStart(t *testing.T) {
	l := live(t)
	l.until("!!document.querySelector('.top.welcome h1')", "true")
	l.shows("What to do now")
	if n := l.eval("document.querySelectorAll('.steps > li').length"); n == "0" {
		t.Error("no step leads on")
	}
	l.backup(kim(time.Hour))
	l.click("Settings")
	l.until("location.pathname", "/settings")
	l.fill("#backups-folders", l.folder())
	l.save()
	l.keeps(l.folder())
	l.click("Overview")
	l.until("document.querySelector('.card.ok h2')?.innerText", "Kim's phone")
	l.content()
}

func TestStoryFromLateToGreen(t *testing.T) {
	eitherWay(t, func(t *testing.T, l *life) {
		l.until("document.querySelector('#device-"+kimID+".warning header b')?.innerText", "needs attention")
		l.click("Kim's phone")
		l.until("location.pathname", "/device/"+kimID)
		l.shows("The nine fixes")
		title := l.eval("document.querySelector('.nine li a').innerText")
		l.clickOn("document.querySelector('.nine li a')")
		l.until("document.querySelector('.fix h1')?.innerText", title)
		l.shows("needs attention")

		l.click("Done, check again")
		l.shows("Checked at once: no new backup is proven yet.")
		l.backup(kim(time.Minute))
		l.click("Done, check again")
		l.shows("It worked: Kim's phone is backed up again.")
		l.shows("There is nothing to mend here any more.")
		l.click("To the overview")
		l.until("document.querySelector('#device-"+kimID+".ok header b')?.innerText", "fine")
		l.until("document.querySelectorAll('.warning, .critical').length", "0")
	}, func() []sample.Folder { return []sample.Folder{kim(10 * day)} })
}

func TestStoryOfAFixThatDidNotHelp(t *testing.T) {
	eitherWay(t, func(t *testing.T, l *life) {
		first := l.eval("document.querySelector('.try h3').innerText")
		l.click("Show me how")
		l.until("document.querySelector('.fix h1')?.innerText", first)
		l.click("Did not help")
		l.shows("Noted that this did not help. Try next: ")
		next := l.eval("document.querySelector('#notice').innerText.split('Try next: ')[1].slice(0, -1)")
		if next == first || next == "" {
			t.Fatalf("after %q comes %q", first, next)
		}
		l.until("document.querySelector('.after .soft a').innerText", next) // the way on
		l.open("/device/" + kimID)
		l.until("document.querySelector('.nine li h3').innerText", next)
		l.open("/")
		l.until("document.querySelector('.try h3').innerText", next)
		l.open("/device/" + kimID)
		l.until(fmt.Sprintf("[...document.querySelectorAll('.nine li')].findIndex(e => e.innerText.includes(%q) && e.querySelector('.tried')) > 0", first), "true")
	}, func() []sample.Folder { return []sample.Folder{kim(10 * day)} })
}

func TestStoryOfSilenceAndBack(t *testing.T) {
	eitherWay(t, func(t *testing.T, l *life) {
		l.click("Snooze or ignore")
		l.click("Snooze 1 day")
		l.shows("Kim's phone: Snoozed until ")
		l.click("Undo")
		l.shows("Kim's phone is no longer snoozed.")
		l.until("!!document.querySelector('.note')", "false")

		l.click("Snooze or ignore")
		l.click("Ignore this device")
		l.shows("Kim's phone is ignored from now on.")
		l.shows("Ignored devices")
		l.until("!!document.getElementById('device-"+kimID+"')", "false")
		l.click("Watch again")
		l.shows("Kim's phone is watched again.")
		l.until("!!document.getElementById('device-"+kimID+"')", "true")
	}, func() []sample.Folder { return []sample.Folder{kim(10 * day)} })
}

func TestStoryOfTheSettings(t *testing.T) {
	eitherWay(t, func(t *testing.T, l *life) {
		l.click("Settings")
		l.until("location.pathname", "/settings")
		l.until("document.readyState", "complete")
		l.fill("#warn_after", "next <Tuesday>")
		l.fill("#critical_after", "60 days")
		l.save()
		l.shows("Nothing was saved: one entry is not accepted.")
		l.until("document.querySelector('#warn_after').value", "next <Tuesday>")
		l.until("document.querySelector('#critical_after').value.startsWith('60')", "true")
		l.until("document.querySelector('#warn_after-error').innerText", "This is not a length of time. Write it like 36h, 7d or 2 weeks.")
		l.until("document.querySelector('#warn_after').getAttribute('aria-invalid')", "true")
		if text := l.settings(); text != "" {
			t.Errorf("a bad value has changed the file:\n%s", text)
		}
		l.refused()
		l.news()
		l.shows("Nothing was saved: one entry is not accepted.")
		l.fill("#warn_after", "30 days")
		l.save()
		l.shows("Saved. It holds from now on.")
		l.news()
		l.shows("Saved. It holds from now on.")
		l.keeps(`warn_after = "30d"`)
		l.keeps(`critical_after = "60d"`)
		l.click("Overview")
		l.until("document.querySelector('#device-"+kimID+".ok header b')?.innerText", "fine")
	}, func() []sample.Folder { return []sample.Folder{kim(10 * day)} })
}

func TestStoryOfAPageThatRenewsItself(t *testing.T) {
	l := live(t, kim(12*day), lea(10*day))
	l.until("document.querySelector('.card').id", "device-"+kimID)
	l.eval(`window.untouched = true`)
	l.clickOn("document.querySelector('#device-" + leaID + " summary')")
	l.clickOn("document.querySelector('#key > summary')")
	l.eval(`document.querySelector('#device-` + leaID + ` .try a').focus(); window.focused = document.activeElement`)

	l.backup(kim(time.Minute))
	out, err := l.program().Output() // a second start
	if err != nil || !strings.Contains(string(out), "running already; it was asked to check now") {
		t.Fatalf("%s: %v", out, err)
	}
	l.until("document.querySelector('#device-"+kimID+".ok header b')?.innerText", "fine")
	for what, want := range map[string]string{
		"window.untouched": "true",
		"document.activeElement === window.focused && focused.closest('article').id":                   "device-" + leaID,
		"document.querySelector('#device-" + leaID + " details').open":                                 "true",
		"document.querySelector('#key').open":                                                          "true",
		"document.querySelector('.card').id":                                                           "device-" + leaID, // the worst stands first
		"document.querySelector('#said').innerText.includes(\"Kim's phone: fine\")":                    "true",
		"document.title.startsWith(document.querySelector('h1').innerText)":                            "true",
		"document.querySelector('#lost').hidden && !document.querySelector('#lost').checkVisibility()": "true",
	} {
		if got := l.eval(what); got != want {
			t.Errorf("%s is %s, want %s", what, got, want)
		}
	}

	// News that change nothing leave it where it is.
	const place = "scrollY + ' ' + (document.activeElement === focused) + document.querySelector('#key').open + untouched"
	was := l.eval(place)
	l.news()
	l.until(place, was)
	l.content()
}

// everywhere are the pages of a program that watches Kim's phone, which is late.
var everywhere = []string{"/", "/device/" + kimID, "/device/" + kimID + "/fix/power", "/settings", "/sources", "/welcome"}

func TestStoryAtNightAndOnAPhone(t *testing.T) {
	l := live(t, kim(12*day), lea(time.Hour))
	screen := func(width, height int) {
		l.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}, nil)
	}
	scheme := func(name string) {
		l.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]any{{"name": "prefers-color-scheme", "value": name}}}, nil)
	}
	paper := func() string { return l.eval("getComputedStyle(document.documentElement).backgroundColor") }
	screen(1280, 800)
	scheme("light")
	l.picture("overview.png")
	light := paper()
	scheme("dark")
	if paper() == light {
		t.Errorf("by night the page is as by day: %s", light)
	}
	l.picture("overview-dark.png")
	scheme("light")
	l.open(everywhere[2])
	l.picture("fix.png")
	screen(360, 740)
	l.call("Emulation.setScrollbarsHidden", map[string]any{"hidden": true}, nil) // as on a phone
	for _, path := range everywhere {
		l.open(path)
		l.eval(`document.querySelectorAll('details').forEach(d => d.open = true)`)
		if got := l.eval("document.documentElement.scrollWidth <= 360 && innerWidth === 360"); got != "true" {
			t.Errorf("%s is %s wide: %s", path, l.eval("document.documentElement.scrollWidth"),
				l.eval("[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > 360 && !e.closest('.vh')).map(e => e.outerHTML.slice(0, 100)).join('\\n')"))
		}
		if path == "/" {
			l.picture("overview-360.png")
		}
	}
	l.content()
}

func TestStoryOfAKeyboardAlone(t *testing.T) {
	l := live(t, kim(12*day), lea(time.Hour))
	const reachable = `[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')].filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled)`
	tab := func() { l.key("Tab", "", 9) }
	for _, path := range everywhere[:5] {
		l.open(path)
		l.until("!!document.querySelector('footer')", "true")
		var n int
		if _, err := fmt.Sscan(l.eval("(window.all = "+reachable+").length"), &n); err != nil || n < 5 {
			t.Fatalf("%s: %d places to go, %v", path, n, err)
		}
		for i := range n {
			tab()
			at := l.eval(fmt.Sprintf(`(() => {
				const e = document.activeElement, want = all[%d], s = getComputedStyle(e), r = e.getBoundingClientRect();
				if (e !== want) return 'the focus is on ' + e.outerHTML.slice(0, 150) + ', not on ' + want.outerHTML.slice(0, 150);
				if (!(parseFloat(s.outlineWidth) > 0) || s.outlineStyle === 'none') return 'no outline around ' + e.outerHTML.slice(0, 150);
				if (r.bottom < 1 || r.top >= innerHeight || r.right < 1 || r.left >= innerWidth) return 'off the screen is ' + e.outerHTML.slice(0, 150);
				const top = document.elementFromPoint(Math.max(0, Math.min(innerWidth - 1, r.x + r.width / 2)), Math.max(0, Math.min(innerHeight - 1, r.y + r.height / 2)));
				if (!e.contains(top) && !(top && top.contains(e)) && (!top || top.closest('.save, #notice'))) return 'covered is ' + e.outerHTML.slice(0, 150);
				return '';
			})()`, i))
			if at != "" {
				t.Errorf("%s, after Tab %d: %s", path, i+1, at)
				break
			}
			if i == 0 && l.eval("document.activeElement.className") != "skip" {
				t.Errorf("%s does not begin with the way to the content", path)
			}
		}
	}

	l.open("/")
	tab()
	l.key("Enter", "\r", 13)
	l.until("location.hash + document.activeElement.id", "#mainmain")
	tab()
	l.until("document.activeElement.innerText", "Check now")
	l.key("Enter", "\r", 13)
	l.shows("Checked just now. ")
	l.content()
}

package main

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"ninelives/internal/sample"
)

// realDesktop is a screen with a panel and a notification service that we did
// not write.
type realDesktop struct {
	t    *testing.T
	home string
	as   *syscall.SysProcAttr // whose programs run there; nil: those of this test
	env  []string
	conn *dbus.Conn
}

const screenWidth, screenHeight = 1280, 800

// screenPanel is the panel, without its clock.
var screenPanel = image.Rect(0, 0, screenWidth-110, 27)

// newDesktop starts Xvfb, xfce4-panel and dunst on a bus of their own.
func newDesktop(t *testing.T) *realDesktop {
	t.Helper()
	return desktopOf(t, t.TempDir(), nil)
}

// desktopOf is a desktop of somebody else, in a home folder that is there.
func desktopOf(t *testing.T, home string, as *syscall.SysProcAttr) *realDesktop {
	t.Helper()
	need(t, "Xvfb", "xfce4-panel", "dunst", "dunstctl", "xdotool", "import", "dbus-daemon")
	d := &realDesktop{t: t, home: home, as: as}
	d.env = append(os.Environ(),
		"HOME="+d.home, "XDG_CONFIG_HOME="+filepath.Join(d.home, ".config"), "XDG_STATE_HOME="+filepath.Join(d.home, ".state"),
		"XDG_CACHE_HOME="+filepath.Join(d.home, ".cache"), "XDG_RUNTIME_DIR="+d.home, "NO_AT_BRIDGE=1", "TZ=UTC",
		"GTK_THEME=Adwaita:dark", "LANG=C.UTF-8")
	bus := busOf(t, as, d.env)
	d.env = append(d.env, "DBUS_SESSION_BUS_ADDRESS="+bus)
	d.env = append(d.env, "DISPLAY="+d.startX())
	var err error
	if d.conn, err = dbus.Connect(bus); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.conn.Close() })
	d.start("xfce4-panel", "--disable-wm-check")
	d.start("dunst")
	d.owned("org.kde.StatusNotifierWatcher")
	d.owned("org.freedesktop.Notifications")
	return d
}

// startX starts a screen on a display that is free and gives its name.
func (d *realDesktop) startX() string {
	d.t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		d.t.Fatal(err)
	}
	c := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", screenWidth, screenHeight), "-nolisten", "tcp", "-ac")
	c.ExtraFiles = []*os.File{w}
	if err := c.Start(); err != nil {
		d.t.Fatal(err)
	}
	_ = w.Close()
	d.t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait(); _ = r.Close() })
	line := make([]byte, 16)
	n, err := r.Read(line)
	if err != nil {
		d.t.Fatalf("Xvfb gave no display: %v", err)
	}
	return ":" + strings.TrimSpace(string(line[:n]))
}

func (d *realDesktop) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Env, c.SysProcAttr, c.Dir = d.env, d.as, d.home
	return c
}

func (d *realDesktop) start(name string, args ...string) {
	d.t.Helper()
	c := d.command(name, args...)
	if err := c.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
}

// run runs a program of the desktop and gives what it prints.
func (d *realDesktop) run(name string, args ...string) []byte {
	d.t.Helper()
	out, err := d.command(name, args...).Output()
	if err != nil {
		d.t.Fatalf("%s %v: %v", name, args, err)
	}
	return out
}

// until waits for something to become true on the desktop, which takes its
// time.
func (d *realDesktop) until(what string, ok func() bool) {
	d.t.Helper()
	for range 300 {
		if ok() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	d.t.Fatalf("waited in vain for %s", what)
}

func (d *realDesktop) owned(name string) {
	d.t.Helper()
	d.until(name+" on the bus", func() bool {
		var has bool
		return d.conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, name).Store(&has) == nil && has
	})
}

// picture takes the screen as it is.
func (d *realDesktop) picture() image.Image {
	d.t.Helper()
	picture, err := png.Decode(bytes.NewReader(d.run("import", "-window", "root", "png:-")))
	if err != nil {
		d.t.Fatal(err)
	}
	return picture
}

// changed gives the smallest rectangle of a part of the screen in which two
// pictures differ.
func changed(a, b image.Image, part image.Rectangle) image.Rectangle {
	var all image.Rectangle
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			if a.At(x, y) != b.At(x, y) {
				all = all.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return all
}

// item is the program's icon on the bus.
func (d *realDesktop) item() dbus.BusObject {
	d.t.Helper()
	var owner string
	d.until("the icon to be registered", func() bool {
		v, err := d.conn.Object("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher").GetProperty("org.kde.StatusNotifierWatcher.RegisteredStatusNotifierItems")
		if err != nil {
			return false
		}
		items, _ := v.Value().([]string)
		if len(items) == 1 {
			owner, _, _ = strings.Cut(items[0], "/")
			owner = strings.TrimSuffix(owner, "@")
		}
		return owner != ""
	})
	return d.conn.Object(owner, "/StatusNotifierItem")
}

// menuLabels reads the labels of the menu that are shown, and the id of each.
func menuLabels(t *testing.T, menu dbus.BusObject) (labels []string, ids map[string]int32) {
	t.Helper()
	type node struct {
		ID       int32
		Props    map[string]dbus.Variant
		Children []dbus.Variant
	}
	var revision uint32
	var root node
	if err := menu.Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root); err != nil {
		t.Fatal(err)
	}
	ids = map[string]int32{}
	var walk func(n node)
	walk = func(n node) {
		if v, ok := n.Props["visible"]; ok && v.Value() == false {
			return
		}
		if v, ok := n.Props["label"]; ok {
			label := fmt.Sprint(v.Value())
			labels = append(labels, label)
			ids[label] = n.ID
		}
		for _, c := range n.Children {
			var child node
			if err := dbus.Store([]any{c.Value()}, &child); err != nil {
				t.Fatal(err)
			}
			walk(child)
		}
	}
	walk(root)
	return labels, ids
}

// click clicks the item of the menu whose label begins so.
func (d *realDesktop) click(item dbus.BusObject, label string) {
	d.t.Helper()
	menu := d.conn.Object(item.Destination(), "/StatusNotifierItem/menu")
	labels, ids := menuLabels(d.t, menu)
	i := slices.IndexFunc(labels, func(l string) bool { return strings.HasPrefix(l, label) })
	if i < 0 {
		d.t.Fatalf("the menu has no %q: %q", label, labels)
	}
	if err := menu.Call("com.canonical.dbusmenu.Event", 0, ids[labels[i]], "clicked", dbus.MakeVariant(0), uint32(0)).Err; err != nil {
		d.t.Fatal(err)
	}
}

// notices counts what dunst was given: shown, waiting and put away.
func (d *realDesktop) notices() (total int) {
	d.t.Helper()
	for _, kind := range []string{"displayed", "waiting", "history"} {
		n, err := strconv.Atoi(strings.TrimSpace(string(d.run("dunstctl", "count", kind))))
		if err != nil {
			d.t.Fatal(err)
		}
		total += n
	}
	return total
}

// keep writes a picture where NINELIVES_SCREENSHOTS says, for people to look
// at; the one in the README was taken so.
func keep(t *testing.T, name string, picture image.Image, part image.Rectangle) {
	t.Helper()
	dir := os.Getenv("NINELIVES_SCREENSHOTS")
	if dir == "" {
		return
	}
	if cut, ok := picture.(interface {
		SubImage(image.Rectangle) image.Image
	}); ok {
		picture = cut.SubImage(part)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// browser is a folder with a browser that only notes what it was to open.
func (d *realDesktop) browser() string {
	d.t.Helper()
	dir := filepath.Join(d.home, "bin")
	script := "#!/bin/sh\necho \"$1\" >> '" + filepath.Join(d.home, "opened") + "'\n"
	if err := os.MkdirAll(dir, 0o755); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(script), 0o755); err != nil {
		d.t.Fatal(err)
	}
	return dir
}

// shownAround waits for the page that a first start opens.
func (d *realDesktop) shownAround() {
	d.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if opened, _ := os.ReadFile(filepath.Join(d.home, "opened")); strings.Contains(string(opened), "to=%2Fwelcome") {
			return
		}
	}
	d.t.Error("the first start shows nobody around")
}

// TestOnARealDesktop starts the program as a newcomer does, with an iPhone
// that has not been backed up for eleven days, and looks at the screen: icon,
// tooltip, menu, exactly one notification, and the end by its own menu.
func TestOnARealDesktop(t *testing.T) {
	d := newDesktop(t)
	backups := filepath.Join(d.home, "Backup")
	now := time.Now()
	for _, f := range []sample.Folder{
		{UDID: "00008110-000A1B2C3D4E5F60", Name: "Anna's iPhone", ProductType: "iPhone14,5", OSVersion: "18.1", Date: now.Add(-11*24*time.Hour - time.Hour), Encrypted: true},
		{UDID: "00008101-0011223344556677", Name: "Ben's iPad", ProductType: "iPad13,1", OSVersion: "17.5", Date: now.Add(-26 * time.Hour), Encrypted: true},
	} {
		if _, err := f.Write(backups); err != nil {
			t.Fatal(err)
		}
	}
	outage := serveFeed(t, sample.Feed(sample.Event{
		Service: "iCloud Backup", ID: "2000005001", Type: "Outage", Status: "ongoing", Start: now.Add(-3 * time.Hour),
		Affected: []string{"iCloud Backup", "Photos"},
	}))
	time.Sleep(2 * time.Second) // the panel draws itself
	before := d.picture()

	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := exec.Command(self)
	program.Args = []string{"ninelives", "run", "--backup-dir", backups, "--feed-url", outage}
	program.Env = append(slices.Clone(d.env), "NINELIVES_TEST_MAIN=1", "PATH="+d.browser()+":"+os.Getenv("PATH"))
	var printed bytes.Buffer
	program.Stdout, program.Stderr = &printed, &printed
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- program.Wait() }()
	t.Cleanup(func() { _ = program.Process.Kill() })

	d.shownAround()
	item := d.item()
	var tip struct {
		IconName string
		Pixmaps  []struct {
			Width, Height int32
			Bytes         []byte
		}
		Title, Text string
	}
	const wantTip = "Nine Lives: 1 of 2 devices needs attention. Anna's iPhone: 11 days, limit 7"
	d.until("the tooltip to tell the verdict", func() bool {
		v, err := item.GetProperty("org.kde.StatusNotifierItem.ToolTip")
		return err == nil && dbus.Store([]any{v.Value()}, &tip) == nil && tip.Title == wantTip
	})
	d.until("a notification", func() bool { return d.notices() > 0 })
	time.Sleep(2 * time.Second) // a second one would come by now
	if n := d.notices(); n != 1 {
		t.Errorf("%d notifications, want exactly one", n)
	}

	after := d.picture()
	icon := changed(before, after, screenPanel)
	if icon.Dx() < 10 || icon.Dx() > 80 || icon.Dy() < 10 {
		t.Fatalf("the panel changed in %v, want an icon there", icon)
	}
	notice := changed(before, after, image.Rect(screenWidth/2, 30, screenWidth, screenHeight/2))
	if notice.Dx() < 100 || notice.Dy() < 30 {
		t.Errorf("the screen changed in %v, want a notification at the top right", notice)
	}
	keep(t, "notification", after, image.Rect(screenWidth-340, 0, screenWidth, notice.Max.Y+10))
	d.run("dunstctl", "close-all")
	time.Sleep(500 * time.Millisecond)

	closed := d.picture()
	middle := image.Pt(icon.Max.X-13, icon.Max.Y/2) // what lies left of it was moved to make room
	d.run("xdotool", "mousemove", strconv.Itoa(middle.X), strconv.Itoa(middle.Y), "click", "1")
	var open image.Image
	var menu image.Rectangle
	d.until("the menu to open", func() bool {
		open = d.picture()
		menu = changed(closed, open, image.Rect(0, 30, screenWidth, screenHeight))
		return menu.Dx() > 200 && menu.Dy() > 200
	})
	time.Sleep(time.Second)
	open = d.picture()
	keep(t, "menu", open, image.Rect(menu.Min.X-12, 0, screenWidth, menu.Max.Y+12))
	d.run("xdotool", "key", "Escape")

	labels, _ := menuLabels(t, d.conn.Object(item.Destination(), "/StatusNotifierItem/menu"))
	all := strings.Join(labels, "\n")
	for _, want := range []string{"Anna's iPhone: 11 days, limit 7", "Try first: Check whether Apple has a problem", "All nine fixes", "Ben's iPad: fine", "iCloud Backup: an outage since", "Check Now", "Check every", "Warn after", "Start at Login", "Open Nine Lives", "Quit"} {
		if !strings.Contains(all, want) {
			t.Errorf("the menu has no %q:\n%s", want, all)
		}
	}

	d.click(item, "Quit")
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("it ended with %v and printed %s", err, printed.String())
		}
	case <-time.After(10 * time.Second):
		_ = program.Process.Signal(syscall.SIGQUIT)
		t.Fatal("Quit did not end it")
	}
	if _, err := os.Stat(filepath.Join(d.home, ".state", "ninelives", "memory.json")); err != nil {
		t.Errorf("nothing was remembered: %v", err)
	}
}

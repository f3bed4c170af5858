package tray

import (
	"bufio"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"

	"ninelives/internal/view"
)

const patience = 20 * time.Second // for what must come; no test waits it out

// startBus runs a session bus for one test and gives its address.
func startBus(t testing.TB) (address string, stop func()) {
	t.Helper()
	path, err := exec.LookPath("dbus-daemon")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("dbus-daemon is missing; CI must have it (Debian package dbus)")
		}
		t.Skip("dbus-daemon is not installed, so there is no bus to draw on (Debian package dbus)")
	}
	dir, err := os.MkdirTemp("", "bus") // t.TempDir is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--session", "--nofork", "--nopidfile", "--print-address",
		"--address=unix:path="+filepath.Join(dir, "bus"))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = os.RemoveAll(dir)
	})
	t.Cleanup(stop)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("dbus-daemon did not come up: %v", err)
	}
	return strings.TrimSpace(line), stop
}

// host is a desktop's tray, as far as a program can tell.
type host struct {
	t          testing.TB
	conn       *dbus.Conn
	props      *prop.Properties
	registered chan string // the bus name of each item that registers
	signals    chan *dbus.Signal
}

// newHost connects a host to the bus; it is seen as one after appear.
func newHost(t testing.TB, address string) *host {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	h := &host{t: t, conn: conn, registered: make(chan string, 100), signals: make(chan *dbus.Signal, 10_000)}
	if err := conn.Export(h, watcherPath, watcherName); err != nil {
		t.Fatal(err)
	}
	h.props, err = prop.Export(conn, watcherPath, prop.Map{watcherName: {
		"RegisteredStatusNotifierItems": {Value: []string{}, Emit: prop.EmitFalse},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.AddMatchSignal(dbus.WithMatchOption("path_namespace", itemPath)); err != nil {
		t.Fatal(err)
	}
	conn.Signal(h.signals)
	return h
}

// RegisterStatusNotifierItem is called by an item that wants to be shown.
func (h *host) RegisterStatusNotifierItem(path string, sender dbus.Sender) *dbus.Error {
	h.props.SetMust(watcherName, "RegisteredStatusNotifierItems", []string{string(sender) + path})
	h.registered <- string(sender)
	return nil
}

func (h *host) appear() {
	h.t.Helper()
	if reply, err := h.conn.RequestName(watcherName, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		h.t.Fatal(reply, err)
	}
}

// vanish ends the host, which forgets all items.
func (h *host) vanish() {
	h.t.Helper()
	h.props.SetMust(watcherName, "RegisteredStatusNotifierItems", []string{})
	if _, err := h.conn.ReleaseName(watcherName); err != nil {
		h.t.Fatal(err)
	}
}

func (h *host) waitItem() string {
	h.t.Helper()
	return wait(h.t, h.registered, "no icon registered")
}

// signal waits for a signal of that member, and gives all before and with it.
func (h *host) signal(member string) (seen []*dbus.Signal) {
	h.t.Helper()
	for {
		s := wait(h.t, h.signals, "no signal "+member)
		if strings.HasPrefix(string(s.Path), itemPath) {
			seen = append(seen, s)
		}
		if strings.HasSuffix(s.Name, "."+member) {
			return seen
		}
	}
}

func (h *host) property(item, name string) any {
	h.t.Helper()
	v, err := h.conn.Object(item, itemPath).GetProperty("org.kde.StatusNotifierItem." + name)
	if err != nil {
		h.t.Fatal(name, err)
	}
	return v.Value()
}

// node is a line of the menu as a host gets it.
type node struct {
	ID    int32
	Props map[string]dbus.Variant
	Under []dbus.Variant
}

// menu reads the whole menu: its picture, and the id of each label.
func (h *host) menu(item string) (string, map[string]int32) {
	h.t.Helper()
	var root node
	for range 2 { // the first answer is cut short, for the sake of GTK
		var revision uint32
		call := h.conn.Object(item, itemPath+"/menu").Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{})
		if err := call.Store(&revision, &root); err != nil {
			h.t.Fatalf("no menu: %v", err)
		}
	}
	ids := map[string]int32{}
	return pictureOf(h.t, root.Under, ids), ids
}

func pictureOf(t testing.TB, under []dbus.Variant, ids map[string]int32) string {
	var b strings.Builder
	for _, v := range under {
		var n node
		if err := dbus.Store([]any{v.Value()}, &n); err != nil {
			t.Fatal(err)
		}
		text := func(key string) string { s, _ := n.Props[key].Value().(string); return s }
		if visible, ok := n.Props["visible"].Value().(bool); ok && !visible {
			continue
		}
		label := strings.ReplaceAll(text("label"), "__", "_")
		ids[label] = n.ID
		if text("type") == "separator" {
			label = "---"
		}
		if text("toggle-type") == "checkmark" {
			label = map[int32]string{0: "[ ] ", 1: "[x] "}[n.Props["toggle-state"].Value().(int32)] + label
		}
		if text("children-display") == "submenu" {
			label += " >"
		}
		if enabled, ok := n.Props["enabled"].Value().(bool); ok && !enabled {
			label = "(" + label + ")"
		}
		fmt.Fprintln(&b, label)
		for _, l := range strings.SplitAfter(pictureOf(t, n.Under, ids), "\n") {
			if l != "" {
				b.WriteString("    " + l)
			}
		}
	}
	return b.String()
}

func (h *host) click(item string, id int32) {
	h.t.Helper()
	call := h.conn.Object(item, itemPath+"/menu").Call("com.canonical.dbusmenu.Event", 0, id, "clicked", dbus.MakeVariant(0), uint32(0))
	if call.Err != nil {
		h.t.Fatal(call.Err)
	}
}

// program is a child that runs our tray.
type program struct {
	t      testing.TB
	cmd    *exec.Cmd
	orders *gob.Encoder
	stdin  io.Closer
	events chan event
	stderr *strings.Builder // to be read after the end
}

// start runs the child on a bus with a first view.
func start(t testing.TB, address string, first order, env ...string) *program {
	t.Helper()
	p := &program{t: t, events: make(chan event, 100), stderr: &strings.Builder{}}
	p.cmd = exec.Command(os.Args[0])
	p.cmd.Env = append(append(os.Environ(), childEnv+"=ours", "DBUS_SESSION_BUS_ADDRESS="+address), env...)
	p.cmd.Stderr = p.stderr
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.events)
		for lines := json.NewDecoder(stdout); ; {
			var e event
			if lines.Decode(&e) != nil {
				return
			}
			p.events <- e
		}
	}()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() && p.stderr.Len() > 0 {
			t.Logf("the child said: %s", p.stderr)
		}
	})
	p.stdin, p.orders = stdin, gob.NewEncoder(stdin)
	first.Verb = "show"
	p.order(first)
	return p
}

// kill ends the child, if it is still there, and the reader of its events.
func (p *program) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	for range p.events {
	}
}

func (p *program) order(o order) {
	p.t.Helper()
	if err := p.orders.Encode(o); err != nil {
		p.t.Fatal(err)
	}
}

// show has a view drawn and waits until it is under way.
func (p *program) show(items []view.Item) {
	p.t.Helper()
	p.order(order{Verb: "show", Menu: items})
	p.wait("taken")
}

// wait gives the next event of that kind; events of other kinds are passed by.
func (p *program) wait(what string) event {
	p.t.Helper()
	for {
		if e := wait(p.t, p.events, "the child never said "+what); e.What == what {
			return e
		}
	}
}

func wait[T any](t testing.TB, from <-chan T, otherwise string) T {
	t.Helper()
	select {
	case v, ok := <-from:
		if ok {
			return v
		}
	case <-time.After(patience):
	}
	t.Fatal(otherwise)
	panic("not reached")
}

// notifyClosed sends what a desktop sends to the sender of a notification: two
// arguments, to one connection only.
func (h *host) notifyClosed(item string, id uint32) {
	h.t.Helper()
	msg := &dbus.Message{Type: dbus.TypeSignal, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldPath:        dbus.MakeVariant(dbus.ObjectPath("/org/freedesktop/Notifications")),
		dbus.FieldInterface:   dbus.MakeVariant("org.freedesktop.Notifications"),
		dbus.FieldMember:      dbus.MakeVariant("NotificationClosed"),
		dbus.FieldDestination: dbus.MakeVariant(item),
		dbus.FieldSignature:   dbus.MakeVariant(dbus.SignatureOf(id, uint32(1))),
	}, Body: []any{id, uint32(1)}}
	if call := h.conn.Send(msg, nil); call != nil && call.Err != nil {
		h.t.Fatal(call.Err)
	}
}

package desktop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"go.uber.org/goleak"

	"ninelives/internal/alert"
)

var message = alert.Message{Reason: alert.Changed, Title: "Ben's iPad: 12 days", Body: "No backup since <Monday>.\nTry first: power & Wi-Fi.", Device: "3f2a9c01", Fix: "power"}

func newTestNotifier(t *testing.T, opt NotifierOptions) *Notifier {
	t.Helper()
	if opt.beeep == nil {
		opt.beeep = func(string, string, any) error { return errors.New("the spare way was taken") }
	}
	n := NewNotifier(opt)
	t.Cleanup(n.Close)
	return n
}

func mustNotify(t *testing.T, n *Notifier, m alert.Message) {
	t.Helper()
	if err := n.Notify(within(soon), m); err != nil {
		t.Fatalf("Notify: %v", err)
	}
}

func TestNoticeIsShownOnceWithAllItHas(t *testing.T) {
	f := newFake(t, newBus(t))
	n := newTestNotifier(t, NotifierOptions{IconFile: "/icons/nine.png", Clicked: func(alert.Message) {}})
	mustNotify(t, n, message)
	got := f.posts()
	if len(got) != 1 {
		t.Fatalf("shown %d times", len(got))
	}
	want := posted{
		sender: got[0].sender, app: "Nine Lives", icon: "/icons/nine.png", title: message.Title,
		body:    "No backup since &lt;Monday&gt;.\nTry first: power &amp; Wi-Fi.",
		actions: []string{"default", "Show what to do"}, timeout: -1,
		hints: map[string]dbus.Variant{"urgency": dbus.MakeVariant(byte(1)), "desktop-entry": dbus.MakeVariant("ninelives")},
	}
	if !reflect.DeepEqual(got[0], want) {
		t.Errorf("got  %+v\nwant %+v", got[0], want)
	}
	if c := n.Counts(); c != (Counts{Delivered: 1}) {
		t.Errorf("counts %+v", c)
	}
}

func TestServiceIsAskedForNoMoreThanItCan(t *testing.T) {
	f := newFake(t, newBus(t))
	f.set(func() { f.can = []string{"body"} })
	n := newTestNotifier(t, NotifierOptions{Clicked: func(alert.Message) {}})
	mustNotify(t, n, message)
	if got := f.posts()[0]; len(got.actions) != 0 || got.body != message.Body {
		t.Errorf("actions %q, body %q", got.actions, got.body)
	}
}

func TestNewerNoticeReplacesTheOlder(t *testing.T) {
	f := newFake(t, newBus(t))
	n := newTestNotifier(t, NotifierOptions{})
	for range 3 {
		mustNotify(t, n, message)
	}
	for i, p := range f.posts() {
		if want := uint32(min(i, 1)); p.replaces != want {
			t.Errorf("notice %d replaces %d, want %d", i, p.replaces, want)
		}
	}
}

func TestNoticeThatThePersonClosedIsNotReplaced(t *testing.T) {
	f := newFake(t, newBus(t))
	n := newTestNotifier(t, NotifierOptions{})
	mustNotify(t, n, message)
	f.signal("NotificationClosed", uint32(1), uint32(2))
	eventually(t, "the closed notice is forgotten", func() bool { return n.service.replaces(f.conn.Names()[0]) == 0 })
	mustNotify(t, n, message)
	if got := f.posts()[1].replaces; got != 0 {
		t.Errorf("replaces %d, which is gone", got)
	}
}

func TestClickHandsOverTheMessage(t *testing.T) {
	f := newFake(t, newBus(t))
	clicks := make(chan alert.Message, 10)
	n := newTestNotifier(t, NotifierOptions{Clicked: func(m alert.Message) { clicks <- m }})
	mustNotify(t, n, alert.Message{Title: "older"})
	mustNotify(t, n, message)
	f.signal("ActionInvoked", uint32(77), "default") // somebody else's notice
	f.signal("ActionInvoked", uint32(1), "snooze")   // not our action
	f.signal("ActionInvoked", uint32(1))             // malformed, must do no harm
	f.signal("ActionInvoked", "x", uint32(1))
	f.signal("NotificationClosed", uint32(1), uint32(2)) // some services close first
	f.signal("ActionInvoked", uint32(1), "default")
	select {
	case m := <-clicks:
		if !reflect.DeepEqual(m, message) {
			t.Errorf("clicked %+v, want %+v", m, message)
		}
	case <-time.After(soon):
		t.Fatal("the click does not arrive")
	}
	if len(clicks) != 0 {
		t.Errorf("%d clicks too many", len(clicks))
	}
}

func TestClickFromAnotherProgramIsNoClick(t *testing.T) {
	b := newBus(t)
	f := newFake(t, b)
	var clicks atomic.Int32
	s := newService(withDefaults(NotifierOptions{}), func(alert.Message) { clicks.Add(1) })
	t.Cleanup(s.close)
	if err := s.send(within(soon), message); err != nil {
		t.Fatal(err)
	}
	spoof := &dbus.Message{Type: dbus.TypeSignal, Body: []any{uint32(1), "default"}, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldDestination: dbus.MakeVariant(f.posts()[0].sender), dbus.FieldPath: dbus.MakeVariant(notifyPath),
		dbus.FieldInterface: dbus.MakeVariant(notifyName), dbus.FieldMember: dbus.MakeVariant("ActionInvoked"),
		dbus.FieldSignature: dbus.MakeVariant(dbus.SignatureOf(uint32(1), "")),
	}}
	stranger := b.connect(t)
	if call := stranger.Send(spoof, nil); call != nil && call.Err != nil {
		t.Fatal(call.Err)
	}
	if _, err := ask[string](within(soon), stranger, "GetId"); err != nil { // the bus has passed the signal on
		t.Fatal(err)
	}
	f.signal("NotificationClosed", uint32(1), uint32(2))
	eventually(t, "all before it is heard", func() bool { return s.replaces(f.conn.Names()[0]) == 0 })
	if clicks.Load() != 0 {
		t.Error("a stranger's signal opened a page")
	}
	f.signal("ActionInvoked", uint32(1), "default")
	eventually(t, "the service's own signal counts", func() bool { return clicks.Load() == 1 })
}

func TestWithdrawTakesTheNoticeAwayOnce(t *testing.T) {
	f := newFake(t, newBus(t))
	n := newTestNotifier(t, NotifierOptions{})
	for range 2 {
		if err := n.Withdraw(within(soon)); err != nil {
			t.Fatal(err)
		}
	}
	mustNotify(t, n, message)
	for range 2 {
		if err := n.Withdraw(within(soon)); err != nil {
			t.Fatal(err)
		}
	}
	f.set(func() {
		if len(f.closed) != 1 || f.closed[0] != 1 {
			t.Errorf("closed %v, want [1]", f.closed)
		}
	})
}

func TestRefusedNoticeIsAnErrorAndNotTriedAnotherWay(t *testing.T) {
	f := newFake(t, newBus(t))
	f.set(func() { f.refuse = true })
	spare := 0
	n := newTestNotifier(t, NotifierOptions{beeep: func(string, string, any) error { spare++; return nil }})
	if err := n.Notify(within(soon), message); err == nil || spare != 0 {
		t.Errorf("err %v, spare way taken %d times", err, spare)
	}
	if c := n.Counts(); c != (Counts{Failed: 1}) {
		t.Errorf("counts %+v", c)
	}
}

func TestHungServiceCostsTheDeadlineAndWorksAfterIt(t *testing.T) {
	f := newFake(t, newBus(t))
	n := newTestNotifier(t, NotifierOptions{})
	thaw := f.freeze()
	defer thaw()
	if err := n.Notify(within(100*time.Millisecond), message); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	if err := n.Notify(within(soon), message); !errors.Is(err, ErrBusy) {
		t.Fatalf("the next one: %v", err)
	}
	thaw()
	eventually(t, "it works again", func() bool { return n.Notify(within(soon), message) == nil })
	shown := map[uint32]bool{}
	for i, p := range f.posts() {
		if i > 0 {
			shown[p.replaces] = true
		}
	}
	if shown[0] {
		t.Errorf("the notice stands there twice: %+v", f.posts())
	}
}

func TestServiceThatNeverAnswersIsLeftAfterSomePatience(t *testing.T) {
	f := newFake(t, newBus(t))
	n := newTestNotifier(t, NotifierOptions{patience: 200 * time.Millisecond})
	thaw := f.freeze()
	_ = n.Notify(within(50*time.Millisecond), message)
	f.set(func() { f.hang = nil }) // it lost that one call, and answers all others
	defer thaw()
	eventually(t, "the lost call is left behind", func() bool { return n.Notify(within(soon), message) == nil })
}

func TestFrozenBusCostsTheDeadline(t *testing.T) {
	b := newBus(t)
	newFake(t, b)
	n := newTestNotifier(t, NotifierOptions{patience: 300 * time.Millisecond})
	if err := b.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if err := n.Notify(within(100*time.Millisecond), message); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if _, err := n.Probe(within(100 * time.Millisecond)); err == nil {
		t.Error("the probe finds a frozen bus well")
	}
	if err := b.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it works again", func() bool { return n.Notify(within(soon), message) == nil })
}

func TestServiceThatRestartsCountsItsNoticesAnew(t *testing.T) {
	b := newBus(t)
	first := newFake(t, b)
	n := newTestNotifier(t, NotifierOptions{})
	mustNotify(t, n, message)
	_ = first.conn.Close()
	eventually(t, "the first service is gone", func() bool { return len(b.clients(t)) == 1 })
	second := newFake(t, b)
	mustNotify(t, n, message)
	if got := second.posts()[0].replaces; got != 0 {
		t.Errorf("replaces %d, which is another program's notice by now", got)
	}
}

func TestServiceThatDiesWhileShowingIsAnErrorAtOnce(t *testing.T) {
	b := newBus(t)
	f := newFake(t, b)
	n := newTestNotifier(t, NotifierOptions{})
	mustNotify(t, n, message)
	thaw := f.freeze()
	defer thaw()
	time.AfterFunc(50*time.Millisecond, func() { _ = f.conn.Close() })
	if err := n.Notify(within(soon), message); err == nil {
		t.Error("delivered to a dead service")
	}
}

func TestBusThatRestartsIsFoundAgain(t *testing.T) {
	b := newBus(t)
	newFake(t, b)
	n := newTestNotifier(t, NotifierOptions{})
	mustNotify(t, n, message)
	b.stop()
	if err := n.Notify(within(soon), message); err == nil || !strings.Contains(err.Error(), "DBUS_SESSION_BUS_ADDRESS") {
		t.Errorf("without a bus: %v", err)
	}
	b.start(t)
	f := newFake(t, b)
	mustNotify(t, n, message)
	if got := f.posts()[0].replaces; got != 0 {
		t.Errorf("replaces %d of the bus before", got)
	}
}

// deadPipe is a connection whose other end is gone and who has not heard yet.
type deadPipe struct{ closed chan struct{} }

func (p deadPipe) Read([]byte) (int, error)  { <-p.closed; return 0, io.EOF }
func (p deadPipe) Write([]byte) (int, error) { return 0, syscall.EPIPE }
func (p deadPipe) Close() error              { close(p.closed); return nil }

func TestBusThatJustWentAwayIsTriedAgainAtOnce(t *testing.T) {
	f := newFake(t, newBus(t))
	n := newTestNotifier(t, NotifierOptions{})
	dead, err := dbus.NewConn(deadPipe{make(chan struct{})})
	if err != nil {
		t.Fatal(err)
	}
	n.service.conn = dead
	mustNotify(t, n, message)
	if got := len(f.posts()); got != 1 {
		t.Errorf("shown %d times", got)
	}
}

func TestWithoutServiceTheSpareWayIsTaken(t *testing.T) {
	newBus(t)
	var got []string
	fails := false
	n := newTestNotifier(t, NotifierOptions{IconFile: "/i.png", beeep: func(title, body string, icon any) error {
		got = append(got, title, body, fmt.Sprint(icon))
		if fails {
			return errors.New("no kdialog")
		}
		return nil
	}})
	mustNotify(t, n, message)
	if want := []string{message.Title, EscapeBody(message.Body), "/i.png"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	fails = true
	err := n.Notify(within(soon), message)
	if !errors.Is(err, ErrNoService) || !strings.Contains(err.Error(), "install one such as dunst") || !strings.Contains(err.Error(), "no kdialog") {
		t.Errorf("the error does not help: %v", err)
	}
	name, err := n.Probe(within(soon))
	if !strings.HasPrefix(name, "beeep") || !errors.Is(err, ErrNoService) {
		t.Errorf("probe: %q %v", name, err)
	}
}

func TestProbeNamesTheServiceAndWhatIsWrong(t *testing.T) {
	f := newFake(t, newBus(t))
	n := newTestNotifier(t, NotifierOptions{})
	if got := n.Backend(); got != "session bus, fake 9" {
		t.Errorf("backend %q", got)
	}
	thaw := f.freeze()
	defer thaw()
	if name, err := n.Probe(within(50 * time.Millisecond)); err == nil || name != "session bus" {
		t.Errorf("a hung service: %q %v", name, err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
	if name, err := n.Probe(within(soon)); err == nil || name != "none" {
		t.Errorf("no bus: %q %v", name, err)
	}
}

// The shared session bus belongs to the tray, whose library dies of signals
// about notices.
func TestOnlyOurPrivateConnectionSpeaks(t *testing.T) {
	b := newBus(t)
	f := newFake(t, b)
	shared, err := dbus.SessionBus()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = shared.Close() }()
	signals := make(chan *dbus.Signal, 100)
	shared.Signal(signals)
	n := newTestNotifier(t, NotifierOptions{})
	for range 3 {
		mustNotify(t, n, message)
	}
	f.signal("ActionInvoked", uint32(1), "default")
	if err := n.Withdraw(within(soon)); err != nil {
		t.Fatal(err)
	}
	senders := map[string]bool{}
	for _, p := range f.posts() {
		senders[p.sender] = true
	}
	if len(senders) != 1 || senders[shared.Names()[0]] {
		t.Errorf("notices came from %v; the shared connection is %s", senders, shared.Names()[0])
	}
	if got := b.clients(t); len(got) != 3 { // the fake, the shared one, ours
		t.Errorf("on the bus: %v", got)
	}
	for len(signals) > 0 {
		if s := <-signals; strings.HasPrefix(s.Name, notifyName) {
			t.Errorf("the tray's connection hears %s", s.Name)
		}
	}
}

func TestManyNoticesLeaveNothingBehind(t *testing.T) {
	b := newBus(t)
	newFake(t, b)
	before := goleak.IgnoreCurrent()
	n := newTestNotifier(t, NotifierOptions{Clicked: func(alert.Message) {}})
	mustNotify(t, n, message)
	warm := countFiles(t)
	running := goleak.IgnoreCurrent()
	for range 200 {
		mustNotify(t, n, message)
	}
	if err := goleak.Find(running); err != nil {
		t.Errorf("goroutines grew: %v", err)
	}
	if got := countFiles(t); got > warm {
		t.Errorf("%d open files, %d after the first notice", got, warm)
	}
	n.Close()
	if err := goleak.Find(before); err != nil {
		t.Errorf("after Close: %v", err)
	}
}

func TestHungServiceAndManyNoticesLeaveNothingBehind(t *testing.T) {
	f := newFake(t, newBus(t))
	n := newTestNotifier(t, NotifierOptions{patience: 20 * time.Millisecond})
	thaw := f.freeze()
	defer thaw()
	before := goleak.IgnoreCurrent()
	for range 200 {
		if n.Notify(within(2*time.Millisecond), message) == nil {
			t.Fatal("a hung service delivered")
		}
	}
	// The fake keeps one goroutine for each call that hangs in it.
	if err := goleak.Find(before, goleak.IgnoreAnyFunction("ninelives/internal/desktop.(*fake).wait")); err != nil {
		t.Errorf("goroutines pile up: %v", err)
	}
}

func TestCloseIsQuickWhileTheServiceHangs(t *testing.T) {
	f := newFake(t, newBus(t))
	n := NewNotifier(NotifierOptions{})
	thaw := f.freeze()
	defer thaw()
	got := make(chan error, 1)
	go func() { got <- n.Notify(within(soon), message) }()
	eventually(t, "it is on its way", func() bool { return n.queue.out.Load() == 1 })
	n.Close()
	if err := <-got; !errors.Is(err, ErrClosed) {
		t.Errorf("got %v", err)
	}
	if err := n.Notify(within(soon), message); !errors.Is(err, ErrClosed) {
		t.Errorf("afterwards: %v", err)
	}
}

func countFiles(t *testing.T) int {
	t.Helper()
	files, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

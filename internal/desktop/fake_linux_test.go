package desktop

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
)

// bus is a message bus of the test alone, on which nothing can be started.
type bus struct {
	socket string
	config string
	cmd    *exec.Cmd
}

const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=%s</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>`

// newBus starts a bus and makes it the session bus of this test.
func newBus(t *testing.T) *bus {
	t.Helper()
	needTool(t, "dbus-daemon")
	dir, err := os.MkdirTemp("", "bus") // t.TempDir's names are too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	b := &bus{socket: filepath.Join(dir, "s"), config: filepath.Join(dir, "bus.conf")}
	if err := os.WriteFile(b.config, fmt.Appendf(nil, busConfig, b.socket), 0o600); err != nil {
		t.Fatal(err)
	}
	b.start(t)
	t.Cleanup(b.stop)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", b.address())
	return b
}

func (b *bus) address() string { return "unix:path=" + b.socket }

func (b *bus) start(t *testing.T) {
	t.Helper()
	b.cmd = exec.Command("dbus-daemon", "--config-file="+b.config, "--nofork", "--nopidfile", "--print-address")
	out, err := b.cmd.StdoutPipe()
	if err == nil {
		err = b.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("the bus does not start: %v", err)
	}
}

func (b *bus) stop() {
	_ = b.cmd.Process.Kill()
	_ = b.cmd.Wait()
	_ = os.Remove(b.socket)
}

// connect opens a connection of the test's own.
func (b *bus) connect(t *testing.T) *dbus.Conn {
	t.Helper()
	conn, err := dbus.Connect(b.address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// clients are the unique names on the bus.
func (b *bus) clients(t *testing.T) []string {
	t.Helper()
	conn, err := dbus.Connect(b.address())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	names, err := ask[[]string](context.Background(), conn, "ListNames")
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(names, func(n string) bool {
		return !strings.HasPrefix(n, ":") || n == conn.Names()[0]
	})
}

// fake is a notification service that does as it is told.
type fake struct {
	conn *dbus.Conn

	mu     sync.Mutex
	got    []posted
	closed []uint32
	last   uint32
	can    []string
	refuse bool
	hang   chan struct{} // while not nil, every call waits for its end
}

// posted is one call of Notify.
type posted struct {
	sender, app, icon, title, body string
	replaces                       uint32
	actions                        []string
	hints                          map[string]dbus.Variant
	timeout                        int32
}

func newFake(t *testing.T, b *bus) *fake {
	t.Helper()
	f := &fake{conn: b.connect(t), can: []string{"actions", "body", "body-markup"}}
	if err := f.conn.Export(f, notifyPath, notifyName); err != nil {
		t.Fatal(err)
	}
	if reply, err := f.conn.RequestName(notifyName, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("the fake does not get its name: %v %v", reply, err)
	}
	return f
}

// set changes how the service behaves.
func (f *fake) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// wait is where a hanging service hangs.
func (f *fake) wait() {
	f.mu.Lock()
	hang := f.hang
	f.mu.Unlock()
	if hang != nil {
		<-hang
	}
}

// freeze makes the service hang; the function it returns lets it go on.
func (f *fake) freeze() (thaw func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	hang := make(chan struct{})
	f.hang = hang
	return sync.OnceFunc(func() {
		f.set(func() { f.hang = nil })
		close(hang)
	})
}

func (f *fake) Notify(sender dbus.Sender, app string, replaces uint32, icon, title, body string, actions []string, hints map[string]dbus.Variant, timeout int32) (uint32, *dbus.Error) {
	f.wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refuse {
		return 0, dbus.NewError("org.freedesktop.Notifications.Error.ExcessNotificationGeneration", []any{"too many"})
	}
	id := replaces
	if id == 0 {
		f.last++
		id = f.last
	}
	f.got = append(f.got, posted{string(sender), app, icon, title, body, replaces, actions, hints, timeout})
	return id, nil
}

func (f *fake) GetCapabilities() ([]string, *dbus.Error) {
	f.wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.can, nil
}

func (f *fake) GetServerInformation() (name, vendor, version, spec string, err *dbus.Error) {
	f.wait()
	return "fake", "tests", "9", "1.2", nil
}

func (f *fake) CloseNotification(id uint32) *dbus.Error {
	f.wait()
	f.mu.Lock()
	f.closed = append(f.closed, id)
	f.mu.Unlock()
	f.signal("NotificationClosed", id, uint32(3))
	return nil
}

func (f *fake) signal(member string, body ...any) {
	_ = f.conn.Emit(notifyPath, notifyName+"."+member, body...)
}

func (f *fake) posts() []posted {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.got)
}

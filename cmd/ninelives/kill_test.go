package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"ninelives/internal/sample"
)

// notices stands in for the notification service: what it is given is what
// people see, and it outlives the program that is killed.
type notices struct {
	mu   sync.Mutex
	seen []string // title and body
}

// Notify implements org.freedesktop.Notifications.
func (n *notices) Notify(_ string, _ uint32, _, title, body string, _ []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seen = append(n.seen, title+"\n"+body)
	return uint32(len(n.seen)), nil
}

// GetCapabilities implements org.freedesktop.Notifications.
func (n *notices) GetCapabilities() ([]string, *dbus.Error) { return []string{"body"}, nil }

// GetServerInformation implements org.freedesktop.Notifications.
func (n *notices) GetServerInformation() (name, vendor, version, spec string, err *dbus.Error) {
	return "test", "test", "1", "1.2", nil
}

// CloseNotification implements org.freedesktop.Notifications.
func (n *notices) CloseNotification(uint32) *dbus.Error { return nil }

// serveNotices brings the stand-in to a bus.
func serveNotices(t *testing.T, bus string) *notices {
	t.Helper()
	conn, err := dbus.Connect(bus)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	n := &notices{}
	if err := conn.Export(n, "/org/freedesktop/Notifications", "org.freedesktop.Notifications"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName("org.freedesktop.Notifications", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return n
}

// killed is a home in which the program is killed again and again.
type killed struct {
	t    *testing.T
	dir  string
	bus  string
	said *notices
}

// tell puts a chapter into the backup folder: a device of that number, late.
// Each chapter has a name of its own, so that what was said of it can be told
// from everything else.
func (k *killed) tell(chapter int) {
	k.t.Helper()
	f := sample.Folder{
		UDID: fmt.Sprintf("00008110-%016X", chapter), Name: fmt.Sprintf("Chapter-%d", chapter),
		ProductType: "iPhone14,5", OSVersion: "18.1", Date: time.Now().Add(-10 * 24 * time.Hour),
	}
	if _, err := f.Write(filepath.Join(k.dir, "backups")); err != nil {
		k.t.Fatal(err)
	}
}

// start starts the program, which looks at once.
func (k *killed) start() *exec.Cmd {
	k.t.Helper()
	self, err := os.Executable()
	if err != nil {
		k.t.Fatal(err)
	}
	c := exec.Command(self)
	c.Args = []string{
		"ninelives", "run", "--no-tray", "--offline",
		"--data-dir", filepath.Join(k.dir, "data"), "--backup-dir", filepath.Join(k.dir, "backups"),
	}
	c.Env = append(os.Environ(), "NINELIVES_TEST_MAIN=1", "HOME="+k.dir, "XDG_CONFIG_HOME="+k.dir,
		"DBUS_SESSION_BUS_ADDRESS="+k.bus)
	if err := c.Start(); err != nil {
		k.t.Fatal(err)
	}
	return c
}

// times counts how often each chapter was spoken of.
func (k *killed) times() map[string]int {
	k.said.mu.Lock()
	defer k.said.mu.Unlock()
	counts := map[string]int{}
	for _, notice := range k.said.seen {
		seen := map[string]bool{}
		for _, word := range strings.FieldsFunc(notice, func(r rune) bool { return !strings.ContainsRune("Chapter-0123456789", r) }) {
			if strings.HasPrefix(word, "Chapter-") && !seen[word] {
				seen[word] = true
				counts[word]++
			}
		}
	}
	return counts
}

// inPeace lets the program run until it has spoken of a chapter, 20 seconds at
// most, and gives how long that took.
func (k *killed) inPeace(chapter string) time.Duration {
	k.t.Helper()
	began := time.Now()
	c := k.start()
	for k.times()[chapter] == 0 && time.Since(began) < 20*time.Second {
		time.Sleep(2 * time.Millisecond)
	}
	took := time.Since(began)
	_ = c.Process.Kill()
	_ = c.Wait()
	return took
}

// TestKillNineRepeatsNothing kills the program at random moments in 200
// rounds. Each device that is late must be spoken of at most once; one may be
// missed only if the kill fell between "about to be said" and "said", where
// nobody can know which it was.
func TestKillNineRepeatsNothing(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux shows notifications over a bus that a test can bring")
	}
	bus := privateBus(t)
	k := &killed{t: t, dir: t.TempDir(), bus: bus, said: serveNotices(t, bus)}
	// The kills have to fall where things are being said, however slow this
	// computer and a race detector are: else one message speaks of so many
	// devices that it cannot name them all.
	k.tell(1)
	latest := max(120*time.Millisecond, 7*k.inPeace("Chapter-1")) // with sixty devices all takes longer
	rounds := min(200, int(2*time.Minute/latest))
	random := rand.New(rand.NewPCG(20261120, 9))
	chapters, slept := 1, time.Duration(0)
	for range rounds {
		if random.IntN(3) == 0 {
			chapters++
			k.tell(chapters)
		}
		c := k.start()
		nap := time.Duration(random.Int64N(int64(latest)))
		slept += nap
		time.Sleep(nap)
		_ = c.Process.Kill()
		_ = c.Wait()
	}
	chapters++
	k.tell(chapters) // the last one is told in peace
	last := fmt.Sprintf("Chapter-%d", chapters)
	k.inPeace(last)
	times := k.times()
	missed := 0
	for n := 1; n <= chapters; n++ {
		name := fmt.Sprintf("Chapter-%d", n)
		switch times[name] {
		case 0:
			missed++
		case 1:
		default:
			t.Errorf("%s was said %d times", name, times[name])
		}
	}
	t.Logf("%d devices in %d rounds, killed after %v on average: %d said once, %d in doubt at the kill and left to their reminder",
		chapters, rounds, slept/time.Duration(rounds), chapters-missed, missed)
	if times[last] != 1 {
		t.Errorf("the device that was late at the end was said %d times, want once", times[last])
	}
	if missed > chapters/3 {
		t.Errorf("%d of %d were never said: more than kills between two writes can explain", missed, chapters)
	}
	left, err := filepath.Glob(filepath.Join(k.dir, "data", "memory.damaged-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("a kill damaged the memory: %v %v", left, err)
	}
}

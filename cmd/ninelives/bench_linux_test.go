package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"

	"ninelives/assets"
)

const (
	mostOfBare  = 8    // times the bare library's time until the icon is registered
	mostRSS     = 20e6 // bytes resident while idle
	mostWakeups = 3    // a minute while idle
	mostBinary  = 15e6 // bytes of the stripped program
)

// bareSource is the least that a tray program on fyne.io/systray can be. It is
// text, built by the benchmark alone: no package but internal/tray may know
// the library.
const bareSource = `package main

import "fyne.io/systray"

func main() {
	systray.SetTitle("bare")
	systray.SetIcon([]byte(%q))
	systray.Run(func() { systray.AddMenuItem("Quit", "") }, nil)
}
`

func builtBare(b *testing.B) string {
	b.Helper()
	file := filepath.Join(b.TempDir(), "bare.go")
	source := fmt.Sprintf(bareSource, assets.Icon("linux", "ok", true))
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		b.Fatal(err)
	}
	return built(b, file)
}

// benchBus starts a session bus for one benchmark and gives its address.
func benchBus(b *testing.B) string {
	b.Helper()
	path, err := exec.LookPath("dbus-daemon")
	if err != nil {
		b.Skip("dbus-daemon is not installed here (make deps installs it)")
	}
	c := exec.Command(path, "--session", "--nofork", "--print-address")
	out, err := c.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatalf("dbus-daemon gave no address: %v", err)
	}
	return strings.TrimSpace(line)
}

const watcherName, watcherPath = "org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher"

// watcher is a desktop that shows tray icons, as far as a program can tell.
type watcher struct {
	props *prop.Properties
	items chan string       // the bus name of each icon that registers
	news  chan *dbus.Signal // what icons tell afterwards
}

func newWatcher(b *testing.B, bus string) *watcher {
	b.Helper()
	conn, err := dbus.Connect(bus)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	w := &watcher{items: make(chan string, 16), news: make(chan *dbus.Signal, 10_000)}
	if err := conn.Export(w, watcherPath, watcherName); err != nil {
		b.Fatal(err)
	}
	w.props, err = prop.Export(conn, watcherPath, prop.Map{watcherName: {
		"RegisteredStatusNotifierItems": {Value: []string{}, Emit: prop.EmitFalse},
	}})
	if err != nil {
		b.Fatal(err)
	}
	if err := conn.AddMatchSignal(dbus.WithMatchPathNamespace("/StatusNotifierItem")); err != nil {
		b.Fatal(err)
	}
	conn.Signal(w.news)
	if reply, err := conn.RequestName(watcherName, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		b.Fatal(reply, err)
	}
	return w
}

// RegisterStatusNotifierItem is called by an icon that wants to be shown.
func (w *watcher) RegisterStatusNotifierItem(path string, sender dbus.Sender) *dbus.Error {
	w.props.SetMust(watcherName, "RegisteredStatusNotifierItems", []string{string(sender) + path})
	w.items <- string(sender)
	return nil
}

// started is a program on a bus whose icon has just been registered.
type started struct {
	*exec.Cmd
	took time.Duration
}

// start starts a program and waits for its icon.
func (w *watcher) start(b *testing.B, bus string, c *exec.Cmd) started {
	b.Helper()
	c.Env = append(c.Env, "DBUS_SESSION_BUS_ADDRESS="+bus)
	c.Stderr = os.Stderr
	begun := time.Now()
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	select {
	case <-w.items:
		return started{c, time.Since(begun)}
	case <-time.After(20 * time.Second):
		_ = c.Process.Kill()
		b.Fatalf("%s never registered an icon", c.Path)
		panic("not reached")
	}
}

func (s started) end(sig syscall.Signal) {
	_ = s.Process.Signal(sig)
	_ = s.Wait()
}

// BenchmarkStartToIcon takes the time from the start of the process until the
// icon is registered, of the whole program and of a bare systray program, by
// turns. A home with many backups shows that reading them delays nothing.
func BenchmarkStartToIcon(b *testing.B) {
	for _, devices := range []int{3, 500} {
		b.Run(fmt.Sprintf("%d devices", devices), func(b *testing.B) {
			bus := benchBus(b)
			w := newWatcher(b, bus)
			ours, bare, home := built(b, "."), builtBare(b), newBenchHome(b, devices)
			w.start(b, bus, home.command(ours, "run")).end(syscall.SIGTERM) // the first start makes the data folder
			for b.Loop() {
				var oursTook, bareTook []time.Duration
				for range benchRounds {
					s := w.start(b, bus, home.command(ours, "run"))
					s.end(syscall.SIGTERM)
					oursTook = append(oursTook, s.took)
					s = w.start(b, bus, exec.Command(bare))
					s.end(syscall.SIGKILL)
					bareTook = append(bareTook, s.took)
				}
				ratio := median(oursTook) / median(bareTook)
				b.ReportMetric(median(oursTook), "ms/ours")
				b.ReportMetric(median(bareTook), "ms/bare")
				b.ReportMetric(ratio, "ours/bare")
				if ratio > mostOfBare {
					b.Errorf("the icon takes %.1f times as long as the bare library's; at most %d are allowed", ratio, mostOfBare)
				}
			}
			b.ReportMetric(0, "ns/op") // of no meaning here
		})
	}
}

// idle is what a process costs while nothing happens.
type idle struct {
	rss, pss     int64 // bytes
	threads, fds int
	switches     int64 // context switches of all threads so far
	minor        int64
}

func readIdle(b *testing.B, pid int) (i idle) {
	b.Helper()
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	i.rss = kilobytes(b, filepath.Join(proc, "status"), "VmRSS:") << 10
	i.pss = kilobytes(b, filepath.Join(proc, "smaps_rollup"), "Pss:") << 10
	i.switches = switches(b, pid)
	for folder, count := range map[string]*int{"task": &i.threads, "fd": &i.fds} {
		entries, err := os.ReadDir(filepath.Join(proc, folder))
		if err != nil {
			b.Fatal(err)
		}
		*count = len(entries)
	}
	return i
}

// switches counts how often the threads of a process have gone to rest or were
// put to rest.
func switches(b *testing.B, pid int) (sum int64) {
	b.Helper()
	all, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	if err != nil || len(all) == 0 {
		b.Fatal("the program has ended", err)
	}
	for _, file := range all {
		sum += kilobytes(b, file, "voluntary_ctxt_switches:") + kilobytes(b, file, "nonvoluntary_ctxt_switches:")
	}
	return sum
}

// kilobytes reads the number of one line of a file in /proc.
func kilobytes(b *testing.B, file, key string) int64 {
	b.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) > 1 && words[0] == key {
			n, err := strconv.ParseInt(words[1], 10, 64)
			if err != nil {
				b.Fatal(err)
			}
			return n
		}
	}
	b.Fatalf("%s has no %s", file, key)
	return 0
}

// BenchmarkIdle is what the whole program costs while nothing happens, from
// the twentieth second after the icon was registered, for a minute.
func BenchmarkIdle(b *testing.B) {
	const settle, watched, glance = 20 * time.Second, time.Minute, 50 * time.Millisecond
	bus := benchBus(b)
	w := newWatcher(b, bus)
	exe, home := built(b, "."), newBenchHome(b, 3)
	info, err := os.Stat(exe)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s := w.start(b, bus, home.command(exe, "run"))
		time.Sleep(settle)
		for len(w.news) > 0 {
			<-w.news
		}
		before := readIdle(b, s.Process.Pid)
		wakeups, last := 0, before.switches
		for end := time.Now().Add(watched); time.Now().Before(end); {
			time.Sleep(glance)
			// The runtime hands one wake-up through several threads: what
			// falls between two glances is one.
			if now := switches(b, s.Process.Pid); now != last {
				wakeups, last = wakeups+1, now
			}
		}
		after := readIdle(b, s.Process.Pid)
		b.ReportMetric(float64(after.rss)/1e6, "rss-MB")
		b.ReportMetric(float64(after.pss)/1e6, "pss-MB")
		b.ReportMetric(float64(wakeups), "wakeups/min")
		b.ReportMetric(float64(after.switches-before.switches), "switches/min")
		b.ReportMetric(float64(len(w.news)), "signals/min")
		b.ReportMetric(float64(after.threads), "threads")
		b.ReportMetric(float64(after.fds), "fds")
		b.ReportMetric(float64(info.Size())/1e6, "binary-MB")
		s.end(syscall.SIGTERM)
		if after.rss > mostRSS {
			b.Errorf("%.1f MB resident, want at most %.0f", float64(after.rss)/1e6, mostRSS/1e6)
		}
		if wakeups > mostWakeups {
			b.Errorf("%d wake-ups a minute, want at most %d", wakeups, mostWakeups)
		}
		if info.Size() > mostBinary {
			b.Errorf("the program has %.1f MB, want at most %.0f", float64(info.Size())/1e6, mostBinary/1e6)
		}
	}
	b.ReportMetric(0, "ns/op") // of no meaning here
}

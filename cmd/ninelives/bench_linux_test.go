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
	mostOfBare  = 8  // times the bare library's time until the icon is registered
	mostRSS     = 20 // MB resident while idle
	mostWakeups = 3  // a minute while idle
	mostBinary  = 15 // MB of the stripped program
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

// waitRemembered waits until a first round is over and its facts are kept.
func (h *benchHome) waitRemembered(b *testing.B) {
	b.Helper()
	for range 1000 {
		if _, err := os.Stat(filepath.Join(h.data, "memory.json")); err == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	b.Fatal("the first round was never remembered")
}

// BenchmarkStartToIcon takes the time from the start of the process until the
// icon is registered, of the whole program and of a bare systray program, by
// turns. A home with many backups shows that reading them delays nothing.
func BenchmarkStartToIcon(b *testing.B) {
	for _, devices := range []int{3, 100} {
		b.Run(fmt.Sprintf("%d devices", devices), func(b *testing.B) {
			bus := benchBus(b)
			w := newWatcher(b, bus)
			ours, bare, home := built(b, "."), builtBare(b), newBenchHome(b, devices)
			first := w.start(b, bus, home.command(ours, "run"))
			home.waitRemembered(b) // every later start has a memory to read
			first.end(syscall.SIGTERM)
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
					b.Errorf("%.1f ms: the icon takes %.1f times as long as the bare library's; at most %d are allowed", median(oursTook), ratio, mostOfBare)
				}
			}
			b.ReportMetric(0, "ns/op") // of no meaning here
		})
	}
}

// proc reads the number behind a key in files of /proc, and adds them up.
func proc(b *testing.B, pid int, name, key string) (sum int64) {
	b.Helper()
	files, err := filepath.Glob(filepath.Join("/proc", strconv.Itoa(pid), name))
	if err != nil || len(files) == 0 {
		b.Fatal("the program has ended", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		_, after, found := strings.Cut("\n"+string(text), "\n"+key+":")
		words := strings.Fields(after)
		if !found || len(words) == 0 {
			b.Fatalf("%s has no %s", file, key)
		}
		n, err := strconv.ParseInt(words[0], 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		sum += n
	}
	return sum
}

// megabytes is a number of /proc that is told in "kB" and means KiB.
func megabytes(b *testing.B, pid int, name, key string) float64 {
	b.Helper()
	return float64(proc(b, pid, name, key)) * 1024 / 1e6
}

// entries counts what is in a folder of /proc.
func entries(b *testing.B, pid int, name string) float64 {
	b.Helper()
	all, err := os.ReadDir(filepath.Join("/proc", strconv.Itoa(pid), name))
	if err != nil {
		b.Fatal(err)
	}
	return float64(len(all))
}

// switches counts how often the threads of a process were given a processor.
func switches(b *testing.B, pid int) int64 {
	b.Helper()
	const each = "task/*/status"
	return proc(b, pid, each, "voluntary_ctxt_switches") + proc(b, pid, each, "nonvoluntary_ctxt_switches")
}

// wakeups watches a process for a time and counts how often it woke up. The
// runtime hands the work of one wake-up through several threads, so all
// switches up to the next moment of rest count as one.
func wakeups(b *testing.B, pid int, watched time.Duration) (count, all float64) {
	b.Helper()
	const glance = 50 * time.Millisecond
	first := switches(b, pid)
	last, awake := first, false
	for end := time.Now().Add(watched); time.Now().Before(end); time.Sleep(glance) {
		now := switches(b, pid)
		if now != last && !awake {
			count++
		}
		last, awake = now, now != last
	}
	return count, float64(last - first)
}

// BenchmarkIdle is what the whole program costs while nothing happens, in the
// minute from the twentieth second after the icon was registered. A bare systray
// program stands beside it.
func BenchmarkIdle(b *testing.B) {
	const settle, watched = 20 * time.Second, time.Minute
	bus := benchBus(b)
	w := newWatcher(b, bus)
	exe, home := built(b, "."), newBenchHome(b, 3)
	info, err := os.Stat(exe)
	if err != nil {
		b.Fatal(err)
	}
	bare := w.start(b, bus, exec.Command(builtBare(b)))
	defer bare.end(syscall.SIGKILL)
	for b.Loop() {
		s := w.start(b, bus, home.command(exe, "run"))
		time.Sleep(settle)
		if home.asked.Load() == 0 {
			b.Fatal("the feed was not read: this is not the whole program")
		}
		for len(w.news) > 0 {
			<-w.news
		}
		pid := s.Process.Pid
		woken, switched := wakeups(b, pid, watched)
		var all []string
		for _, m := range []struct {
			unit        string
			value, most float64 // most 0: only told
		}{
			{"rss-MB", megabytes(b, pid, "status", "VmRSS"), mostRSS},
			{"bare-rss-MB", megabytes(b, bare.Process.Pid, "status", "VmRSS"), 0},
			{"pss-MB", megabytes(b, pid, "smaps_rollup", "Pss"), 0},
			{"anonymous-MB", megabytes(b, pid, "status", "RssAnon"), 0},
			{"wakeups/min", woken, mostWakeups},
			{"switches/min", switched, 0},
			{"signals/min", float64(len(w.news)), 0},
			{"threads", entries(b, pid, "task"), 0},
			{"fds", entries(b, pid, "fd"), 0},
			{"binary-MB", float64(info.Size()) / 1e6, mostBinary},
		} {
			b.ReportMetric(m.value, m.unit)
			all = append(all, fmt.Sprintf("%.4g %s", m.value, m.unit))
			if m.most > 0 && m.value > m.most {
				b.Errorf("%.4g %s, at most %.4g are allowed", m.value, m.unit, m.most)
			}
		}
		s.end(syscall.SIGTERM)
		if b.Failed() { // then the metrics are not printed
			b.Log(strings.Join(all, ", "))
		}
	}
	b.ReportMetric(0, "ns/op") // of no meaning here
}

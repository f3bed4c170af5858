package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"ninelives/internal/monitor"
	"ninelives/internal/sample"
	"ninelives/internal/store"
)

// built is a program built as it is shipped: stripped, and without this test
// in it.
func built(b *testing.B, pkg string) string {
	b.Helper()
	exe := filepath.Join(b.TempDir(), "program")
	if runtime.GOOS == "windows" {
		exe += ".exe"
	}
	out, err := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", exe, pkg).CombinedOutput()
	if err != nil {
		b.Fatalf("go build %s: %v\n%s", pkg, err, out)
	}
	return exe
}

// home is a person's folder with backups, and a status feed on loopback.
type benchHome struct {
	dir, backups, data, feed string
}

// newBenchHome makes a home with so many backups, the youngest fresh and each
// a day older than the one before.
func newBenchHome(b *testing.B, devices int) *benchHome {
	b.Helper()
	h := &benchHome{dir: b.TempDir()}
	h.backups, h.data = filepath.Join(h.dir, "backups"), filepath.Join(h.dir, "data")
	now := time.Now()
	for i := range devices {
		f := sample.Folder{
			UDID: fmt.Sprintf("00008110-%016X", i+1), Name: fmt.Sprintf("iPhone %d", i+1),
			ProductType: "iPhone14,5", OSVersion: "18.1", Date: now.Add(-time.Duration(i+1) * 24 * time.Hour),
		}
		if _, err := f.Write(h.backups); err != nil {
			b.Fatal(err)
		}
	}
	body := sample.Feed()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }))
	b.Cleanup(server.Close)
	h.feed = server.URL
	return h
}

// command is the program with this home and nothing else of this computer.
func (h *benchHome) command(exe string, args ...string) *exec.Cmd {
	c := exec.Command(exe, append(args, "--data-dir", h.data, "--backup-dir", h.backups, "--feed-url", h.feed)...)
	c.Env = []string{"HOME=" + h.dir, "USERPROFILE=" + h.dir, "XDG_CONFIG_HOME=" + h.dir, "APPDATA=" + h.dir,
		"LOCALAPPDATA=" + h.dir, "SystemRoot=" + os.Getenv("SystemRoot"), "PATH=" + os.Getenv("PATH")}
	return c
}

// median is the middle of what was measured, in milliseconds.
func median(all []time.Duration) float64 {
	slices.Sort(all)
	return float64(all[len(all)/2].Microseconds()) / 1000
}

// rounds is how often the benchmarks that take medians measure each side.
const benchRounds = 15

// BenchmarkRound is one round over ten devices by the real parts: backups read
// from disk, the feed from loopback, the view made, the memory kept.
func BenchmarkRound(b *testing.B) {
	for name, offline := range map[string]bool{"feed on loopback": false, "offline": true} {
		b.Run(name, func(b *testing.B) {
			h := newBenchHome(b, 10)
			p := &program{goos: runtime.GOOS, home: h.dir, env: func(string) string { return "" }}
			w, err := p.world(&flags{dataDir: h.data, backupDirs: []string{h.backups}, feedURL: h.feed, offline: offline})
			if err != nil {
				b.Fatal(err)
			}
			m := monitor.New(w.setup(&sources{}), monitor.Options{
				Screen: &screen{}, Keeper: keeper{store.OpenMemory(h.data)}, Now: w.now, Log: quietLog(),
			})
			b.ReportAllocs()
			for b.Loop() {
				if r := m.Check(context.Background()); len(r.Devices) != 10 {
					b.Fatalf("%d devices", len(r.Devices))
				}
			}
		})
	}
}

// BenchmarkCheckCommand is the whole of `ninelives check`, as a monitoring
// system runs it, beside a program that does nothing.
func BenchmarkCheckCommand(b *testing.B) {
	nothing, err := exec.LookPath("true")
	if err != nil {
		nothing = "" // Windows
	}
	exe, h := built(b, "."), newBenchHome(b, 10)
	for b.Loop() {
		var ours, bare []time.Duration
		for range benchRounds {
			start := time.Now()
			out, err := h.command(exe, "check").Output()
			ours = append(ours, time.Since(start))
			if !strings.Contains(string(out), "iPhone 10") {
				b.Fatalf("%v\n%s", err, out)
			}
			if nothing == "" {
				continue
			}
			start = time.Now()
			if err := exec.Command(nothing).Run(); err != nil {
				b.Fatal(err)
			}
			bare = append(bare, time.Since(start))
		}
		b.ReportMetric(median(ours), "ms/check")
		if nothing != "" {
			b.ReportMetric(median(bare), "ms/true")
		}
	}
	b.ReportMetric(0, "ns/op") // of no meaning here
}

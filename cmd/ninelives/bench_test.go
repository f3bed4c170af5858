package main

import (
	"context"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ninelives/internal/health"
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
	c := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", exe, pkg)
	if runtime.GOOS != "darwin" { // as the Makefile does: only the menu bar of macOS needs cgo
		c.Env = append(os.Environ(), "CGO_ENABLED=0")
	}
	out, err := c.CombinedOutput()
	if err != nil {
		b.Fatalf("go build %s: %v\n%s", pkg, err, out)
	}
	return exe
}

// benchHome is a person's folder with backups, and a status feed on loopback.
type benchHome struct {
	dir, backups, data, feed string
	feedOverTLS              string       // the same, as Apple's is reached
	releases                 string       // a list of iOS versions
	asked                    atomic.Int64 // how often the feed was read
}

// newBenchHome makes a home with so many backups, one to three days old:
// nobody has to be told of anything.
func newBenchHome(b *testing.B, devices int) *benchHome {
	b.Helper()
	h := &benchHome{dir: b.TempDir()}
	h.backups, h.data = filepath.Join(h.dir, "backups"), filepath.Join(h.dir, "data")
	if err := store.OpenWelcome(h.data).Take(); err != nil { // no browser beside what is measured
		b.Fatal(err)
	}
	now := time.Now()
	for i := range devices {
		f := sample.Folder{
			UDID: fmt.Sprintf("00008110-%016X", i+1), Name: fmt.Sprintf("iPhone %d", i+1),
			ProductType: "iPhone14,5", OSVersion: "18.1", Date: now.Add(-time.Duration(i%3+1) * health.Day),
		}
		if _, err := f.Write(h.backups); err != nil {
			b.Fatal(err)
		}
	}
	body := sample.Feed()
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h.asked.Add(1)
		_, _ = w.Write(body)
	})
	plain, secure := httptest.NewServer(answer), httptest.NewUnstartedServer(answer)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // programs that are ended at once hang up
	secure.StartTLS()
	b.Cleanup(plain.Close)
	b.Cleanup(secure.Close)
	h.feed, h.feedOverTLS = plain.URL, secure.URL
	list := sample.Releases(now, []string{"iPhone14,5"}, "18.1")
	releases := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(list) }))
	b.Cleanup(releases.Close)
	h.releases = releases.URL
	trusted, _ := os.ReadFile("/etc/ssl/certs/ca-certificates.crt") // elsewhere the benchmark does without
	trusted = append(trusted, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})...)
	if err := os.WriteFile(h.authorities(), trusted, 0o600); err != nil {
		b.Fatal(err)
	}
	return h
}

func (h *benchHome) authorities() string { return filepath.Join(h.dir, "authorities.pem") }

// command is the program with this home and nothing else of this computer. On
// Linux it trusts the loopback feed beside the system's authorities, so that
// the cost of a secure connection is in what is measured.
func (h *benchHome) command(exe string, args ...string) *exec.Cmd {
	feed := h.feed
	if runtime.GOOS == "linux" {
		feed = h.feedOverTLS
	}
	c := exec.Command(exe, append(args, "--data-dir", h.data, "--backup-dir", h.backups, "--feed-url", feed, "--releases-url", h.releases)...)
	c.Env = []string{"HOME=" + h.dir, "USERPROFILE=" + h.dir, "XDG_CONFIG_HOME=" + h.dir, "APPDATA=" + h.dir,
		"LOCALAPPDATA=" + h.dir, "SystemRoot=" + os.Getenv("SystemRoot"), "PATH=" + os.Getenv("PATH"),
		"SSL_CERT_FILE=" + h.authorities()}
	return c
}

// median is the middle of what was measured, in milliseconds.
func median(all []time.Duration) float64 {
	slices.Sort(all)
	return float64(all[len(all)/2].Microseconds()) / 1000
}

// benchRounds is how often the benchmarks that take medians measure each side.
const benchRounds = 15

// BenchmarkRound is one round over ten devices by the real parts: backups read
// from disk, the feed from loopback, the view made, the memory kept. Without
// feed and memory the rest stands alone.
func BenchmarkRound(b *testing.B) {
	h := newBenchHome(b, 10)
	for _, part := range []struct {
		name    string
		offline bool
		keeper  monitor.Keeper
	}{
		{"whole", false, keeper{store.OpenMemory(h.data)}},
		{"nothing kept", false, nil},
		{"nothing kept, offline", true, nil},
	} {
		b.Run(part.name, func(b *testing.B) {
			p := &program{goos: runtime.GOOS, home: h.dir, env: func(string) string { return "" }}
			w, err := p.world(&flags{dataDir: h.data, backupDirs: []string{h.backups}, feedURL: h.feed, releasesURL: h.releases, offline: part.offline})
			if err != nil {
				b.Fatal(err)
			}
			m := monitor.New(w.setup(&sources{}), monitor.Options{
				Screen: &screen{}, Keeper: part.keeper, Now: w.now, Log: quietLog(),
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
		h.asked.Store(0)
		for range benchRounds {
			start := time.Now()
			out, err := h.command(exe, "check").Output()
			ours = append(ours, time.Since(start))
			if !strings.Contains(string(out), "iPhone 10") || h.asked.Load() != int64(len(ours)) {
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

package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"ninelives/internal/health"
	"ninelives/internal/instance"
	"ninelives/internal/sample"
)

const (
	mostRSSOpen = 28 // MB resident while the page is open
	pageLooks   = 10 // rounds of looking at every page
)

// reader is somebody who has the page of a program open.
type reader struct {
	b      *testing.B
	ctx    context.Context
	client *http.Client
	base   string
	leave  func()
}

// open comes in by a link, as a browser does.
func (h *benchHome) open(b *testing.B) *reader {
	b.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	link, err := instance.Send(b.Context(), h.data, askForLink+"overview")
	base, _, found := strings.Cut(link, "/enter?")
	if err != nil || !found {
		b.Fatalf("no link: %q, %v", link, err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	r := &reader{b: b, client: &http.Client{Jar: jar, Transport: &http.Transport{}}, base: base, ctx: ctx}
	r.leave = func() { cancel(); r.client.CloseIdleConnections() }
	if body := r.read(strings.TrimPrefix(link, base)); !strings.Contains(body, "iPhone 1") {
		b.Fatalf("this is not the page: %.500s", body)
	}
	return r
}

// get begins to read an address; what is left of it is lost when the reader
// leaves.
func (r *reader) get(path string) io.ReadCloser {
	r.b.Helper()
	ask, err := http.NewRequestWithContext(r.ctx, http.MethodGet, r.base+path, http.NoBody)
	if err != nil {
		r.b.Fatal(err)
	}
	answer, err := r.client.Do(ask)
	if err != nil {
		r.b.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		r.b.Fatalf("%s: %s", path, answer.Status)
	}
	return answer.Body
}

func (r *reader) read(path string) string {
	r.b.Helper()
	body := r.get(path)
	defer body.Close()
	text, err := io.ReadAll(body)
	if err != nil {
		r.b.Fatal(err)
	}
	return string(text)
}

// follow keeps a stream of events open until the reader leaves, and counts the
// news.
func (r *reader) follow(news *atomic.Int64) {
	r.b.Helper()
	body := r.get("/events")
	go func() {
		defer body.Close()
		for lines := bufio.NewScanner(body); lines.Scan(); {
			if lines.Text() == "event: page" {
				news.Add(1)
			}
		}
	}()
}

// look reads every page as a browser does, with all that stands in it.
func (r *reader) look(device string) {
	for _, page := range []string{"/", "/device/" + device, "/device/" + device + "/fix/power", "/settings", "/sources", "/welcome"} {
		r.read(page)
		for _, part := range []string{"style.css", "script.js", "icon.svg"} {
			r.read("/static/" + part)
		}
	}
}

// BenchmarkPageOpen is what the whole program takes while somebody looks at
// every page again and again and a browser follows the news, beside the same
// program before the page was opened and after it was closed.
func BenchmarkPageOpen(b *testing.B) {
	const settle, watched = 20 * time.Second, time.Minute
	bus := benchBus(b)
	w := newWatcher(b, bus)
	exe, home := built(b, "."), newBenchHome(b, 3)
	late := home.late(b)
	for b.Loop() {
		s := w.start(b, bus, home.command(exe, "run"))
		time.Sleep(settle)
		pid := s.Process.Pid
		idle := megabytes(b, pid, "status", "VmRSS")
		forgetPeak(b, pid)
		news := home.lookAround(b, late)
		open := megabytes(b, pid, "status", "VmHWM")
		time.Sleep(settle)
		woken, _ := wakeups(b, pid, watched)
		closed := megabytes(b, pid, "status", "VmRSS")
		s.end(syscall.SIGTERM)
		for _, m := range []struct {
			unit        string
			value, most float64
		}{
			{"idle-rss-MB", idle, mostRSS},
			{"open-rss-MB", open, mostRSSOpen},
			{"closed-rss-MB", closed, mostRSS},
			{"closed-wakeups/min", woken, mostWakeups},
		} {
			b.ReportMetric(m.value, m.unit)
			if m.value > m.most {
				b.Errorf("%.4g %s, at most %.4g are allowed", m.value, m.unit, m.most)
			}
		}
		if news < pageLooks {
			b.Errorf("the stream told of %d news in %d rounds", news, pageLooks)
		}
	}
	b.ReportMetric(0, "ns/op") // of no meaning here
}

// late adds a device that needs a fix, so that every page has something to
// show, and switches off what would be said of it: nobody takes notifications
// here. It gives the device's id.
func (h *benchHome) late(b *testing.B) string {
	b.Helper()
	f := sample.Folder{UDID: "00008110-00000000000000FF", Name: "Late", ProductType: "iPhone14,5", OSVersion: "18.1", Date: time.Now().Add(-10 * health.Day)}
	if _, err := f.Write(h.backups); err != nil {
		b.Fatal(err)
	}
	config := filepath.Join(h.dir, "ninelives")
	if err := os.MkdirAll(config, 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(config, "config.toml"), []byte("[notifications]\nenabled = false\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	return health.IDOf(f.UDID)
}

// forgetPeak lets VmHWM, the most that a process ever held, begin anew:
// https://www.kernel.org/doc/Documentation/filesystems/proc.txt.
func forgetPeak(b *testing.B, pid int) {
	b.Helper()
	if err := os.WriteFile(filepath.Join("/proc", strconv.Itoa(pid), "clear_refs"), []byte("5"), 0); err != nil {
		b.Fatal(err)
	}
}

// lookAround opens the page, reads all of it again and again while the program
// looks at the backups, and closes it. It gives how many news there were.
func (h *benchHome) lookAround(b *testing.B, device string) int64 {
	b.Helper()
	var told atomic.Int64
	r := h.open(b)
	r.follow(&told)
	for range pageLooks {
		if _, err := instance.Send(b.Context(), h.data, "check"); err != nil {
			b.Fatal(err)
		}
		r.look(device)
		time.Sleep(time.Second) // a round of its own for each
	}
	r.leave()
	return told.Load()
}

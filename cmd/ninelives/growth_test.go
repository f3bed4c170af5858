package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"ninelives/internal/alert"
	"ninelives/internal/health"
	"ninelives/internal/monitor"
	"ninelives/internal/sample"
	"ninelives/internal/samplephone"
	"ninelives/internal/store"
)

// week is a home in which a week goes by, a minute with each round: a phone
// that is backed up every day, one that gets later and later, an iPad whose
// run broke off, and a feed with another outage every day.
type week struct {
	t        *testing.T
	backups  string
	clock    atomic.Int64 // seconds since 1970
	feed     atomic.Pointer[[]byte]
	phones   *samplephone.Daemon
	monitor  *monitor.Monitor
	screen   *screen
	keeper   everyTenth
	messages int
}

func newWeek(t *testing.T) *week {
	t.Helper()
	w := &week{t: t, backups: filepath.Join(t.TempDir(), "backups"), screen: &screen{}}
	w.clock.Store(time.Now().Unix())
	w.newDay()
	w.make(sample.Folder{UDID: "00008110-000000000000000B", Name: "Late", Date: w.now().Add(-4 * health.Day)})
	w.make(sample.Folder{UDID: "00008110-000000000000000C", Name: "Broken off", Date: w.now().Add(-3 * health.Day), Status: sample.Uploading})
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write(*w.feed.Load()) }))
	t.Cleanup(server.Close)

	list := sample.Releases(w.now(), []string{"iPhone13,2"}, "18.7.8", "26.6.1")
	releases := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write(list) }))
	t.Cleanup(releases.Close)
	handset := samplephone.IOS18("Daily")
	handset.UDID, handset.WiFi, handset.Now = "00008110-000000000000000A", true, w.now
	handset.CloudBackup(w.now().Add(-9 * time.Hour))
	phones, err := samplephone.New(handset)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = phones.Close() })
	w.phones = phones

	p := &program{goos: runtime.GOOS, home: t.TempDir(), env: func(name string) string {
		return map[string]string{"USBMUXD_SOCKET_ADDRESS": phones.Address()}[name]
	}}
	data := t.TempDir()
	outer, err := p.world(&flags{dataDir: data, backupDirs: []string{w.backups}, feedURL: server.URL, releasesURL: releases.URL})
	if err != nil {
		t.Fatal(err)
	}
	outer.now = w.now
	w.keeper.kept = keeper{store.OpenMemory(data)}
	w.monitor = monitor.New(outer.setup(&sources{}), monitor.Options{
		Screen: w.screen, Notifier: w, Keeper: &w.keeper, Now: w.now, Log: quietLog(),
	})
	return w
}

func (w *week) now() time.Time { return time.Unix(w.clock.Load(), 0) }

// newDay backs one phone up anew, and brings another outage.
func (w *week) newDay() {
	w.t.Helper()
	now := w.now()
	body := sample.Body{
		Services: []string{"iCloud Backup", "Photos"},
		Events:   []sample.Event{{Service: "iCloud Backup", ID: fmt.Sprint(now.Unix()), Type: "Outage", Status: "ongoing", Start: now.Add(-time.Hour)}},
	}.Bytes()
	w.feed.Store(&body)
	daily := sample.Folder{UDID: "00008110-000000000000000A", Name: "Daily", Date: now.Add(-time.Hour), Encrypted: true}
	if err := os.RemoveAll(daily.Path(w.backups)); err != nil {
		w.t.Fatal(err)
	}
	w.make(daily)
}

func (w *week) make(f sample.Folder) {
	w.t.Helper()
	f.ProductType, f.OSVersion = "iPhone14,5", "18.1"
	if _, err := f.Write(w.backups); err != nil {
		w.t.Fatal(err)
	}
}

// Notify implements monitor.Notifier.
func (w *week) Notify(context.Context, alert.Message) error { w.messages++; return nil }

// everyTenth spares the disk: ten thousand memories flushed to it would test
// its patience and nothing else.
type everyTenth struct {
	kept  keeper
	asked int
}

// Keep implements monitor.Keeper.
func (k *everyTenth) Keep(f health.Facts, m alert.Memory) error {
	if k.asked++; k.asked%10 != 1 {
		return nil
	}
	return k.kept.Keep(f, m)
}

// live lets rounds go by.
func (w *week) live(rounds int) {
	w.t.Helper()
	for range rounds {
		before := w.now()
		w.clock.Add(60)
		if w.now().YearDay() != before.YearDay() {
			w.newDay()
			w.phones.Forget() // what was asked
		}
		r := w.monitor.Check(context.Background())
		if len(r.Devices) != 3 {
			w.t.Fatalf("%d devices instead of 3", len(r.Devices))
		}
		for _, s := range r.Sources {
			if s.Trouble != health.NoTrouble {
				w.t.Fatalf("%s: trouble %v", s.Where, s.Trouble)
			}
		}
	}
}

// held is what a process holds.
type held struct {
	goroutines, descriptors int
	heap                    uint64
}

// heldNow counts after what has ended had the time to go away: a connection
// to the feed goes a moment after the round.
func heldNow(t *testing.T, hoped held) (h held) {
	t.Helper()
	for range 100 {
		h.goroutines, h.descriptors = runtime.NumGoroutine(), descriptors(t)
		if h.goroutines <= hoped.goroutines && h.descriptors <= hoped.descriptors {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	runtime.GC()
	runtime.GC() // what the first one only marked as unused
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	h.heap = m.HeapAlloc
	return h
}

// descriptors counts the open files; 0 where the system does not tell.
func descriptors(t *testing.T) int {
	t.Helper()
	if runtime.GOOS != "linux" {
		return 0
	}
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(open)
}

// TestTenThousandRoundsLeaveNothingBehind lets a week of rounds by the real
// parts go by. After the first thousand, neither goroutines nor open files nor
// memory may grow.
func TestTenThousandRoundsLeaveNothingBehind(t *testing.T) {
	if testing.Short() {
		t.Skip("ten thousand rounds take their time")
	}
	const most = 2 << 20 // bytes that the heap may grow by
	w := newWeek(t)
	fresh := held{goroutines: runtime.NumGoroutine(), descriptors: descriptors(t)}
	w.live(1000)
	before := heldNow(t, fresh)
	w.live(9000)
	after := heldNow(t, before)
	t.Logf("after 1,000 rounds %+v; after 10,000 %+v; %d messages", before, after, w.messages)
	if after.goroutines > before.goroutines {
		t.Errorf("%d goroutines have become %d", before.goroutines, after.goroutines)
	}
	if after.descriptors > before.descriptors {
		t.Errorf("%d open files have become %d", before.descriptors, after.descriptors)
	}
	if after.heap > before.heap+most {
		t.Errorf("%d bytes of heap have become %d", before.heap, after.heap)
	}
	if len(w.screen.last().Menu) == 0 || w.messages == 0 {
		t.Error("nothing was shown or said in a week with a late phone")
	}
}

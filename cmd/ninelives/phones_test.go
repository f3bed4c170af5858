package main

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"ninelives/internal/health"
	"ninelives/internal/sample"
	"ninelives/internal/samplephone"
	"ninelives/internal/view"
)

// phoned is a surfer whose computer has phones, and feeds on loopback.
type phoned struct {
	*surfer
	daemon *samplephone.Daemon
	env    map[string]string
	flags  []string
}

func surfWithPhones(t *testing.T, phones []samplephone.Phone, flags ...string) phoned {
	t.Helper()
	daemon, err := samplephone.New(phones...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = daemon.Close() })
	serve := func(body []byte) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }))
		t.Cleanup(server.Close)
		return server.URL
	}
	p := phoned{daemon: daemon, env: map[string]string{"USBMUXD_SOCKET_ADDRESS": daemon.Address()}}
	p.flags = []string{"--feed-url", serve(sample.Feed()), "--releases-url", serve(sample.Releases(time.Now(), []string{"iPhone13,2"}, "18.7.8"))}
	p.flags = append(p.flags, flags...)
	p.surfer = surfWith(t, p.env, p.flags)
	return p
}

// until waits for a page to say something.
func (s *surfer) until(path, want string) string {
	s.t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		page := strings.ReplaceAll(s.get(path), "&#39;", "'")
		switch {
		case strings.Contains(page, want):
			return page
		case time.Now().After(end):
			s.t.Fatalf("%s never says %q:\n%s", path, want, page)
		}
	}
}

func TestAPhoneThatAppearsIsAskedSoon(t *testing.T) {
	phone := samplephone.IOS18("Anna's iPhone")
	phone.Cable, phone.WiFi = false, false
	phone.CloudBackup(time.Now().Add(-9 * time.Hour))
	s := surfWithPhones(t, []samplephone.Phone{phone})
	s.until("/", "No device was asked yet")
	if err := s.daemon.Plug(phone.UDID); err != nil {
		t.Fatal(err)
	}
	page := s.until("/", "The one device is backed up")
	s.says(page, "Anna's iPhone")
	s.says(page, "told by the device at ")
	if strings.Contains(page, "No device was asked yet") {
		t.Error("the hint for the first phone stays")
	}

	if err := s.daemon.Unplug(phone.UDID); err != nil {
		t.Fatal(err)
	}
	s.daemon.Forget()
	if err := s.daemon.Plug(phone.UDID); err != nil {
		t.Fatal(err)
	}
	time.Sleep(4 * time.Second) // longer than appearing is waited for
	for _, r := range s.daemon.Requests() {
		if r.Of == "lockdown" {
			t.Fatalf("a phone that was read a moment ago is asked again: %+v", r)
		}
	}
	if err := s.daemon.Change(phone.UDID, func(p *samplephone.Phone) { p.CloudOff() }); err != nil {
		t.Fatal(err)
	}
	s.click(view.CheckNow, "", "/")
	s.until("/", "iCloud Backup is off now")
}

func TestPhonesThatMayNotBeAskedAreNot(t *testing.T) {
	phone := samplephone.IOS18("Anna's iPhone")
	settings := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(settings, []byte("[phones]\nenabled = false\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := surfWithPhones(t, []samplephone.Phone{phone}, "--config", settings)
	s.until("/sources", "switched off")
	s.click(view.CheckNow, "", "/")
	for _, change := range []func(string) error{s.daemon.Unplug, s.daemon.Plug} {
		if err := change(phone.UDID); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(4 * time.Second) // longer than appearing is waited for
	if asked := s.daemon.Requests(); len(asked) > 0 {
		t.Errorf("asked all the same: %+v", asked)
	}
}

// TestNothingTellsWhatThePhoneIs looks for the UDID, numbers, keys and names of
// the pairing in everything that the program shows, prints and keeps.
func TestNothingTellsWhatThePhoneIs(t *testing.T) {
	fresh, late, lost := samplephone.IOS18("Anna's iPhone"), samplephone.IOS27("Ben's iPhone"), samplephone.IOS12("Cleo's iPhone")
	fresh.CloudBackup(time.Now().Add(-9 * time.Hour))
	late.Cable, late.WiFi = false, true
	late.CloudBackup(time.Now().Add(-9 * health.Day))
	lost.Trust = samplephone.Dropped
	s := surfWithPhones(t, []samplephone.Phone{fresh, late, lost})
	s.until("/", "Ben's iPhone")

	seen := map[string][]byte{}
	for _, path := range []string{"/", "/sources", "/settings", "/welcome", "/device/" + health.IDOf(late.UDID), "/device/" + health.IDOf(late.UDID) + "/fix/wifi"} {
		seen["page "+path] = []byte(s.get(path))
	}
	for _, args := range [][]string{{"check"}, {"check", "--json"}, {"check", "--format", "nagios"}, {"doctor"}} {
		var out bytes.Buffer
		alone := &program{out: &out, err: &out, env: s.program.env, home: s.dir, goos: runtime.GOOS}
		_ = alone.run(context.Background(), append(append(args, "--data-dir", s.data()), s.flags...))
		if !strings.Contains(out.String(), "Ben") && args[0] == "check" {
			t.Errorf("%v did not ask the phones: %s", args, out.String())
		}
		seen[strings.Join(args, " ")] = out.Bytes()
	}
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		seen["file "+filepath.Base(path)], err = io.ReadAll(f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(seen["file memory.json"]) == 0 {
		t.Fatalf("nothing was kept: only %d things to look at", len(seen))
	}
	for what, text := range seen {
		for _, secret := range s.daemon.Secrets() {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s tells %q", what, secret)
			}
		}
	}
	for _, r := range s.daemon.Requests() {
		if r.Forbidden() {
			t.Errorf("asked what a reader must never ask: %+v", r)
		}
	}
}

package phone

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"howett.net/plist"

	"ninelives/internal/health"
)

// usual is where Debian's usbmuxd listens and keeps its pair records; it cannot
// be told otherwise.
const (
	usualSocket  = "/var/run/usbmuxd"
	usualRecords = "/var/lib/lockdown"
)

// needed skips a test for a reason, but where everything must be tried.
func needed(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip("no genuine usbmuxd is read: " + why)
}

// genuine starts Debian's own daemon, and gives what stops it.
func genuine(t *testing.T) (stop func()) {
	t.Helper()
	path, err := exec.LookPath("usbmuxd")
	switch {
	case err != nil:
		needed(t, "usbmuxd is missing (Debian: usbmuxd)")
	case os.Geteuid() != 0:
		needed(t, "only root may start it")
	}
	if conn, err := net.Dial("unix", usualSocket); err == nil {
		conn.Close()
		needed(t, "another one is running")
	}
	var said lockedBuffer
	cmd := exec.Command(path, "--foreground", "--no-preflight", "-v")
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		_ = cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("usbmuxd: %v\n%s", err, said.String())
		}
	}
	t.Cleanup(stop)
	for range 200 {
		if conn, err := net.Dial("unix", usualSocket); err == nil {
			conn.Close()
			return stop
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("usbmuxd does not listen:\n%s", said.String())
	return stop
}

// plant gives the daemon a pair record, as if a phone had been paired.
func plant(t *testing.T, u udid) {
	t.Helper()
	raw, _, _ := madeRecord(t, plist.XMLFormat)
	raw = append(raw, bytes.Repeat([]byte(" "), 13_000)...) // as long as a real one
	if err := os.MkdirAll(usualRecords, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(usualRecords, u.plain+".plist")
	if _, err := os.Lstat(path); err == nil {
		t.Fatalf("%s is there already", path)
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(path) })
}

// TestTheGenuineDaemonIsUnderstood asks Debian's usbmuxd, which we did not
// write, everything that can be asked without a phone.
func TestTheGenuineDaemonIsUnderstood(t *testing.T) {
	stop := genuine(t)
	s := New(Options{GOOS: "linux"})
	there := udid{fmt.Sprintf("%08X-%016X", os.Getpid(), 0xFA4E)}
	plant(t, there)

	phones, err := s.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s lists %d phones", s.Where(), len(phones))
	if record, err := s.pairRecord(t.Context(), there); err != nil || record.secret.HostID != "HOST-OF-SECRETS" {
		t.Error(record, err)
	}
	var no result
	if _, err := s.pairRecord(t.Context(), udid{otherUDID}); !errors.Is(err, errNotPaired) || !errors.As(err, &no) || no != 2 {
		t.Error(err)
	}
	err = s.with(t.Context(), func(conn net.Conn) error { return connect(conn, 7) })
	if !errors.As(err, &no) || no != 2 {
		t.Error(err)
	}

	// It is listened to until it ends, and then leaves its socket behind.
	heard := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		heard <- s.listen(ctx, make(chan struct{}, 1))
	}()
	select {
	case err := <-heard:
		t.Error("it does not let us listen:", err)
	case <-time.After(300 * time.Millisecond):
	}
	stop()
	if err := <-heard; !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	_, err = s.Read(t.Context())
	if !errors.Is(err, health.ErrNotFound) {
		t.Error(err)
	}
	t.Log(err)
}

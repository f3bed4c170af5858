package main

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// need skips a test that needs programs which are not here; in CI, which
// installs them, that is a failure.
func need(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err == nil {
			continue
		}
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed, and CI must have it", p)
		}
		t.Skipf("%s is not installed here (make deps installs it)", p)
	}
}

// privateBus starts a session bus for this test alone and gives its address.
// Nobody on it shows notifications or trays unless the test brings them.
func privateBus(t *testing.T) string {
	t.Helper()
	return busOf(t, nil, nil)
}

// openBus is the usual session bus, but for the test, which is of another user.
const openBus = `<busconfig>
<include>/usr/share/dbus-1/session.conf</include>
<policy context="mandatory"><allow user="*"/></policy>
</busconfig>`

// busOf is a private bus that runs as somebody else, and whose services start
// in an environment of theirs; nil: as this test, and in its environment.
func busOf(t *testing.T, as *syscall.SysProcAttr, env []string) string {
	t.Helper()
	need(t, "dbus-daemon")
	config := "--session"
	if as != nil {
		file, err := os.CreateTemp("/tmp", "ninelives-bus-") // t.TempDir is closed to others
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Remove(file.Name()) })
		if _, err := file.WriteString(openBus); err != nil || file.Chmod(0o644) != nil || file.Close() != nil {
			t.Fatal("the configuration of the bus could not be written")
		}
		config = "--config-file=" + file.Name()
	}
	c := exec.Command("dbus-daemon", config, "--nofork", "--print-address")
	c.SysProcAttr, c.Env = as, env
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("dbus-daemon gave no address: %v", err)
	}
	return strings.TrimSpace(line)
}

// serveFeed serves a status feed on loopback and gives its address.
func serveFeed(t *testing.T, body []byte) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }))
	t.Cleanup(server.Close)
	return server.URL
}

package phone

import (
	"errors"
	"strings"
	"testing"

	"ninelives/internal/health"
)

func TestAddress(t *testing.T) {
	for _, c := range []struct{ goos, value, network, address string }{
		{"darwin", "", "unix", "/var/run/usbmuxd"},
		{"linux", "", "unix", "/var/run/usbmuxd"},
		{"windows", "", "tcp", "127.0.0.1:27015"},
		{"linux", "UNIX:/tmp/mux", "unix", "/tmp/mux"},
		{"darwin", "unix:///tmp/mux", "unix", "/tmp/mux"},
		{"darwin", "/tmp/mux", "unix", "/tmp/mux"},
		{"windows", `UNIX:C:\mux`, "unix", `C:\mux`},
		{"windows", "127.0.0.1:27016", "tcp", "127.0.0.1:27016"},
		{"linux", "localhost:27015", "tcp", "localhost:27015"},
		{"linux", "[::1]:27015", "tcp", "[::1]:27015"},
		{"linux", "UNIX:", "", ""},
		{"linux", "unix://", "", ""},
		{"linux", "tmp/mux", "", ""},
		{"linux", ":27015", "", ""},
		{"linux", "localhost:", "", ""},
		{"linux", "localhost:0", "", ""},
		{"linux", "localhost:70000", "", ""},
		{"linux", "::1:27015", "", ""},
	} {
		getenv := func(name string) string {
			if name != "USBMUXD_SOCKET_ADDRESS" {
				t.Errorf("asked for %s", name)
			}
			return c.value
		}
		network, address, err := Address(c.goos, getenv)
		if network != c.network || address != c.address {
			t.Errorf("%s %q: %s %s", c.goos, c.value, network, address)
		}
		if wrong := c.network == ""; wrong != (err != nil) || wrong && (!errors.Is(err, health.ErrMalformed) || !strings.Contains(err.Error(), c.value)) {
			t.Errorf("%s %q: %v", c.goos, c.value, err)
		}
	}
}

func TestWhere(t *testing.T) {
	if got := New(Options{GOOS: "darwin"}).Where(); got != "usbmuxd at /var/run/usbmuxd" {
		t.Error(got)
	}
	if got := New(Options{Address: "UNIX:/x"}).Where(); got != "usbmuxd at /x" {
		t.Error(got)
	}
	if got := New(Options{Address: "nonsense"}).Where(); got != "usbmuxd" {
		t.Error(got)
	}
}

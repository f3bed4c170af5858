package phone

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"ninelives/internal/health"
)

const addressVariable = "USBMUXD_SOCKET_ADDRESS"

// Address gives where usbmuxd listens, as arguments to a dialer: what
// USBMUXD_SOCKET_ADDRESS says in any of the forms that its clients have for it
// (UNIX:/path, unix:///path, /path, host:port, [v6]:port), else the usual place
// of the system. The error, of the kind health.ErrMalformed, names the variable
// and its value.
func Address(goos string, getenv func(string) string) (network, address string, err error) {
	if value := getenv(addressVariable); value != "" {
		return parseAddress(value)
	}
	if goos == "windows" {
		return "tcp", "127.0.0.1:27015", nil // Apple Mobile Device Service
	}
	return "unix", "/var/run/usbmuxd", nil
}

func parseAddress(value string) (network, address string, err error) {
	if path, is := socketPath(value); is {
		if path == "" {
			return "", "", wrongAddress(value, "no path")
		}
		return "unix", path, nil
	}
	host, port, err := net.SplitHostPort(value)
	if err != nil || host == "" {
		return "", "", wrongAddress(value, "neither a path nor host:port")
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", "", wrongAddress(value, "not a port")
	}
	return "tcp", value, nil
}

// socketPath gives the path in an address of that form.
func socketPath(value string) (path string, is bool) {
	if strings.HasPrefix(value, "/") {
		return value, true
	}
	const scheme = "unix:"
	if len(value) < len(scheme) || !strings.EqualFold(value[:len(scheme)], scheme) {
		return "", false
	}
	return strings.TrimPrefix(value[len(scheme):], "//"), true
}

func wrongAddress(value, why string) error {
	return fmt.Errorf("%s=%q: %s: %w", addressVariable, value, why, health.ErrMalformed)
}

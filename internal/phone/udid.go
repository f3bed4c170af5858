package phone

import (
	"log/slog"
	"strings"

	"ninelives/internal/health"
)

// udid is the name that a phone has for its daemon. It shows itself by its
// short hash only.
type udid struct{ plain string }

// udidOf takes 40 hex digits, or 24 with or without the dash after the eighth;
// some daemons leave it out, though pair records are filed with it.
func udidOf(serial text) (udid, bool) {
	bare := strings.ReplaceAll(string(serial), "-", "")
	if strings.Trim(bare, "0123456789abcdefABCDEF") != "" {
		return udid{}, false
	}
	switch len(bare) {
	case 24:
		return udid{bare[:8] + "-" + bare[8:]}, true
	case 40:
		return udid{bare}, true
	}
	return udid{}, false
}

func (u udid) id() string { return health.IDOf(u.plain) }

// String gives the short hash.
func (u udid) String() string { return u.id() }

// GoString gives the short hash.
func (u udid) GoString() string { return u.id() }

// LogValue gives the short hash.
func (u udid) LogValue() slog.Value { return slog.StringValue(u.id()) }

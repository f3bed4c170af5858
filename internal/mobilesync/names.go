package mobilesync

import (
	"path/filepath"
	"regexp"
	"strings"

	"ninelives/internal/health"
)

// udidForm is how a UDID looks: a SHA-1 up to the iPhone X, eight and sixteen
// digits since 2018, and twenty-four where the dash was lost.
const udidForm = `[0-9a-fA-F]{40}|[0-9a-fA-F]{8}-[0-9a-fA-F]{16}|[0-9a-fA-F]{24}`

var (
	udid       = regexp.MustCompile(`^(?:` + udidForm + `)$`)
	folderName = regexp.MustCompile(`^(` + udidForm + `)(-[0-9]{8}-[0-9]{6})?$`)
)

// parseName reads the name of a device folder. Anything else is not a backup.
func parseName(name string) (id string, archive, ok bool) {
	m := folderName.FindStringSubmatch(name)
	if m == nil {
		return "", false, false
	}
	return health.IDOf(m[1]), m[2] != "", true
}

// idOf gives the short name of the first text that is a UDID, or nothing.
func idOf(candidates ...text) string {
	for _, c := range candidates {
		if udid.MatchString(string(c)) {
			return health.IDOf(string(c))
		}
	}
	return ""
}

// discreet gives a path for an error's text: a UDID in it is replaced by the
// short name of its device.
func discreet(path string) string {
	parts := strings.Split(path, string(filepath.Separator))
	for i, part := range parts {
		if id, _, ok := parseName(part); ok {
			parts[i] = "<device " + id + ">"
		}
	}
	return strings.Join(parts, string(filepath.Separator))
}

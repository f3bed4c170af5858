package health

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// How old evidence may be and still count.
const (
	phoneFor    = Day            // settings of a phone
	connectFor  = time.Hour      // how it is connected and powered
	quotaFor    = Day            //
	releasesFor = 7 * Day        // new versions come every few weeks
	quietFor    = time.Hour      // Apple's feed saying that all is well
	troubleFor  = 12 * time.Hour // Apple's feed saying that something is wrong
	sameBootFor = 30 * Day       // from when on a restart is worth trying
)

// Sizes that weigh for fix 4.
const (
	gigabyte    = 1_000_000_000
	littleSpace = 1 * gigabyte
	plentySpace = 10 * gigabyte
)

func (c *patient) weighStorage(Verdict) (Odds, string) {
	q := c.facts.Quota
	if c.computerOnly() {
		return RuledOut, "This device is backed up to a computer only, which takes no iCloud space."
	}
	if !q.Known() || age(q.GoodAt, c.now) > quotaFor {
		return CannotTell, "How much iCloud space is left is not known."
	}
	left := fmt.Sprintf("%s of iCloud space are left in this computer's account, which may be another one than the device's", bytes(q.Value.Remaining))
	switch {
	case q.Value.Remaining < littleSpace, q.Value.Remaining < c.lastSize():
		return Likely, left + "."
	case q.Value.Remaining > plentySpace && q.Value.Remaining > 2*c.lastSize():
		return RuledOut, left + "."
	default:
		return CannotTell, left + "."
	}
}

// weighUpdate knows two tracks: the newest of the major version that the device
// runs, and the newest of all. Who stays on the older one on purpose is up to
// date there.
func (c *patient) weighUpdate(Verdict) (Odds, string) {
	releases := c.facts.Releases
	switch {
	case releases.Trouble == Off && !releases.Known():
		return CannotTell, "Asking for the newest iOS is switched off."
	case !releases.Known() || age(releases.GoodAt, c.now) > releasesFor:
		return CannotTell, "The newest iOS for this model is not known."
	case c.ProductType == "" || c.OSVersion == "":
		return CannotTell, "The model or iOS version of this device is not known."
	}
	track, newest := offered(releases.Value, c.Device)
	runs := "It ran " + c.OSVersion + " at its last backup"
	if c.phone != nil && c.phone.Device.OSVersion == c.OSVersion {
		runs = "It ran " + c.OSVersion + " when it was last heard"
		if age(c.phone.At, c.now) <= releasesFor {
			runs = "It runs " + c.OSVersion
		}
	}
	switch {
	case newest == "":
		return CannotTell, "Apple's list does not name this model."
	case newerVersion(track, c.OSVersion) && track != newest:
		return Likely, fmt.Sprintf("%s; Apple offers %s on that track, or %s.", runs, track, newest)
	case newerVersion(track, c.OSVersion), newerVersion(newest, c.OSVersion) && track == "":
		return Likely, fmt.Sprintf("%s; Apple offers %s.", runs, newest)
	case newerVersion(newest, c.OSVersion):
		return Possible, fmt.Sprintf("%s, the newest on its track; Apple also offers %s.", runs, newest)
	default:
		return RuledOut, fmt.Sprintf("%s, the newest that Apple offers for it.", runs)
	}
}

// offered gives the newest version for a device on the track that it is on, and
// the newest of all.
func offered(releases []Release, d Device) (track, newest string) {
	for _, r := range releases {
		if !slices.Contains(r.ProductTypes, d.ProductType) {
			continue
		}
		if newest == "" || newerVersion(r.Version, newest) {
			newest = r.Version
		}
		if part(strings.Split(r.Version, "."), 0) == part(strings.Split(d.OSVersion, "."), 0) && (track == "" || newerVersion(r.Version, track)) {
			track = r.Version
		}
	}
	return track, newest
}

// newerVersion compares dotted versions number by number.
func newerVersion(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(as), len(bs)) {
		na, nb := part(as, i), part(bs, i)
		if na != nb {
			return na > nb
		}
	}
	return false
}

func part(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	n, err := strconv.Atoi(parts[i])
	if err != nil {
		return 0
	}
	return n
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

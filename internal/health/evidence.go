package health

import (
	"fmt"
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

const notAsked = "The device itself has not been asked"

// told gives what the phone said, if that is younger than limit.
func (c *patient) told(limit time.Duration) (*Phone, string) {
	switch {
	case c.phone == nil:
		return nil, notAsked
	case age(c.phone.At, c.now) > limit:
		return nil, fmt.Sprintf("The device was last heard %s ago", Age(age(c.phone.At, c.now)))
	default:
		return c.phone, fmt.Sprintf("%s ago", Age(age(c.phone.At, c.now)))
	}
}

// computerOnly reports whether the person is known to back this device up to
// computers on purpose: iCloud Backup off, and a backup here in the last month.
func (c *patient) computerOnly() bool {
	if c.phone == nil || c.phone.CloudBackup != No {
		return false
	}
	for _, r := range c.routes {
		if r.Kind == ComputerRoute && !r.Weak && !r.LastGood.IsZero() && age(r.LastGood, c.now) < 30*Day {
			return true
		}
	}
	return false
}

func (c *patient) weighICloudSettings(Verdict) (Odds, string) {
	phone, when := c.told(phoneFor)
	switch {
	case phone == nil:
		return CannotTell, when + ", so it is not known whether iCloud Backup is switched on."
	case phone.CloudBackup == Yes:
		return RuledOut, fmt.Sprintf("The device said %s that iCloud Backup is on.", when)
	case phone.CloudBackup == No && c.computerOnly():
		return RuledOut, "iCloud Backup is off, but this device is backed up to a computer, so that is taken as intended."
	case phone.CloudBackup == No:
		return Certain, fmt.Sprintf("The device said %s that iCloud Backup is off, or that no Apple Account is signed in.", when)
	default:
		return CannotTell, "The device did not say whether iCloud Backup is on."
	}
}

func (c *patient) weighWiFi(Verdict) (Odds, string) {
	if c.facts.Host.Online == No {
		return Likely, "This computer has no network now, so the device may have none either."
	}
	phone, when := c.told(connectFor)
	switch {
	case phone == nil:
		return CannotTell, when + ", so it is not known whether it is on Wi-Fi."
	case phone.Transport == ByWiFi:
		return RuledOut, fmt.Sprintf("The device was on Wi-Fi %s.", when)
	case phone.Transport == ByCable && phone.WiFiSync == Yes:
		return Likely, fmt.Sprintf("The device was reached by cable only (%s), though it may be reached over Wi-Fi.", when)
	default:
		return CannotTell, "The device was reached by cable, which says nothing about its Wi-Fi."
	}
}

func (c *patient) weighPower(Verdict) (Odds, string) {
	if n := c.nightsWithoutPower(); n >= enoughNights {
		return Likely, fmt.Sprintf("It was not on power in any of the %d nights that it was seen in since its last backup.", n)
	}
	phone, when := c.told(connectFor)
	switch {
	case phone == nil:
		return CannotTell, when + ", so it is not known whether it is charging at night."
	case phone.Transport != ByWiFi:
		return CannotTell, "On a cable this computer charges it, which says nothing about its nights."
	case phone.Power == Yes:
		return RuledOut, fmt.Sprintf("The device was on power %s.", when)
	case phone.Power == No && phone.BatteryPercent > 0 && phone.BatteryPercent <= 20:
		return Likely, fmt.Sprintf("%s it was not charging, with its battery at %d%%.", upper(when), phone.BatteryPercent)
	default:
		return CannotTell, "What is known of its power does not point either way."
	}
}

// Sizes that weigh for fix 4.
const (
	gigabyte    = 1_000_000_000
	littleSpace = 1 * gigabyte
	plentySpace = 10 * gigabyte
)

func (c *patient) weighStorage(Verdict) (Odds, string) {
	q := c.facts.Quota
	if !q.Known() || age(q.GoodAt, c.now) > quotaFor {
		return CannotTell, "How much iCloud space is left is not known."
	}
	left := fmt.Sprintf("%.1f GB of iCloud space are left in this computer's account, which may be another one than the device's", float64(q.Value.Remaining)/gigabyte)
	switch {
	case q.Value.Remaining < littleSpace, q.Value.Remaining < c.lastSize():
		return Likely, left + "."
	case q.Value.Remaining > plentySpace && q.Value.Remaining > 2*c.lastSize():
		return RuledOut, left + "."
	default:
		return CannotTell, left + "."
	}
}

func (c *patient) weighRestart(v Verdict) (Odds, string) {
	phone, when := c.told(phoneFor)
	switch {
	case phone == nil:
		return CannotTell, when + ", so it is not known when it was last restarted."
	case !v.LastGood.IsZero() && phone.RestartSeen.After(v.LastGood):
		return RuledOut, fmt.Sprintf("It was restarted since, as seen %s ago.", Age(age(phone.RestartSeen, c.now)))
	case !phone.SameBootSince.IsZero() && age(phone.SameBootSince, c.now) >= sameBootFor:
		return Likely, fmt.Sprintf("It has not been restarted for %s at least.", Age(age(phone.SameBootSince, c.now)))
	default:
		return CannotTell, "It is not known when it was last restarted."
	}
}

func (c *patient) weighSignOut(v Verdict) (Odds, string) {
	if c.computerOnly() {
		return RuledOut, "This device is backed up to a computer only, which needs no Apple Account."
	}
	feed := c.facts.Feed
	if i, ok := feed.Value.find(func(i Incident) bool { return c.signInTrouble(i, v.LastGood) }); ok {
		return Likely, fmt.Sprintf("Apple had %s with %s%s, in the time without a backup.", kindNames[i.Kind], serviceNames[i.Service], since(i.Start, c.now))
	}
	phone, when := c.told(phoneFor)
	if phone == nil {
		return CannotTell, when + ", so it is not known whether its Apple Account works."
	}
	if phone.CloudBackup != Yes {
		return CannotTell, "The device did not say that iCloud Backup is on."
	}
	for _, weigh := range []func(*patient, Verdict) (Odds, string){
		(*patient).weighWiFi, (*patient).weighPower, (*patient).weighStorage, (*patient).weighAppleStatus,
	} {
		if odds, _ := weigh(c, v); odds != RuledOut {
			return CannotTell, "Worth a thought when Wi-Fi, power, space and Apple's status are ruled out."
		}
	}
	return Likely, "iCloud Backup is on, and Wi-Fi, power, space and Apple's status are ruled out, yet there is no new backup."
}

// signInTrouble reports whether an incident on signing in lies in the time
// since the last good backup.
func (c *patient) signInTrouble(i Incident, lastGood time.Time) bool {
	if i.Service != ICloudAccount && i.Service != AppleAccount {
		return false
	}
	if !i.grave() || lastGood.IsZero() || i.Status == Upcoming || i.Start.After(c.now) {
		return false
	}
	return i.Status == Ongoing || i.End.After(lastGood)
}

func (c *patient) weighUpdate(Verdict) (Odds, string) {
	releases := c.facts.Releases
	switch {
	case !releases.Known() || age(releases.GoodAt, c.now) > releasesFor:
		return CannotTell, "The newest iOS for this model is not known."
	case c.ProductType == "" || c.OSVersion == "":
		return CannotTell, "The model or iOS version of this device is not known."
	}
	newest := ""
	for _, r := range releases.Value {
		for _, t := range r.ProductTypes {
			if t == c.ProductType && newerVersion(r.Version, newest) {
				newest = r.Version
			}
		}
	}
	switch {
	case newest == "":
		return CannotTell, "Apple's list does not name this model."
	case newerVersion(newest, c.OSVersion):
		return Likely, fmt.Sprintf("It ran %s at its last backup; Apple offers %s.", c.OSVersion, newest)
	default:
		return RuledOut, fmt.Sprintf("It runs %s, the newest that Apple offers for it.", c.OSVersion)
	}
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

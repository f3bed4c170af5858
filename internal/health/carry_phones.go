package health

import (
	"cmp"
	"slices"
	"time"
)

// CarryPhones adds to a new reading of the phones what was known before: a
// phone that is away, asleep or does not trust us any more keeps what it said,
// with the time when it said so. Nights are those of the zone of now.
//
// A phone that never answered is forgotten when it goes: somebody only charged
// it here; one that is never heard again, after three months.
func CarryPhones(before, read []Phone, now time.Time) []Phone {
	old := make(map[string]Phone, len(before))
	for _, p := range before {
		old[p.Device.ID] = p.believable(now) // a clock may have been wrong then
	}
	var out []Phone
	for _, p := range read {
		out = append(out, p.remembering(old[p.Device.ID], now.Location()))
		delete(old, p.Device.ID)
	}
	for _, b := range before {
		if p, away := old[b.Device.ID]; away && !p.At.IsZero() && age(p.At, now) < forgetAfter {
			out = append(out, p)
		}
	}
	return out
}

// forgetAfter is how long a phone that is never heard any more stays in mind:
// by then it was sold, or was a guest's.
const forgetAfter = 90 * Day

// remembering completes a reading of a phone from the one before it, one group
// of answers at a time.
func (p Phone) remembering(old Phone, zone *time.Location) Phone {
	p.Device.Name = cmp.Or(p.Device.Name, old.Device.Name)
	p.Device.ProductType = cmp.Or(p.Device.ProductType, old.Device.ProductType)
	p.Device.OSVersion = cmp.Or(p.Device.OSVersion, old.Device.OSVersion)
	p.WiFiAt = latest(p.WiFiAt, old.WiFiAt)
	if p.At.IsZero() {
		p.At, p.Transport, p.Cloud = old.At, old.Transport, old.Cloud
		p.FreeBytes = old.FreeBytes
	}
	p.WiFiSync = cmp.Or(p.WiFiSync, old.WiFiSync)
	if p.CloudAt.IsZero() {
		p.CloudAt, p.CloudBackup = old.CloudAt, old.CloudBackup
		p.LastCloudBackup, p.LastComputerBackup, p.Encrypts = old.LastCloudBackup, old.LastComputerBackup, old.Encrypts
		p.ClockAt, p.ClockOff = old.ClockAt, old.ClockOff // the dates above are by the clock of that time
	} else if p.ClockAt.IsZero() { // it went before it told the time: what is known of its clock holds
		p.ClockAt, p.ClockOff = old.ClockAt, old.ClockOff
	}
	p.CloudAhead = ahead(p.LastCloudBackup, old.CloudAhead, p)
	p.ComputerAhead = ahead(p.LastComputerBackup, old.ComputerAhead, p)
	p.Nights = p.nights(old.Nights, zone)
	if p.PowerAt.IsZero() {
		p.PowerAt, p.Power, p.BatteryPercent = old.PowerAt, old.Power, old.BatteryPercent
	}
	return p.sameBoot(old)
}

// ahead gives the date if it lies ahead of the moment when it was told, or did
// when it was told first.
func ahead(date, known time.Time, p Phone) time.Time {
	read, _ := p.dated(date)
	if !date.IsZero() && (date.Equal(known) || !believable(read, p.CloudAt)) {
		return date
	}
	return time.Time{}
}

// sameBoot follows the boot session: one that lasts, or a new one that began
// after the old one was last heard of.
func (p Phone) sameBoot(old Phone) Phone {
	if p.BootAt.IsZero() {
		p.BootAt = p.At
	}
	switch p.Boot {
	case "":
		p.Boot, p.BootAt, p.SameBootSince, p.RestartAfter = old.Boot, old.BootAt, old.SameBootSince, old.RestartAfter
	case old.Boot:
		p.SameBootSince, p.RestartAfter = old.SameBootSince, old.RestartAfter
	default:
		p.SameBootSince, p.RestartAfter = p.BootAt, old.BootAt
	}
	return p
}

// mostNights is how many nights are kept: more than any backup may be late
// without the rest of the evidence having told why.
const mostNights = 31

// nights adds what this reading saw of the night it falls in, if it does.
func (p Phone) nights(known []Night, zone *time.Location) []Night {
	known = slices.Clone(known)
	for _, seen := range []struct {
		at time.Time
		Night
	}{
		{p.PowerAt, Night{WiFi: true, Powered: p.Power == Yes || p.BatteryPercent >= charged, Dark: p.darkAt(zone)}},
		{p.cableAt(), Night{WiFi: p.WiFiAt.Equal(p.SeenAt), Powered: true}}, // a computer charges, too
	} {
		if t := seen.at.In(zone); !seen.at.IsZero() && atNight(t) {
			seen.Of = nightOf(t)
			known = withNight(known, seen.Night)
		}
	}
	return known[max(0, len(known)-mostNights):]
}

// cableAt is when the phone was asked over a cable; zero: it was not.
func (p Phone) cableAt() time.Time {
	if p.Transport != ByCable {
		return time.Time{}
	}
	return p.At
}

// charged is a battery that was on power until a moment ago.
const charged = 95

// darkAt reports whether it was without power deep in the night: towards
// morning and in the evening phones are picked up, and only then they answer.
func (p Phone) darkAt(zone *time.Location) bool {
	return p.Power == No && p.PowerAt.In(zone).Hour() < deepNightEnds
}

func withNight(known []Night, n Night) []Night {
	for i, k := range known {
		if k.Of == n.Of {
			known[i].WiFi, known[i].Powered, known[i].Dark = k.WiFi || n.WiFi, k.Powered || n.Powered, k.Dark || n.Dark
			return known
		}
	}
	known = append(known, n)
	slices.SortFunc(known, func(a, b Night) int { return cmp.Compare(a.Of, b.Of) })
	return known
}

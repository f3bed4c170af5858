package health

import "time"

// enoughNights is how many nights without power make a habit.
const enoughNights = 3

// nightsWithoutPower counts the nights since the last backup in which the
// device was seen over Wi-Fi and never on power; 0 when it had power in one.
func (c *patient) nightsWithoutPower() int {
	if c.phone == nil {
		return 0
	}
	since := nightOf(c.phone.LastCloudBackup.In(c.now.Location()))
	if c.phone.LastCloudBackup.IsZero() {
		since = ""
	}
	n := 0
	for _, night := range c.phone.Nights {
		switch {
		case night.Of <= since:
		case night.Powered:
			return 0
		default:
			n++
		}
	}
	return n
}

// nightOf gives the day of the evening of the night that t falls in, or of the
// last one before it.
func nightOf(t time.Time) string {
	if t.Hour() < nightStarts {
		t = t.AddDate(0, 0, -1)
	}
	return t.Format(time.DateOnly)
}

// atNight reports whether t, in its own location, falls into a night.
func atNight(t time.Time) bool { return t.Hour() >= nightStarts || t.Hour() < nightEnds }

// lastSize is the size of the newest backup of the device on this computer, a
// stand-in for that of one in iCloud; 0: not known.
func (c *patient) lastSize() int64 {
	var newest time.Time
	var size int64
	for _, place := range c.facts.Backups {
		for _, b := range place.Value {
			if b.Device.ID == c.ID && b.Size > 0 && !b.LastGood.Before(newest) {
				newest, size = b.LastGood, b.Size
			}
		}
	}
	return size
}

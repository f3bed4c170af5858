package health

import (
	"fmt"
	"time"
)

// How many nights make a habit.
const (
	enoughNights = 3 // seen, and never on power
	readyNights  = 2 // on Wi-Fi and on power, as an iCloud backup needs
)

// nightly is what was seen in the nights since the last iCloud backup.
type nightly struct {
	dark    int // without power, deep in the night
	powered int
	ready   int  // on power and on Wi-Fi in the same night
	lately  bool // in one of the last two nights: older nights are no evidence of what is wrong now
}

func (n nightly) readyWords() string {
	return fmt.Sprintf("It was on Wi-Fi and on power in %s since its last backup.", count(n.ready, "night"))
}

// nights counts what was seen in the nights since the last iCloud backup; that
// of the backup itself does not count.
func (c *patient) nights() nightly {
	var n nightly
	if c.phone == nil {
		return n
	}
	zone, since := c.now.Location(), ""
	if last := c.phone.LastCloudBackup; !last.IsZero() {
		since = nightOf(last.In(zone))
	}
	lately := nightOf(c.now.AddDate(0, 0, -2))
	for _, night := range c.phone.Nights {
		if night.Of <= since {
			continue
		}
		n.lately = n.lately || night.Of > lately
		if night.Dark && !night.Powered {
			n.dark++
		}
		if night.Powered {
			n.powered++
		}
		if night.WiFi && night.Powered {
			n.ready++
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
	var newest Backup
	for _, b := range c.folders {
		if b.Size > 0 && !b.LastGood.Before(newest.LastGood) {
			newest = b
		}
	}
	return newest.Size
}

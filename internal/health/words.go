package health

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Age says a length of time as people do, in its two largest fitting units at
// most: "12 days", "3 hours", "less than a minute". A negative one, a date
// slightly ahead of this computer's clock, counts as none.
func Age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < time.Hour:
		return count(int(d/time.Minute), "minute")
	case d < 2*Day:
		return count(int(d/time.Hour), "hour")
	default:
		return count(int(d/Day), "day")
	}
}

// moment says when evidence was read, in the zone of now: "at 21:53", "on 18 Nov
// at 10:00". It stays true while the words stand on a screen.
func moment(t, now time.Time) string {
	t = t.In(now.Location())
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return t.Format("at 15:04")
	}
	return "on " + day(t, now) + t.Format(" at 15:04")
}

// Span says a limit exactly: "7 days", "36 hours", "1 day 12 hours 30 minutes".
func Span(d time.Duration) string {
	if d < 2*Day && d%time.Hour == 0 && d != Day {
		return count(int(d/time.Hour), "hour")
	}
	var words []string
	for _, u := range []struct {
		size time.Duration
		name string
	}{{Day, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}} {
		if n := d / u.size; n > 0 {
			words = append(words, count(int(n), u.name))
			d -= n * u.size
		}
	}
	return strings.Join(words, " ")
}

func count(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

// day says a date in the zone of now: "12 Nov", with the year when it is
// another one.
func day(t, now time.Time) string {
	t = t.In(now.Location())
	if t.Year() == now.Year() {
		return t.Format("2 Jan")
	}
	return t.Format("2 Jan 2006")
}

// age is how old a date is; a date ahead of the clock has no age.
func age(t, now time.Time) time.Duration { return max(0, now.Sub(t)) }

// Summary says in one line how all devices are doing.
func (r Report) Summary() string {
	var all, late, unsure int
	for _, d := range r.Devices {
		if d.Ignored {
			continue
		}
		all++
		switch d.State {
		case Warning, Critical:
			late++
		case Unknown:
			unsure++
		case OK:
		}
	}
	switch {
	case all == 0 && len(r.Devices) > 0:
		return "every device is ignored, so nothing is watched"
	case all == 0 && r.Unread():
		return "the backups could not be read, so nothing can be judged"
	case all == 0:
		return "no backups found, so nothing can be judged"
	case late == 1 && all == 1:
		return "the one device needs attention"
	case late == 1:
		return fmt.Sprintf("1 of %s needs attention", count(all, "device"))
	case late > 1:
		return fmt.Sprintf("%d of %s need attention", late, count(all, "device"))
	case late == 0 && unsure == 0 && r.State == Unknown && all > 0:
		return fmt.Sprintf("%s backed up, but not every place with backups could be read", are(all))
	case unsure == 1 && all == 1:
		return "the one device cannot be judged"
	case unsure > 0:
		return fmt.Sprintf("%d of %s cannot be judged", unsure, count(all, "device"))
	case all == 1:
		return "the one device is backed up"
	default:
		return fmt.Sprintf("all %d devices are backed up", all)
	}
}

// visible gives a device's name, or nothing when a reader would see nothing of
// it: such a device goes by its model instead.
func visible(name string) string {
	for _, r := range name {
		if unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.In(r, unicode.Mn, unicode.Me, unicode.Co) && !blank(r) {
			return name
		}
	}
	return ""
}

// blank knows the letters and signs that have no ink: the Hangul fillers and
// the empty Braille pattern.
func blank(r rune) bool {
	switch r {
	case 0x115f, 0x1160, 0x3164, 0xffa0, 0x2800:
		return true
	default:
		return false
	}
}

func are(n int) string {
	if n == 1 {
		return "1 device is"
	}
	return fmt.Sprintf("%d devices are", n)
}

// Unread reports whether a place that keeps backups could not be read; one that
// is not there keeps none.
func (r Report) Unread() bool {
	for _, s := range r.Sources {
		if s.Kind == SourceMobileSync && s.State() != "ok" && s.Trouble != NotFound {
			return true
		}
	}
	return false
}

package health

import (
	"fmt"
	"time"
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

// Span says a limit exactly: "7 days", "36 hours", "90 minutes".
func Span(d time.Duration) string {
	switch {
	case d%Day == 0:
		return count(int(d/Day), "day")
	case d%time.Hour == 0:
		return count(int(d/time.Hour), "hour")
	case d%time.Minute == 0:
		return count(int(d/time.Minute), "minute")
	default:
		return d.String()
	}
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
	case all == 0:
		return "no backups found, so nothing can be judged"
	case late == 1 && all == 1:
		return "the one device needs attention"
	case late == 1:
		return fmt.Sprintf("1 of %s needs attention", count(all, "device"))
	case late > 1:
		return fmt.Sprintf("%d of %s need attention", late, count(all, "device"))
	case unsure > 0:
		return fmt.Sprintf("%d of %s cannot be judged", unsure, count(all, "device"))
	case all == 1:
		return "the one device is backed up"
	default:
		return fmt.Sprintf("all %d devices are backed up", all)
	}
}

package store

import (
	"cmp"
	"slices"
	"time"

	"ninelives/internal/health"
)

// Days are counted from 1970, so that those without a line are counted too.
// There were no backups of iPhones before 2007; a date outside of these years
// is a clock gone wrong.
const (
	firstYear = 2007
	lastYear  = 2199
)

// keepDays is how long the history goes back: five years.
const keepDays = 5*365 + 1

const secondsADay = 24 * 60 * 60

// dayOf gives the day of a moment in the calendar of now; a moment ahead of now
// is today's.
func dayOf(t, now time.Time) (day int, ok bool) {
	if t.After(now) {
		t = now
	}
	y, m, d := t.In(now.Location()).Date()
	return civil(y, int(m), d), firstYear <= y && y <= lastYear
}

func civil(y, m, d int) int {
	return int(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Unix() / secondsADay)
}

// timeOf is the beginning of a day, in UTC.
func timeOf(day int) time.Time { return time.Unix(int64(day)*secondsADay, 0).UTC() }

// parseDate reads a date such as "2026-11-20", and no date that there is not.
func parseDate(text []byte) (day int, ok bool) {
	if len(text) != dateEnd || text[4] != '-' || text[7] != '-' {
		return 0, false
	}
	var n [3]int
	for i, part := range [...][]byte{text[:4], text[5:7], text[8:]} {
		for _, c := range part {
			if c < '0' || c > '9' {
				return 0, false
			}
			n[i] = 10*n[i] + int(c-'0')
		}
	}
	y, m, d := n[0], n[1], n[2]
	if y < firstYear || y > lastYear || m < 1 || m > 12 || d < 1 || d > 31 {
		return 0, false
	}
	day = civil(y, m, d)
	return day, timeOf(day).Day() == d
}

// timeline is what is known of the days of one device: sorted, each day once.
type timeline []knownDay

type knownDay struct {
	day   int32
	marks marks
}

func byDay(k knownDay, day int32) int { return cmp.Compare(k.day, day) }

// join adds marks to a day, and reports whether that told anything new.
func (l timeline) join(day int, m marks) (timeline, bool) {
	i, found := slices.BinarySearchFunc(l, int32(day), byDay)
	switch {
	case m == 0:
		return l, false
	case !found:
		return slices.Insert(l, i, knownDay{int32(day), m}), true
	case l[i].marks.plus(m) == l[i].marks:
		return l, false
	default:
		l[i].marks = l[i].marks.plus(m)
		return l, true
	}
}

// at gives the marks of a day.
func (l timeline) at(day int) marks {
	if i, found := slices.BinarySearchFunc(l, int32(day), byDay); found {
		return l[i].marks
	}
	return 0
}

// sorted puts days in order that were read in any, and adds up those that are
// the same.
func (l timeline) sorted() timeline {
	slices.SortFunc(l, func(a, b knownDay) int { return cmp.Compare(a.day, b.day) })
	n := 0
	for _, k := range l {
		if n > 0 && l[n-1].day == k.day {
			l[n-1].marks = l[n-1].marks.plus(k.marks)
			continue
		}
		l[n] = k
		n++
	}
	return slices.Clone(l[:n]) // without the room that reading took
}

// fill tells the days from first on.
func (l timeline) fill(days []health.DayRecord, first int) {
	i, _ := slices.BinarySearchFunc(l, int32(first), byDay)
	for _, k := range l[i:] {
		n := int(k.day) - first
		if n >= len(days) {
			return
		}
		k.marks.tell(&days[n])
	}
}

package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ninelives/internal/health"
)

// A strip is a drawing of the last 90 days, the newest at the right, one unit
// wide each: what was proven stands above the middle line, lateness hangs below
// it, trouble at Apple and snoozes have lanes of their own at its edges. So the
// kinds of day differ in place and height, not only in colour.
const stripDays = 90

// Strip is the last 90 days of one device.
type Strip struct {
	Marks []StripMark
	From  string // the day at the left end: "23 Aug"
	spans []span
}

// StripMark draws all days of one kind as one path: a line per run of days, in
// a width and a pattern that belong to the kind.
type StripMark struct{ Kind, Path string }

// StripRow is a run of days in words.
type StripRow struct{ Days, Words string }

// stripKinds are the kinds of day, each with the middle of its lane in the nine
// units of height. Their names are the classes of the style sheet, short for
// the sake of fifty devices. A backup covers what is drawn before it.
var stripKinds = []struct {
	kind   string
	middle string
	is     func(health.DayRecord) bool
}{
	{"f", "4", func(d health.DayRecord) bool { return d.Looked && d.Worst == health.OK }},
	{"u", "3.5", func(d health.DayRecord) bool { return d.Looked && d.Worst == health.Unknown }},
	{"n", "4.5", func(d health.DayRecord) bool { return !d.Looked }},
	{"l", "5.5", func(d health.DayRecord) bool { return d.Looked && d.Worst == health.Warning }},
	{"s", "6.3", func(d health.DayRecord) bool { return d.Looked && d.Worst == health.Critical }},
	{"b", "2.8", func(d health.DayRecord) bool { return d.Backup }},
	{"o", ".4", func(d health.DayRecord) bool { return d.Outage }},
	{"z", "8.6", func(d health.DayRecord) bool { return d.Snoozed }},
}

// stripOf draws the days that the history knows; before them nobody looked.
func stripOf(known []health.DayRecord) *Strip {
	if len(known) == 0 {
		return nil
	}
	known = known[max(0, len(known)-stripDays):]
	days := make([]health.DayRecord, stripDays)
	copy(days[stripDays-len(known):], known)
	s := &Strip{From: stripStart(known)}
	for _, k := range stripKinds {
		if path := runs(days, k.middle, k.is); path != "" {
			s.Marks = append(s.Marks, StripMark{k.kind, path})
		}
	}
	s.spans = spansOf(known)
	return s
}

// stripStart names the day at the left end, which may be before the first that
// is known.
func stripStart(known []health.DayRecord) string {
	last, err := time.Parse(time.DateOnly, known[len(known)-1].Date)
	if err != nil {
		return ""
	}
	return last.AddDate(0, 0, 1-stripDays).Format("2 Jan")
}

// runs draws a line over each run of days.
func runs(days []health.DayRecord, middle string, is func(health.DayRecord) bool) string {
	var b strings.Builder
	at := -1 // where the pen is
	for i := 0; i < len(days); i++ {
		n := 0
		for i+n < len(days) && is(days[i+n]) {
			n++
		}
		switch {
		case n == 0:
			continue
		case at < 0:
			fmt.Fprintf(&b, "M%d %sh%d", i, middle, n)
		default:
			fmt.Fprintf(&b, "m%d 0h%d", i-at, n)
		}
		at = i + n
		i = at
	}
	return b.String()
}

// span is a run of days with the same words.
type span struct {
	first, last   string
	base, words   string // without, and with what was the matter beside
	days, backups int
}

func spansOf(days []health.DayRecord) []span {
	var all []span
	for _, d := range days {
		base, words := dayWords(d)
		if len(all) == 0 || all[len(all)-1].words != words {
			all = append(all, span{first: d.Date, base: base, words: words})
		}
		s := &all[len(all)-1]
		s.last = d.Date
		s.days++
		if d.Backup {
			s.backups++
		}
	}
	return all
}

// dayWords says how a day was, without its backup.
func dayWords(d health.DayRecord) (base, all string) {
	base = "not looked"
	if d.Looked {
		base = stripWords(d.Worst)
	}
	all = base
	if d.Outage {
		all += ", trouble at Apple"
	}
	if d.Snoozed {
		all += ", snoozed"
	}
	return base, all
}

func stripWords(s health.State) string {
	switch s {
	case health.OK:
		return "fine"
	case health.Warning:
		return "late"
	case health.Critical:
		return "at risk"
	default:
		return "unknown"
	}
}

// Rows is the strip in words, oldest first, in most rows, or all for 0: what
// happened before them is summed up in the first.
func (s Strip) Rows(most int) []StripRow {
	var rows []StripRow
	spans := s.spans
	if over := len(spans) - most + 1; over > 1 && most > 0 {
		rows = append(rows, StripRow{daysWords(spans[0].first, spans[over-1].last), summedUp(spans[:over])})
		spans = spans[over:]
	}
	for _, p := range spans {
		rows = append(rows, StripRow{daysWords(p.first, p.last), p.words + backupWords(", ", p.days, p.backups)})
	}
	return rows
}

// Words is the strip in one sentence.
func (s Strip) Words() string { return sentence("In 90 days: " + summedUp(s.spans)) }

// summedUp counts the days of each kind.
func summedUp(spans []span) string {
	var order []string
	days, all, backups := map[string]int{}, 0, 0
	for _, p := range spans {
		if !slices.Contains(order, p.base) {
			order = append(order, p.base)
		}
		days[p.base] += p.days
		all += p.days
		backups += p.backups
	}
	var parts []string
	for _, base := range order {
		parts = append(parts, fmt.Sprintf("%d %s", days[base], base))
	}
	return strings.Join(parts, ", ") + backupWords("; ", all, backups)
}

func backupWords(before string, days, backups int) string {
	switch {
	case backups == 0:
		return ""
	case days == 1:
		return before + "backed up"
	case days == backups:
		return before + "backed up every day"
	default:
		return before + "backed up on " + plural(backups, "day")
	}
}

// daysWords says from when to when: "9 to 20 Nov".
func daysWords(first, last string) string {
	a, errA := time.Parse(time.DateOnly, first)
	b, errB := time.Parse(time.DateOnly, last)
	switch {
	case errA != nil || errB != nil:
		return first + " to " + last
	case first == last:
		return a.Format("2 Jan")
	case a.Month() == b.Month() && a.Year() == b.Year():
		return a.Format("2") + " to " + b.Format("2 Jan")
	default:
		return a.Format("2 Jan") + " to " + b.Format("2 Jan")
	}
}

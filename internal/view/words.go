package view

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"ninelives/internal/health"
)

// Shape is the state as a sign that differs in outline, not only in colour,
// and exists in the usual fonts of menus and terminals.
func Shape(s health.State) string {
	switch s {
	case health.OK:
		return "●"
	case health.Warning:
		return "▲"
	case health.Critical:
		return "■"
	default:
		return "?"
	}
}

// Word is the state in words.
func Word(s health.State) string {
	switch s {
	case health.OK:
		return "fine"
	case health.Warning:
		return "needs attention"
	case health.Critical:
		return "at risk"
	default:
		return "unknown"
	}
}

// What is said when every fix that the evidence leaves was tried in vain.
const (
	allTriedWords = "All fixes that fit the evidence were tried, and none has helped."
	allTriedMenu  = "All that fits was tried: what now…"
)

// startOverWords say what is left then.
func startOverWords(v health.Verdict) string {
	over := "start over, since what failed once may help later; begin with: " + titleOf(v.Fixes[0].Code) + "."
	if v.Step == "" {
		return "You can " + over
	}
	return "Make a backup on a computer now, so that nothing is lost. Then " + over
}

// standing says how a device is doing, in few words: "12 days, limit 7".
func standing(v health.Verdict, now time.Time) string {
	age := health.Age(now.Sub(v.LastGood))
	switch {
	case v.State == health.OK:
		return "fine, " + ago(v.LastGood, now)
	case v.LastGood.IsZero() && v.State == health.Unknown:
		return "unknown"
	case v.LastGood.IsZero():
		return "no proven backup"
	case v.State == health.Unknown:
		return "unknown, last known backup " + ago(v.LastGood, now)
	default:
		return pastLimit(now.Sub(v.LastGood), age, limitOf(v))
	}
}

// pastLimit puts an age beside the limit that it has passed, without saying
// the unit twice: "12 days, limit 7", "over 7 days, limit 7".
func pastLimit(d time.Duration, age string, limit time.Duration) string {
	if limit <= 0 || d <= limit {
		return age + " old"
	}
	span := health.Span(limit)
	if span == age {
		age = "over " + age
	}
	n, unit, _ := strings.Cut(span, " ")
	if strings.HasSuffix(age, strings.TrimSuffix(unit, "s")+"s") {
		span = n
	}
	return age + ", limit " + span
}

// limitOf is the limit that matters for the state the device is in.
func limitOf(v health.Verdict) time.Duration {
	if v.State == health.Critical {
		return v.Limits.CriticalAfter
	}
	return v.Limits.WarnAfter
}

// ago says how long ago something was: "just now", "3 hours ago".
func ago(t, now time.Time) string {
	if d := now.Sub(t); d >= time.Minute {
		return health.Age(d) + " ago"
	}
	return "just now"
}

// When says a moment in the zone of now: "Today 03:12", "Yesterday 03:12",
// "Tue 17 Nov, 03:12", with the year when it is another one. The zero time is
// "never".
func When(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	t = t.In(now.Location())
	switch day := t.Format(time.DateOnly); {
	case day == now.Format(time.DateOnly):
		return t.Format("Today 15:04")
	case day == now.AddDate(0, 0, -1).Format(time.DateOnly):
		return t.Format("Yesterday 15:04")
	case day == now.AddDate(0, 0, 1).Format(time.DateOnly):
		return t.Format("Tomorrow 15:04")
	case t.Year() == now.Year():
		return t.Format("Mon 2 Jan, 15:04")
	default:
		return t.Format("Mon 2 Jan 2006, 15:04")
	}
}

// plural counts things: "1 device", "3 devices".
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// sentence gives words a capital and an end.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(s)
	if !strings.HasPrefix(s, "iCloud") {
		s = string(unicode.ToUpper(first)) + s[size:]
	}
	if strings.HasSuffix(s, ".") || strings.HasSuffix(s, "…") {
		return s
	}
	return s + "."
}

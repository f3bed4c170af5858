package view

import (
	"fmt"
	"strings"
	"time"

	"ninelives/internal/health"
)

// nagiosRunes is how long the text of the first line may be: pagers and old
// consoles show about 80 characters.
const nagiosRunes = 79

// ExitCode is the code that a monitoring plugin ends with, and `ninelives
// check` in every format: 0 ok, 1 warning, 2 critical, 3 unknown.
func ExitCode(s health.State) int {
	switch s {
	case health.OK:
		return 0
	case health.Warning:
		return 1
	case health.Critical:
		return 2
	default:
		return 3
	}
}

// Nagios is the report in the form of the monitoring plugins: one short line
// with the ages as performance data, then a line per device and obstacle.
// Ignored devices are left out.
func Nagios(r health.Report) string {
	var b strings.Builder
	b.WriteString(nagiosHead(r))
	sep := " | "
	for _, v := range r.Devices {
		if !v.Ignored {
			b.WriteString(sep + perfdata(v, r.At))
			sep = " "
		}
	}
	b.WriteByte('\n')
	for _, o := range r.Obstacles {
		b.WriteString(bare("! "+o.Title+": "+o.Remedy) + "\n")
	}
	for _, v := range r.Devices {
		if !v.Ignored {
			b.WriteString(bare(nagiosDetail(v)) + "\n")
		}
	}
	return b.String()
}

// nagiosHead is the first line's text; the worst device is named as long as it
// fits.
func nagiosHead(r health.Report) string {
	head := fmt.Sprintf("NINELIVES %s - %s", strings.ToUpper(r.State.String()), bare(summary(r)))
	if len(r.Devices) == 0 || r.Devices[0].Ignored || r.Devices[0].State == health.OK {
		return clamp(head, nagiosRunes)
	}
	v := r.Devices[0]
	for _, words := range []string{standing(v, r.At), health.Age(r.At.Sub(v.LastGood))} {
		long := fmt.Sprintf("%s: %s, %s", head, bare(nameOf(v)), words)
		if len([]rune(long)) <= nagiosRunes && !v.LastGood.IsZero() {
			return long
		}
	}
	return clamp(head, nagiosRunes)
}

func nagiosDetail(v health.Verdict) string {
	line := fmt.Sprintf("%s %s (%s): %s", strings.ToUpper(v.State.String()), nameOf(v), v.ID, v.Why)
	switch first, found := v.First(); {
	case len(v.Fixes) == 0:
	case v.AllTried():
		line += " " + allTriedWords + " " + v.Step
	case !found || first.Odds == health.CannotTell:
		line += " " + v.Step
	default:
		line += fmt.Sprintf(" Try first: %s (%s).", titleOf(first.Code), oddsWords(first.Odds))
	}
	return line
}

// perfdata is the age of one device in seconds beside its limits; U is an age
// that is not known.
func perfdata(v health.Verdict, at time.Time) string {
	value := "U"
	if n := ageSeconds(v.LastGood, at); n != nil {
		value = fmt.Sprintf("%ds", *n)
	}
	return fmt.Sprintf("'age_%s'=%s;%s;%s;0", bare(v.ID), value, threshold(v.Limits.WarnAfter), threshold(v.Limits.CriticalAfter))
}

func threshold(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return fmt.Sprintf("%d", int64(d/time.Second))
}

// bare is text without the bar, which would begin performance data.
func bare(s string) string { return strings.ReplaceAll(Terminal(s), "|", "/") }

package view

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"ninelives/internal/health"
)

// settings are the three that people change most; the file holds all.
func settings(s Session) []Item {
	return []Item{
		{Label: "Check every", Children: choices(CheckEvery, s.CheckEvery, "1h", "3h", "6h", "12h", "1d")},
		{Label: "Warn after", Children: choices(WarnAfter, s.WarnAfter, "3d", "7d", "14d", "30d")},
		atLogin(s.AtLogin),
	}
}

// choices are the usual values of a setting, the current one ticked; one that
// was written by hand gets a row of its own.
func choices(verb Verb, current string, usual ...string) []Item {
	if current != "" && !slices.ContainsFunc(usual, func(u string) bool { return same(u, current) }) {
		usual = append(usual, current)
	}
	items := make([]Item, 0, len(usual))
	for _, value := range usual {
		items = append(items, Item{
			Label:   settingWords(value),
			Command: Command{Verb: verb, Arg: value},
			Tick:    health.AnswerOf(same(value, current)),
		})
	}
	return items
}

// atLogin shows a tick only where it is known whether the program is started
// at login.
func atLogin(a health.Answer) Item {
	arg := "on"
	if a == health.Yes {
		arg = "off"
	}
	return Item{Label: "Start at Login", Command: Command{Verb: AtLogin, Arg: arg}, Tick: a}
}

// settingWords says a value as people do: "6 hours"; a cron line stays as it is.
func settingWords(value string) string {
	if d, ok := duration(value); ok {
		return health.Span(d)
	}
	return "By schedule: " + value
}

// same compares two values by what they mean: "24h" is "1d".
func same(a, b string) bool {
	x, ok := duration(a)
	y, fine := duration(b)
	if ok && fine {
		return x == y
	}
	return a == b
}

// duration reads a duration as settings are written: Go's own form, with days
// (d) and weeks (w) in front.
func duration(s string) (time.Duration, bool) {
	var sum time.Duration
	for _, unit := range []struct {
		name string
		size time.Duration
	}{{"w", 7 * health.Day}, {"d", health.Day}} {
		number, rest, found := strings.Cut(s, unit.name)
		if !found {
			continue
		}
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || n > 10_000 {
			return 0, false
		}
		sum += time.Duration(n) * unit.size
		s = rest
	}
	if s == "" {
		return sum, sum > 0
	}
	d, err := time.ParseDuration(s)
	return sum + d, err == nil && d >= 0 && sum+d > 0
}

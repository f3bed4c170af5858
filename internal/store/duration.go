package store

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"ninelives/internal/health"
)

// MaxDuration is the longest time that a setting may name: 100 years, so that
// two can be added, or one doubled, without an overflow.
const MaxDuration = 36500 * health.Day

var errDuration = errors.New(`not a duration such as "36h", "7d" or "1w"`)

// units are those that Go's own durations do not have.
var units = map[string]time.Duration{"d": health.Day, "w": 7 * health.Day}

// ParseDuration reads a duration as settings write it: as in Go, plus "d" for
// days of 24 hours and "w" for weeks, such as "7d", "1w", "36h" or "1d12h".
// It is positive and at most [MaxDuration]; signs and blanks are refused.
func ParseDuration(text string) (time.Duration, error) {
	const longest = 64
	if text == "" || len(text) > longest {
		return 0, errDuration
	}
	var sum time.Duration
	for rest := text; rest != ""; {
		part, tail, err := firstPart(rest)
		if err != nil {
			return 0, err
		}
		// Each part is at most MaxDuration and so is the sum so far: no overflow.
		if sum += part; sum > MaxDuration {
			return 0, errDuration
		}
		rest = tail
	}
	if sum <= 0 {
		return 0, errDuration
	}
	return sum, nil
}

// firstPart reads one number with its unit and gives what follows it.
func firstPart(text string) (part time.Duration, tail string, err error) {
	digits := strings.TrimLeft(text, "0123456789.")
	number := text[:len(text)-len(digits)]
	tail = strings.TrimLeft(digits, "nuµμmshdw")
	unit := digits[:len(digits)-len(tail)]
	factor, own := units[unit]
	if own {
		unit = "h"
	} else {
		factor = time.Hour
	}
	part, err = time.ParseDuration(number + unit)
	hours := factor / time.Hour
	if err != nil || part > MaxDuration/hours {
		return 0, "", errDuration
	}
	return part * hours, tail, nil
}

// FormatDuration writes a duration so that ParseDuration reads it again, in
// days where there are any: "7d", "1d12h", "90m0s" is "1h30m".
func FormatDuration(d time.Duration) string {
	days, rest := d/health.Day, d%health.Day
	var text string
	if days > 0 {
		text = strconv.FormatInt(int64(days), 10) + "d"
	}
	if rest == 0 && days > 0 {
		return text
	}
	clock := rest.String()
	if strings.HasSuffix(clock, "m0s") {
		clock = strings.TrimSuffix(clock, "0s")
	}
	if strings.HasSuffix(clock, "h0m") {
		clock = strings.TrimSuffix(clock, "0m")
	}
	return text + clock
}

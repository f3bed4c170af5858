package host

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// quotaLine is a line of `brctl quota`: bytes as recorded from 2019 to 2026,
// with or without "in personal account", and amounts for people, which one
// program mentions and nobody recorded.
var quotaLine = regexp.MustCompile(`(?im)^[ \t]*(-?[0-9]+(?:[.,][0-9]+)?)[ \t]*(bytes?|[kmgtp]?b)[ \t]+of quota remaining(?:[ \t]+in ([a-z]+) account)?[ \t.]*\r?$`)

// units are decimal, as everywhere on macOS.
var units = map[string]float64{"byte": 1, "bytes": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "pb": 1e15}

// parseQuota finds the bytes left. Of several accounts the personal one counts,
// as an organisation's does not hold the backups of a person's devices; else
// the first. An account over its quota has nothing left.
func parseQuota(output string) (remaining int64, ok bool) {
	lines := quotaLine.FindAllStringSubmatch(output, -1)
	for _, line := range lines {
		if strings.EqualFold(line[3], "personal") {
			return amount(line[1], line[2])
		}
	}
	if len(lines) == 0 {
		return 0, false
	}
	return amount(lines[0][1], lines[0][2])
}

// amount reads a number with a unit. Whole bytes are read exactly.
func amount(number, unit string) (int64, bool) {
	factor := units[strings.ToLower(unit)]
	if factor == 1 {
		n, err := strconv.ParseInt(number, 10, 64)
		return max(n, 0), err == nil
	}
	f, err := strconv.ParseFloat(strings.Replace(number, ",", ".", 1), 64)
	if f *= factor; err != nil || f >= math.MaxInt64 {
		return 0, false
	}
	return max(int64(f), 0), true
}

package health

import (
	"slices"
	"time"
)

// CarryPhones adds to a new reading of the phones what was known before: a
// phone that is away, asleep or does not trust us any more keeps what it said,
// with the time when it said so.
func CarryPhones(before, now []Phone, at time.Time) []Phone {
	out := slices.Clone(now)
	for _, old := range before {
		if !slices.ContainsFunc(now, func(p Phone) bool { return p.Device.ID == old.Device.ID }) {
			out = append(out, old)
		}
	}
	return out
}

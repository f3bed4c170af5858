package phone

import (
	"time"

	"ninelives/internal/health"
)

// someCable is the number of a phone of which it is not known whether it is on a
// cable, and under which number: another process asked it.
const someCable = ^id(0)

// Seed takes what is remembered of earlier readings, such as those of another
// process, so that a phone is left in peace as if this source had asked it. Times
// ahead of now are of no use, and what the source knows itself is newer.
func (s *Source) Seed(phones []health.Phone) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	for _, p := range phones {
		v, useful := visitOf(p)
		if useful && !isAhead(p, now) && s.visits[p.Device.ID] == nil {
			s.visits[p.Device.ID] = &v
		}
	}
}

// visitOf makes of what is remembered the visit that it comes from; none: the
// phone was not asked then. When one without an answer was asked is not known
// better than when it was last listed.
func visitOf(p health.Phone) (v visit, useful bool) {
	v = visit{at: p.At, cable: someCable, phone: p, told: p.Trouble == ""}
	if !v.told {
		v.at, v.failed = p.SeenAt, 1
		v.told = !p.CloudAt.IsZero() && !p.CloudAt.Before(p.SeenAt) // and then it went
		v.hungUp = p.Trouble == health.NotTrusted
	}
	return v, !v.at.IsZero() && p.Trouble != health.NotReached
}

func isAhead(p health.Phone, now time.Time) bool {
	return p.SeenAt.After(now) || p.At.After(now) || p.CloudAt.After(now)
}

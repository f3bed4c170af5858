package phone

import (
	"slices"
	"time"

	"ninelives/internal/health"
)

const (
	again     = 15 * time.Minute // how long a phone is left in peace after it was asked
	pause     = time.Minute      // how long at least one that did not answer
	mostTries = 3                // as often it is tried so soon again
	grudge    = health.Day       // how long it is known that a phone hung up
)

// visit is when and how a phone was last asked, and what came of it; and what
// was heard of it since.
type visit struct {
	at     time.Time // zero: it was heard of, and not asked yet
	cable  id        // its number on the cable then, for as long as it stays on it
	phone  health.Phone
	told   bool // it said what matters most, to the end or not
	hungUp bool // it hung up when it saw who asks
	failed int  // how often in a row it told nothing

	paired time.Time // when the daemon last said that it was just paired
	pardon time.Time // when it first said so of a phone that had told nothing
	calls  calls
}

// news reports whether there is hope for a phone that did not answer: it came
// onto a cable, or was paired, since.
func (v *visit) news(cable id) bool {
	moved := cable != 0 && cable != v.cable && v.cable != someCable
	return !v.told && (moved || v.paired.After(v.at))
}

// peace gives how long a phone is still to be left in peace that was last tried
// at that time; zero or less: no longer. With hope it is tried sooner, but a
// loose cable gives new hope every second. Somebody who has just tapped "Trust"
// waits for what comes of it.
func (v *visit) peace(now, last time.Time, hope bool, tries int) time.Duration {
	since := now.Sub(last)
	switch {
	case since < 0: // the clock was set back
		return 0
	case hope && v.pardon.After(last):
		return 0
	case hope && tries < mostTries:
		return pause - since
	}
	return again - since
}

// due reports whether a phone is to be asked.
func (v *visit) due(cable id, now time.Time) bool {
	return v.peace(now, v.at, v.news(cable), v.failed) <= 0
}

// stays notes on which cable a phone is, if it is on one: a number that was not
// known is known from then on.
func (v *visit) stays(cable id) {
	if cable == 0 || v.cable == someCable {
		v.cable = cable
	}
}

// over reports whether nothing of the visit matters any more, if the phone is
// away.
func (v *visit) over(now time.Time) bool {
	asked, called := now.Sub(v.at), now.Sub(v.calls.last)
	switch {
	case !v.calls.wanted.IsZero(), called >= 0 && called < again:
		return false
	case v.hungUp:
		return asked < 0 || asked >= grudge
	}
	return asked < 0 || asked >= again
}

// due says which phones are to be asked now, those first that were not asked for
// the longest time, and which are not; and forgets those that went away long ago.
func (s *Source) due(all []handset, now time.Time) (due, rest []handset) {
	s.mu.Lock()
	defer s.mu.Unlock()
	listed, asked := map[string]bool{}, map[string]time.Time{}
	for _, h := range all {
		listed[h.id()] = true
		v := s.visits[h.id()]
		if v != nil {
			asked[h.id()] = v.at
		}
		if s.anew || v == nil || v.due(h.cable, now) {
			due = append(due, h)
		} else {
			rest = append(rest, h)
		}
		if v != nil {
			v.stays(h.cable)
		}
	}
	s.anew = false
	s.forget(listed, now)
	slices.SortStableFunc(due, func(a, b handset) int { return asked[a.id()].Compare(asked[b.id()]) })
	return due, rest
}

// forget forgets the phones that went away long ago. It needs mu.
func (s *Source) forget(listed map[string]bool, now time.Time) {
	for id, v := range s.visits {
		switch {
		case listed[id]:
		case v.over(now):
			delete(s.visits, id)
		default:
			v.cable = 0
		}
	}
}

// recall gives what a phone said when it was last asked, listed anew.
func (s *Source) recall(h handset, now time.Time) health.Phone {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.visits[h.id()]
	v.phone = h.seen(v.phone, now)
	return v.phone
}

// hungUp reports whether a phone hung up the last time, too.
func (s *Source) hungUp(h handset) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.visits[h.id()]
	return v != nil && v.hungUp
}

// remember takes the place of the visit before. What was heard of the phone
// goes on to matter until it tells something.
func (s *Source) remember(v visit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.visits[v.phone.Device.ID]
	if !v.told {
		v.failed = 1
		if old != nil {
			v.failed, v.paired, v.pardon = old.failed+1, old.paired, old.pardon
			v.keepWanting(old.calls, s.clock())
		}
	}
	s.visits[v.phone.Device.ID] = &v
}

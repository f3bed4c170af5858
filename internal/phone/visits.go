package phone

import (
	"time"

	"ninelives/internal/health"
)

// again is how long a phone is left in peace after it was asked.
const again = 15 * time.Minute

// visit is when and how a phone was last asked, and what came of it.
type visit struct {
	at     time.Time
	cable  id // its number on the cable then, for as long as it stays on it
	phone  health.Phone
	paired time.Time // when the daemon last said that it was just paired
}

// rested reports whether a phone may be asked again by the time alone.
func (v *visit) rested(now time.Time) bool {
	since := now.Sub(v.at)
	return since >= again || since < 0
}

// told reports whether the phone said then what matters most, to the end or not.
func (v *visit) told() bool { return v.phone.Trouble == "" || !v.phone.CloudAt.IsZero() }

// retry reports whether there is hope for a phone that did not answer: it came
// onto a cable, or was paired, since.
func (v *visit) retry(cable id) bool {
	return !v.told() && (cable != 0 && cable != v.cable || v.paired.After(v.at))
}

// due says which phones are to be asked now, and forgets those that went away
// long ago.
func (s *Source) due(all []handset, now time.Time) []bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	listed := map[string]bool{}
	due := make([]bool, len(all))
	for i, h := range all {
		listed[h.id()] = true
		v := s.visits[h.id()]
		due[i] = s.anew || v == nil || v.rested(now) || v.retry(h.cable)
		if v != nil && h.cable == 0 {
			v.cable = 0
		}
	}
	s.anew = false
	for id, v := range s.visits {
		switch {
		case listed[id]:
		case v.rested(now):
			delete(s.visits, id)
		default:
			v.cable = 0
		}
	}
	return due
}

// recall gives what a phone said when it was last asked, listed anew.
func (s *Source) recall(h handset, now time.Time) health.Phone {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.visits[h.id()]
	v.phone.SeenAt = now
	if h.wifi != 0 {
		v.phone.WiFiAt = now
	}
	return v.phone
}

func (s *Source) remember(h handset, phone health.Phone, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := &visit{at: at, cable: h.cable, phone: phone}
	if old := s.visits[h.id()]; old != nil {
		next.paired = old.paired
	}
	s.visits[h.id()] = next
}

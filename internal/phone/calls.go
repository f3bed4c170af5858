package phone

import "time"

// calls is what is noted of a phone so that it is not reported over and over.
type calls struct {
	heard  time.Time // when the daemon last said something that matters of it
	wanted time.Time // when it is to be reported, by the clock that cannot be set; zero: it is not
	last   time.Time // when it was last reported; zero: never
	made   int       // how often, since it last told something
}

// want notes that a phone that came, or was paired, is worth asking, if it is.
func (v *visit) want(cable id, now time.Time) bool {
	last, missed := v.at, v.calls.last.After(v.at) // it was gone by the time that somebody looked
	if missed {
		last = v.calls.last
	}
	hope := missed || v.news(cable)
	wait := v.peace(now, last, hope, max(v.failed, v.calls.made))
	if wait > 0 && !hope {
		return false
	}
	v.calls.heard = now
	wanted := time.Now().Add(max(wait, settle))
	if v.calls.wanted.IsZero() || wanted.Before(v.calls.wanted) {
		v.calls.wanted = wanted
	}
	return true
}

// keepWanting brings over from the visit before that a phone came anew while it
// was asked, as one on a loose cable does.
func (v *visit) keepWanting(old calls, now time.Time) {
	v.calls = old
	if v.calls.wanted.IsZero() || !old.heard.After(v.at) {
		v.calls.wanted = time.Time{}
		return
	}
	v.calls.wanted = time.Now().Add(max(settle, v.peace(now, v.at, true, max(v.failed, old.made))))
}

// pardoned reports whether a phone was paired for the first time since it was
// asked and reported.
func (v *visit) pardoned() bool { return v.pardon.After(v.at) && v.pardon.After(v.calls.last) }

// nextCall gives when somebody is to be told next that phones appeared, who was
// told at that time; nil: there is no need.
func (s *Source) nextCall(last time.Time) <-chan time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	var next time.Time
	for _, v := range s.visits {
		at := v.calls.wanted
		if at.IsZero() {
			continue
		}
		if rest := last.Add(pause); !last.IsZero() && at.Before(rest) && !v.pardoned() {
			at = rest
		}
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	if next.IsZero() {
		return nil
	}
	return time.After(time.Until(next))
}

// call takes the phones of which it is time to tell, with those that will have
// settled soon, and reports whether there are any.
func (s *Source) call() (some bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	soon, now := time.Now().Add(settle), s.clock()
	for _, v := range s.visits {
		if c := &v.calls; !c.wanted.IsZero() && !c.wanted.After(soon) {
			*c = calls{heard: c.heard, last: now, made: c.made + 1}
			some = true
		}
	}
	return some
}

// noted gives the visit of a phone, which may be one that is yet to come. It
// needs mu.
func (s *Source) noted(name string) *visit {
	v := s.visits[name]
	if v == nil {
		v = &visit{}
		s.visits[name] = v
	}
	return v
}

// attached reports whether a phone that came is worth asking.
func (s *Source) attached(name string, cable id) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.noted(name)
	want := v.want(cable, s.clock())
	if cable != 0 && v.cable == someCable {
		v.cable = cable
	}
	return want
}

// detached notes that a number is void, since the daemon may give it again; and,
// if no other one leads to the phone, that it is gone.
func (s *Source) detached(name string, number id, gone bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.visits[name]
	if v == nil {
		return
	}
	if v.cable == number {
		v.cable = 0
	}
	if !gone {
		return
	}
	v.calls.wanted = time.Time{}
	if v.at.IsZero() && v.calls.last.IsZero() {
		delete(s.visits, name)
	}
}

// detachAll notes that all numbers are void: a daemon that starts anew counts
// from one again.
func (s *Source) detachAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range s.visits {
		v.cable, v.calls.wanted = 0, time.Time{}
	}
}

// paired notes that a phone was just paired, and reports whether that is worth
// asking it again.
func (s *Source) paired(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.noted(name)
	v.paired = s.clock()
	if !v.told && !v.at.IsZero() && v.pardon.IsZero() {
		v.pardon = v.paired
	}
	return v.want(0, v.paired)
}

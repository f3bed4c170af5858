package alert

import "time"

// Intend notes that a message is about to be handed to an outlet. The memory
// must be saved with it before the delivery: if the program is killed in
// between, whether the message was seen is in doubt, and what is in doubt
// counts as said, so that it is not repeated at once.
func (m Memory) Intend(msg Message, now time.Time) Memory {
	return m.each(msg, func(r Record, s Subject) Record {
		r.Pending = &Pending{Reason: s.Reason, State: s.State, Before: r.Told, Held: r.Held, Woke: r.Woke}
		return r.tell(s, now)
	})
}

// Said notes that a message was delivered. It may follow Intend or stand alone.
func (m Memory) Said(msg Message, now time.Time) Memory {
	return m.each(msg, func(r Record, s Subject) Record {
		r.Pending = nil
		return r.tell(s, now)
	})
}

// Failed notes that a message that was intended was not delivered: it stays
// due.
func (m Memory) Failed(msg Message, _ time.Time) Memory {
	return m.each(msg, func(r Record, s Subject) Record {
		if !r.pends(s) {
			return r
		}
		r.Told, r.Held, r.Woke = r.Pending.Before, r.Pending.Held, r.Pending.Woke
		r.Pending = nil
		return r
	})
}

// each applies a change to the record of every subject of msg. One that was
// forgotten in the meantime stays forgotten.
func (m Memory) each(msg Message, change func(Record, Subject) Record) Memory {
	m = m.clone()
	for _, s := range msg.Subjects {
		records, key := m.Devices, s.Device
		if s.Device == "" {
			records, key = m.Places, s.Place
		}
		if r, known := records[key]; known {
			records[key] = change(r, s)
		}
	}
	return m
}

// pends reports whether s is what is under way.
func (r Record) pends(s Subject) bool {
	return r.Pending != nil && r.Pending.Reason == s.Reason && r.Pending.State == s.State
}

// tell notes that s is known to people.
func (r Record) tell(s Subject, now time.Time) Record {
	now = plain(now)
	switch s.Reason {
	case Solved:
		r.Told = Told{}
	case Still:
		r.Told.Last = now
	case Changed:
		r.Told = Told{State: s.State, First: now, Last: now, Proof: r.Proof}
	}
	r.Held, r.Woke = time.Time{}, false
	return r
}

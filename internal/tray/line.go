package tray

// line is what a slot shows. Its zero value is a hidden slot, new and empty.
type line struct {
	shown  bool
	label  string
	off    bool // greyed out
	ticked bool
}

// step is one property to send; each costs three messages on Linux.
type step byte

const (
	rename step = iota
	enable
	disable
	tick
	untick
	show
	hide
)

// become brings the slot to what is wanted of it.
func (s *slot) become(want line, p painter) {
	steps := stepsTo(s.now, want)
	if want.shown {
		s.now = want
	} else {
		s.now.shown = false // the rest is as it was sent
	}
	for _, st := range steps {
		p.set(s, st)
	}
}

// stepsTo gives the fewest steps from one line to another. A slot that stays
// or gets hidden gets no other step, as on Windows each would show it again;
// showing comes last, when all else is right.
func stepsTo(now, want line) []step {
	var steps []step
	if !want.shown {
		if now.shown {
			steps = append(steps, hide)
		}
		return steps
	}
	if now.label != want.label {
		steps = append(steps, rename)
	}
	if now.off != want.off {
		steps = append(steps, either(want.off, disable, enable))
	}
	if now.ticked != want.ticked {
		steps = append(steps, either(want.ticked, tick, untick))
	}
	if !now.shown {
		steps = append(steps, show)
	}
	return steps
}

func either(first bool, a, b step) step {
	if first {
		return a
	}
	return b
}

package health

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Tried gives the facts with a trial noted; it replaces an earlier one of the
// same fix. A fix that is none of the nine is not noted.
func (f Facts) Tried(device string, t Trial) Facts {
	if !isFix(t.Fix) {
		return f
	}
	others := slices.DeleteFunc(slices.Clone(f.Trials[device]), func(o Trial) bool { return o.Fix == t.Fix })
	return f.withTrials(device, append(others, t))
}

// Prune gives the facts of a new look without the trials that a new backup has
// answered, where before is what was known until then. Most backups are newer
// than the trial. But who backs up first and says "done" a minute later was
// answered as well: so one that is newer than what was known counts too.
//
// Times ahead of the clock, which was wrong when they were noted, become now.
func (f Facts) Prune(before Facts, now time.Time) Facts {
	read, was := f.believable(now), before.believable(now)
	for device, trials := range f.Trials {
		last, _ := read.proven(device)
		known, had := was.proven(device)
		var open []Trial
		for _, t := range trials {
			if t.At.After(now) {
				t.At = now
			}
			answered := !t.At.After(last) || had && last.After(known)
			if !answered {
				open = append(open, t)
			}
		}
		if !slices.Equal(open, trials) {
			f = f.withTrials(device, open)
		}
	}
	return f
}

// withTrials changes the trials of one device and leaves f as it is.
func (f Facts) withTrials(device string, trials []Trial) Facts {
	all := maps.Clone(f.Trials)
	if all == nil {
		all = map[string][]Trial{}
	}
	all[device] = trials
	if len(trials) == 0 {
		delete(all, device)
	}
	f.Trials = all
	if len(all) == 0 {
		f.Trials = nil
	}
	return f
}

// proven gives the date of the newest proven backup of a device on any route,
// zero for none, and whether the device is known at all.
func (f Facts) proven(device string) (last time.Time, known bool) {
	for _, place := range f.Backups {
		for _, b := range place.Value {
			if b.Device.ID != device {
				continue
			}
			known = true
			if b.Weak == NoFlaw {
				last = latest(last, b.LastGood)
			}
		}
	}
	for _, p := range f.Phones.Value {
		if p.Device.ID == device {
			known = true
			for _, told := range []func() (time.Time, bool){p.cloud, p.computer} {
				if date, weak := told(); !weak {
					last = latest(last, date)
				}
			}
		}
	}
	return last, known
}

func isFix(code Code) bool {
	return slices.ContainsFunc(rules[:], func(r rule) bool { return r.code == code })
}

// afterTrial adds to an opinion what came of the fix when it was tried. What
// was done is given a whole night to show, since that is when phones back
// themselves up; without a new backup it was in vain after that.
func (c *patient) afterTrial(o Opinion, trials map[Code]Trial) Opinion {
	t, tried := trials[o.Code]
	if !tried {
		return o
	}
	o.Evidence = o.Why
	night := morningAfter(t.At.In(c.now.Location()))
	switch on := day(t.At, c.now); {
	case t.Failed:
		o.Why += fmt.Sprintf(" Tried on %s; it did not help.", on)
	case c.now.Before(night):
		o.Why += fmt.Sprintf(" Done on %s; the next night will show.", on)
	default:
		t.Failed = true
		o.Why += fmt.Sprintf(" Done on %s; no new backup has come of it.", on)
	}
	o.Tried = &t
	return o
}

// openTrials gives the newest trial of each fix since the last proven backup.
func (c *patient) openTrials() map[Code]Trial {
	trials := c.facts.Trials[c.ID]
	if len(trials) == 0 {
		return nil
	}
	open := map[Code]Trial{}
	proven, _ := c.facts.proven(c.ID)
	for _, t := range trials {
		if t.At.After(c.now) {
			t.At = c.now
		}
		if t.At.After(proven) && !t.At.Before(open[t.Fix].At) {
			open[t.Fix] = t
		}
	}
	return open
}

// InVain reports whether the fix was tried and is not worth another try yet. An
// outage at Apple that is certain can only be waited for, however often.
func (o Opinion) InVain() bool {
	outage := o.Code == AppleStatus && o.Odds == Certain
	return o.Tried != nil && o.Tried.Failed && !outage
}

// First is the fix to begin with. There is none when the evidence rules out
// all nine, when all that it leaves were tried in vain, or when it is not known
// that anything is wrong and nothing points to a cause.
func (v Verdict) First() (o Opinion, found bool) {
	if len(v.Fixes) == 0 || v.Fixes[0].Odds == RuledOut || v.Fixes[0].InVain() || v.NothingPoints() {
		return Opinion{}, false
	}
	return v.Fixes[0], true
}

// NothingPoints reports whether nobody knows that a backup is late, nor why it
// should be: then a fix would be a guess, and what helps is to find out.
func (v Verdict) NothingPoints() bool {
	if len(v.Fixes) == 0 || v.State != Unknown {
		return false
	}
	return v.Unheard || v.Fixes[0].Odds == CannotTell && !v.Fixes[0].InVain()
}

// AllTried reports whether every fix that the evidence leaves was tried in
// vain: what is left is a backup made by hand, and to start over.
func (v Verdict) AllTried() bool {
	return len(v.Fixes) > 0 && v.Fixes[0].Odds != RuledOut && v.Fixes[0].InVain()
}

// rank orders opinions: by odds, then what was tried in vain, by odds too, and
// what is ruled out at the end. Resetting all settings is possible only because
// the gentler ones were tried: that does not let it lead when all start over.
func (o Opinion) rank() int {
	const behindAllOdds = 10
	switch {
	case o.Odds == RuledOut:
		return 2 * behindAllOdds
	case o.InVain() && o.Code == ResetSettings:
		return behindAllOdds + CannotTell.rank()
	case o.InVain():
		return behindAllOdds + o.Odds.rank()
	default:
		return o.Odds.rank()
	}
}

package alert

import (
	"slices"
	"time"

	"ninelives/internal/health"
)

// next gives when the reminder after t falls due: the first step, counted from
// the first message, that keeps half the smallest step away from the last one.
// ok is false if there are no reminders.
func (t Told) next(repeat []time.Duration) (due time.Time, ok bool) {
	repeat = slices.DeleteFunc(slices.Clone(repeat), func(d time.Duration) bool { return d <= 0 })
	if len(repeat) == 0 || !t.something() {
		return time.Time{}, false
	}
	soonest := t.Last.Sub(t.First) + slices.Min(repeat)/2
	for _, step := range repeat {
		if step >= soonest {
			return t.First.Add(step), true
		}
	}
	longest, gap := slices.Max(repeat), repeat[len(repeat)-1]
	further := max(0, soonest-longest+gap-1) / gap
	return t.First.Add(longest + further*gap), true
}

// silence reports whether the policy forbids speaking at now, and until when
// (zero: until the settings change).
func silence(p health.Policy, now time.Time) (until time.Time, silent bool) {
	if p.Silent {
		return time.Time{}, true
	}
	until = now
	if p.SilentUntil.After(until) {
		until = p.SilentUntil.In(now.Location())
	}
	until = afterQuiet(p.Quiet, until)
	return until, until.After(now)
}

// afterQuiet gives t, or the end of the quiet hours that it falls into.
func afterQuiet(q health.Quiet, t time.Time) time.Time {
	if !q.Covers(t) {
		return t
	}
	y, month, d := t.Date()
	end := time.Date(y, month, d, 0, 0, int(q.End/time.Second), 0, t.Location())
	if !end.After(t) {
		end = time.Date(y, month, d+1, 0, 0, int(q.End/time.Second), 0, t.Location())
	}
	for q.Covers(end) { // an end in the hour that a summer time skips or repeats
		end = end.Add(15 * time.Minute)
	}
	return end
}

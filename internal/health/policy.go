package health

import "time"

// Limits says from which age on a backup is late.
type Limits struct {
	WarnAfter     time.Duration // older than this: warning
	CriticalAfter time.Duration // older than this: critical
}

// or fills what is not set from d.
func (l Limits) or(d Limits) Limits {
	if l.WarnAfter <= 0 {
		l.WarnAfter = d.WarnAfter
	}
	if l.CriticalAfter <= 0 {
		l.CriticalAfter = d.CriticalAfter
	}
	return l
}

// Within keeps limits at or below those that bound them, where a zero bounds
// nothing. A warning that would come after the problem comes at half its age.
func (l Limits) Within(most Limits) Limits {
	if most.WarnAfter > 0 {
		l.WarnAfter = min(l.WarnAfter, most.WarnAfter)
	}
	if most.CriticalAfter > 0 {
		l.CriticalAfter = min(l.CriticalAfter, most.CriticalAfter)
	}
	if l.WarnAfter > l.CriticalAfter {
		l.WarnAfter = max(l.CriticalAfter/2, 1)
	}
	return l
}

// state compares an age with the limits.
func (l Limits) state(age time.Duration) State {
	switch {
	case age > l.CriticalAfter:
		return Critical
	case age > l.WarnAfter:
		return Warning
	default:
		return OK
	}
}

// DevicePolicy is what the user said for one device. Limits that are zero are
// inherited from the route.
type DevicePolicy struct {
	Limits Limits
	Ignore bool
}

// Quiet is a daily time in which nothing is said. Start and End are offsets
// from midnight on this computer's clock; equal means never.
type Quiet struct{ Start, End time.Duration }

// Covers reports whether t, in its own location, falls into the quiet time.
func (q Quiet) Covers(t time.Time) bool {
	at := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second
	switch {
	case q.Start == q.End:
		return false
	case q.Start < q.End:
		return at >= q.Start && at < q.End
	default:
		return at >= q.Start || at < q.End
	}
}

// Policy is what the user wants: when a backup is late, and when to speak.
type Policy struct {
	Computer Limits
	ICloud   Limits
	Devices  map[string]DevicePolicy // by device ID

	// What an administrator allows at most; zero bounds nothing.
	ComputerMost Limits
	ICloudMost   Limits

	Silent      bool            // notifications are switched off
	SilentUntil time.Time       // nothing before: the first minute after a start at login
	Quiet       Quiet           // quiet hours
	Repeat      []time.Duration // reminders while stale, counted from the first message; the last is then the gap of all further ones
}

// Day is the length of a day as durations in settings and texts mean it.
const Day = 24 * time.Hour

// DefaultPolicy is the policy of a computer without settings.
func DefaultPolicy() Policy {
	return Policy{
		Computer: Limits{WarnAfter: 7 * Day, CriticalAfter: 14 * Day},
		ICloud:   Limits{WarnAfter: 3 * Day, CriticalAfter: 7 * Day},
		Repeat:   []time.Duration{1 * Day, 3 * Day, 7 * Day},
	}
}

// LimitsFor gives the limits of one route of one device.
func (p Policy) LimitsFor(device string, kind RouteKind) Limits {
	route, fallback, most := p.Computer, DefaultPolicy().Computer, p.ComputerMost
	if kind == ICloudRoute {
		route, fallback, most = p.ICloud, DefaultPolicy().ICloud, p.ICloudMost
	}
	return p.Devices[device].Limits.or(route).or(fallback).Within(most)
}

package view

import (
	"fmt"
	"slices"
	"time"

	"ninelives/internal/health"
)

// patience is how old a report may get before its green is not believed any
// more: a night of sleep and a late start are normal, more is a check that does
// not happen.
const patience = 25 * time.Hour

// AsOf reads a report at a later moment: what was green is late as soon as its
// own limits say so, and unknown when nobody has looked for longer than
// expected (25 hours, and an hour after next, the check that was planned). It
// never makes anything better.
func AsOf(r health.Report, next, now time.Time) health.Report {
	lost := now.Sub(r.At) > patience && now.Sub(next) > time.Hour
	r.Devices = slices.Clone(r.Devices)
	for i, v := range r.Devices {
		v = aged(v, now)
		if lost && v.State == health.OK {
			v.State = health.Unknown
			v.Why = fmt.Sprintf("Nobody has looked since %s. %s", When(r.At, now), v.Why)
		}
		r.Devices[i] = v
	}
	if worst := worstOf(r.Devices); worst.Worse(r.State) {
		r.State = worst
	}
	return r
}

// worstOf gives the most urgent state of the devices that count; of none it is
// unknown.
func worstOf(devices []health.Verdict) health.State {
	worst, any := health.OK, false
	for _, v := range devices {
		if v.Ignored {
			continue
		}
		any = true
		if v.State.Worse(worst) {
			worst = v.State
		}
	}
	if !any {
		return health.Unknown
	}
	return worst
}

// aged gives the verdict as the clock alone makes it: by the proven date that
// is doing best.
func aged(v health.Verdict, now time.Time) health.Verdict {
	then := v
	v.State = byAge(v.LastGood, v.Limits, now)
	for _, r := range v.Routes {
		s := routeAge(r, now)
		decided := !r.ToldAt.IsZero() && r.LastGood.Equal(then.LastGood)
		if s == health.Unknown && !r.ToldAt.IsZero() && keptNewer(v.Routes, r) {
			continue // what nobody has heard excuses no newer backup that is late
		}
		if (proven(r) || decided) && v.State.Worse(s) {
			v.State, v.LastGood, v.Limits = s, r.LastGood, r.Limits
		}
	}
	switch {
	case then.State.Worse(v.State):
		return then
	case v.State.Worse(then.State) && v.LastGood.IsZero():
		v.Why = "The date of its last backup is not known."
	case v.State.Worse(then.State) && v.State == health.Unknown:
		v.Why = fmt.Sprintf("Last known backup %s ago; the device has not been heard since.", health.Age(now.Sub(v.LastGood)))
	case v.State.Worse(then.State):
		v.Why = fmt.Sprintf("Last complete backup %s ago; the limit is %s.", health.Age(now.Sub(v.LastGood)), health.Span(limitOf(v)))
	}
	return v
}

// keptNewer reports whether a proven route has a newer backup than r.
func keptNewer(routes []health.Route, r health.Route) bool {
	return slices.ContainsFunc(routes, func(o health.Route) bool { return proven(o) && o.ToldAt.IsZero() && o.LastGood.After(r.LastGood) })
}

// routeAge judges the date of a route; one that only the device can tell of is
// not late because it was not heard since.
func routeAge(r health.Route, now time.Time) health.State {
	s := byAge(r.LastGood, r.Limits, now)
	if s != health.Unknown && !r.ToldAt.IsZero() {
		return r.ByAge(now)
	}
	return s
}

// proven reports whether the date of a route is one that can be restored from,
// even if its drive is away for the moment.
func proven(r health.Route) bool {
	switch r.State {
	case health.RouteFresh, health.RouteRunning, health.RouteUnfinished, health.RouteOffline, health.RouteNoPermission:
		return !r.Weak && !r.LastGood.IsZero()
	default:
		return false
	}
}

// byAge judges a date. No date, one well ahead of the clock, or no limits to
// compare with, is unknown.
func byAge(date time.Time, l health.Limits, now time.Time) health.State {
	age := now.Sub(date)
	switch {
	case date.IsZero(), age < -health.Day, l.WarnAfter <= 0, l.CriticalAfter <= 0:
		return health.Unknown
	case age > l.CriticalAfter:
		return health.Critical
	case age > l.WarnAfter:
		return health.Warning
	default:
		return health.OK
	}
}

package store

import (
	"time"

	"ninelives/internal/health"
)

// limits are warn_after and critical_after of one table.
type limits struct{ warn, critical age }

// contradict reports whether both are set and the wrong way round.
func (l limits) contradict() bool {
	return l.warn > 0 && l.critical > 0 && l.warn > l.critical
}

// What is set nearer wins: a device before its route, a route before all, all
// before the defaults. Where a limit that is set nearer would pass the other
// one, which is only inherited, the inherited one gives way: someone who
// clicks "warn after 30 days" must not be told to edit two keys, and the
// warning must still come before the problem. So warn <= critical always.

// route gives the limits of a route.
func (l limits) route(general limits, usual health.Limits) health.Limits {
	warn, warnFrom := nearest(l.warn, general.warn, usual.WarnAfter)
	critical, criticalFrom := nearest(l.critical, general.critical, usual.CriticalAfter)
	switch {
	case warn <= critical:
	case warnFrom < criticalFrom:
		critical = laterThan(warn, health.DefaultPolicy().Computer.CriticalAfter)
	default:
		warn = soonerThan(critical, warn)
	}
	return health.Limits{WarnAfter: warn, CriticalAfter: critical}
}

// nearest gives the first limit that is set and how far away that was.
func nearest(own, general age, usual time.Duration) (limit time.Duration, distance int) {
	switch {
	case own > 0:
		return time.Duration(own), 0
	case general > 0:
		return time.Duration(general), 1
	default:
		return usual, 2
	}
}

// device gives the limits of a device, which hold for both of its routes; zero
// where each route's own is to be used.
func (l limits) device(computer, icloud health.Limits) health.Limits {
	warn, critical := time.Duration(l.warn), time.Duration(l.critical)
	switch {
	case critical == 0 && warn > min(computer.CriticalAfter, icloud.CriticalAfter):
		critical = laterThan(warn, max(computer.CriticalAfter, icloud.CriticalAfter))
	case warn == 0 && critical > 0 && critical < max(computer.WarnAfter, icloud.WarnAfter):
		warn = soonerThan(critical, min(computer.WarnAfter, icloud.WarnAfter))
	}
	return health.Limits{WarnAfter: warn, CriticalAfter: critical}
}

// laterThan gives the critical limit that goes with a warning: the usual one,
// or twice the warning where that has passed it.
func laterThan(warn, usual time.Duration) time.Duration {
	if warn <= usual {
		return usual
	}
	return min(2*warn, MaxDuration)
}

// soonerThan gives the warning that goes with a critical limit: the usual one,
// or half the limit where that has passed it. Never zero, which is "not set".
func soonerThan(critical, usual time.Duration) time.Duration {
	if usual <= critical {
		return usual
	}
	return max(critical/2, 1)
}

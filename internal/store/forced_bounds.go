package store

import "ninelives/internal/health"

// bounds are the limits that an administrator allows at most, by route; zero
// where none is forced.
//
// Who forces a limit wants to know of every phone in time. A limit that stands
// nearer in the person's own file, for a route or for one device, would undo
// that, and so would ignoring the device; to be told sooner harms nobody.
type bounds struct{ computer, icloud health.Limits }

// any reports whether some limit is forced.
func (b bounds) any() bool { return b != bounds{} }

// bounds are made of the forced limits alone. Among these too the nearer wins.
func (f Forced) bounds() bounds {
	var s Settings
	for key, value := range f.values {
		_, row, _ := findKey(key)
		row.field(&s, "").read(value)
	}
	return bounds{s.computer.most(s.general), s.icloud.most(s.general)}
}

// most gives the limits of a route as bounds. A forced warning of the route
// undoes a forced limit for all that it passes, as in [limits.route].
func (l limits) most(general limits) health.Limits {
	warn, warnFrom := nearest(l.warn, general.warn, 0)
	critical, criticalFrom := nearest(l.critical, general.critical, 0)
	if warn > critical && warnFrom < criticalFrom {
		critical = 0
	}
	return health.Limits{WarnAfter: warn, CriticalAfter: critical}
}

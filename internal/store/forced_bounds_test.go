package store

import (
	"errors"
	"testing"
	"time"

	"howett.net/plist"

	"ninelives/internal/health"
)

// What a person may set nearer is stricter than what is forced, or nothing.
func TestNothingNearerIsLaxerThanAForcedLimit(t *testing.T) {
	const id, days = "3f2a9c01", 24 * time.Hour
	for name, c := range map[string]struct {
		own              string
		forced           map[string]any
		computer, icloud health.Limits
		shown            string // warn_after of the device
	}{
		"a laxer device":                  {"[device.3f2a9c01]\nwarn_after = '30d'\ncritical_after = '60d'", map[string]any{"warn_after": "5d", "critical_after": "9d"}, health.Limits{WarnAfter: 5 * days, CriticalAfter: 9 * days}, health.Limits{WarnAfter: 5 * days, CriticalAfter: 9 * days}, "5d"},
		"a stricter device":               {"[device.3f2a9c01]\nwarn_after = '2d'\ncritical_after = '3d'", map[string]any{"warn_after": "5d", "critical_after": "9d"}, health.Limits{WarnAfter: 2 * days, CriticalAfter: 3 * days}, health.Limits{WarnAfter: 2 * days, CriticalAfter: 3 * days}, "2d"},
		"one route forced":                {"[device.3f2a9c01]\nwarn_after = '30d'\ncritical_after = '60d'", map[string]any{"icloud.warn_after": "3d", "icloud.critical_after": "6d"}, health.Limits{WarnAfter: 30 * days, CriticalAfter: 60 * days}, health.Limits{WarnAfter: 3 * days, CriticalAfter: 6 * days}, "30d"},
		"the warning alone":               {"[device.3f2a9c01]\nwarn_after = '30d'", map[string]any{"computer.warn_after": "5d"}, health.Limits{WarnAfter: 5 * days, CriticalAfter: 60 * days}, health.Limits{WarnAfter: 30 * days, CriticalAfter: 60 * days}, "30d"},
		"the problem alone":               {"[device.3f2a9c01]\nwarn_after = '30d'", map[string]any{"critical_after": "10d"}, health.Limits{WarnAfter: 5 * days, CriticalAfter: 10 * days}, health.Limits{WarnAfter: 5 * days, CriticalAfter: 10 * days}, "5d"},
		"a laxer route":                   {"[icloud]\nwarn_after = '30d'\ncritical_after = '60d'", map[string]any{"warn_after": "5d", "critical_after": "9d"}, health.Limits{WarnAfter: 5 * days, CriticalAfter: 9 * days}, health.Limits{WarnAfter: 5 * days, CriticalAfter: 9 * days}, "5d"},
		"a warning that passes a problem": {"[icloud]\nwarn_after = '4d'", map[string]any{"critical_after": "2d"}, health.Limits{WarnAfter: 1 * days, CriticalAfter: 2 * days}, health.Limits{WarnAfter: 1 * days, CriticalAfter: 2 * days}, "1d"},
		"a route forced laxer than all":   {"", map[string]any{"warn_after": "2d", "critical_after": "4d", "icloud.warn_after": "8d"}, health.Limits{WarnAfter: 2 * days, CriticalAfter: 4 * days}, health.Limits{WarnAfter: 8 * days, CriticalAfter: 14 * days}, "2d\n8d"},
		"no limit forced":                 {"[device.3f2a9c01]\nwarn_after = '30d'", map[string]any{"check_every": "1h"}, health.Limits{WarnAfter: 30 * days, CriticalAfter: 60 * days}, health.Limits{WarnAfter: 30 * days, CriticalAfter: 60 * days}, "30d"},
	} {
		t.Run(name, func(t *testing.T) {
			s := mustForce(t, profile(t, plist.XMLFormat, c.forced)).Over(mustRead(t, c.own+"\n"))
			p := s.Policy()
			if got := p.LimitsFor(id, health.ComputerRoute); got != c.computer {
				t.Errorf("on this computer: %v, want %v", got, c.computer)
			}
			if got := p.LimitsFor(id, health.ICloudRoute); got != c.icloud {
				t.Errorf("in iCloud: %v, want %v", got, c.icloud)
			}
			if got := s.InForce("device." + id + ".warn_after"); got != c.shown {
				t.Errorf("shown: %q, want %q", got, c.shown)
			}
		})
	}
}

func TestNoDeviceIsIgnoredWhereLimitsAreForced(t *testing.T) {
	const key = "device.3f2a9c01.ignore"
	own := mustRead(t, "[device.3f2a9c01]\nignore = true\n")
	for forced, ignored := range map[string]bool{
		"warn_after": false, "critical_after": false, "icloud.warn_after": false, "computer.critical_after": false, "check_every": true,
	} {
		s := mustForce(t, profile(t, plist.XMLFormat, map[string]any{forced: "5d"})).Over(own)
		if s.Policy().Devices["3f2a9c01"].Ignore != ignored || s.Forced(key) == ignored || (s.InForce(key) == "true") != ignored {
			t.Errorf("%s: ignored %v, forced %v, shown %s", forced, s.Policy().Devices["3f2a9c01"].Ignore, s.Forced(key), s.InForce(key))
		}
		if err := s.Refuse(key); errors.Is(err, ErrForced) == ignored {
			t.Errorf("%s: a change gives %v", forced, err)
		}
	}
	if !own.Policy().Devices["3f2a9c01"].Ignore {
		t.Error("one's own settings were changed")
	}
}

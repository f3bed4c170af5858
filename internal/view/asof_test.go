package view

import (
	"testing"
	"time"

	"ninelives/internal/health"
)

func TestGreenExpiresWithTheClock(t *testing.T) {
	cloud := func(age time.Duration, s health.RouteState) health.Route {
		return health.Route{Kind: health.ICloudRoute, State: s, LastGood: ageOf(age), Limits: health.DefaultPolicy().ICloud}
	}
	young := device("x", health.OK, 3*time.Hour)
	cases := []struct {
		name  string
		v     health.Verdict
		later time.Duration
		next  time.Duration // the planned check, from the report on; 0: none
		want  health.State
	}{
		{"fresh at once", young, 0, 6 * time.Hour, health.OK},
		{"fresh a few hours later", young, 5 * time.Hour, 6 * time.Hour, health.OK},
		{"fresh a day later, while the next check is still to come", young, 30 * time.Hour, 48 * time.Hour, health.OK},
		{"unknown when nobody has looked for too long", young, 30 * time.Hour, 6 * time.Hour, health.Unknown},
		{"unknown when nobody knows when somebody will look", young, 30 * time.Hour, 0, health.Unknown},
		{"late when it passes its limit", young, 7 * days, 30 * days, health.Warning},
		{"at risk when it passes its second limit", young, 14 * days, 30 * days, health.Critical},
		{"late is told even when nobody has looked", young, 8 * days, 0, health.Warning},
		{"a late one gets worse", device("x", health.Warning, 13*days), 2 * days, 0, health.Critical},
		{"an unknown one gets worse, never better", device("x", health.Unknown, 2*days), 6 * days, 0, health.Warning},
		{"a clock set back makes nothing better", device("x", health.Critical, 20*days), -19 * days, 0, health.Critical},
		{"a clock set back far makes the date impossible", young, -3 * days, 0, health.Unknown},
		{"a missing date is unknown, not old", with(young, func(v *health.Verdict) {
			v.LastGood, v.Routes = time.Time{}, nil
		}), time.Hour, 6 * time.Hour, health.Unknown},
		{"another route that is fresh keeps it green", with(young, func(v *health.Verdict) {
			v.Routes = append(v.Routes, cloud(-6*days, health.RouteFresh))
		}), 7 * days, 30 * days, health.OK},
		{"a weak route does not", with(young, func(v *health.Verdict) {
			v.Routes = append(v.Routes, with(cloud(-6*days, health.RouteFresh), func(r *health.Route) { r.Weak = true }))
		}), 7 * days, 30 * days, health.Warning},
		{"a damaged route does not", with(young, func(v *health.Verdict) {
			v.Routes = append(v.Routes, cloud(-6*days, health.RouteDamaged))
		}), 7 * days, 30 * days, health.Warning},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := report(c.v)
			var next time.Time
			if c.next != 0 {
				next = now.Add(c.next)
			}
			got := AsOf(r, next, now.Add(c.later))
			if got.Devices[0].State != c.want || got.State != c.want {
				t.Errorf("device %s, report %s, want %s (%s)", got.Devices[0].State, got.State, c.want, got.Devices[0].Why)
			}
			if c.want != c.v.State && got.Devices[0].Why == c.v.Why {
				t.Error("the state changed and the words did not")
			}
			if r.Devices[0].State != c.v.State {
				t.Error("the report that was given has changed")
			}
		})
	}
}

func TestAYoungBackupHidesNoOldOne(t *testing.T) {
	r := report(device("x", health.OK, 6*days+20*time.Hour), device("y", health.OK, time.Hour))
	if got := AsOf(r, now.Add(days), now.Add(5*time.Hour)); got.State != health.Warning {
		t.Errorf("report is %s, want warning", got.State)
	}
}

func TestWhatNobodyHasHeardExcusesNoNewerBackupThatIsLate(t *testing.T) {
	limits := health.DefaultPolicy()
	v := health.Verdict{State: health.OK, LastGood: now.Add(-24 * time.Hour), Limits: limits.Computer, Routes: []health.Route{
		{Kind: health.ComputerRoute, State: health.RouteFresh, LastGood: now.Add(-24 * time.Hour), Limits: limits.Computer},
		{Kind: health.ICloudRoute, State: health.RouteFresh, LastGood: now.Add(-48 * time.Hour), ToldAt: now.Add(-40 * time.Hour), Limits: limits.ICloud},
	}}
	r := health.Report{At: now, State: health.OK, Devices: []health.Verdict{v}}
	for later, want := range map[time.Duration]health.State{health.Day: health.OK, 8 * health.Day: health.Warning, 15 * health.Day: health.Critical} {
		at := now.Add(later)
		if got := AsOf(r, at, at).Devices[0].State; got != want {
			t.Errorf("%v later: %v, want %v", later, got, want)
		}
	}
}

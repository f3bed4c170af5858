package main

import (
	"fmt"
	"time"

	"ninelives/internal/health"
	"ninelives/internal/view"
)

var now = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

const day = health.Day

func ago(d time.Duration) time.Time { return now.Add(-d) }

var codes = []health.Code{
	health.ICloudSettings, health.WiFi, health.Power, health.StorageSpace, health.AppleStatus,
	health.SignOut, health.Restart, health.ResetSettings, health.UpdateIOS,
}

// fixes are the nine in this order, with what the evidence says of each.
func fixes() []health.Opinion {
	return []health.Opinion{
		{Number: 3, Code: health.Power, Odds: health.Likely, Why: "It was not seen charging in any night since its last backup."},
		{Number: 2, Code: health.WiFi, Odds: health.Possible, Why: "The device was reached by cable only (3 hours ago), though it may be reached over Wi-Fi."},
		{Number: 9, Code: health.UpdateIOS, Odds: health.Possible, Why: "It ran 18.1 at its last backup; Apple offers 18.7."},
		{Number: 7, Code: health.Restart, Why: "It is not known when it was last restarted."},
		{Number: 4, Code: health.StorageSpace, Why: "How much iCloud space is left is not known."},
		{Number: 6, Code: health.SignOut, Why: "Worth a thought when Wi-Fi, power, space and Apple's status are ruled out."},
		{Number: 8, Code: health.ResetSettings, Why: "Worth a thought only when the gentler fixes are ruled out or were tried."},
		{Number: 1, Code: health.ICloudSettings, Odds: health.RuledOut, Why: "The device said 3 hours ago that iCloud Backup is on."},
		{Number: 5, Code: health.AppleStatus, Odds: health.RuledOut, Why: "Apple's status, read 1 minute ago, shows no trouble with iCloud Backup; Apple is often an hour and a half late in saying so."},
	}
}

// device is one with a backup on this computer of this age.
func device(name, productType, model, version string, state health.State, age time.Duration) health.Verdict {
	limits := health.DefaultPolicy().Computer
	v := health.Verdict{
		Device: health.Device{ID: health.IDOf(name), Name: name, ProductType: productType, OSVersion: version},
		Model:  model, State: state, LastGood: ago(age), Limits: limits,
		Why: fmt.Sprintf("Last complete backup %s ago; the limit is %s.", health.Age(age), health.Span(limits.WarnAfter)),
	}
	route := health.Route{
		Kind: health.ComputerRoute, State: health.RouteFresh, LastGood: v.LastGood, LastAttempt: v.LastGood, Encrypted: health.Yes,
		Path: "/Users/anna/Library/Application Support/MobileSync/Backup/" + v.ID, Limits: limits,
		Why: fmt.Sprintf("Complete backup of %s, %s old.", v.LastGood.Format("2 Jan"), health.Age(age)),
	}
	if state != health.OK {
		route.State = health.RouteStale
		v.Fixes = fixes()
		v.Step = "Connect the device by cable, choose it in Finder and click Back Up Now."
	}
	if state == health.Critical {
		v.Why = fmt.Sprintf("Last complete backup %s ago; the limit is %s.", health.Age(age), health.Span(limits.CriticalAfter))
	}
	v.Routes = []health.Route{route}
	return v
}

func anna() health.Verdict {
	v := device("Anna's iPhone", "iPhone14,5", "iPhone 13", "18.1", health.OK, 3*time.Hour)
	v.Routes = append(v.Routes, health.Route{
		Kind: health.ICloudRoute, State: health.RouteFresh, LastGood: ago(8 * time.Hour), Limits: health.DefaultPolicy().ICloud,
		ToldAt: ago(time.Hour), Why: "Last iCloud backup on 20 Nov, told by the device at 09:00.",
	})
	return v
}

func ben() health.Verdict {
	v := device("Ben's iPad", "iPad14,3", "iPad Pro 11-inch (4th generation)", "18.1", health.Critical, 15*day)
	v.Routes[0].State, v.Routes[0].LastAttempt = health.RouteUnfinished, ago(3*day)
	v.Routes[0].Why = "A backup was started on 17 Nov and did not finish. The one of 5 Nov beneath it is complete."
	v.Routes = append(v.Routes, health.Route{
		Kind: health.ICloudRoute, State: health.RouteUnknown, Limits: health.DefaultPolicy().ICloud, ToldAt: ago(time.Hour),
		Why: "The device did not say when it was last backed up to iCloud.",
	})
	return v
}

func kim() health.Verdict {
	return device("Kim’s old phone", "iPhone8,1", "iPhone 6s", "15.8.3", health.Warning, 9*day)
}

func spare() health.Verdict {
	v := device("Spare", "iPhone12,8", "iPhone SE (2nd generation)", "17.6", health.Unknown, 0)
	v.LastGood = time.Time{}
	v.Why = "The drive with its backup is not connected, and nothing is known of it from before."
	v.Routes[0] = health.Route{Kind: health.ComputerRoute, State: health.RouteOffline, Limits: v.Limits, Why: v.Why}
	for i := range v.Fixes {
		v.Fixes[i].Odds, v.Fixes[i].Why = health.CannotTell, "The device itself has not been asked."
	}
	return v
}

// report judges these devices, the worst first.
func report(devices ...health.Verdict) health.Report {
	r := health.Report{
		At: now, State: health.Unknown, Devices: devices,
		Sources: []health.SourceState{
			{Kind: health.SourceMobileSync, Where: "/Users/anna/Library/Application Support/MobileSync/Backup", ReadAt: now, Detail: fmt.Sprintf("%d devices", len(devices))},
			{Kind: health.SourceAppleStatus, Where: "https://www.apple.com/support/systemstatus/data/system_status_en_US.js", ReadAt: ago(time.Minute), Detail: "iCloud Backup: available"},
		},
	}
	for i, v := range devices {
		if !v.Ignored && (i == 0 || v.State.Worse(r.State)) {
			r.State = v.State
		}
	}
	return r
}

func household() health.Report { return report(ben(), kim(), spare(), anna()) }

func session() view.Session {
	s := view.Session{
		LastCheck: now, NextCheck: now.Add(6 * time.Hour), CheckEvery: "6h", WarnAfter: "7d", AtLogin: health.Yes, OS: "darwin",
		History: map[string][]health.DayRecord{},
	}
	for i, v := range household().Devices {
		s.History[v.ID] = history(i)
	}
	return s
}

// history is what 90 days may have been like: the kind chooses how.
func history(kind int) []health.DayRecord {
	var days []health.DayRecord
	last := -40
	for i := range 90 {
		d := health.DayRecord{Date: now.AddDate(0, 0, i-89).Format(time.DateOnly), Looked: i > 12 || kind == 3}
		every := []int{3, 4, 30, 1}[kind%4]
		d.Backup = i%every == 0 && i < []int{75, 81, 31, 90}[kind%4] && (i < 30 || i > 48 || kind > 1)
		if d.Backup {
			last = i
		}
		switch age := i - last; {
		case kind%4 == 2 && i > 70:
			d.Worst = health.Unknown
		case age > 14:
			d.Worst = health.Critical
		case age > 7:
			d.Worst = health.Warning
		default:
			d.Worst = health.OK
		}
		d.Outage = i >= 44 && i <= 46
		d.Snoozed = kind%4 == 0 && i >= 40 && i < 47
		if i >= 60 && i < 64 && kind != 3 {
			d.Looked = false
		}
		days = append(days, d)
	}
	return days
}

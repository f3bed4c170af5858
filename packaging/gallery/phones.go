package main

import (
	"time"

	"ninelives/internal/health"
	"ninelives/internal/view"
)

// phoneStories are what phones add to the overview.
func phoneStories() []story {
	none := report(kim())
	none.Sources = append(none.Sources, usbmuxd("no phone is there now", 0))
	off := report(kim())
	off.Sources = append(off.Sources, health.SourceState{Kind: health.SourcePhone, Where: "usbmuxd at /var/run/usbmuxd", Trouble: health.Off})
	heard := report(away(), elsewhere(), anna())
	heard.Sources = append(heard.Sources, usbmuxd("1 phone, by Wi-Fi, trusted, iCloud backup read at 09:48; 2 away", 3),
		health.SourceState{Kind: health.SourceReleases, Where: "https://gdmf.apple.com/v2/pmv", ReadAt: ago(3 * time.Hour), Detail: "12 versions on offer"},
		health.SourceState{Kind: health.SourceQuota, Where: "brctl quota", ReadAt: now, Detail: "380 MB left in this computer's account"})
	heard.Obstacles = []health.Obstacle{
		{Code: health.PairingExpired, Device: away().ID, Title: "Mia's iPhone does not trust this computer any more", Remedy: "Connect it by cable, unlock it, tap Trust on it and enter its passcode; then check again."},
		{Code: health.DiskFull, Device: elsewhere().ID, Path: "/backups/x", Title: "The disk with the backup of Work phone is nearly full", Remedy: "Only 500 MB are free on it. Make room there, or move the backups to a larger disk, then back up again."},
	}
	return []story{
		{"no-phone-yet", none, session()},
		{"no-phone-yet-linux", none, with(session(), func(s *view.Session) { s.OS = "linux" })},
		{"phones-off", off, session()},
		{"phones", heard, session()},
	}
}

func usbmuxd(said string, devices int) health.SourceState {
	return health.SourceState{Kind: health.SourcePhone, Where: "usbmuxd at /var/run/usbmuxd", ReadAt: ago(time.Minute), Detail: said, Devices: devices}
}

// away is a phone that nobody has heard for three weeks.
func away() health.Verdict {
	v := device("Mia's iPhone", "iPhone15,4", "iPhone 15", "26.1", health.Unknown, 22*day)
	v.Limits, v.Unheard = health.DefaultPolicy().ICloud, true
	v.Why = "Last iCloud backup on 29 Oct, told by the device on 30 Oct at 07:00. The device has not been heard since, so newer ones are not known."
	v.Step = "Connect the device by cable and unlock it, or bring it onto the Wi-Fi of this computer: then it can be asked."
	v.Routes = []health.Route{{Kind: health.ICloudRoute, State: health.RouteUnknown, LastGood: v.LastGood, ToldAt: ago(21 * day), Limits: v.Limits, Why: v.Why}}
	return v
}

// elsewhere is a phone that is backed up to another computer.
func elsewhere() health.Verdict {
	v := device("Work phone", "iPhone14,5", "iPhone 13", "18.7.8", health.OK, 2*day)
	v.Routes = []health.Route{
		{Kind: health.ICloudRoute, State: health.RouteNever, ToldAt: ago(time.Hour), Limits: health.DefaultPolicy().ICloud, Why: "iCloud Backup is off, told by the device at 09:00."},
		{Kind: health.ComputerRoute, State: health.RouteFresh, LastGood: v.LastGood, ToldAt: ago(time.Hour), Encrypted: health.Yes, Limits: v.Limits, Why: "Backed up to another computer on 18 Nov, told by the device at 09:00."},
	}
	return v
}

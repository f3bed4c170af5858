package main

import (
	"time"

	"ninelives/internal/health"
	"ninelives/internal/view"
)

func devices() []state {
	var all []state
	add := func(name string, r health.Report, s view.Session, id string) {
		d := site(r, s, "/device/"+id)
		if c, ok := d.Page.CardOf(id); ok {
			d.Card = &c
		}
		all = append(all, state{"device-" + name, "device", d})
	}
	add("at-risk", household(), session(), ben().ID)
	add("late", household(), session(), kim().ID)
	add("unknown", household(), session(), spare().ID)
	add("fine", household(), session(), anna().ID)
	add("tried", tried(), session(), ben().ID)
	add("all-tried", allTried(), session(), kim().ID)
	add("hostile", hostile(), session(), ben().ID)
	add("gone", household(), session(), "00000000")
	hidden := session()
	hidden.HideNames = true
	add("names-hidden", household(), hidden, ben().ID)
	return all
}

func fixPages() []state {
	var all []state
	add := func(name string, r health.Report, s view.Session, id, code string) {
		d := site(r, s, "/device/"+id+"/fix/"+code)
		if c, ok := d.Page.CardOf(id); ok {
			d.Card = &c
			if f, ok := c.FixOf(code); ok {
				d.Fix = &f
			}
		}
		all = append(all, state{"fix-" + name, "fix", d})
	}
	for _, code := range codes {
		add(string(code), household(), session(), ben().ID, string(code))
	}
	add("restart-with-a-home-button", household(), session(), kim().ID, "restart")
	add("done", tried(), session(), ben().ID, "power")
	add("did-not-help", tried(), session(), ben().ID, "wifi")
	add("all-tried", allTried(), session(), kim().ID, "power")
	add("of-a-fine-device", household(), session(), anna().ID, "power")
	add("of-no-device", household(), session(), "00000000", "power")
	add("hostile", hostile(), session(), ben().ID, "power")
	for i := range all {
		if all[i].name == "fix-done" {
			all[i].site.Notice = "Noted that you have done this. Checked at once: no new backup is proven yet."
		}
	}
	return all
}

func settingsPages() []state {
	set := view.Settings{
		Usual: map[string]string{
			"check_every": "6h", "warn_after": "7d", "critical_after": "14d", "icloud.warn_after": "3d", "icloud.critical_after": "7d",
			"computer.warn_after": "7d", "computer.critical_after": "14d", "notifications.repeat": "1d, 3d, 7d",
			"notifications.enabled": "true", "apple_status.enabled": "true", "phones.enabled": "true", "ios_releases.enabled": "true",
		},
		Values: map[string]string{"check_every": "6h", "backups.folders": "~/Backups/iPhone\n/Volumes/Backups"},
		Set:    map[string]bool{"check_every": true, "backups.folders": true},
		Devices: []view.SettingsDevice{
			{ID: ben().ID, Name: ben().Name, Model: "iPad Pro 11-inch (4th generation), iPadOS 18.1"},
			{ID: anna().ID, Name: anna().Name, Model: "iPhone 13, iOS 18.1"},
		},
		Folders: []view.SettingsFolder{
			{Path: "/Users/anna/Library/Application Support/MobileSync/Backup"},
			{Path: "/Volumes/Backups", Own: true, Says: "Not connected."},
		},
		Next: []time.Time{now.Add(6 * time.Hour), now.Add(12 * time.Hour), now.Add(18 * time.Hour)},
		Now:  now, AtLogin: health.Yes, File: "/Users/anna/Library/Application Support/Nine Lives/config.toml", Stamp: "stamp",
	}
	var all []state
	add := func(name string, s view.Settings) {
		d := site(household(), session(), "/settings")
		d.Settings = s
		all = append(all, state{"settings-" + name, "settings", d})
	}
	add("plain", set)
	add("saved", with(set, func(s *view.Settings) { s.Saved = true }))
	add("errors", with(set, func(s *view.Settings) {
		s.Refused = true
		s.Values = map[string]string{"check_every": "soon", "icloud.warn_after": "<b>9</b>", "warn_after": "7d"}
		s.Errors = map[string]string{
			"check_every":       "“soon” is neither a duration such as 6h nor a cron line of five fields.",
			"icloud.warn_after": "“<b>9</b>” is not a duration such as 3d.",
		}
		s.Newer = map[string]string{"warn_after": "10d"}
	}))
	add("problem", with(set, func(s *view.Settings) {
		s.Refused = true
		s.Problem = "The settings were not saved: /Users/anna/Library/Application Support/Nine Lives/config.toml cannot be written: the disk is full."
	}))
	add("forced", with(set, func(s *view.Settings) {
		s.Values = map[string]string{"check_every": "0 9,21 * * *", "warn_after": "7d", "notifications.enabled": "true", "backups.folders": "/Volumes/Backups"}
		s.Forced = map[string]bool{"check_every": true, "warn_after": true, "notifications.enabled": true, "backups.folders": true}
	}))
	return all
}

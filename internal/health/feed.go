package health

import (
	"fmt"
	"slices"
	"time"
)

// grave reports whether an incident keeps people from backing up, as far as
// Apple says; maintenance and unknown kinds are weighed apart.
func (i Incident) grave() bool {
	return i.Kind == KindIssue || i.Kind == KindOutage || i.Kind == KindPerformance
}

// find gives the first incident for which ok holds.
func (f Feed) find(ok func(Incident) bool) (Incident, bool) {
	if i := slices.IndexFunc(f.Incidents, ok); i >= 0 {
		return f.Incidents[i], true
	}
	return Incident{}, false
}

// serviceNames are the services as people find them on Apple's page.
var serviceNames = map[Service]string{
	ICloudBackup:  "iCloud Backup",
	ICloudAccount: "iCloud Account & Sign In",
	AppleAccount:  "Apple Account",
	Photos:        "Photos",
	ICloudDrive:   "iCloud Drive",
	ICloudStorage: "iCloud Storage Upgrades",
}

var kindNames = map[IncidentKind]string{
	KindUnknown:     "trouble of an unnamed kind",
	KindIssue:       "an issue",
	KindOutage:      "an outage",
	KindPerformance: "slow service",
	KindMaintenance: "maintenance",
}

// feedWords says Apple's status in a line: what iCloud Backup is like now.
func feedWords(f Feed, now time.Time) string {
	backup := func(i Incident) bool { return i.Service == ICloudBackup && i.Status == Ongoing }
	if i, ok := f.find(backup); ok {
		return fmt.Sprintf("iCloud Backup: %s%s", kindNames[i.Kind], since(i.Start, now))
	}
	words := "iCloud Backup: available"
	switch {
	case f.Notice:
		words = "Apple shows a notice instead of the list"
	case slices.Contains(f.Garbled, ICloudBackup):
		words = "iCloud Backup is listed in a way that is not understood"
	case !slices.Contains(f.Listed, ICloudBackup):
		words = "iCloud Backup is not listed"
	}
	if i, ok := f.find(func(i Incident) bool { return i.Status == Ongoing && i.Kind != KindMaintenance }); ok {
		words += fmt.Sprintf("; %s: %s%s", serviceNames[i.Service], kindNames[i.Kind], since(i.Start, now))
	}
	return words
}

func since(start, now time.Time) string {
	if start.IsZero() {
		return ""
	}
	t := start.In(now.Location())
	switch {
	case t.Format(time.DateOnly) == now.Format(time.DateOnly):
		return " since " + t.Format("15:04")
	case age(start, now) < 3*Day:
		return " since " + t.Format("2 Jan, 15:04")
	default:
		return " since " + day(t, now)
	}
}

// outages lists the grave incidents with iCloud Backup. One that goes on is
// known only up to the time it was read of.
func outages(feed Reading[Feed]) []Outage {
	var all []Outage
	for _, i := range feed.Value.Incidents {
		if i.Service != ICloudBackup || !i.grave() || i.Status == Upcoming || i.Status == StatusUnknown {
			continue
		}
		o := Outage{Since: i.Start, Until: i.End}
		if i.Status == Ongoing {
			o.Until = feed.GoodAt
		}
		if o.Until.IsZero() {
			o.Until = o.Since
		}
		if o.Since.IsZero() || o.Since.After(o.Until) {
			o.Since = o.Until
		}
		if !o.Until.IsZero() {
			all = append(all, o)
		}
	}
	return all
}

// The night is when a phone backs itself up to iCloud: 22:00 to 08:00 of this
// computer's zone.
const (
	nightStarts = 22
	nightEnds   = 8

	deepNightEnds = 5 // from midnight on: nobody has a phone in hand
)

// morningAfter gives the end of the first whole night after t.
func morningAfter(t time.Time) time.Time {
	y, m, d := t.Date()
	night := time.Date(y, m, d, nightStarts, 0, 0, 0, t.Location())
	if t.After(night) {
		d++
	}
	return time.Date(y, m, d+1, nightEnds, 0, 0, 0, t.Location())
}

// touchesNight reports whether the time from a to b has a part of a night.
func touchesNight(a, b time.Time) bool {
	if !a.Before(b) {
		return false
	}
	if b.Sub(a) >= Day {
		return true
	}
	y, m, d := a.Date()
	evening := time.Date(y, m, d, nightStarts, 0, 0, 0, a.Location())
	morning := time.Date(y, m, d, nightEnds, 0, 0, 0, a.Location())
	return a.Before(morning) || b.After(evening)
}

// hold finds the outage at Apple that excuses a late iCloud backup: one that
// began while the device was still on time, until a night after its end.
func (c *patient) hold(decides Route) *Hold {
	if decides.Kind != ICloudRoute || decides.LastGood.IsZero() {
		return nil
	}
	for _, i := range c.facts.Feed.Value.Incidents {
		if i.Service != ICloudBackup || !i.grave() || i.Start.IsZero() || i.Status == Upcoming {
			continue
		}
		if i.Start.Sub(decides.LastGood) > decides.Limits.WarnAfter {
			continue
		}
		if i.Status == Ongoing {
			return &Hold{Since: i.Start}
		}
		if i.End.IsZero() || i.End.Before(decides.LastGood) {
			continue
		}
		if until := morningAfter(i.End.In(c.now.Location())); c.now.Before(until) {
			return &Hold{Since: i.Start, Until: until}
		}
	}
	return nil
}

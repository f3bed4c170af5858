package health

import (
	"fmt"
	"slices"
)

// weighAppleStatus: is it Apple's fault? Ongoing trouble counts for half a
// day, quiet only for an hour, and Apple is late in saying anything.
func (c *patient) weighAppleStatus(v Verdict) (Odds, string) {
	feed := c.facts.Feed
	if c.computerOnly() {
		return RuledOut, "This device is backed up to a computer only, so Apple's servers have no part in it."
	}
	if !feed.Known() {
		if feed.Trouble == Off {
			return CannotTell, "Looking at Apple's status is switched off."
		}
		return CannotTell, "Apple's status could not be read."
	}
	old := age(feed.GoodAt, c.now)
	when := fmt.Sprintf("Apple's status, read %s,", moment(feed.GoodAt, c.now))
	if old <= troubleFor {
		if odds, why := c.ongoing(feed.Value, when); odds != CannotTell {
			return odds, why
		}
	}
	switch {
	case feed.Value.Notice:
		return CannotTell, when + " shows a notice instead of the list of services."
	case slices.Contains(feed.Value.Garbled, ICloudBackup):
		return CannotTell, when + " says something of iCloud Backup that is not understood."
	case !slices.Contains(feed.Value.Listed, ICloudBackup):
		return CannotTell, when + " does not list iCloud Backup."
	}
	if i, ok := feed.Value.find(func(i Incident) bool { return c.missedNight(i, v) }); ok {
		return Possible, fmt.Sprintf("Apple had %s with iCloud Backup%s; it ended on %s, so wait one night.", kindNames[i.Kind], since(i.Start, c.now), i.End.In(c.now.Location()).Format("2 Jan at 15:04"))
	}
	if old > quietFor {
		return CannotTell, fmt.Sprintf("Apple's status was last read %s, too long ago to say that all is well.", moment(feed.GoodAt, c.now))
	}
	return RuledOut, when + " shows no trouble with iCloud Backup; Apple is often an hour and a half late in saying so."
}

// ongoing weighs what Apple says is happening now.
func (c *patient) ongoing(f Feed, when string) (Odds, string) {
	now := func(ok func(Incident) bool) (Incident, bool) {
		return f.find(func(i Incident) bool { return i.Status == Ongoing && ok(i) })
	}
	say := func(i Incident) string {
		return fmt.Sprintf("%s shows %s with %s%s.", when, kindNames[i.Kind], serviceNames[i.Service], since(i.Start, c.now))
	}
	backup := func(i Incident) bool { return i.Service == ICloudBackup }
	if i, ok := now(func(i Incident) bool { return backup(i) && i.grave() }); ok {
		return Certain, say(i)
	}
	if i, ok := now(func(i Incident) bool { return backup(i) && i.Kind == KindUnknown }); ok {
		return Likely, say(i)
	}
	if i, ok := now(func(i Incident) bool {
		return !backup(i) && i.Service != ICloudStorage && (i.grave() || i.Kind == KindUnknown)
	}); ok {
		return Likely, say(i)
	}
	if i, ok := now(func(i Incident) bool { return backup(i) || i.grave() }); ok {
		return Possible, say(i)
	}
	return CannotTell, ""
}

// missedNight reports whether an incident on iCloud Backup ended within the
// last day and covered a part of a night without a backup.
func (c *patient) missedNight(i Incident, v Verdict) bool {
	if i.Service != ICloudBackup || i.Status != Resolved || i.Kind == KindMaintenance || i.End.IsZero() {
		return false
	}
	if i.End.After(c.now) || age(i.End, c.now) > Day {
		return false
	}
	from := latest(i.Start, v.LastGood)
	zone := c.now.Location()
	return touchesNight(from.In(zone), i.End.In(zone))
}

package view

import (
	"fmt"
	"slices"
	"time"

	"ninelives/internal/health"
)

// devices are the lines of all devices, worst first; what would make the menu
// too long is folded, late ones apart from those that are fine.
func devices(r health.Report, s Session, now time.Time) []Item {
	var late, fine, ignored []health.Verdict
	for _, v := range r.Devices {
		switch {
		case v.Ignored:
			ignored = append(ignored, v)
		case v.State == health.OK:
			fine = append(fine, v)
		default:
			late = append(late, v)
		}
	}
	var items []Item
	shown, folded := split(late, shownLate)
	for _, v := range shown {
		items = append(items, deviceLine(v, s, now))
		items = append(items, nextStep(v)...)
	}
	items = append(items, fold(folded, "… and %d more that need attention", s, now)...)
	shown, folded = split(fine, shownDevices-len(shown))
	for _, v := range shown {
		items = append(items, deviceLine(v, s, now))
	}
	items = append(items, fold(folded, "… and %d more are fine", s, now)...)
	items = append(items, ignoredDevices(ignored)...)
	if len(r.Devices) == 0 {
		items = append(items, Item{Label: nothingWords(r, s)})
	}
	return items
}

// split cuts a list where it is to be folded; one alone is not worth folding.
func split(all []health.Verdict, n int) (shown, folded []health.Verdict) {
	if len(all) <= n+1 {
		return all, nil
	}
	return all[:n], all[n:]
}

// fold puts devices into a submenu of their own.
func fold(all []health.Verdict, format string, s Session, now time.Time) []Item {
	if len(all) == 0 {
		return nil
	}
	fold := Item{Label: fmt.Sprintf(format, len(all))}
	for _, v := range all {
		line := deviceLine(v, s, now)
		if steps := nextStep(v); len(steps) > 0 {
			line.Children = slices.Concat(steps, []Item{{Separator: true}}, line.Children)
		}
		fold.Children = append(fold.Children, line)
	}
	return []Item{fold}
}

// deviceLine is one device: its state in shape and words, and in a submenu
// what can be done about the device itself.
func deviceLine(v health.Verdict, s Session, now time.Time) Item {
	label := fmt.Sprintf("%s %s: %s", Shape(v.State), isolated(nameOf(v)), standing(v, now))
	until, snoozed := snoozedUntil(v, s, now)
	switch {
	case snoozed:
		label += " (snoozed)"
	case v.Hold != nil && v.State != health.OK:
		label += " (waiting for Apple)"
	}
	children := append(note("", v.Why), note("", v.Step)...)
	children = append(children, snoozeItems(v, until, snoozed, now)...)
	children = append(children, Item{Label: "Ignore this device", Command: Command{Verb: Ignore, Arg: v.ID + "/on"}})
	if folder(v) != "" {
		children = append(children, Item{Label: showFolderWords(s.OS), Command: Command{Verb: ShowFolder, Arg: v.ID}})
	}
	return Item{Label: label, Children: children}
}

// nextStep is what stands under a device that is not fine.
func nextStep(v health.Verdict) []Item {
	if v.State == health.OK || len(v.Fixes) == 0 {
		return nil
	}
	if v.AllTried() {
		return []Item{{Label: indent + allTriedMenu, Command: Command{Verb: OpenFixes, Arg: v.ID}}}
	}
	var items []Item
	if first, found := v.First(); found {
		items = append(items, Item{
			Label:   indent + "Try first: " + titleOf(first.Code) + "…",
			Command: Command{Verb: OpenFix, Arg: v.ID + "/" + string(first.Code)},
		})
	}
	return append(items, Item{Label: indent + "All nine fixes…", Command: Command{Verb: OpenFixes, Arg: v.ID}})
}

// snoozedUntil gives the end of a snooze that still runs.
func snoozedUntil(v health.Verdict, s Session, now time.Time) (time.Time, bool) {
	until := s.Snoozed[v.ID]
	return until, until.After(now)
}

// snoozeItems are for a device that people are told about: one that is fine is
// not, unless its snooze still runs.
func snoozeItems(v health.Verdict, until time.Time, snoozed bool, now time.Time) []Item {
	item := func(label, span string) Item {
		return Item{Label: label, Command: Command{Verb: Snooze, Arg: v.ID + "/" + span}}
	}
	switch {
	case snoozed && until.Equal(UntilBackup):
		return []Item{{Label: "Snoozed until the next backup"}, item("Wake up now", "off")}
	case snoozed:
		return []Item{{Label: "Snoozed until " + When(until, now)}, item("Wake up now", "off")}
	case v.State == health.OK:
		return nil
	default:
		return []Item{
			item("Snooze for 1 day", "1d"),
			item("Snooze for 1 week", "1w"),
			item("Snooze until the next backup", "backup"),
		}
	}
}

// folder is the device's backup on this computer, as far as it can be shown.
func folder(v health.Verdict) string {
	for _, r := range v.Routes {
		if r.Kind == health.ComputerRoute && r.Path != "" && r.State != health.RouteOffline {
			return r.Path
		}
	}
	return ""
}

// ignoredDevices can be brought back.
func ignoredDevices(all []health.Verdict) []Item {
	if len(all) == 0 {
		return nil
	}
	sub := Item{Label: "Ignored devices"}
	for _, v := range all {
		sub.Children = append(sub.Children, Item{
			Label:   "Watch " + isolated(nameOf(v)) + " again",
			Command: Command{Verb: Ignore, Arg: v.ID + "/off"},
		})
	}
	return []Item{sub}
}

// nothingWords says why there is no device.
func nothingWords(r health.Report, s Session) string {
	switch {
	case r.At.IsZero() && s.Checking:
		return "Looking at the backups…"
	case r.At.IsZero():
		return "Not looked yet"
	case r.Unread():
		return "? The backups on this computer could not be read"
	default:
		return "? No backups found on this computer"
	}
}

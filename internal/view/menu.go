package view

import (
	"fmt"
	"strings"
	"time"

	"ninelives/internal/health"
)

// How many lines a menu shows before it folds the rest into a submenu.
const (
	shownObstacles = 4
	shownLate      = 6
	shownDevices   = 12
)

// indent sets a line under the one it belongs to; menus have no other means.
const indent = "     "

// menu is everything of the menu, in groups: what stands in the way, the
// devices, the checks, the settings, the program itself.
func menu(r health.Report, s Session, now time.Time) []Item {
	groups := [][]Item{
		append(notices(s), obstacles(r, s)...),
		devices(r, s, now),
		append(appleLine(r, now), checks(s, now)...),
		settings(s),
		{
			{Label: "Open Nine Lives…", Command: Command{Verb: OpenPage}},
			{Label: "Quit Nine Lives", Command: Command{Verb: Quit}},
		},
	}
	var all []Item
	for _, group := range groups {
		if len(group) > 0 && len(all) > 0 {
			all = append(all, Item{Separator: true})
		}
		all = append(all, group...)
	}
	return all
}

// noteCells is how wide a line of a menu may get before it is broken.
const noteCells = 72

// note is a text that only informs, in as many lines as it needs.
func note(first, text string) []Item {
	var items []Item
	for _, l := range wrap(text, noteCells) {
		items = append(items, Item{Label: first + l})
		first = strings.Repeat(" ", 2*len(first))
	}
	return items
}

// notices are what the program has to say of itself.
func notices(s Session) []Item {
	var items []Item
	for _, text := range s.Notices {
		items = append(items, note("! ", text)...)
	}
	return items
}

// obstacles stand first, each with the action that helps.
func obstacles(r health.Report, s Session) []Item {
	var items []Item
	for i, o := range r.Obstacles {
		if i == shownObstacles && len(r.Obstacles) > shownObstacles+1 {
			more := plural(len(r.Obstacles)-i, "more obstacle")
			return append(items, Item{Label: "… and " + more, Command: Command{Verb: OpenPage}})
		}
		items = append(items, note("! ", o.Title)...)
		items = append(items, helps(o, s.OS))
	}
	return items
}

// helps is the action that helps against an obstacle: the right pane of the
// system's settings, the folder to rename, or else the page, where the remedy
// stands.
func helps(o health.Obstacle, goos string) Item {
	switch {
	case o.Code == health.FullDiskAccess && goos == "darwin":
		return Item{Label: indent + "Open System Settings…", Command: Command{Verb: OpenObstacle, Arg: string(o.Code)}}
	case o.Code == health.DamagedBackup && o.Device != "":
		return Item{Label: indent + showFolderWords(goos), Command: Command{Verb: ShowFolder, Arg: o.Device}}
	default:
		return Item{Label: indent + "What to do…", Command: Command{Verb: OpenPage}}
	}
}

func showFolderWords(goos string) string {
	switch goos {
	case "darwin":
		return "Show in Finder"
	case "windows":
		return "Show in File Explorer"
	default:
		return "Show in folder"
	}
}

// appleLine says what Apple's system status says of iCloud Backup.
func appleLine(r health.Report, now time.Time) []Item {
	words := appleWords(r, now)
	if words == "" {
		return nil
	}
	return []Item{{Label: words, Command: Command{Verb: OpenStatus}}}
}

// appleWords is Apple's status in one line; empty when nobody asks for it.
func appleWords(r health.Report, now time.Time) string {
	for _, src := range r.Sources {
		switch {
		case src.Kind != health.SourceAppleStatus:
			continue
		case src.Trouble == health.Off:
			return "Apple · status not asked for (switched off)"
		case src.State() == "ok" && src.Detail != "" && now.Sub(src.ReadAt) < time.Hour:
			return "Apple · " + src.Detail
		case src.State() == "ok" && src.Detail != "" && now.Sub(src.ReadAt) < patience:
			return fmt.Sprintf("Apple · %s (read %s)", src.Detail, When(src.ReadAt, now))
		case src.ReadAt.IsZero():
			return "Apple · status unknown (" + troubleWords(src.Trouble) + ")"
		default:
			return "Apple · status unknown, last read " + When(src.ReadAt, now)
		}
	}
	return ""
}

// checks are Check Now and its times. They are absolute: a running count of
// minutes would redraw the menu every minute.
func checks(s Session, now time.Time) []Item {
	check := Item{Label: "Check Now", Command: Command{Verb: CheckNow}}
	if s.Checking {
		check = Item{Label: "Checking…", Disabled: true}
	}
	items := []Item{check}
	if !s.LastCheck.IsZero() {
		items = append(items, Item{Label: "Last check: " + When(s.LastCheck, now)})
	}
	if !s.NextCheck.IsZero() {
		items = append(items, Item{Label: "Next check: " + When(s.NextCheck, now)})
	}
	return items
}

package view

import (
	"slices"
	"strings"
)

// NoSuchPage is what stands in the place of a page that is not there.
const NoSuchPage = "There is no such page. The device may be gone, or no longer need a fix."

// Did says what came of a click on the page, from the pages before and after
// it; it is empty where that is plain to see. looked is false when the round
// that was asked for takes longer than somebody waits.
func Did(c Command, before, after Page, looked bool) string {
	id, rest, _ := strings.Cut(c.Arg, "/")
	was, _ := before.CardOf(id)
	is, found := after.CardOf(id)
	switch c.Verb {
	case CheckNow:
		if !looked {
			return "The check is still under way."
		}
		return "Checked just now. " + after.Summary
	case Done:
		return didDone(rest, was, is, found, looked)
	case DidNotHelp:
		return didNotHelp(is, found)
	case Snooze:
		switch {
		case rest == "off" && found:
			return is.Name + " is no longer snoozed."
		case is.Note != "":
			return is.Name + ": " + is.Note
		}
	case Ignore:
		switch {
		case rest == "off" && found:
			return is.Name + " is watched again."
		case rest == "on" && was.Name != "":
			return was.Name + " is ignored from now on. It stands below the others, with a way back."
		}
	default:
	}
	return ""
}

// didDone compares a device before and after a fix was carried out.
func didDone(code string, was, is Card, found, looked bool) string {
	const noted = "Noted that you have done this. "
	switch {
	case !looked:
		return noted + "The check is still under way; the page shows what it finds."
	case !found:
		return noted + "The check did not find this device."
	case is.State == "ok" && was.State != "ok":
		return "It worked: " + is.Name + " is backed up again."
	case is.State == "ok":
		return is.Name + " is backed up."
	}
	said := noted + "Checked at once: no new backup is proven yet."
	if i := slices.IndexFunc(is.Fixes, func(f PageFix) bool { return f.Code == code }); i >= 0 && is.Fixes[i].Proof != "" {
		said += " How you will know: " + is.Fixes[i].Proof
	}
	return said
}

// didNotHelp leads on to the fix that comes first now.
func didNotHelp(is Card, found bool) string {
	const noted = "Noted that this did not help. "
	switch first := is.First(); {
	case found && first != nil:
		return noted + "Try next: " + first.Title + "."
	case found && is.AllTried != "":
		return noted + is.AllTried + " " + is.Over
	default:
		return strings.TrimSpace(noted)
	}
}

package view

import "testing"

func TestDid(t *testing.T) {
	const id = "77aa12ef"
	page := func(c Card) Page {
		c.ID, c.Name = id, "Kim's phone"
		return Page{Summary: "1 of 2 devices needs attention.", Cards: []Card{{ID: "bacd0f11", Name: "Anna's iPhone"}, c}}
	}
	late := Card{State: "warning", Fixes: []PageFix{{Code: "wifi", Title: "Connect to Wi-Fi", Odds: "likely"}, {Code: "power", Proof: "The date is new."}}}
	spent := Card{State: "warning", AllTried: "All were tried.", Over: "Make a backup.", Fixes: []PageFix{{Title: "Connect to Wi-Fi", Odds: "likely"}}}
	hopeless := Card{State: "warning", Fixes: []PageFix{{Title: "Connect to Wi-Fi", Odds: "ruled-out"}}}
	snoozed, fine, gone := late, Card{State: "ok"}, Page{}
	snoozed.Note = "Snoozed until Sat 21 Nov, 10:00."
	for _, test := range []struct {
		name          string
		command       Command
		before, after Page
		slow          bool
		want          string
	}{
		{"a check says what it found", Command{Verb: CheckNow}, page(late), page(late), false, "Checked just now. 1 of 2 devices needs attention."},
		{"a check that takes long says so", Command{Verb: CheckNow}, page(late), page(late), true, "The check is still under way."},
		{"a fix that worked", Command{Done, id + "/power"}, page(late), page(fine), false, "It worked: Kim's phone is backed up again."},
		{"a fix for a device that was fine", Command{Done, id + "/power"}, page(fine), page(fine), false, "Kim's phone is backed up."},
		{"a fix that has to wait for the night", Command{Done, id + "/power"}, page(late), page(late), false,
			"Noted that you have done this. Checked at once: no new backup is proven yet. How you will know: The date is new."},
		{"a fix nobody knows", Command{Done, id + "/pray"}, page(late), page(late), false,
			"Noted that you have done this. Checked at once: no new backup is proven yet."},
		{"a fix whose check takes long is never green", Command{Done, id + "/power"}, page(late), page(fine), true,
			"Noted that you have done this. The check is still under way; the page shows what it finds."},
		{"a fix for a device that is gone", Command{Done, id + "/power"}, page(late), gone, false,
			"Noted that you have done this. The check did not find this device."},
		{"what did not help leads to the next", Command{DidNotHelp, id + "/power"}, page(late), page(late), false,
			"Noted that this did not help. Try next: Connect to Wi-Fi."},
		{"nothing is left to try", Command{DidNotHelp, id + "/power"}, page(late), page(hopeless), false, "Noted that this did not help."},
		{"the last one did not help either", Command{DidNotHelp, id + "/power"}, page(late), page(spent), false,
			"Noted that this did not help. All were tried. Make a backup."},
		{"what did not help for a device that is gone", Command{DidNotHelp, id + "/power"}, page(late), gone, false, "Noted that this did not help."},
		{"snoozed", Command{Snooze, id + "/1d"}, page(late), page(snoozed), false, "Kim's phone: Snoozed until Sat 21 Nov, 10:00."},
		{"a snooze undone", Command{Snooze, id + "/off"}, page(snoozed), page(late), false, "Kim's phone is no longer snoozed."},
		{"ignored", Command{Ignore, id + "/on"}, page(late), gone, false, "Kim's phone is ignored from now on. It stands below the others, with a way back."},
		{"watched again", Command{Ignore, id + "/off"}, gone, page(late), false, "Kim's phone is watched again."},
		{"a snooze of a device that is gone", Command{Snooze, id + "/1d"}, gone, gone, false, ""},
		{"a snooze of a device that is gone undone", Command{Snooze, id + "/off"}, gone, gone, false, ""},
		{"ignoring a device that is gone", Command{Ignore, id + "/on"}, gone, gone, false, ""},
		{"watching a device that is gone", Command{Ignore, id + "/off"}, gone, gone, false, ""},
		{"a folder opens by itself", Command{ShowFolder, id}, page(late), page(late), false, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Did(test.command, test.before, test.after, !test.slow); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

package view

import "ninelives/internal/health"

// reading says what is read and why. Whether it may be stands above it.
func reading() WelcomeOffer {
	return WelcomeOffer{
		Title: "What Nine Lives reads",
		Text: "The folders with your backups: when each was made and whether it finished, never what is in it. " +
			"Apple's public status, and the list of iOS versions. And the device itself, if it trusts this computer: when its last iCloud backup was. Nothing of yours leaves this computer.",
	}
}

// notifying offers a test: whether a desktop shows them, only eyes can tell.
func notifying() WelcomeOffer {
	return WelcomeOffer{
		Title:  "When it speaks",
		Text:   "Once when a backup becomes late, again after 1, 3 and 7 days while it stays so, and once when it is fresh again. Quiet hours are in the settings.",
		Action: PageAction{Label: "Send me a test", Command: Command{Verb: TestNotice}},
	}
}

// startingAtLogin offers what makes it watch from the next login on.
func startingAtLogin(on health.Answer) WelcomeOffer {
	o := WelcomeOffer{
		Title: "From now on",
		Text:  "Phones stop backing up silently, so it is best to watch all the time. It takes some 20 MB of memory and looks every few hours.",
		Done:  on,
	}
	switch on {
	case health.Yes:
		o.Says = "It starts when you log in."
		o.Action = PageAction{Label: "Do not start it any more", Command: Command{Verb: AtLogin, Arg: "off"}}
	case health.No:
		o.Says = "It does not start when you log in yet."
		o.Action = PageAction{Label: "Start it at login", Command: Command{Verb: AtLogin, Arg: "on"}}
	default:
		o.Text += " Whether it starts when you log in cannot be told here."
	}
	return o
}

package view

import (
	"time"

	"ninelives/internal/health"
)

// Welcome leads on where there is no device to show yet: a first start, no
// permission to read, no backup anywhere.
type Welcome struct {
	Needed bool // the overview has no device to show and leads on instead
	Icon   Icon
	Title  string
	Lead   string
	Access health.Answer // may the backups on this computer be read; DontKnow: nobody has looked yet
	Says   string        // the same in words
	Steps  []WelcomeStep
	Places []string // where was looked
	After  string   // what comes when the steps are done
	First  []WelcomeOffer
}

// WelcomeOffer is one of the three things that a first start is about: what is
// read and why, notifications, and the start at login.
type WelcomeOffer struct {
	Title  string
	Text   string
	Done   health.Answer // is it settled; DontKnow: nothing has to be
	Says   string        // how it stands; may be empty
	Action PageAction    // without a label there is nothing to do
}

// WelcomeStep is one numbered step.
type WelcomeStep struct {
	Text   string
	Line   string // a line for the terminal; may be empty
	Action PageAction
}

// addFolder is where the settings ask for folders.
const addFolder = "/settings#folders"

func welcomeOf(r health.Report, s Session, now time.Time) Welcome {
	w := Welcome{Needed: len(r.Devices) == 0, Access: accessOf(r)}
	for _, src := range r.Sources {
		if src.Kind == health.SourceMobileSync {
			w.Places = append(w.Places, src.Where)
		}
	}
	switch {
	case r.At.IsZero():
		w.starting(s)
	case w.Access == health.No:
		w.locked(s.OS, w.Places)
	case w.Needed && r.Unread():
		w.unread()
	case w.Needed:
		w.empty(s.OS)
	default:
		w.Icon, w.Title = IconOK, "Nine Lives can see your backups"
		w.Lead = sentence(plural(len(r.Devices), "device") + " found, last looked " + lower(When(r.At, now)))
	}
	w.Says = accessWords(w.Access)
	w.First = []WelcomeOffer{reading(), notifying(), startingAtLogin(s.AtLogin)}
	return w
}

// accessOf says whether every place that keeps backups may be read. One that is
// not there is no answer.
func accessOf(r health.Report) health.Answer {
	answer := health.DontKnow
	for _, src := range r.Sources {
		switch {
		case src.Kind != health.SourceMobileSync:
		case src.Trouble == health.NoPermission:
			return health.No
		case src.State() == "ok":
			answer = health.Yes
		}
	}
	return answer
}

func accessWords(a health.Answer) string {
	switch a {
	case health.Yes:
		return "Granted: the backups on this computer can be read."
	case health.No:
		return "Not granted yet: the backups on this computer may not be read."
	default:
		return "Not known yet."
	}
}

func (w *Welcome) starting(s Session) {
	w.Icon, w.Title = IconChecking, "Looking at the backups on this computer"
	w.Lead = "Nine Lives reads which iPhones and iPads are backed up here, and when that was last proven. It changes nothing. This takes a moment."
	if !s.Checking {
		w.Icon, w.Title = IconUnknown, "Nine Lives has not looked yet"
		w.Lead = "It looks by itself in a moment; you can also let it look now."
		w.Steps = []WelcomeStep{lookAgain("Let it look at the backups on this computer.")}
	}
}

// locked leads to the permission. On a Mac the system asks nobody: the program
// has to be switched on by hand, and it counts from the next start.
func (w *Welcome) locked(goos string, places []string) {
	w.Icon, w.Title = IconAttention, "One permission is missing"
	if goos != "darwin" {
		w.Lead = "The folder with your backups is there, but your user account may not read it, so nothing can be said about them."
		w.Steps = []WelcomeStep{
			{Text: "Open the folder, and give your user account the right to read it and what is in it.", Action: PageAction{Label: showFolderWords(goos), Command: Command{Verb: OpenObstacle, Arg: string(health.FullDiskAccess)}}},
			lookAgain("Let Nine Lives look again."),
		}
		w.After = "As soon as the folder can be read, your devices appear here."
		return
	}
	w.Lead = "macOS keeps the backups of your iPhone and iPad where no program may look without your word. It does not ask: you switch it on once, in three steps. Nine Lives only reads, and sends nothing anywhere."
	w.Steps = []WelcomeStep{
		{Text: "Open Privacy & Security > Full Disk Access in System Settings.", Action: PageAction{Label: "Open System Settings", Command: Command{Verb: OpenObstacle, Arg: string(health.FullDiskAccess)}}},
		{Text: "Switch on Nine Lives in the list. If it is not there, click + below the list and choose Nine Lives in Applications."},
		{Text: "Quit Nine Lives and start it again: macOS gives the permission only at a start. Then open this page from its menu."},
	}
	w.After = "As soon as the permission is there, your devices appear here."
}

// unread is for a drive that is away, or a folder that cannot be made sense of.
func (w *Welcome) unread() {
	w.Icon, w.Title = IconAttention, "The backups on this computer could not be read"
	w.Lead = "That is not the same as none: nothing can be said about them until they can be read again."
	w.Steps = []WelcomeStep{
		{Text: "See what is in the way.", Action: PageAction{Label: "Show the sources", Link: "/sources"}},
		lookAgain("When that is mended, let Nine Lives look again."),
	}
}

// empty leads to the first backup.
func (w *Welcome) empty(goos string) {
	w.Icon, w.Title = IconUnknown, "No backup found on this computer yet"
	w.Lead = "Nine Lives looked where backups are usually kept and found none. Make a first one now, or say where yours are."
	w.Steps = append(firstBackup(goos), lookAgain("Let Nine Lives look again."))
	w.After = "As soon as a backup is there, this page says how old it is and what to do about it."
}

// firstBackup is how a backup to this computer is made.
func firstBackup(goos string) []WelcomeStep {
	switch goos {
	case "darwin":
		return []WelcomeStep{
			{Text: "Connect your iPhone or iPad by cable, unlock it, and tap Trust when it asks."},
			{Text: "In Finder choose it in the sidebar, choose “Back up all of the data on your iPhone to this Mac”, and click Back Up Now."},
			elsewhere(),
		}
	case "windows":
		return []WelcomeStep{
			{Text: "Install the app “Apple Devices” from the Microsoft Store (or iTunes), connect your iPhone or iPad by cable, unlock it, and tap Trust when it asks."},
			{Text: "In Apple Devices choose your device, choose “Back up all of the data on your iPhone to this computer”, and click Back Up Now."},
			elsewhere(),
		}
	default:
		return []WelcomeStep{
			{Text: "Install idevicebackup2: it is part of libimobiledevice, in a package such as libimobiledevice-utils."},
			{Text: "Connect your iPhone or iPad by cable, unlock it, tap Trust when it asks, and make a backup into a folder of your choice:", Line: "idevicebackup2 backup --full ~/Backups/iPhone"},
			{Text: "Tell Nine Lives that folder: the one above the folder with the long name.", Action: PageAction{Label: "Add the folder", Link: addFolder}},
		}
	}
}

func elsewhere() WelcomeStep {
	return WelcomeStep{
		Text:   "Are your backups somewhere else, such as on another drive? Then add that folder.",
		Action: PageAction{Label: "Add a folder", Link: addFolder},
	}
}

func lookAgain(text string) WelcomeStep {
	return WelcomeStep{Text: text, Action: PageAction{Label: "Look now", Command: Command{Verb: CheckNow}}}
}

package view

import (
	"time"

	"ninelives/internal/health"
)

// Finding is one thing that the doctor looked at, beside the sources.
type Finding struct {
	What   string        // such as "Settings"
	Good   health.Answer // DontKnow: it could not be told, or need not be
	Says   string        // what was found; may hold a path or a technical cause
	Remedy string        // the exact next step; empty when there is none
}

// Diagnosis is what `ninelives doctor` found.
type Diagnosis struct {
	Version  string
	OS       string // as runtime.GOOS
	Program  string // full path of the running program
	Report   health.Report
	Findings []Finding
}

// Doctor says for each source what was read, what could not be, and the next
// step.
func Doctor(d Diagnosis, now time.Time, style TextStyle) string {
	p := newPrinter(style)
	p.line(0, p.bold("Nine Lives "+Terminal(d.Version)))
	p.gap()
	p.line(0, p.bold("Backups on this computer"))
	places := 0
	for _, s := range d.Report.Sources {
		if s.Kind != health.SourceMobileSync {
			continue
		}
		places++
		p.finding(placeFinding(d, s, now))
	}
	if places == 0 {
		p.finding(Finding{What: "No folder is watched", Good: health.No, Says: "this system keeps no backups of its own", Remedy: noPlaceWords})
	}
	p.gap()
	p.line(0, p.bold("The iPhones and iPads themselves"))
	for _, s := range d.Report.Sources {
		if s.Kind == health.SourcePhone {
			p.finding(phoneFinding(s, d.OS))
		}
	}
	p.gap()
	p.line(0, p.bold("Apple's services"))
	for _, s := range d.Report.Sources {
		switch s.Kind {
		case health.SourceAppleStatus:
			p.finding(feedFinding(s, "apple_status.enabled", now))
		case health.SourceReleases:
			p.finding(feedFinding(s, "ios_releases.enabled", now))
		case health.SourceQuota:
			p.finding(Finding{What: sourceWords(s.Kind), Good: health.AnswerOf(s.State() == "ok"), Says: sourceFacts(s, now)})
		case health.SourceMobileSync, health.SourcePhone:
		}
	}
	p.gap()
	p.line(0, p.bold("This program"))
	for _, f := range d.Findings {
		p.finding(f)
	}
	return p.String()
}

// noPlaceWords is the next step where no program of Apple's makes backups.
const noPlaceWords = "Make backups with idevicebackup2 (`idevicebackup2 backup --full FOLDER`), then name the folder: `ninelives config set backups.folders FOLDER`."

func (p *printer) finding(f Finding) {
	mark := map[health.Answer]string{
		health.Yes: p.state(health.OK), health.No: p.state(health.Critical), health.DontKnow: p.state(health.Unknown),
	}[f.Good]
	p.line(2, mark+" "+Terminal(f.What)+": "+Terminal(f.Says))
	if f.Remedy != "" {
		p.line(6, "Next: "+Terminal(f.Remedy))
	}
}

// placeFinding tells the four absences of a place apart.
func placeFinding(d Diagnosis, s health.SourceState, now time.Time) Finding {
	f := Finding{What: s.Where, Good: health.No, Says: s.Detail}
	switch s.Trouble {
	case health.NoTrouble:
		f.Good = health.Yes
		f.Says = s.Detail + ", read " + When(s.ReadAt, now)
		if d.OS == "darwin" {
			f.Says += " (by the permission of what started doctor, such as Terminal; that of the menu bar program is on its own page: `ninelives open sources`)"
		}
	case health.NotFound:
		f.Good, f.Says = health.DontKnow, "there is no such folder, so no backup was made here yet"
		f.Remedy = "Connect a device by cable and make its first backup to this computer; if your backups are elsewhere, name the folder with `ninelives config set backups.folders FOLDER`."
		if d.OS == "linux" {
			f.Remedy = noPlaceWords
		}
	case health.Offline:
		f.Says = "it leads to a drive that is not connected"
		f.Remedy = "Connect the drive; what was seen on it before stays valid for its age."
	case health.NoPermission:
		f.Says = "this program may not read it"
		f.Remedy = permissionWords(d)
	case health.TimedOut:
		f.Says = "it did not answer in time, as a network drive that hangs"
		f.Remedy = "Check the connection to the drive, then look again."
	default:
		f.Remedy = "Mend what the message names, then look again."
	}
	return f
}

// permissionWords is the exact way to the permission. On macOS the system asks
// nobody: the user has to add the program, and it counts from the next start.
func permissionWords(d Diagnosis) string {
	if d.OS != "darwin" {
		return "Give your user account the right to read this folder, then look again."
	}
	return "Open System Settings > Privacy & Security > Full Disk Access (" + AccessLink + "), add and switch on " + d.Program +
		" (started from a terminal, it is the terminal that needs it), then quit Nine Lives and start it again."
}

// AccessLink opens the pane of macOS (13 and later) that grants Full Disk
// Access.
const AccessLink = "x-apple.systempreferences:com.apple.settings.PrivacySecurity.extension?Privacy_AllFiles"

func feedFinding(s health.SourceState, key string, now time.Time) Finding {
	f := Finding{What: sourceWords(s.Kind), Says: s.Detail}
	switch s.Trouble {
	case health.NoTrouble:
		f.Good = health.Yes
		f.Says = s.Detail + ", read " + When(s.ReadAt, now) + " from " + s.Where
	case health.Off:
		f.Says = "switched off, by --offline or by the setting " + key
		f.Remedy = "Without --offline and with " + key + " = true it is read."
	case health.Offline:
		f.Good = health.No
		f.Remedy = "Check this computer's network; backups on this computer are judged without it."
	default:
		f.Good = health.No
		f.Remedy = "Nothing to do at first: it is tried again at the next round. If it stays, a proxy or filter may answer in Apple's place."
	}
	return f
}

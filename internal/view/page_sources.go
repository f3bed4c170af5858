package view

import (
	"time"

	"ninelives/internal/health"
)

// PageSource is how one source is doing.
type PageSource struct {
	Name  string
	OK    bool
	Icon  Icon
	State string // in words
	Where string
	Said  string // what it said, or the technical cause; may be empty
	Read  string // when it was last read
	Todo  string // what to do about it; empty: nothing
}

func pageSource(s health.SourceState, goos string, now time.Time) PageSource {
	p := PageSource{
		Name:  sourceWords(s.Kind),
		OK:    s.State() == "ok",
		Icon:  IconOK,
		State: "read",
		Where: s.Where,
		Said:  s.Detail,
		Read:  When(s.ReadAt, now),
		Todo:  sourceTodo(s, goos),
	}
	switch {
	case p.OK:
	case s.Trouble == health.Off, s.Trouble == health.NotFound:
		p.Icon, p.State = IconUnknown, troubleWords(s.Trouble)
	default:
		p.Icon, p.State = IconAttention, troubleWords(s.Trouble)
	}
	return p
}

// sourceTodo is the next step for a source that cannot be read.
func sourceTodo(s health.SourceState, goos string) string {
	switch {
	case s.Kind == health.SourcePhone:
		return phoneTodo(s, goos)
	case s.State() == "ok":
		return ""
	case s.Trouble == health.Off:
		return "Nothing to do: it was switched off in the settings, or the program was started offline."
	case s.Kind == health.SourceMobileSync:
		return placeTodo(s.Trouble, goos)
	case s.Trouble == health.Offline, s.Trouble == health.TimedOut:
		return "Check this computer's network. Backups on this computer are judged without it."
	case s.Kind == health.SourceAppleStatus:
		return "Nothing to do at first: it is tried again at the next check. If it stays, a proxy or filter may answer in Apple's place."
	default:
		return "Nothing to do at first: it is tried again at the next check."
	}
}

func placeTodo(t health.Trouble, goos string) string {
	switch t {
	case health.NotFound:
		return "There is no such folder, so no backup was made here yet. If your backups are elsewhere, add their folder in the settings."
	case health.Offline:
		return "Connect the drive that it leads to. What was seen on it before stays valid for its age."
	case health.TimedOut:
		return "Check the connection to the drive: it did not answer in time."
	case health.NoPermission:
		if goos == "darwin" {
			return "Allow Nine Lives to read it: Full Disk Access in System Settings."
		}
		return "Give your user account the right to read this folder, then check again."
	default:
		return "Mend what the message names, then check again."
	}
}

// PageStatus is what Apple's system status says of iCloud Backup.
type PageStatus struct {
	Words string // empty: nobody asks there
	Read  string // when it was last read; empty: never
	Known bool   // it was read, and lately
}

func pageStatus(r health.Report, now time.Time) PageStatus {
	for _, src := range r.Sources {
		switch {
		case src.Kind != health.SourceAppleStatus:
			continue
		case src.Trouble == health.Off:
			return PageStatus{Words: "Not asked for: it is switched off."}
		case src.State() == "ok" && src.Detail != "" && now.Sub(src.ReadAt) < patience:
			return PageStatus{Words: sentence(src.Detail), Read: When(src.ReadAt, now), Known: true}
		case src.ReadAt.IsZero():
			return PageStatus{Words: "Unknown: " + troubleWords(src.Trouble) + "."}
		default:
			return PageStatus{Words: "Unknown: the last answer is too old.", Read: When(src.ReadAt, now)}
		}
	}
	return PageStatus{}
}

package view

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ninelives/internal/health"
)

// Outcome says what came of saving, to stand above the form; empty: nobody has
// just saved. A Problem comes before it.
func (s Settings) Outcome() string {
	switch n := len(s.Errors); {
	case s.Saved:
		return "Saved. It holds from now on."
	case s.Problem != "" || n == 0:
		return ""
	case n == 1:
		return "Nothing was saved: one entry is not accepted. It says why beside it."
	default:
		return fmt.Sprintf("Nothing was saved: %d entries are not accepted. Each says why beside it.", n)
	}
}

// NotAccepted says why the value of a key is not accepted.
func NotAccepted(key string) string {
	switch kindOf(key) {
	case aSchedule:
		return "This is neither an interval of at least a minute, such as 90m or 1d, nor a schedule of five fields that ever comes round, such as 0 9,21 * * *."
	case aLength:
		return "This is not a length of time. Write it like 36h, 7d or 2 weeks."
	case someHours:
		return "These are not two different times of day. Write them like 22:00-08:00."
	case someLengths:
		return "This is not a list of lengths of time, each at least a minute. Write it like 1d, 3d, 7d."
	case someFolders:
		return "Every line has to be the full path of a folder, or to begin with ~/ for your home folder."
	case aToggle:
		return "This is neither on nor off."
	default:
		return "This cannot be set."
	}
}

// Contradicts says why a limit is not accepted beside the other one, which is
// of the length given as in the file.
func Contradicts(key, length string) string {
	if strings.HasSuffix(key, "critical_after") {
		return "This is shorter than “" + lateLabel + "”, which is " + settingWords(length) + "."
	}
	return "This is longer than “" + riskLabel + "”, which is " + settingWords(length) + "."
}

// SettingsBad says that the settings file has a mistake in a line; here
// reports whether the form can mend it.
func SettingsBad(mistake string, here bool) string {
	where := "Mend it there, in an editor"
	if here {
		where = "Mend it below, or in an editor"
	}
	return "The settings file has a mistake, and nothing can be saved while it is there. " + mistake + ". " + where + "; the settings before it hold until then."
}

// SettingsStale says that somebody else changed the file while the form was
// filled in.
const SettingsStale = "Nothing was saved: the settings were changed elsewhere while this page was open (in an editor, from the menu or by a command). " +
	"What you typed is still here, and says where the file is different by now. Look it through and save again."

// SettingsStuck says that the file cannot be read or written; the error names
// the file and what helps.
func SettingsStuck(err error) string {
	return sentence(strings.TrimPrefix(err.Error(), "store: "))
}

// Hidden takes the paths out of settings that are shown while names are
// hidden. The fields of the form must not lose theirs: [Settings.Groups]
// leaves them out.
func (s Settings) Hidden() Settings {
	s.HideNames = true
	if s.File != "" {
		s.Problem = strings.ReplaceAll(s.Problem, s.File, hiddenPath)
		s.File = hiddenPath
	}
	s.Problem = withoutPaths(s.Problem)
	return s
}

// TestMessage is the notification that somebody asks for to see one.
func TestMessage() (title, body string) {
	return "Nine Lives: a test", "Notifications arrive. One like this comes when a backup is late, and says what to try first."
}

// TestSays says what came of a test notification. silent: no other would be
// sent.
func TestSays(err error, silent bool, at, now time.Time) string {
	if err != nil {
		return fmt.Sprintf("%s: it could not be shown: %s.", When(at, now), strings.TrimPrefix(err.Error(), "desktop: notify: "))
	}
	says := When(at, now) + ": your desktop took it. If you saw nothing, look whether it keeps notifications of Nine Lives back (Focus, Do Not Disturb)."
	if silent {
		says += " Only the test was sent: notifications are switched off here."
	}
	return says
}

// FolderReading says that a folder takes its time.
const FolderReading = "Still being read; load this page again in a moment."

// FolderSays says what was found in a folder that was read to test it. The
// report is of that folder alone.
func FolderSays(r health.Report, goos string, hide bool, now time.Time) string {
	says := When(r.At, now) + ": "
	if i := slices.IndexFunc(r.Sources, func(s health.SourceState) bool { return s.State() != "ok" }); i >= 0 {
		return says + troubleWords(r.Sources[i].Trouble) + ". " + placeTodo(r.Sources[i].Trouble, goos)
	}
	if len(r.Devices) == 0 {
		return says + "it can be read, and holds no backups."
	}
	if hide {
		r, _ = nameless(r, Session{})
	}
	const most = 5
	var found []string
	for _, v := range r.Devices[:min(most, len(r.Devices))] {
		last := "no proven backup"
		if !v.LastGood.IsZero() {
			last = "last backup " + ago(v.LastGood, now)
		}
		found = append(found, isolated(nameOf(v))+" ("+last+")")
	}
	if more := len(r.Devices) - most; more > 0 {
		found = append(found, fmt.Sprintf("%d more", more))
	}
	return says + "it can be read, and holds backups of " + plural(len(r.Devices), "device") + ": " + strings.Join(found, ", ") + "."
}

// ErrNoFolder is why a path cannot be tested.
var ErrNoFolder = errors.New("this is not the full path of a folder")

// ErrManyFolders is why no further folder can be tested now.
var ErrManyFolders = errors.New("too many folders are being read at once; try again in a moment")

// ErrNoNotifier is why no notification can be sent.
var ErrNoNotifier = errors.New("this run of Nine Lives sends no notifications")

// Package view turns a report into what people see: icon, tooltip, menu and
// page, as plain data, and the text, JSON and Nagios forms of the command
// line.
//
// It is pure: the time is an argument, a menu item names a [Command] instead
// of holding a closure, so a whole view can be compared, printed and kept as a
// golden file. Outlets (tray, web, terminal) draw it and escape foreign text
// for their own medium.
package view

import (
	"time"

	"ninelives/internal/health"
)

// View is everything that is on screen.
type View struct {
	Icon    Icon
	Tooltip string // the state in words: "1 of 3 devices needs attention: …"
	Menu    []Item
	Page    Page
}

// Icon names one of the five icons; they differ in outline, not only in colour.
type Icon string

// The icons. The zero value is drawn as IconUnknown.
const (
	IconUnknown   Icon = "unknown"
	IconOK        Icon = "ok"
	IconAttention Icon = "attention"
	IconProblem   Icon = "problem"
	IconChecking  Icon = "checking"
)

// Item is one line of the menu.
type Item struct {
	Label     string  // foreign text in it is not escaped yet; empty for a separator
	Command   Command // what a click asks for; zero: nothing, the line only informs
	Separator bool
	Tick      health.Answer // a checkbox: Yes ticked, No not; DontKnow: no checkbox
	Disabled  bool
	Children  []Item // a submenu
}

// Checkbox reports whether the item has a checkbox, and whether it is ticked.
func (i Item) Checkbox() (has, ticked bool) {
	return i.Tick != health.DontKnow, i.Tick == health.Yes
}

// Command is what a click in menu, page or notification asks for.
type Command struct {
	Verb Verb
	Arg  string
}

// Verb is what a command does; the comment says what its Arg holds.
type Verb string

// The verbs.
const (
	CheckNow     Verb = "check-now"     // -
	OpenFix      Verb = "open-fix"      // "<device>/<code>": the steps of one fix for one device
	OpenFixes    Verb = "open-fixes"    // "<device>": all nine for one device
	OpenPage     Verb = "open-page"     // -: the overview
	OpenObstacle Verb = "open-obstacle" // "<code>": the action that helps (System Settings, the folder)
	OpenStatus   Verb = "open-status"   // -: Apple's System Status page
	ShowFolder   Verb = "show-folder"   // "<device>": its backup folder in the file manager
	Snooze       Verb = "snooze"        // "<device>/1d", "<device>/1w", "<device>/backup", "<device>/off"
	Ignore       Verb = "ignore"        // "<device>/on", "<device>/off"
	CheckEvery   Verb = "check-every"   // a value of the setting check_every
	WarnAfter    Verb = "warn-after"    // a value of the setting warn_after
	AtLogin      Verb = "at-login"      // "on", "off"
	Quit         Verb = "quit"          // -
	Done         Verb = "done"          // "<device>/<code>": the person carried this fix out; check again
	DidNotHelp   Verb = "did-not-help"  // "<device>/<code>": it was carried out and did not help
	TestNotice   Verb = "test-notice"   // -: send a notification to see that it arrives
	HideNames    Verb = "hide-names"    // "on", "off"
	TestFolder   Verb = "test-folder"   // a path: read it once and say what is there
)

// Session is what the running program knows beside the report. Its zero value
// is a program that has just started.
type Session struct {
	Checking   bool                          // a round is under way
	LastCheck  time.Time                     // the end of the last round
	NextCheck  time.Time                     // the next one by schedule
	CheckEvery string                        // the setting, as written
	WarnAfter  string                        // the setting, as written
	AtLogin    health.Answer                 // is it started at login
	Snoozed    map[string]time.Time          // device to the end of its snooze; UntilBackup has no end
	Notices    []string                      // things to say first: a bad settings file, memory that cannot be kept
	OS         string                        // as runtime.GOOS: "Show in Finder" or its like
	History    map[string][]health.DayRecord // by device ID, oldest first, without gaps, ending today; may be empty
	HideNames  bool                          // names are hidden on the page, for sharing a screen
}

// UntilBackup is the end of a snooze that lasts until the next proven backup.
var UntilBackup = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

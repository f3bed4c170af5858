// Package alert decides what to say, given what was said before.
//
// It is pure: [Decide] compares a report with the [Memory] of what people were
// told and returns the messages that are due, each with its reason.
// [Memory.Intend] notes a message before it is handed to an outlet,
// [Memory.Said] only after it was delivered, [Memory.Failed] when it was not.
// Alerts are keyed by device and state, never by fix: a changed guess is not
// news.
//
// The rules:
//
//   - A late device is news when it is worse than the worst that was said of
//     it since its last newer backup. What changes in one round is one
//     message, worst first.
//   - Unknown solves nothing: a device that was told to be late is reminded of
//     as before. One of which nothing was told is mentioned once, when it has
//     been unknown for a day and its last proof (or, without any, its first
//     unknown sight) is further back than its warning limit.
//   - A place of backups that refuses to be read is mentioned once: if it was
//     readable before, in the second round an hour or more after it was first
//     refused, else after a day. While it is, the devices in it that cannot be
//     judged for that reason are not mentioned by themselves. A place that is
//     absent (a drive, a network) is normal and never mentioned.
//   - Reminders come at the steps of [health.Policy] counted from the message
//     that told of the change (after 1, 3 and 7 days, then every 7), a step
//     within half the smallest one after the message before is left out.
//   - What was told is answered by one "fresh again"; what was never told, or
//     was withdrawn before it could be delivered, is not.
//   - A snoozed device is silent until it is fresh or the snooze ends; if it
//     is no better then, that is said once. An ignored device is forgotten; one
//     that is gone from the report is silent, and forgotten after a month.
//   - In silent times, and while an outage at Apple excuses a device, nothing
//     is said and nothing counts as said: what is still due comes afterwards.
//   - Every round says at most one message beside one "fresh again".
//   - A time in the memory that lies ahead of the clock counts as now.
package alert

import (
	"time"

	"ninelives/internal/health"
)

// Reason is why a message is sent.
type Reason string

// The reasons.
const (
	Changed Reason = "changed" // a device got worse, or is late for the first time
	Still   Reason = "still"   // a reminder: it is still late
	Solved  Reason = "solved"  // fresh again
)

// Message is one notification, grouped over devices.
type Message struct {
	Reason   Reason
	Subjects []Subject   // what it speaks of, worst first
	Title    string      // plain text; device names in it are foreign text
	Body     string      // plain text: why, what to try first, which rule fired, when the next one would
	Next     time.Time   // when it would be said again if nothing changes; zero: never
	Device   string      // what a click opens: this device …
	Fix      health.Code // … and this fix; both may be empty
}

// Subject is a device, or a place of backups, and the state that is spoken of.
type Subject struct {
	Device string // its ID; empty for a place
	Place  string // the folder that cannot be read (or can again); empty for a device
	State  health.State
	Reason Reason // why it is in the message: a reminder may share the message of a change
}

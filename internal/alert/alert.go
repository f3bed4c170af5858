// Package alert decides what to say, given what was said before.
//
// It is pure: [Decide] compares a report with the [Memory] of what people were
// told and returns the messages that are due, each with its reason;
// [Memory.Said] notes one only after it was delivered. Alerts are keyed by
// device and state, never by fix: a changed guess is not news.
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
	Subjects []Subject   // the devices it speaks of, worst first
	Title    string      // plain text; device names in it are foreign text
	Body     string      // plain text: why, what to try first, which rule fired, when the next one would
	Next     time.Time   // when it would be said again if nothing changes; zero: never
	Device   string      // what a click opens: this device …
	Fix      health.Code // … and this fix; both may be empty
}

// Subject is a device and the state that was spoken of.
type Subject struct {
	Device string
	State  health.State
}

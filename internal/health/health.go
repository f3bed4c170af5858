// Package health judges how the backups of iPhones and iPads are doing and
// weighs the nine fixes.
//
// It is the pure core of the program: [Judge] turns [Facts] (what the sources
// read) and a [Policy] (what the user wants) into a [Report], with the time as
// an argument. There is no clock, file, socket or goroutine in here, and the
// zero value of every type means "don't know", never "fine".
package health

import (
	"errors"
	"fmt"
)

// State is how a device, or all of them, is doing.
type State int

// The states, in the order of their meaning. Their order by urgency, which
// the worst of several is chosen by, is given by [State.Worse].
const (
	Unknown State = iota
	OK
	Warning
	Critical
)

var stateNames = [...]string{Unknown: "unknown", OK: "ok", Warning: "warning", Critical: "critical"}

// String gives the word used on the command line, in JSON and in the memory.
func (s State) String() string {
	if s < 0 || int(s) >= len(stateNames) {
		return fmt.Sprintf("State(%d)", int(s))
	}
	return stateNames[s]
}

// MarshalText writes the state as its word.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a word that MarshalText wrote.
func (s *State) UnmarshalText(text []byte) error {
	for i, name := range stateNames {
		if name == string(text) {
			*s = State(i)
			return nil
		}
	}
	return fmt.Errorf("health: %q is not a state", text)
}

// urgency orders states: critical before warning before unknown before ok.
func (s State) urgency() int {
	return [...]int{Unknown: 1, OK: 0, Warning: 2, Critical: 3}[s]
}

// Worse reports whether s is more urgent than t: critical, warning, unknown, ok.
func (s State) Worse(t State) bool { return s.urgency() > t.urgency() }

// Answer is what a source says to a yes-or-no question. Its zero value is
// "don't know".
type Answer string

// The answers.
const (
	DontKnow Answer = ""
	Yes      Answer = "yes"
	No       Answer = "no"
)

// AnswerOf turns a known bool into an answer.
func AnswerOf(b bool) Answer {
	if b {
		return Yes
	}
	return No
}

// Trouble is why a source could not be read. Its zero value is "none that we
// know of": only together with a time of a good reading does it mean "ok".
type Trouble string

// The troubles; they are also the states of a source in JSON (beside "ok").
const (
	NoTrouble    Trouble = ""
	NotFound     Trouble = "not-found"
	NoPermission Trouble = "no-permission"
	Offline      Trouble = "offline"
	Malformed    Trouble = "malformed"
	TimedOut     Trouble = "timed-out"
	Failed       Trouble = "failed"
	Off          Trouble = "off"
)

// The kinds of errors that sources return, wrapped with the place: an edge
// says what happened, [TroubleOf] finds the kind again.
var (
	ErrNotFound     = errors.New("not found")
	ErrNoPermission = errors.New("no permission")
	ErrOffline      = errors.New("not connected")
	ErrMalformed    = errors.New("not readable as what it should be")
	ErrTimedOut     = errors.New("no answer in time")
	ErrOff          = errors.New("switched off")
)

// TroubleOf finds the kind of trouble in an error of a source. An error of no
// known kind is Failed; no error is NoTrouble.
func TroubleOf(err error) Trouble {
	kinds := []struct {
		err     error
		trouble Trouble
	}{
		{ErrNotFound, NotFound},
		{ErrNoPermission, NoPermission},
		{ErrOffline, Offline},
		{ErrMalformed, Malformed},
		{ErrTimedOut, TimedOut},
		{ErrOff, Off},
	}
	if err == nil {
		return NoTrouble
	}
	for _, k := range kinds {
		if errors.Is(err, k.err) {
			return k.trouble
		}
	}
	return Failed
}

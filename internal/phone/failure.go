package phone

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"slices"
	"syscall"

	"ninelives/internal/health"
)

// Why a phone did not answer, beside the errors of the connection itself.
var (
	errGarbled      = fmt.Errorf("not the protocol: %w", health.ErrMalformed)
	errNotPaired    = errors.New("no pair record")
	errBadRecord    = fmt.Errorf("a pair record that cannot be used: %w", errNotPaired)
	errNotTrusted   = errors.New("the pairing is not honoured")
	errHungUp       = errors.New("it hung up when it saw who asks")
	errDaemonSilent = errors.New("usbmuxd does not answer")
)

// result is the number by which usbmuxd says that it did not do what it was
// asked to (libusbmuxd, usbmuxd-proto.h).
type result uint64

// Error gives the number.
func (r result) Error() string { return fmt.Sprintf("usbmuxd answered %d", uint64(r)) }

// word is one of lockdown's words for what went wrong.
type word string

// The words that mean something of their own here.
const (
	missingValue word = "MissingValue"
	otherWord    word = "an error of another name" // what a phone says is never repeated
)

// sessionWords are the words that concern the whole session, each with what it
// says of the phone. All others concern the one value that was asked for.
var sessionWords = map[word]health.PhoneTrouble{
	"InvalidHostID":                       health.NotTrusted, // it does not know our pairing any more
	"UserDeniedPairing":                   health.NotTrusted,
	"PairingDialogResponsePending":        health.NotTrusted,
	"PasswordProtected":                   health.LockedBoot, // not unlocked since it was started
	"PairingProhibitedOverThisConnection": health.RefusedTalk,
	"SessionInactive":                     health.RefusedTalk,
}

// valueWords are the other words that may be repeated.
var valueWords = []word{missingValue, "GetProhibited", "InvalidRequest", "InvalidService"}

// wordOf gives the word of an answer, if it is one that we know; empty: it has
// none.
func wordOf(said text) word {
	w := word(said)
	if _, known := sessionWords[w]; known || w == "" || slices.Contains(valueWords, w) {
		return w
	}
	return otherWord
}

// refusal is that a phone would not go on.
type refusal struct{ said word }

// Error gives the phone's word.
func (r refusal) Error() string { return "the phone answered " + string(r.said) }

// troubleOf finds what an error says of a phone that was reached in some way.
// Hanging up when it sees who asks is how a phone shows that it has dropped the
// pairing. Over Wi-Fi it may as well have fallen asleep just then, so there it
// has to do so twice.
func troubleOf(err error, by health.Transport, hungUpBefore bool) health.PhoneTrouble {
	var no refusal
	switch {
	case errors.Is(err, errNotPaired):
		return health.NotPaired
	case errors.Is(err, errHungUp) && by == health.ByWiFi && !hungUpBefore:
		return health.Asleep
	case errors.Is(err, errNotTrusted), errors.Is(err, errHungUp):
		return health.NotTrusted
	case errors.As(err, &no):
		if trouble, known := sessionWords[no.said]; known {
			return trouble
		}
		return health.RefusedTalk
	case errors.Is(err, health.ErrMalformed):
		return health.Garbled
	case isLate(err):
		return health.Asleep
	case by == health.ByWiFi && isCutOff(err):
		return health.Asleep // it goes to sleep, or out of the door, in the middle
	default:
		return health.RefusedTalk
	}
}

// isLate reports whether somebody did not answer in time. A connection is
// closed when the time that its context gives is over.
func isLate(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, io.ErrClosedPipe)
}

// isCutOff reports whether the other side ended a connection.
func isCutOff(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, wsaReset)
}

// Windows has its own numbers for what the syscall package calls ECONNREFUSED
// and ECONNRESET; elsewhere they mean nothing.
const (
	wsaReset   = syscall.Errno(10054)
	wsaRefused = syscall.Errno(10061)
)

// kindOf finds the kind of an error in reaching the daemon.
func kindOf(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, wsaRefused):
		return fmt.Errorf("%w: %w", health.ErrNotFound, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w: %w", health.ErrNoPermission, err)
	case isTimeout(err):
		return fmt.Errorf("%w: %w", health.ErrTimedOut, err)
	case isCutOff(err):
		return fmt.Errorf("%w: cut off: %w", health.ErrMalformed, err)
	}
	return err
}

func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return isLate(err) || errors.As(err, &timeout) && timeout.Timeout()
}

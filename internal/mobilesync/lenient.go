package mobilesync

import (
	"strings"
	"time"

	"ninelives/internal/health"
)

// The fields of our documents take what fits and pass over what does not, so
// that one key of a wrong type does not cost the others.

// maxText bounds a text in bytes; a device's name has some dozens.
const maxText = 64 << 10

// text is a string; empty: absent, or not a string. It never shares memory
// with the file, which a binary property list's strings would keep alive.
type text string

// UnmarshalPlist takes a string.
func (t *text) UnmarshalPlist(decode func(any) error) error {
	var s string
	if decode(&s) == nil && len(s) <= maxText {
		*t = text(strings.Clone(strings.ToValidUTF8(s, "?")))
	}
	return nil
}

// flag is a boolean that may be absent.
type flag health.Answer

// UnmarshalPlist takes a boolean.
func (f *flag) UnmarshalPlist(decode func(any) error) error {
	var b bool
	if decode(&b) == nil {
		*f = flag(health.AnswerOf(b))
	}
	return nil
}

// date is a time in UTC; zero: absent, not a date, or one outside of the
// calendar, such as a binary NaN.
type date time.Time

// UnmarshalPlist takes a date.
func (d *date) UnmarshalPlist(decode func(any) error) error {
	var t time.Time
	if decode(&t) == nil && t.Year() > 1 && t.Year() <= 9999 {
		*d = date(t.UTC())
	}
	return nil
}

// moment is a date, or a number of seconds since Apple's epoch, in UTC; zero:
// absent, neither of them, or far from any calendar of ours.
type moment time.Time

// appleEpoch is where CFAbsoluteTime starts.
var appleEpoch = time.Date(2001, time.January, 1, 0, 0, 0, 0, time.UTC)

// UnmarshalPlist takes a date, an integer or a real.
func (m *moment) UnmarshalPlist(decode func(any) error) error {
	const century = 100 * 366 * 24 * 3600 // seconds, and far less than a Duration can hold
	var whole int64
	var seconds float64
	switch {
	case decode(&whole) == nil:
		seconds = float64(whole)
	case decode(&seconds) == nil:
	default:
		return (*date)(m).UnmarshalPlist(decode)
	}
	if seconds > 0 && seconds < century {
		*m = moment(appleEpoch.Add(time.Duration(seconds * float64(time.Second))))
	}
	return nil
}

// mark is whether a key is there at all; its value is not looked at.
type mark bool

// UnmarshalPlist takes anything.
func (m *mark) UnmarshalPlist(func(any) error) error {
	*m = true
	return nil
}

// earliest is when the first iPhone was sold: no backup is older.
var earliest = time.Date(2007, time.January, 1, 0, 0, 0, 0, time.UTC)

// believed gives a time in UTC if it can be that of a backup: not before there
// were iPhones, not later than a day from now.
func believed(t, now time.Time) (time.Time, bool) {
	if t.Before(earliest) || t.After(now.Add(health.Day)) {
		return time.Time{}, false
	}
	return t.UTC(), true
}

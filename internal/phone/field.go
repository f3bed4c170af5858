package phone

import (
	"math"
	"strings"
	"time"

	"ninelives/internal/health"
)

// The fields of our messages take what fits and pass over what does not, so
// that one value of a wrong type does not cost the others.

// maxText bounds a text in bytes: a device's name has some dozens.
const maxText = 1 << 10

// text is a string; empty: absent, too long, or not a string.
type text string

// UnmarshalPlist takes a string.
func (t *text) UnmarshalPlist(decode func(any) error) error {
	var s string
	if decode(&s) == nil && len(s) <= maxText {
		*t = text(strings.Clone(s))
	}
	return nil
}

// anything gives a value of whatever type it has; nil: it makes no sense.
func anything(decode func(any) error) any {
	var v any
	if decode(&v) != nil {
		return nil
	}
	return v
}

// flag is a boolean that may be absent. Old systems write some as 0 and 1.
type flag struct {
	answer health.Answer
	there  bool // it has a value, though perhaps one of another type
}

// UnmarshalPlist takes a boolean, or a number that stands for one.
func (f *flag) UnmarshalPlist(decode func(any) error) error {
	f.there = true
	switch v := anything(decode).(type) {
	case bool:
		f.answer = health.AnswerOf(v)
	case uint64:
		if v <= 1 {
			f.answer = health.AnswerOf(v == 1)
		}
	}
	return nil
}

// orNo gives the answer of a switch that a phone does not mention until it is
// switched on for the first time.
func (f flag) orNo() health.Answer {
	if !f.there {
		return health.No
	}
	return f.answer
}

// number is a finite number, whole or not, that may be absent.
type number struct {
	value float64
	there bool
}

// UnmarshalPlist takes an integer or a real.
func (n *number) UnmarshalPlist(decode func(any) error) error {
	switch v := anything(decode).(type) {
	case uint64:
		*n = number{float64(v), true}
	case int64:
		*n = number{float64(v), true}
	case float64:
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			*n = number{v, true}
		}
	}
	return nil
}

// within gives the number, brought into a range; 0 if it is absent.
func (n number) within(least, most float64) float64 {
	if !n.there {
		return 0
	}
	return min(max(n.value, least), most)
}

// id is a whole number above zero that names something; zero: absent.
type id uint64

// UnmarshalPlist takes an integer.
func (i *id) UnmarshalPlist(decode func(any) error) error {
	if n, is := anything(decode).(uint64); is {
		*i = id(n)
	}
	return nil
}

// apple is the moment from which Apple counts, in seconds since 1970.
const apple = 978307200

// instant is a time in UTC that a phone wrote as seconds since 2001, or as a
// date; zero: absent, or outside of the time in which there are iPhones.
type instant time.Time

// UnmarshalPlist takes an integer, a real or a date.
func (i *instant) UnmarshalPlist(decode func(any) error) error {
	var t time.Time
	switch v := anything(decode).(type) {
	case uint64:
		t = since2001(float64(v))
	case float64:
		t = since2001(v)
	case time.Time:
		t = v
	}
	if t.Year() >= 2007 && t.Year() < 2100 {
		*i = instant(t.UTC())
	}
	return nil
}

// since2001 gives the time so many seconds after 2001; zero for more than a
// time can be.
func since2001(seconds float64) time.Time {
	if !(seconds > 0 && seconds < 1<<32) {
		return time.Time{}
	}
	return unix(seconds + apple)
}

func unix(seconds float64) time.Time {
	whole, part := math.Modf(seconds)
	return time.Unix(int64(whole), int64(part*1e9)).UTC()
}

// mark is whether a key is there at all; its value is not looked at.
type mark bool

// UnmarshalPlist takes anything.
func (m *mark) UnmarshalPlist(func(any) error) error {
	*m = true
	return nil
}

// blob is bytes; nil: absent, or not bytes.
type blob []byte

// UnmarshalPlist takes data.
func (b *blob) UnmarshalPlist(decode func(any) error) error {
	var raw []byte
	if decode(&raw) == nil {
		*b = raw
	}
	return nil
}

// part is a value of any type that is only looked into if it can be what it
// should be.
type part struct {
	into  any  // a pointer; set before decoding
	there bool // it fitted
}

// UnmarshalPlist takes what into can take.
func (p *part) UnmarshalPlist(decode func(any) error) error {
	p.there = p.into != nil && decode(p.into) == nil
	return nil
}

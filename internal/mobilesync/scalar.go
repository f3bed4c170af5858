package mobilesync

import (
	"bytes"
	"strconv"
	"time"
)

// checked reports whether the library refuses the whole file when an element of
// this name holds something else than it should.
func checked(name []byte) bool {
	return string(name) == "date" || string(name) == "integer" || string(name) == "real"
}

// settle looks at the date or number that has just ended, and leaves it out if
// it is none, such as 20a1-10-09T0b:31:15Z.
func (s *slimmer) settle(name string) error {
	if s.value < 0 {
		return errBroken
	}
	body, opened := bytes.CutPrefix(s.out[s.value:], []byte("<"+name+">"))
	body, closed := bytes.CutSuffix(body, []byte("</"+name+">"))
	if !opened || !closed || !readsAs(name, string(body)) {
		s.out = append(s.out[:s.value], "<data/>"...)
	}
	s.value = -1
	return nil
}

// readsAs reports whether the library reads a text as a date or number.
func readsAs(name, body string) bool {
	var err error
	switch {
	case name == "date":
		_, err = time.Parse(time.RFC3339, body)
	case name == "real":
		_, err = strconv.ParseFloat(body, 64)
	case len(body) > 0 && body[0] == '-':
		_, err = strconv.ParseInt(body, 10, 64)
	default:
		_, err = strconv.ParseUint(body, 10, 64)
	}
	return err == nil
}

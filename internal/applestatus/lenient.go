package applestatus

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// The types below take what the feed may hold without giving up the rest of
// it: a value of the wrong type reads as "not known" instead of an error.

// text is a string without blanks around it; a number is taken as written.
type text string

func (t *text) UnmarshalJSON(raw []byte) error {
	*t = ""
	switch c := raw[0]; {
	case c == '"':
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return err
		}
		*t = text(strings.TrimSpace(s))
	case c == '-' || '0' <= c && c <= '9':
		*t = text(raw)
	}
	return nil
}

// lower gives the text in lower case, as the tables of known words have it.
func (t text) lower() string { return strings.ToLower(string(t)) }

// epoch is a time in milliseconds since 1970. Numbers that cannot be that,
// such as seconds since 2001, are no time.
type epoch struct{ time.Time }

// No incident is older than the iPhone, and none is planned for 2100.
const (
	earliest = 1167609600000 // 2007-01-01
	latest   = 4102444800000 // 2100-01-01
)

func (e *epoch) UnmarshalJSON(raw []byte) error {
	*e = epoch{}
	ms, err := strconv.ParseFloat(strings.Trim(string(raw), `" `), 64)
	if err == nil && ms >= earliest && ms < latest {
		e.Time = time.UnixMilli(int64(ms)).UTC()
	}
	return nil
}

// list is an array whose elements are read one by one; null counts as empty.
type list[T any] struct {
	items  []T
	array  bool // it is an array at all
	broken bool // it, or an element of it, is of the wrong type
}

func (l *list[T]) UnmarshalJSON(raw []byte) error {
	*l = list[T]{}
	if isNull(raw) {
		return nil
	}
	var elements []json.RawMessage
	l.array = json.Unmarshal(raw, &elements) == nil
	l.broken = !l.array
	for _, element := range elements {
		var item T
		switch {
		case isNull(element):
		case json.Unmarshal(element, &item) != nil:
			l.broken = true
		default:
			l.items = append(l.items, item)
		}
	}
	return nil
}

func isNull(raw []byte) bool { return string(raw) == "null" }

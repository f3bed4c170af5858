package applestatus

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"ninelives/internal/health"
)

type body struct {
	Services list[line]      `json:"services"`
	Notice   json.RawMessage `json:"drMessage"`
}

type line struct {
	Name   text        `json:"serviceName"`
	Events list[event] `json:"events"`
}

// event leaves out the texts: they are translated, and their dates name time
// zones that leak from one locale into another.
type event struct {
	ID       text       `json:"messageId"`
	Kind     text       `json:"statusType"`
	Status   text       `json:"eventStatus"`
	Start    epoch      `json:"epochStartDate"`
	End      epoch      `json:"epochEndDate"`
	Affected list[text] `json:"affectedServices"`
}

// Parse reads a body of the feed: JSON, bare or in a callback, which is cut
// off and never run. What is of the wrong type in it is left out and the rest
// is read. A body that is not the feed at all, or that lists no service,
// is health.ErrMalformed; an empty list beside a notice is the notice.
//
// A service counts as listed when its line could be read whole: an event that
// nobody understands must not pass for "no event".
func Parse(raw []byte) (health.Feed, error) {
	plain, err := unwrap(raw)
	if err != nil {
		return health.Feed{}, err
	}
	var b body
	if err := json.Unmarshal(plain, &b); err != nil {
		return health.Feed{}, malformed(reason(err))
	}
	feed := health.Feed{Notice: says(b.Notice)}
	named := slices.ContainsFunc(b.Services.items, func(l line) bool { return l.Name != "" })
	if !named && (!feed.Notice || !b.Services.array) {
		return health.Feed{}, malformed("no services in it")
	}
	feed.Listed, feed.Garbled = listed(b.Services.items)
	feed.Incidents = incidents(b.Services.items)
	return feed, nil
}

func malformed(why string) error { return fmt.Errorf("%w: %s", health.ErrMalformed, why) }

// reason says what is wrong with a body without quoting from it.
func reason(err error) string {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Sprintf("not JSON, or cut off, at byte %d", syntax.Offset)
	}
	return "JSON, but not an object"
}

// unwrap gives the JSON in a body without byte order mark and callback, of
// whatever name.
func unwrap(raw []byte) ([]byte, error) {
	plain := bytes.TrimPrefix(bytes.TrimSpace(raw), []byte("\xef\xbb\xbf"))
	plain = bytes.TrimSpace(plain)
	switch {
	case len(plain) == 0:
		return nil, malformed("empty")
	case plain[0] == '<':
		return nil, malformed("a web page, as the login pages of public networks are")
	}
	plain = bytes.TrimRight(plain, "; \t\r\n")
	name, argument, found := bytes.Cut(plain, []byte("("))
	if !found || !isCallback(string(name)) {
		return plain, nil
	}
	argument, closed := bytes.CutSuffix(argument, []byte(")"))
	if !closed {
		return nil, malformed("cut off")
	}
	return argument, nil
}

// isCallback reports whether what stands before the first parenthesis can name
// a function; in bare JSON it holds a brace.
func isCallback(name string) bool {
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(`_$.[]'"`, r)
	}
	return !strings.ContainsFunc(strings.TrimSpace(name), odd)
}

// says reports whether a drMessage holds anything. All recorded ones are null,
// so any value that is not empty counts, whatever its type.
func says(message json.RawMessage) bool {
	var value any
	if len(message) == 0 || json.Unmarshal(message, &value) != nil {
		return false
	}
	switch v := value.(type) {
	case nil:
		return false
	case string:
		return strings.TrimSpace(v) != ""
	case bool:
		return v
	case []any:
		return len(v) > 0
	case map[string]any:
		return len(v) > 0
	default:
		return true
	}
}

// listed gives the services that matter: those whose lines could be read whole,
// and those whose could not.
func listed(lines []line) (whole, garbled []health.Service) {
	present, torn := map[health.Service]bool{}, map[health.Service]bool{}
	for _, l := range lines {
		if service, ok := serviceOf(string(l.Name)); ok {
			present[service] = true
			torn[service] = torn[service] || !l.whole()
		}
	}
	for service := range present {
		if torn[service] {
			garbled = append(garbled, service)
		} else {
			whole = append(whole, service)
		}
	}
	byWeight := func(a, b health.Service) int { return cmp.Compare(weight(a), weight(b)) }
	slices.SortFunc(whole, byWeight)
	slices.SortFunc(garbled, byWeight)
	return whole, garbled
}

// whole reports whether every event of a line was understood.
func (l line) whole() bool {
	return !l.Events.broken && !slices.ContainsFunc(l.Events.items, func(e event) bool {
		return statuses[e.Status.lower()] == health.StatusUnknown
	})
}

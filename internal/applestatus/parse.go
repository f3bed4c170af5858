package applestatus

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"ninelives/internal/feed"
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
	if err := feed.Decode(plain, &b); err != nil {
		return health.Feed{}, err
	}
	found := health.Feed{Notice: says(b.Notice)}
	named := slices.ContainsFunc(b.Services.items, func(l line) bool { return l.Name != "" })
	if !named && (!found.Notice || !b.Services.array) {
		return health.Feed{}, feed.Malformed("no services in it")
	}
	found.Listed, found.Garbled = listed(b.Services.items)
	found.Incidents = incidents(b.Services.items)
	return found, nil
}

// unwrap gives the JSON in a body without byte order mark and callback, of
// whatever name.
func unwrap(raw []byte) ([]byte, error) {
	plain, err := feed.Bare(raw)
	if err != nil {
		return nil, err
	}
	plain = bytes.TrimRight(plain, "; \t\r\n")
	name, argument, found := bytes.Cut(plain, []byte("("))
	if !found || !isCallback(string(name)) {
		return plain, nil
	}
	argument, closed := bytes.CutSuffix(argument, []byte(")"))
	if !closed {
		return nil, feed.Malformed("cut off")
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

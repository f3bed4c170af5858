package sample

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Event is an event on Apple's system status page.
type Event struct {
	Service    string    // the line it stands under, such as "iCloud Backup"; added if there is none
	ID         string    // the messageId; empty: numbered
	Type       string    // "Issue", "Outage", "Performance", "Maintenance", ""
	Status     string    // "ongoing", "resolved", "upcoming", "completed"
	Start, End time.Time // a zero End is null, as Apple writes it while an event goes on
	Affected   []string  // affectedServices; nil: null
}

// Body is a body of Apple's system status feed.
type Body struct {
	Services []string // the lines; nil: as Apple lists them in en_US
	Notice   string   // drMessage; empty: null
	Events   []Event
}

// Feed gives a body in the form of Apple's en_US feed (bare JSON), with the
// lines of all services and these events.
func Feed(events ...Event) []byte { return Body{Events: events}.Bytes() }

type feedLine struct {
	RedirectURL *string     `json:"redirectUrl"`
	ServiceName string      `json:"serviceName"`
	Events      []feedEvent `json:"events"`
}

type feedEvent struct {
	UsersAffected    string   `json:"usersAffected"`
	EpochStartDate   *int64   `json:"epochStartDate"`
	EpochEndDate     *int64   `json:"epochEndDate"`
	MessageID        string   `json:"messageId"`
	StatusType       string   `json:"statusType"`
	DatePosted       *string  `json:"datePosted"`
	StartDate        *string  `json:"startDate"`
	EndDate          *string  `json:"endDate"`
	AffectedServices []string `json:"affectedServices"`
	EventStatus      string   `json:"eventStatus"`
	Message          string   `json:"message"`
}

// Bytes gives the body as Apple sends it.
func (b Body) Bytes() []byte {
	names := b.Services
	if names == nil {
		names = serviceNames
	}
	lines := make([]feedLine, 0, len(names))
	for _, name := range names {
		lines = append(lines, feedLine{ServiceName: name, Events: []feedEvent{}})
	}
	for n, e := range b.Events {
		at := slices.IndexFunc(lines, func(l feedLine) bool { return l.ServiceName == e.Service })
		if at < 0 {
			at = len(lines)
			lines = append(lines, feedLine{ServiceName: e.Service})
		}
		e.ID = cmp.Or(e.ID, fmt.Sprintf("20000990%02d", n))
		lines[at].Events = append(lines[at].Events, e.line())
	}
	var notice *string
	if b.Notice != "" {
		notice = &b.Notice
	}
	return encode(struct {
		Post     bool       `json:"drpost"`
		Notice   *string    `json:"drMessage"`
		Services []feedLine `json:"services"`
	}{false, notice, lines})
}

// encode writes & as it is: Apple does not write for web pages here.
func encode(v any) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("sample: " + err.Error()) // strings and numbers alone: cannot happen
	}
	return bytes.TrimSpace(out.Bytes())
}

func (e Event) line() feedEvent {
	return feedEvent{
		UsersAffected:    "Some users are affected",
		EpochStartDate:   epoch(e.Start),
		EpochEndDate:     epoch(e.End),
		MessageID:        e.ID,
		StatusType:       e.Type,
		DatePosted:       date(e.Start),
		StartDate:        date(e.Start),
		EndDate:          date(e.End),
		AffectedServices: e.Affected,
		EventStatus:      e.Status,
		Message:          "This is a sample event.",
	}
}

// epoch gives milliseconds since 1970, or null.
func epoch(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	ms := t.UnixMilli()
	return &ms
}

// date gives the text of a time on Apple's clock, in winter all the year:
// readers have to go by the epochs.
func date(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := t.In(time.FixedZone("PST", -8*60*60)).Format("01/02/2006 15:04 MST")
	return &text
}

// serviceNames are lines of Apple's page in 2025.
var serviceNames = []string{
	"App Store", "Apple Account", "Apple Account Card", "Apple Arcade", "Apple Books", "Apple Business Manager",
	"Apple Card", "Apple Cash", "Apple Fitness+", "Apple Messages for Business", "Apple Music", "Apple Music radio",
	"Apple Music Subscriptions", "Apple Online Store", "Apple Pay & Wallet", "Apple School Manager", "Apple TV Channels",
	"Apple TV+", "AppleCare on Device", "Audiobooks", "Dictation", "FaceTime", "Find My", "Game Center",
	"Global Service Exchange", "HomeKit", "HomeKit Secure Video", "iCloud Account & Sign In", "iCloud Backup",
	"iCloud Bookmarks & Tabs", "iCloud Calendar", "iCloud Contacts", "iCloud Drive", "iCloud Keychain", "iCloud Mail",
	"iCloud Notes", "iCloud Private Relay", "iCloud Reminders", "iCloud Storage Upgrades", "iCloud Web Apps (iCloud.com)",
	"iMessage", "iOS Device Activation", "iTunes Match", "iTunes Store", "iWork for iCloud", "Mac App Store",
	"macOS Software Update", "Mail Drop", "Maps Display", "Maps Routing & Navigation", "Maps Search", "Maps Traffic",
	"News", "Photos", "Podcasts", "Radio", "Schooltime", "Schoolwork", "Screen Time", "Sign in with Apple", "Siri",
	"Spotlight suggestions", "Stocks", "TV Provider", "Volume Purchase Program", "Walkie-Talkie", "Weather",
}

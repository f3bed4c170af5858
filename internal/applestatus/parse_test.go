package applestatus

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ninelives/internal/health"
)

// at gives a moment of the tests' day, and its epoch as the feed writes it.
func at(hour, minute int) time.Time {
	return time.Date(2026, 11, 20, hour, minute, 0, 0, time.UTC)
}

func ms(t time.Time) string { return fmt.Sprint(t.UnixMilli()) }

// feedOf wraps lines in a body, lineOf events in a line, and eventOf fields in
// an event that is an ongoing issue of 09:00 unless they say otherwise.
func feedOf(lines ...string) string {
	return `{"drpost":false,"drMessage":null,"services":[` + strings.Join(lines, ",") + `]}`
}

func lineOf(name string, events ...string) string {
	return `{"redirectUrl":null,"serviceName":"` + name + `","events":[` + strings.Join(events, ",") + `]}`
}

func eventOf(fields ...string) string {
	return `{"usersAffected":"Some users are affected","messageId":"2000004700","statusType":"Issue","eventStatus":"ongoing",` +
		`"epochStartDate":` + ms(at(9, 0)) + `,"epochEndDate":null,"startDate":"11/20/2026 01:00 PST","endDate":null,` +
		`"affectedServices":null,"message":"…"` + strings.Join(append([]string{""}, fields...), ",") + `}`
}

func issue(service health.Service) health.Incident {
	return health.Incident{ID: "2000004700", Service: service, Kind: health.KindIssue, Status: health.Ongoing, Start: at(9, 0)}
}

func with(i health.Incident, change func(*health.Incident)) health.Incident {
	change(&i)
	return i
}

var backupOnly = []health.Service{health.ICloudBackup}

func TestParse(t *testing.T) {
	backup := issue(health.ICloudBackup)
	quiet := health.Feed{Listed: backupOnly}
	shown := func(change func(*health.Incident)) health.Feed {
		return health.Feed{Listed: backupOnly, Incidents: []health.Incident{with(backup, change)}}
	}
	same := func(*health.Incident) {}
	named := with(backup, func(i *health.Incident) { i.Named = true })

	for name, c := range map[string]struct {
		body string
		want health.Feed
	}{
		"a quiet line is listed and has no incident": {
			feedOf(lineOf("iCloud Backup")), quiet},
		"an ongoing issue is an incident with its start": {
			feedOf(lineOf("iCloud Backup", eventOf())), shown(same)},
		"an ended one has its end from the epoch, though the text is null": {
			feedOf(lineOf("iCloud Backup", eventOf(`"eventStatus":"resolved"`, `"epochEndDate":`+ms(at(11, 0))))),
			shown(func(i *health.Incident) { i.Status, i.End = health.Resolved, at(11, 0) })},
		"maintenance to come is told from one that is on": {
			feedOf(lineOf("iCloud Backup", eventOf(`"eventStatus":"upcoming"`, `"statusType":"Maintenance"`))),
			shown(func(i *health.Incident) { i.Status, i.Kind = health.Upcoming, health.KindMaintenance })},
		"completed maintenance is over": {
			feedOf(lineOf("iCloud Backup", eventOf(`"eventStatus":"completed"`, `"statusType":"Maintenance"`))),
			shown(func(i *health.Incident) { i.Status, i.Kind = health.Completed, health.KindMaintenance })},
		"an outage is an outage": {
			feedOf(lineOf("iCloud Backup", eventOf(`"statusType":"Outage"`))),
			shown(func(i *health.Incident) { i.Kind = health.KindOutage })},
		"slow service is a kind of its own": {
			feedOf(lineOf("iCloud Backup", eventOf(`"statusType":"Performance"`))),
			shown(func(i *health.Incident) { i.Kind = health.KindPerformance })},
		"an empty type is an unknown kind": {
			feedOf(lineOf("iCloud Backup", eventOf(`"statusType":""`))),
			shown(func(i *health.Incident) { i.Kind = health.KindUnknown })},
		"a word that nobody knows is an unknown kind": {
			feedOf(lineOf("iCloud Backup", eventOf(`"statusType":"Hiccup"`))),
			shown(func(i *health.Incident) { i.Kind = health.KindUnknown })},
		"a status that nobody knows is kept, and the line does not pass for quiet": {
			feedOf(lineOf("iCloud Backup", eventOf(`"eventStatus":"simmering"`))),
			health.Feed{Garbled: backupOnly, Incidents: []health.Incident{with(backup, func(i *health.Incident) { i.Status = health.StatusUnknown })}}},
		"words count in any case and with stray blanks": {
			feedOf(lineOf(" ICLOUD  backup\u00a0", eventOf(`"eventStatus":" ONGOING\n"`, `"statusType":"issue "`, `"messageId":" 2000004700 "`))),
			shown(same)},
		"an ampersand may be written for the web": {
			feedOf(lineOf("iCloud Account &amp; Sign In")), health.Feed{Listed: []health.Service{health.ICloudAccount}}},
		"all six services are found, whatever their order": {
			feedOf(lineOf("iCloud Storage Upgrades"), lineOf("App Store"), lineOf("Photos"), lineOf("iCloud Drive"), lineOf("Apple Account"),
				lineOf("iCloud Account & Sign In"), lineOf("iCloud Backup"), lineOf("Apple Account Card"), lineOf("iCloud Backups")),
			health.Feed{Listed: []health.Service{health.ICloudBackup, health.ICloudAccount, health.AppleAccount,
				health.Photos, health.ICloudDrive, health.ICloudStorage}}},
		"the old name of the account counts, and only once beside the new one": {
			feedOf(lineOf("Apple ID"), lineOf("Apple Account")), health.Feed{Listed: []health.Service{health.AppleAccount}}},
		"a service without a line is not listed": {
			feedOf(lineOf("App Store")), health.Feed{}},
		"an event elsewhere that names the service counts as named": {
			feedOf(lineOf("iCloud Backup"), lineOf("iCloud Keychain", eventOf(`"affectedServices":["iCloud Keychain",null," iCloud Backup ","iCloud Backup",7]`))),
			health.Feed{Listed: backupOnly, Incidents: []health.Incident{named}}},
		"it counts even when the service has no line": {
			feedOf(lineOf("iCloud Keychain", eventOf(`"affectedServices":["iCloud Backup"]`))),
			health.Feed{Incidents: []health.Incident{named}}},
		"the service's own event is not doubled by being named": {
			feedOf(lineOf("iCloud Keychain", eventOf(`"affectedServices":["iCloud Backup"]`)),
				lineOf("iCloud Backup", eventOf(`"affectedServices":["iCloud Backup"]`))),
			shown(same)},
		"the service's own line knows better than a mention": {
			feedOf(lineOf("iCloud Backup", eventOf(`"eventStatus":"resolved"`)), lineOf("iCloud Mail", eventOf(`"affectedServices":["iCloud Backup"]`))),
			shown(func(i *health.Incident) { i.Status = health.Resolved })},
		"of two accounts of one event the graver counts": {
			feedOf(lineOf("iCloud Backup", eventOf(`"eventStatus":"resolved"`), eventOf(`"statusType":"Outage"`), eventOf())),
			shown(func(i *health.Incident) { i.Kind = health.KindOutage })},
		"events without an ID are told apart by their start": {
			feedOf(lineOf("iCloud Backup", eventOf(`"messageId":null`), eventOf(`"messageId":null`), eventOf(`"messageId":null`, `"epochStartDate":`+ms(at(10, 0))))),
			health.Feed{Listed: backupOnly, Incidents: []health.Incident{
				with(backup, func(i *health.Incident) { i.ID, i.Start = "", at(10, 0) }),
				with(backup, func(i *health.Incident) { i.ID = "" })}}},
		"an ID may be a number": {
			feedOf(lineOf("iCloud Backup", eventOf(`"messageId":2000004700`))), shown(same)},
		"nulls everywhere lose nothing else": {
			`{"drMessage":null,"services":[null,{"serviceName":null,"events":null},{"serviceName":"iCloud Backup","redirectUrl":null,"events":[null,` + eventOf(`"usersAffected":null`) + `,null]}]}`,
			shown(same)},
		"an event of nulls is no event that counts as now": {
			feedOf(lineOf("iCloud Backup", `{"messageId":null,"statusType":null,"eventStatus":null,"epochStartDate":null,"epochEndDate":null,"affectedServices":null}`)),
			health.Feed{Garbled: backupOnly, Incidents: []health.Incident{{Service: health.ICloudBackup}}}},
		"wrong types in one event do not lose the others, and the line does not pass for whole": {
			feedOf(lineOf("iCloud Backup", `"x"`, `{"messageId":{},"statusType":[],"eventStatus":7,"epochStartDate":"soon","epochEndDate":true,"affectedServices":"all"}`, eventOf())),
			health.Feed{Garbled: backupOnly, Incidents: []health.Incident{backup, {Service: health.ICloudBackup}}}},
		"events of a wrong type are not no events": {
			feedOf(lineOf("Photos"), `{"serviceName":"iCloud Backup","events":"none"}`),
			health.Feed{Listed: []health.Service{health.Photos}, Garbled: backupOnly}},
		"a second line of a service does not hide that the first was torn": {
			feedOf(`{"serviceName":"iCloud Backup","events":7}`, lineOf("iCloud Backup"), lineOf("Photos")),
			health.Feed{Listed: []health.Service{health.Photos}, Garbled: backupOnly}},
		"a line without events is quiet": {
			`{"services":[{"serviceName":"iCloud Backup"}]}`, quiet},
		"seconds where milliseconds belong are no time": {
			feedOf(lineOf("iCloud Backup", eventOf(`"epochStartDate":641151000`, `"epochEndDate":1763600000`))),
			shown(func(i *health.Incident) { i.Start = time.Time{} })},
		"absurd epochs are no time": {
			feedOf(lineOf("iCloud Backup", eventOf(`"epochStartDate":1e300`, `"epochEndDate":-5`))),
			shown(func(i *health.Incident) { i.Start = time.Time{} })},
		"an epoch in quotes or as a fraction is one": {
			feedOf(lineOf("iCloud Backup", eventOf(`"epochStartDate":"`+ms(at(9, 0))+`"`, `"epochEndDate":`+ms(at(11, 0))+`.0`))),
			shown(func(i *health.Incident) { i.End = at(11, 0) })},
		"a notice beside the list is a notice": {
			`{"drMessage":"Back soon","services":[` + lineOf("iCloud Backup") + `]}`, health.Feed{Listed: backupOnly, Notice: true}},
		"a notice in place of the list is a notice": {
			`{"drMessage":"Back soon","services":[]}`, health.Feed{Notice: true}},
		"a notice may be of any type": {
			`{"drMessage":{"en":"Back soon"},"services":[` + lineOf("iCloud Backup") + `]}`, health.Feed{Listed: backupOnly, Notice: true}},
		"an empty notice is none": {
			`{"drMessage":" ","services":[` + lineOf("iCloud Backup") + `]}`, quiet},
		"no notice at all is none": {
			`{"services":[` + lineOf("iCloud Backup") + `]}`, quiet},
		"a byte order mark is skipped": {
			"\xef\xbb\xbf" + feedOf(lineOf("iCloud Backup")), quiet},
		"a callback is cut off": {
			"jsonCallback(" + feedOf(lineOf("iCloud Backup")) + ");\n", quiet},
		"a callback may have any name, a mark before it and no semicolon": {
			"\xef\xbb\xbf\n window.$apple_status2 ( " + feedOf(lineOf("iCloud Backup", eventOf(`"message":"a (b); c)"`))) + " ) \r\n", shown(same)},
		"a semicolon after bare JSON is nothing": {
			feedOf(lineOf("iCloud Backup")) + ";\n", quiet},
		"of a key that stands twice the last counts": {
			`{"services":[],"services":[` + lineOf("iCloud Backup") + `]}`, quiet},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse([]byte(c.body))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	whole := feedOf(lineOf("iCloud Backup", eventOf()))
	for name, body := range map[string]string{
		"nothing":                    "",
		"blanks":                     " \r\n\t",
		"a mark and nothing else":    "\xef\xbb\xbf",
		"a web page":                 "<!DOCTYPE html><html><body>Log in (please)</body></html>",
		"a web page behind a mark":   "\xef\xbb\xbf\n<html></html>",
		"an error in words":          "unavailable",
		"an empty object":            "{}",
		"no services":                `{"drpost":false,"drMessage":null}`,
		"no services but a notice":   `{"drMessage":"Back soon"}`,
		"empty services":             feedOf(),
		"services that are null":     `{"drMessage":"Back soon","services":null}`,
		"services of a wrong type":   `{"services":{"iCloud Backup":[]}}`,
		"services that are a word":   `{"services":"all fine"}`,
		"services that are no lines": `{"services":[1,"x",[],{}]}`,
		"the shape of 2012":          `{"dashboard":{"Services":{},"iCloud":{"Backup":[]}},"detailedTimeline":[]}`,
		"an array":                   `[` + whole + `]`,
		"null":                       "null",
		"a number":                   "7",
		"two bodies":                 whole + whole,
		"an open callback":           "jsonCallback(" + whole,
		"an empty callback":          "jsonCallback();",
		"a call in a call":           "a(b(" + whole + "))",
		"a script":                   "var x = 1; jsonCallback(" + whole + ");",
		"a deep nest":                `{"services":` + strings.Repeat("[", 100_000),
		"a deep nest in an event":    feedOf(lineOf("Photos", strings.Repeat("[", 100_000))),
		"UTF-16":                     "\xff\xfe{\x00}\x00",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse([]byte(body))
			if !errors.Is(err, health.ErrMalformed) {
				t.Errorf("error %v, want one that is health.ErrMalformed", err)
			}
			if diff := cmp.Diff(health.Feed{}, got); diff != "" {
				t.Errorf("a feed beside the error:\n%s", diff)
			}
		})
	}
}

func TestParseRefusesEveryCut(t *testing.T) {
	for _, whole := range []string{
		feedOf(lineOf("iCloud Backup", eventOf())),
		"jsonCallback(" + feedOf(lineOf("iCloud Backup", eventOf())) + ")",
	} {
		for n := range len(whole) {
			if _, err := Parse([]byte(whole[:n])); !errors.Is(err, health.ErrMalformed) {
				t.Errorf("cut after %d of %d bytes: error %v, want malformed", n, len(whole), err)
			}
		}
	}
}

func TestParseSaysNothingOfTheBody(t *testing.T) {
	const secret = "hunter2"
	for _, body := range []string{secret, `{"services":` + secret, "<html>" + secret, "x(" + secret, `{"services":[` + secret + `]}`, `"` + secret + `"`} {
		if _, err := Parse([]byte(body)); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: error %v must not quote the body", body, err)
		}
	}
}

func TestParseKeepsABoundedNumber(t *testing.T) {
	events := make([]string, 5000)
	for n := range events {
		events[n] = eventOf(fmt.Sprintf(`"messageId":"%d","eventStatus":"resolved"`, n))
	}
	events = append(events, eventOf())
	feed, err := Parse([]byte(feedOf(lineOf("iCloud Backup", events...))))
	if err != nil {
		t.Fatal(err)
	}
	if len(feed.Incidents) != most || feed.Incidents[0].Status != health.Ongoing {
		t.Errorf("%d incidents, the first %v; want %d, what is going on first", len(feed.Incidents), feed.Incidents[0], most)
	}
}

// TestParseRecordedFeeds reads bodies that were recorded from Apple, when
// NINELIVES_SAMPLES names a folder that holds some.
func TestParseRecordedFeeds(t *testing.T) {
	root := os.Getenv("NINELIVES_SAMPLES")
	if root == "" {
		t.Skip("NINELIVES_SAMPLES names no folder of recorded feeds")
	}
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		feed, err := Parse(body)
		text := string(body)
		isFeed := strings.Contains(text, `"serviceName"`) && strings.Contains(text, `"services"`) && filepath.Ext(path) != ".txt"
		if isFeed != (err == nil) {
			t.Errorf("%s: looks like a feed: %v, but error %v", entry.Name(), isFeed, err)
		}
		t.Logf("%-70s listed %d, incidents %d, notice %v, %v", entry.Name(), len(feed.Listed), len(feed.Incidents), feed.Notice, err)
		for _, i := range feed.Incidents {
			t.Logf("    %+v", i)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(feedOf(lineOf("iCloud Backup", eventOf()), lineOf("Photos", eventOf(`"affectedServices":["iCloud Backup",null]`)))))
	f.Add([]byte("\xef\xbb\xbfjsonCallback(" + feedOf(lineOf("Apple ID")) + ");\n"))
	f.Add([]byte(`{"drMessage":"x","services":[]}`))
	f.Add([]byte(`{"services":[{"serviceName":7,"events":[7,{"epochStartDate":"1e999"}]}]}`))
	f.Add([]byte("<html>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		feed, err := Parse(body)
		if err != nil {
			if !errors.Is(err, health.ErrMalformed) {
				t.Fatalf("error of no kind: %v", err)
			}
			return
		}
		seen := map[key]bool{}
		for _, i := range feed.Incidents {
			if weight(i.Service) == len(services) || urgency(i.Status) < 0 || gravity(i.Kind) < 0 {
				t.Fatalf("a word that is none of ours: %+v", i)
			}
			if seen[keyOf(i)] {
				t.Fatalf("twice: %+v", i)
			}
			seen[keyOf(i)] = true
			for _, moment := range []time.Time{i.Start, i.End} {
				if !moment.IsZero() && (moment.UnixMilli() < earliest || moment.UnixMilli() >= latest) {
					t.Fatalf("not a time: %v", moment)
				}
			}
		}
		again := Settle(feed, at(9, 0), feed, at(9, 1))
		if diff := cmp.Diff(feed, again); diff != "" {
			t.Fatalf("a copy of itself changed it:\n%s", diff)
		}
	})
}

// BenchmarkParse reads a body like a large recorded one: 80 lines, 40 events,
// some 30 KB.
func BenchmarkParse(b *testing.B) {
	var lines []string
	for n := range 80 {
		name, events := fmt.Sprintf("Service %d", n), []string(nil)
		if n%2 == 0 {
			events = []string{eventOf(`"affectedServices":["iCloud Backup","Photos","Service 1"]`)}
		}
		lines = append(lines, lineOf(name, events...))
	}
	body := []byte(feedOf(append(lines, lineOf("iCloud Backup", eventOf()))...))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(body); err != nil {
			b.Fatal(err)
		}
	}
}

package sample

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

type anyFeed struct {
	DrMessage *string
	Services  []struct {
		ServiceName string
		RedirectURL *string
		Events      []map[string]any
	}
}

func parse(t *testing.T, body []byte) anyFeed {
	t.Helper()
	var feed anyFeed
	if err := json.Unmarshal(body, &feed); err != nil {
		t.Fatal(err)
	}
	return feed
}

func TestFeedWithoutEventsListsTheServices(t *testing.T) {
	feed := parse(t, Feed())
	var names []string
	for _, s := range feed.Services {
		names = append(names, s.ServiceName)
		if s.Events == nil || len(s.Events) > 0 {
			t.Errorf("%s has events %v, want an empty list", s.ServiceName, s.Events)
		}
	}
	for _, want := range []string{"iCloud Backup", "iCloud Account & Sign In", "Apple Account", "Photos", "iCloud Drive", "iCloud Storage Upgrades"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is not listed", want)
		}
	}
	if feed.DrMessage != nil || len(names) < 50 {
		t.Errorf("notice %v, %d services", feed.DrMessage, len(names))
	}
}

func TestFeedWritesEventsAsAppleDoes(t *testing.T) {
	body := Feed(
		Event{Service: "iCloud Backup", Type: "Outage", Status: "ongoing", Start: noon, Affected: []string{"iCloud Backup", "Photos"}},
		Event{Service: "iCloud Backup", ID: "7", Type: "", Status: "resolved", Start: noon, End: noon.Add(time.Hour)},
		Event{Service: "Apple Teleport", Status: "upcoming"},
	)
	if strings.Contains(string(body), `\u0026`) {
		t.Error("& is written for a web page")
	}
	feed := parse(t, body)
	at := slices.IndexFunc(feed.Services, func(s struct {
		ServiceName string
		RedirectURL *string
		Events      []map[string]any
	}) bool {
		return s.ServiceName == "iCloud Backup"
	})
	first, second := feed.Services[at].Events[0], feed.Services[at].Events[1]
	for key, want := range map[string]any{
		"messageId": "2000099000", "statusType": "Outage", "eventStatus": "ongoing", "epochStartDate": float64(noon.UnixMilli()),
		"epochEndDate": nil, "startDate": "11/20/2026 04:00 PST", "endDate": nil,
	} {
		if got, ok := first[key]; !ok || got != want {
			t.Errorf("%s is %v, want %v", key, got, want)
		}
	}
	if second["messageId"] != "7" || second["affectedServices"] != nil || second["epochEndDate"] != float64(noon.Add(time.Hour).UnixMilli()) {
		t.Errorf("the second event is %v", second)
	}
	if last := feed.Services[len(feed.Services)-1]; last.ServiceName != "Apple Teleport" || len(last.Events) != 1 {
		t.Errorf("a service without a line got %v", last)
	}
}

func TestBodyMayLackServicesAndHaveANotice(t *testing.T) {
	feed := parse(t, Body{Services: []string{"App Store"}, Notice: "Back soon"}.Bytes())
	if len(feed.Services) != 1 || feed.DrMessage == nil || *feed.DrMessage != "Back soon" {
		t.Errorf("%+v", feed)
	}
}

func TestDemo(t *testing.T) {
	root := filepath.Join(t.TempDir(), "demo")
	home, err := Demo(root, noon)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	if want := len(home.Folders) + 1 - len(home.Notes); len(entries) != want {
		t.Errorf("%d entries in the demo, want %d; %v", len(entries), want, home.Notes)
	}
	for name, at := range tree(t, root) {
		base := filepath.Base(name)
		if at > noon.Format(time.RFC3339) && name != "." && base != home.OnAbsentDrive.UDID {
			t.Errorf("%s is of %s, after the demo's now", name, at)
		}
	}
	for _, f := range append(home.Folders, home.OnAbsentDrive) {
		if _, err := os.Lstat(f.Path(root)); err != nil && len(home.Notes) == 0 {
			t.Error(err)
		}
	}
	if !strings.Contains(string(home.Feed), `"eventStatus":"ongoing"`) {
		t.Error("no outage in the feed")
	}
	if _, err := Demo(root, noon); err == nil {
		t.Error("a second demo wrote over the first")
	}
}

func TestDemoLiesInThePastOfAnyNow(t *testing.T) {
	for _, now := range []time.Time{noon, noon.In(time.FixedZone("", 13*3600)), time.Now(), time.Date(2027, 1, 1, 0, 0, 0, 1, time.UTC)} {
		home, err := Demo(t.TempDir(), now)
		if err != nil {
			t.Fatal(err)
		}
		if age := now.Sub(home.Folders[1].Date); age < 11*day || age > 12*day {
			t.Errorf("the late one is %v old", age)
		}
	}
}

package health

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// story is a file under testdata/<code>/: facts, and what the fix of that name
// must make of them.
type story struct {
	Want  string `json:"want"`
	Says  string `json:"says"`
	Facts Facts  `json:"facts"`
}

func readStory(t *testing.T, path string) story {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var s story
	if err := json.Unmarshal(body, &s); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return s
}

func TestEachFixIsWeighedByItsEvidence(t *testing.T) {
	for _, rule := range rules {
		files, err := filepath.Glob(filepath.Join("testdata", string(rule.code), "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		had := map[string]bool{}
		for _, path := range files {
			name := strings.TrimSuffix(filepath.Base(path), ".json")
			t.Run(string(rule.code)+"/"+name, func(t *testing.T) {
				s := readStory(t, path)
				r := Judge(s.Facts, DefaultPolicy(), noon)
				if len(r.Devices) != 1 || len(r.Devices[0].Fixes) != 9 {
					t.Fatalf("want one device with nine fixes, got %+v", r.Devices)
				}
				for _, o := range r.Devices[0].Fixes {
					if o.Code != rule.code {
						continue
					}
					had[o.Odds.String()] = true
					if o.Odds.String() != s.Want || !strings.Contains(o.Why, s.Says) {
						t.Errorf("%s: %s, want %s saying %q", o.Odds, o.Why, s.Want, s.Says)
					}
					if !strings.HasSuffix(o.Why, ".") {
						t.Errorf("not a sentence: %q", o.Why)
					}
				}
			})
		}
		if !had["cannot-tell"] {
			t.Errorf("%s: no story in which it cannot be told", rule.code)
		}
		if !had["certain"] && !had["likely"] && !had["possible"] {
			t.Errorf("%s: no story in which it applies", rule.code)
		}
		if !had["ruled-out"] {
			t.Errorf("%s: no story in which it is ruled out", rule.code)
		}
	}
}

func TestTheRulesAreTheNine(t *testing.T) {
	want := []Code{ICloudSettings, WiFi, Power, StorageSpace, AppleStatus, SignOut, Restart, ResetSettings, UpdateIOS}
	for i, r := range rules {
		if r.number != i+1 || r.code != want[i] {
			t.Errorf("row %d is %d %s, want %d %s", i, r.number, r.code, i+1, want[i])
		}
	}
}

func TestTheBestFixLeads(t *testing.T) {
	codes := func(r Report) string {
		var s []string
		for _, o := range r.Devices[0].Fixes {
			s = append(s, string(o.Code))
		}
		return strings.Join(s, " ")
	}
	late := place(complete(anna, 11*days))
	outage := quietFeed(time.Minute)
	outage.Value.Incidents = []Incident{{Service: ICloudBackup, Kind: KindOutage, Status: Ongoing, Start: ago(time.Hour)}}
	little := Reading[Quota]{Value: Quota{Remaining: 100}, GoodAt: noon}
	newer := Reading[[]Release]{Value: []Release{{Version: "26.1", ProductTypes: []string{anna.ProductType}}}, GoodAt: noon}
	tests := []struct {
		name  string
		facts Facts
		want  string
	}{
		{"on equal evidence the harmless lead, then the lower number", Facts{Backups: []Reading[[]Backup]{late}}, "icloud-settings wifi power apple-status restart update-ios icloud-storage sign-out reset-settings"},
		{"what is ruled out comes last", Facts{Backups: []Reading[[]Backup]{late}, Feed: quietFeed(time.Minute)}, "icloud-settings wifi power restart update-ios icloud-storage sign-out reset-settings apple-status"},
		{"an outage leads", Facts{Backups: []Reading[[]Backup]{late}, Feed: outage}, "apple-status icloud-settings wifi power restart update-ios icloud-storage sign-out reset-settings"},
		{"a costly fix never leads on equal evidence", Facts{Backups: []Reading[[]Backup]{late}, Quota: little, Releases: newer}, "update-ios icloud-storage icloud-settings wifi power apple-status restart sign-out reset-settings"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := codes(Judge(tt.facts, DefaultPolicy(), noon)); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestAnOutageHoldsBackWhoWasOnTime(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no zone data on this system")
	}
	at := func(s string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	judge := func(last, start, end, now time.Time) Verdict {
		i := Incident{Service: ICloudBackup, Kind: KindOutage, Status: Ongoing, Start: start}
		if !end.IsZero() {
			i.Status, i.End = Resolved, end
		}
		return Judge(Facts{
			Phones: Reading[[]Phone]{GoodAt: now, Value: []Phone{{Device: anna, At: now, CloudAt: now, CloudBackup: Yes, LastCloudBackup: last}}},
			Feed:   Reading[Feed]{GoodAt: now, Value: Feed{Listed: []Service{ICloudBackup}, Incidents: []Incident{i}}},
		}, DefaultPolicy(), now).Devices[0]
	}
	last, start := at("2026-11-16 03:00"), at("2026-11-18 01:00")
	tests := []struct {
		name      string
		last, end time.Time
		now       time.Time
		held      bool
	}{
		{"while it goes on", last, time.Time{}, at("2026-11-20 12:00"), true},
		{"until the night after its end", last, at("2026-11-20 10:00"), at("2026-11-21 07:59"), true},
		{"not after that night", last, at("2026-11-20 10:00"), at("2026-11-21 08:00"), false},
		{"an end within a night leaves the whole next one", last, at("2026-11-20 23:00"), at("2026-11-21 12:00"), true},
		{"not one who was late before", at("2026-11-14 03:00"), time.Time{}, at("2026-11-20 12:00"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := judge(tt.last, start, tt.end, tt.now)
			if v.State == OK || (v.Hold != nil) != tt.held {
				t.Errorf("%v, hold %+v; want held %v", v.State, v.Hold, tt.held)
			}
		})
	}
}

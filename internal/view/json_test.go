package view

import (
	"encoding/json"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"ninelives/internal/health"
)

func TestTheJSONOfAWholeReport(t *testing.T) {
	ben := device("Ben's iPhone", health.Critical, 15*days)
	ben.Routes = append(ben.Routes, health.Route{Kind: health.ICloudRoute, Weak: true, Limits: health.DefaultPolicy().ICloud, Why: "The device did not say."})
	never := device("Kim's iPad", health.Critical, 0)
	never.LastGood, never.Limits, never.Routes, never.Ignored = time.Time{}, health.Limits{}, nil, true
	ben.Fixes[0].Tried = &health.Trial{Fix: health.Power, At: ageOf(3 * days), Failed: true}
	ben.Fixes[1].Tried = &health.Trial{Fix: health.ICloudSettings, At: ageOf(2 * time.Hour)}
	r := report(ben, device("Anna's iPhone", health.OK, 90*time.Minute), never)
	r.At = r.At.In(time.FixedZone("CET", 3600)).Add(400 * time.Millisecond)
	r.Obstacles = []health.Obstacle{{Code: health.FullDiskAccess, Path: "/backups", Title: "May not be read", Remedy: "Allow it."}}
	r.Sources[1].Trouble, r.Sources[1].ReadAt = health.TimedOut, time.Time{}
	got, err := JSON(r)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "report.json", string(got))
}

func TestTheJSONOfNothing(t *testing.T) {
	got, err := JSON(health.Report{})
	if err != nil {
		t.Fatal(err)
	}
	want := `{
  "schema_version": 1,
  "checked_at": null,
  "state": "unknown",
  "summary": "not looked yet",
  "devices": [],
  "obstacles": [],
  "sources": []
}
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestAnAgeIsNeverNegative(t *testing.T) {
	for name, c := range map[string]struct {
		date time.Time
		want any
	}{
		"a date slightly ahead of the clock has the age 0": {now.Add(20 * time.Hour), 0.0},
		"no date has no age":         {time.Time{}, nil},
		"an age is in whole seconds": {now.Add(-1500 * time.Millisecond), 1.0},
	} {
		v := device("x", health.OK, 0)
		v.LastGood = c.date
		body, err := JSON(report(v))
		if err != nil {
			t.Fatal(err)
		}
		var doc struct{ Devices []map[string]any }
		if err := json.Unmarshal(body, &doc); err != nil {
			t.Fatal(err)
		}
		if got := doc.Devices[0]["age_seconds"]; got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestJSONKeepsAnyNameAndShowsNothingThatATerminalObeys(t *testing.T) {
	for _, name := range hostile {
		v := device("x", health.OK, 0)
		v.Name = name
		body, err := JSON(report(v))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range string(body) {
			if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf) {
				t.Errorf("%q: %U is in the document", name, r)
			}
		}
		var doc struct{ Devices []struct{ Name string } }
		if err := json.Unmarshal(body, &doc); err != nil {
			t.Fatal(err)
		}
		if want := string([]rune(name)); doc.Devices[0].Name != want {
			t.Errorf("got %q, want %q", doc.Devices[0].Name, want)
		}
	}
}

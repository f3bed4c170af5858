package view

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ninelives/internal/health"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with testdata/<name>.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(name))
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// screen prints a view as a person would describe it.
func screen(v View) string {
	var b strings.Builder
	fmt.Fprintf(&b, "icon:    %s\ntooltip: %s\nmenu:\n", v.Icon, v.Tooltip)
	writeItems(&b, v.Menu, "  ")
	return b.String()
}

func writeItems(b *strings.Builder, items []Item, indent string) {
	for _, it := range items {
		if it.Separator {
			b.WriteString(indent + "----\n")
			continue
		}
		line := indent + map[health.Answer]string{health.Yes: "[x] ", health.No: "[ ] "}[it.Tick] + it.Label
		if it.Command != (Command{}) {
			line += fmt.Sprintf("  -> %s %s", it.Command.Verb, it.Command.Arg)
		}
		if it.Disabled {
			line += "  (disabled)"
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
		writeItems(b, it.Children, indent+"    | ")
	}
}

var now = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

func ageOf(d time.Duration) time.Time { return now.Add(-d) }

const days = health.Day

// device gives a verdict of one computer backup of this age, on the default
// limits.
func device(name string, state health.State, age time.Duration) health.Verdict {
	limits := health.DefaultPolicy().Computer
	d := health.Device{ID: health.IDOf(name), Name: name, ProductType: "iPhone14,5", OSVersion: "18.1"}
	limit := limits.WarnAfter
	if state == health.Critical {
		limit = limits.CriticalAfter
	}
	v := health.Verdict{
		Device: d, Model: "iPhone 13", State: state, LastGood: ageOf(age), Limits: limits,
		Why: fmt.Sprintf("Last complete backup %s ago; the limit is %s.", health.Age(age), health.Span(limit)),
	}
	route := health.Route{
		Kind: health.ComputerRoute, State: health.RouteStale, LastGood: v.LastGood, LastAttempt: v.LastGood,
		Encrypted: health.Yes, Path: "/backups/" + d.ID, Limits: limits, Why: "Finished, and complete.",
	}
	if state == health.OK {
		route.State = health.RouteFresh
	} else {
		v.Fixes = opinions(health.Power)
		v.Step = "Connect the device by cable and choose it in Finder and click Back Up Now."
	}
	v.Routes = []health.Route{route}
	return v
}

var codes = []health.Code{
	health.ICloudSettings, health.WiFi, health.Power, health.StorageSpace, health.AppleStatus,
	health.SignOut, health.Restart, health.ResetSettings, health.UpdateIOS,
}

// opinions are all nine, with one of them likely.
func opinions(first health.Code) []health.Opinion {
	var all []health.Opinion
	for i, c := range codes {
		o := health.Opinion{Number: i + 1, Code: c, Why: "Nothing is known of it."}
		if c == first {
			o.Odds, o.Why = health.Likely, "Never seen charging in the nights since 8 Nov."
			all = append([]health.Opinion{o}, all...)
			continue
		}
		all = append(all, o)
	}
	return all
}

// allTried are all nine, tried in vain but for one that is ruled out.
func allTried() []health.Opinion {
	all := opinions(health.Power)
	for i := range all {
		all[i].Tried = &health.Trial{Fix: all[i].Code, At: ageOf(3 * days), Failed: true}
		all[i].Evidence = all[i].Why
		all[i].Why += " Tried on 17 Nov; it did not help."
	}
	last := &all[len(all)-1]
	last.Odds, last.Tried, last.Evidence = health.RuledOut, nil, ""
	return all
}

func report(devices ...health.Verdict) health.Report {
	return health.Report{
		At: now, State: worstOf(devices), Devices: devices,
		Sources: []health.SourceState{
			{Kind: health.SourceMobileSync, Where: "/backups", ReadAt: now, Detail: plural(len(devices), "device")},
			{Kind: health.SourceAppleStatus, Where: "https://www.apple.com/status.js", ReadAt: ageOf(time.Minute), Detail: "iCloud Backup: available"},
		},
	}
}

func session() Session {
	return Session{
		LastCheck: ageOf(2 * time.Hour), NextCheck: now.Add(4 * time.Hour),
		CheckEvery: "6h", WarnAfter: "7d", AtLogin: health.Yes, OS: "darwin",
	}
}

// with changes a copy of a value; it keeps fixtures to one line.
func with[T any](v T, change func(*T)) T {
	change(&v)
	return v
}

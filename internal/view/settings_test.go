package view

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ninelives/internal/health"
)

var settingsNow = time.Date(2026, 11, 20, 20, 10, 0, 0, time.UTC)

// usualSettings are those of a computer without a file.
func usualSettings() Settings {
	return Settings{
		Values: map[string]string{}, Set: map[string]bool{}, Errors: map[string]string{},
		Usual: map[string]string{
			"check_every": "6h", "warn_after": "7d", "critical_after": "14d", "icloud.warn_after": "3d", "icloud.critical_after": "7d",
			"computer.warn_after": "7d", "computer.critical_after": "14d", "device.3f2a9c01.warn_after": "7d\n3d", "device.3f2a9c01.critical_after": "14d",
			"device.3f2a9c01.ignore": "false", "apple_status.enabled": "true", "notifications.enabled": "true", "notifications.repeat": "1d\n3d\n7d", "page.hide_names": "false",
		},
		Devices: []SettingsDevice{{ID: "3f2a9c01", Name: "Anna's iPhone", Model: "iPhone 13"}},
		Folders: []SettingsFolder{{Path: "/home/anna/backups"}},
		Now:     settingsNow, Next: []time.Time{settingsNow.Add(6 * time.Hour), settingsNow.Add(12 * time.Hour), settingsNow.Add(18 * time.Hour)},
		AtLogin: health.No, File: "/home/anna/.config/ninelives/config.toml",
	}
}

// withValues gives settings in whose file these values stand.
func withValues(values map[string]string) Settings {
	s := usualSettings()
	for key, value := range values {
		s.Values[key], s.Set[key] = value, true
	}
	return s
}

// printed is the form as text, for golden files.
func printed(s Settings) string {
	var b strings.Builder
	line := func(indent, name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%s%s: %s\n", indent, name, strings.ReplaceAll(text, "\n", " ⏎ "))
		}
	}
	line("", "problem", s.Problem)
	line("", "outcome", s.Outcome())
	for _, g := range s.Groups() {
		fmt.Fprintf(&b, "\n[%s] %s\n", g.ID, g.Title)
		line("", "help", g.Help)
		for _, f := range g.Fields {
			fmt.Fprintf(&b, "  %s (%s, %s) %s = %q\n", f.Label, f.Name, f.ID, f.Kind, f.Value)
			for _, o := range f.Options {
				fmt.Fprintf(&b, "    %s %q %s\n", map[bool]string{true: "(x)", false: "( )"}[o.Chosen], o.Value, o.Label)
			}
			line("    ", "usual", f.Usual)
			line("    ", "error", f.Error)
			line("    ", "newer", f.Newer)
			line("    ", "help", f.Help)
		}
		for _, n := range g.Notes {
			line("  ", "note", n)
		}
		for _, a := range g.Actions {
			fmt.Fprintf(&b, "  %s <%s> %s %s\n", a.About, a.Label, a.Command.Verb, a.Command.Arg)
			line("    ", "says", a.Says)
		}
	}
	return b.String()
}

func TestSettingsInWords(t *testing.T) {
	all := withValues(map[string]string{
		"check_every": "0 9,21 * * *", "warn_after": "1w", "critical_after": "30d", "icloud.warn_after": "36h", "icloud.critical_after": "4d",
		"computer.warn_after": "5d", "computer.critical_after": "6d", "device.3f2a9c01.warn_after": "30d", "device.3f2a9c01.critical_after": "60d", "device.3f2a9c01.ignore": "true",
		"device.00000000.ignore": "false", "backups.folders": "/mnt/a\n~/b,c", "apple_status.enabled": "false", "notifications.enabled": "true",
		"notifications.quiet": "22:00-08:00", "notifications.repeat": "1d\n3d", "page.hide_names": "false",
	})
	all.Devices = append(all.Devices, SettingsDevice{ID: "00000000"})
	all.Usual["device.00000000.ignore"] = "false"
	all.Folders = []SettingsFolder{{Path: "/usual"}, {Path: "/mnt/a", Own: true, Says: "Today 20:09: it can be read, and holds no backups."}}
	all.AtLogin, all.FixedFolders, all.Offline, all.Noticed, all.Saved = health.Yes, true, true, TestSays(nil, true, settingsNow, settingsNow), true

	bad := withValues(map[string]string{
		"check_every": "own", "check_every.own": "often", "warn_after": "soon", "critical_after": "1d", "apple_status.enabled": "maybe",
		"notifications.quiet": "at night", "notifications.repeat": "daily", "backups.folders": "Backups",
	})
	for key := range bad.Values {
		if key != ownName {
			bad.Errors[key] = NotAccepted(key)
		}
	}
	bad.Errors["critical_after"] = Contradicts("critical_after", "7d")
	bad.Errors["icloud.warn_after"] = Contradicts("icloud.warn_after", "36h")
	bad.AtLogin = health.DontKnow

	stale := withValues(map[string]string{"warn_after": "9d", "notifications.repeat": "1d", "device.3f2a9c01.ignore": "true", "check_every": "3h"})
	stale.Problem = SettingsStale
	stale.Newer = map[string]string{"warn_after": "", "notifications.repeat": "2d\n3d", "device.3f2a9c01.ignore": "false", "check_every": "90m"}

	hidden := usualSettings()
	hidden.Problem = SettingsBad(hidden.File+`, line 3: warn_after = 7: want a duration such as "36h", "7d" or "1w"`, true)
	hidden.Devices = SettingsDevices(health.Report{Devices: []health.Verdict{{Device: health.Device{ID: "3f2a9c01", Name: "Anna's iPhone", ProductType: "iPhone14,5"}, Model: "iPhone 13"}}}, true)
	hidden = hidden.Hidden()

	for name, s := range map[string]Settings{"usual": usualSettings(), "all": all, "bad": bad, "stale": stale, "hidden": hidden} {
		golden(t, "settings-"+name+".txt", printed(s))
	}
	if text := printed(hidden); strings.Contains(text, "Anna") || strings.Contains(strings.ReplaceAll(text, "test-folder /home/anna", ""), "/home") {
		t.Errorf("a name is left in\n%s", text)
	}
}

// posted is what a browser sends of an untouched form.
func posted(s Settings) map[string]string {
	form := map[string]string{}
	for _, g := range s.Groups() {
		for _, f := range g.Fields {
			value := f.Value
			if f.Kind == FieldSelect {
				value = chosen(f)
			}
			if f.Kind == FieldLines {
				value = strings.ReplaceAll(value, "\n", "\r\n")
			}
			form[f.Name] = value
		}
	}
	return form
}

// chosen is the option that a browser preselects.
func chosen(f SettingsField) string {
	for _, o := range f.Options {
		if o.Chosen {
			return o.Value
		}
	}
	return f.Options[0].Value
}

func TestAnUntouchedFormMeansWhatTheFileSays(t *testing.T) {
	text := rapid.StringMatching(`[^\r\n]{0,12}`)
	values := map[string]*rapid.Generator[string]{
		"check_every":            rapid.OneOf(rapid.SampledFrom([]string{"6h", "360m", "1h", "24h", "90m", "0 9 * * *", " 0\t9 * * *", "own", ""}), text),
		"warn_after":             rapid.OneOf(rapid.SampledFrom([]string{"7d", "1w", "168h", "7 days", ""}), text),
		"device.3f2a9c01.ignore": rapid.OneOf(rapid.SampledFrom([]string{"true", "false", ""}), text),
		"apple_status.enabled":   rapid.SampledFrom([]string{"true", "false", "7", ""}),
		"backups.folders":        rapid.SampledFrom([]string{"", "/a", "/a\n/b,c\n~/d e ", "[1, 2]"}),
		"notifications.quiet":    rapid.OneOf(rapid.SampledFrom([]string{"", "22:00-08:00", "2:0"}), text),
		"notifications.repeat":   rapid.SampledFrom([]string{"", "1d", "1d\n24h\n1w", "[ 1 ]"}),
		"page.hide_names":        rapid.SampledFrom([]string{"true", "false"}),
	}
	rapid.Check(t, func(r *rapid.T) {
		file := map[string]string{}
		for _, key := range slices.Sorted(maps.Keys(values)) {
			if rapid.Bool().Draw(r, key+" is set") {
				file[key] = values[key].Draw(r, key)
			}
		}
		s := withValues(file)
		typed := s.Typed(posted(s))
		for key, value := range typed.Values {
			if value != s.Values[key] {
				r.Errorf("%s = %q became %q", key, s.Values[key], value)
			}
		}
		if len(typed.Errors) > 0 {
			r.Errorf("%v", typed.Errors)
		}
	})
}

func TestWhatIsTypedIsUnderstood(t *testing.T) {
	cases := map[string]struct {
		file, form, want map[string]string
	}{
		"lengths as people write them": {nil, map[string]string{"warn_after": " 7 Days ", "critical_after": "2 weeks", "icloud.warn_after": "1 day 12 hours", "icloud.critical_after": "36H"},
			map[string]string{"warn_after": "7d", "critical_after": "2w", "icloud.warn_after": "1d12h", "icloud.critical_after": "36h"}},
		"what is no length stays for the error": {nil, map[string]string{"warn_after": "7", "critical_after": "5ms", "icloud.warn_after": "a month"},
			map[string]string{"warn_after": "7", "critical_after": "5ms", "icloud.warn_after": "a month"}},
		"hours as people write them": {nil, map[string]string{"notifications.quiet": "9:00 – 17:30"}, map[string]string{"notifications.quiet": "09:00-17:30"}},
		"a list in any form":         {map[string]string{"notifications.repeat": "1d\n3d"}, map[string]string{"notifications.repeat": "1 day, 3d;\r\n 1w,"}, map[string]string{"notifications.repeat": "1d\n3d\n1w"}},
		"folders line by line": {map[string]string{"backups.folders": "/a \n/b"}, map[string]string{"backups.folders": "/a \r\n\r\n  /c\r\n\"C:\\x y\"\r\n"},
			map[string]string{"backups.folders": "/a \n/c\nC:\\x y"}},
		"empty fields":                 {map[string]string{"warn_after": "9d", "backups.folders": "/a"}, map[string]string{"warn_after": " ", "backups.folders": "\r\n"}, map[string]string{"warn_after": "", "backups.folders": ""}},
		"names that are none":          {nil, map[string]string{"token": "x", "icloud": "x", "warn": "x"}, map[string]string{}},
		"one of the usual intervals":   {map[string]string{"check_every": "90m"}, map[string]string{"check_every": "3h", "check_every.own": "90m"}, map[string]string{"check_every": "3h"}},
		"the default again":            {map[string]string{"check_every": "90m"}, map[string]string{"check_every": "", "check_every.own": "90m"}, map[string]string{"check_every": ""}},
		"an interval of one's own":     {nil, map[string]string{"check_every": "own", "check_every.own": "90 minutes"}, map[string]string{"check_every": "90m"}},
		"a schedule of one's own":      {nil, map[string]string{"check_every": "own", "check_every.own": " 0 9 * * * "}, map[string]string{"check_every": "0 9 * * *"}},
		"only the interval was posted": {nil, map[string]string{"check_every": "3h"}, map[string]string{"check_every": "3h"}},
		"only the other was posted":    {nil, map[string]string{"check_every.own": "3h"}, map[string]string{}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			typed := withValues(c.file).Typed(c.form)
			if diff := cmp.Diff(c.want, typed.Values); diff != "" {
				t.Error(diff)
			}
			if len(typed.Errors) > 0 {
				t.Error(typed.Errors)
			}
			for key, text := range typed.Shown {
				if text != strings.ReplaceAll(c.form[key], "\r\n", "\n") {
					t.Errorf("%s comes back as %q", key, text)
				}
			}
		})
	}
}

func TestAnIntervalAndATimeOfOnesOwnContradict(t *testing.T) {
	cases := map[string]map[string]string{
		"typed beside an interval": {"check_every": "", "check_every.own": "90m"},
		"typed beside another one": {"check_every": "3h", "check_every.own": "90m"},
		"chosen and left empty":    {"check_every": "own", "check_every.own": " "},
	}
	for name, form := range cases {
		t.Run(name, func(t *testing.T) {
			s := usualSettings()
			typed := s.Typed(form)
			if typed.Errors["check_every"] == "" {
				t.Fatal("no error")
			}
			maps.Copy(s.Values, typed.Shown)
			s.Errors = typed.Errors
			fields := s.Groups()[0].Fields
			if fields[1].Error == "" || fields[0].Error != "" {
				t.Errorf("the error stands at %q, %q", fields[0].Error, fields[1].Error)
			}
			if chosen(fields[0]) != form["check_every"] || fields[1].Value != form["check_every.own"] {
				t.Errorf("%q and %q come back", chosen(fields[0]), fields[1].Value)
			}
		})
	}
}

func TestFolderSays(t *testing.T) {
	at := func(d time.Duration) time.Time { return settingsNow.Add(-d) }
	report := func(trouble health.Trouble, devices ...health.Verdict) health.Report {
		return health.Report{At: at(0), Devices: devices, Sources: []health.SourceState{{Kind: health.SourceMobileSync, Trouble: trouble, ReadAt: at(0)}}}
	}
	device := func(name string, last time.Time) health.Verdict {
		return health.Verdict{Device: health.Device{ID: "3f2a9c01", Name: name, ProductType: "iPhone14,5"}, LastGood: last}
	}
	many := make([]health.Verdict, 7)
	for i := range many {
		many[i] = device(fmt.Sprint("Phone ", i), at(48*time.Hour))
	}
	cases := map[string]struct {
		report health.Report
		hide   bool
		want   string
	}{
		"nothing there":            {report(health.NotFound), false, "Today 20:10: not there. " + placeTodo(health.NotFound, "linux")},
		"may not be read":          {report(health.NoPermission), false, "Today 20:10: may not be read. " + placeTodo(health.NoPermission, "linux")},
		"empty":                    {report(health.NoTrouble), false, "Today 20:10: it can be read, and holds no backups."},
		"a device":                 {report(health.NoTrouble, device("Anna's iPhone", at(48*time.Hour))), false, "Today 20:10: it can be read, and holds backups of 1 device: Anna's iPhone (last backup 2 days ago)."},
		"a device without a proof": {report(health.NoTrouble, device("", time.Time{})), false, "Today 20:10: it can be read, and holds backups of 1 device: Device 3f2a9c01 (no proven backup)."},
		"a hidden name":            {report(health.NoTrouble, device("Anna's iPhone", at(time.Hour))), true, "Today 20:10: it can be read, and holds backups of 1 device: iPhone 1 (last backup 1 hour ago)."},
		"many devices": {report(health.NoTrouble, many...), false, "Today 20:10: it can be read, and holds backups of 7 devices: Phone 0 (last backup 2 days ago), Phone 1 (last backup 2 days ago), " +
			"Phone 2 (last backup 2 days ago), Phone 3 (last backup 2 days ago), Phone 4 (last backup 2 days ago), 2 more."},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, FolderSays(c.report, "linux", c.hide, settingsNow)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTestSays(t *testing.T) {
	if got := TestSays(errors.New("desktop: notify: no service"), false, settingsNow, settingsNow); got != "Today 20:10: it could not be shown: no service." {
		t.Error(got)
	}
	if got := TestSays(nil, false, settingsNow, settingsNow); !strings.HasPrefix(got, "Today 20:10: your desktop took it.") || strings.Contains(got, "switched off") {
		t.Error(got)
	}
}

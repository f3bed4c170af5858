package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ninelives/internal/health"
)

const day = health.Day

// inFile writes a settings file and gives its path.
func inFile(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func mustRead(t testing.TB, text string) Settings {
	t.Helper()
	s, err := ReadSettings(inFile(t, text), true)
	if err != nil {
		t.Fatalf("reading %q: %v", text, err)
	}
	return s
}

// sample is the example of the documentation, word for word.
const sample = `check_every = "6h"                # or a five-field cron line: "0 9,21 * * *"; at least 1m
warn_after = "7d"                 # all routes and devices, unless said below
critical_after = "14d"
[icloud]                          # [computer] likewise
warn_after = "3d"
critical_after = "7d"
[device."3f2a9c01"]               # the id that ` + "`check`" + ` shows
warn_after = "30d"
ignore = false
[backups]
folders = []                      # besides the usual places
[apple_status]
enabled = true
[notifications]
enabled = true
quiet = ""                        # "22:00-08:00"
repeat = ["1d", "3d", "7d"]       # the last one goes on
[page]
hide_names = false                # call devices by their model, as for sharing a screen
`

func TestTheExampleOfTheDocumentationIsTheDefaultsAndOneDevice(t *testing.T) {
	want := health.DefaultPolicy()
	want.Devices = map[string]health.DevicePolicy{
		"3f2a9c01": {Limits: health.Limits{WarnAfter: 30 * day, CriticalAfter: 60 * day}},
	}
	s := mustRead(t, sample)
	if diff := cmp.Diff(want, s.Policy()); diff != "" {
		t.Error(diff)
	}
	if s.CheckEvery() != "6h" || s.Interval() != 6*time.Hour || !s.FeedEnabled() || s.Folders() != nil || s.HideNames() {
		t.Errorf("got %q %v %v %v", s.CheckEvery(), s.Interval(), s.FeedEnabled(), s.Folders())
	}
}

func TestDefaultsAreThoseOfTheJudge(t *testing.T) {
	if diff := cmp.Diff(health.DefaultPolicy(), Defaults().Policy()); diff != "" {
		t.Error(diff)
	}
	var file strings.Builder
	for _, k := range Keys() {
		if k.Default != "" && !strings.HasPrefix(k.Name, "device.") {
			file.WriteString(k.Name + " = " + k.Default + "\n")
		}
	}
	s := mustRead(t, file.String())
	if diff := cmp.Diff(health.DefaultPolicy(), s.Policy()); diff != "" {
		t.Errorf("the defaults that Keys names differ: %s", diff)
	}
	if s.CheckEvery() != Defaults().CheckEvery() || s.WarnAfter() != Defaults().WarnAfter() || s.FeedEnabled() != Defaults().FeedEnabled() {
		t.Error("the defaults that Keys names differ in accessors")
	}
}

func TestLimits(t *testing.T) {
	const id = "3f2a9c01"
	l := func(warn, critical time.Duration) health.Limits {
		return health.Limits{WarnAfter: warn, CriticalAfter: critical}
	}
	cases := map[string]struct {
		file             string
		computer, icloud health.Limits // of the device 3f2a9c01
	}{
		"nothing set: each route has its default":              {"", l(7*day, 14*day), l(3*day, 7*day)},
		"set for all: the iCloud default is gone":              {"warn_after='5d'", l(5*day, 14*day), l(5*day, 7*day)},
		"both set for all: they hold everywhere":               {"warn_after='5d'\ncritical_after='6d'", l(5*day, 6*day), l(5*day, 6*day)},
		"a route goes before all":                              {"warn_after='5d'\n[icloud]\nwarn_after='1d'", l(5*day, 14*day), l(1*day, 7*day)},
		"the computer's table is its own":                      {"[computer]\ncritical_after='8d'", l(7*day, 8*day), l(3*day, 7*day)},
		"a device goes before its route":                       {"[icloud]\nwarn_after='1d'\n[device.3f2a9c01]\nwarn_after='2d'", l(2*day, 14*day), l(2*day, 7*day)},
		"another device is not touched":                        {"[device.00000000]\nwarn_after='2d'", l(7*day, 14*day), l(3*day, 7*day)},
		"a later warning pushes the default problem":           {"warn_after='10d'", l(10*day, 14*day), l(10*day, 14*day)},
		"a much later warning doubles for the problem":         {"warn_after='30d'", l(30*day, 60*day), l(30*day, 60*day)},
		"an earlier problem pulls the default warning":         {"critical_after='4d'", l(2*day, 4*day), l(3*day, 4*day)},
		"a route's warning pushes the problem set for all":     {"critical_after='5d'\n[computer]\nwarn_after='20d'", l(20*day, 40*day), l(3*day, 5*day)},
		"a route's problem pulls the warning set for all":      {"warn_after='5d'\n[computer]\ncritical_after='4d'", l(2*day, 4*day), l(5*day, 7*day)},
		"a device's warning between the routes' problems":      {"[device.3f2a9c01]\nwarn_after='10d'", l(10*day, 14*day), l(10*day, 14*day)},
		"a device's problem between the routes' warnings":      {"[device.3f2a9c01]\ncritical_after='4d'", l(3*day, 4*day), l(3*day, 4*day)},
		"a device's problem before all warnings":               {"[device.3f2a9c01]\ncritical_after='1d'", l(12*time.Hour, 1*day), l(12*time.Hour, 1*day)},
		"the longest warning there is does not overflow":       {"warn_after='36500d'", l(36500*day, 36500*day), l(36500*day, 36500*day)},
		"the shortest problem there is leaves a warning":       {"critical_after='1ns'", l(1, 1), l(1, 1)},
		"equal limits: a problem at once, as asked for":        {"warn_after='5d'\ncritical_after='5d'", l(5*day, 5*day), l(5*day, 5*day)},
		"inline and dotted tables mean the same":               {"icloud={warn_after='1d'}\ndevice.3f2a9c01.warn_after='2d'", l(2*day, 14*day), l(2*day, 7*day)},
		"a device table with nothing in it changes nothing":    {"[device.3f2a9c01]", l(7*day, 14*day), l(3*day, 7*day)},
		"a byte order mark and Windows line ends are no error": {"\uFEFFwarn_after='5d'\r\n", l(5*day, 14*day), l(5*day, 7*day)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := mustRead(t, c.file).Policy()
			if got := p.LimitsFor(id, health.ComputerRoute); got != c.computer {
				t.Errorf("computer: got %v, want %v", got, c.computer)
			}
			if got := p.LimitsFor(id, health.ICloudRoute); got != c.icloud {
				t.Errorf("iCloud: got %v, want %v", got, c.icloud)
			}
		})
	}
}

func TestLimitsAreNeverTheWrongWayRound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.OneOf(rapid.Just(age(0)), rapid.Map(rapid.Int64Range(1, int64(MaxDuration)), func(n int64) age { return age(n) }), rapid.Map(rapid.IntRange(1, 40), func(n int) age { return age(n) * age(day) }))
		draw := func(name string) limits {
			l := limits{amount.Draw(t, name+" warn"), amount.Draw(t, name+" critical")}
			if l.contradict() {
				l.warn, l.critical = l.critical, l.warn
			}
			return l
		}
		s := Settings{general: draw("all"), icloud: draw("icloud"), computer: draw("computer")}
		s.device("3f2a9c01").limits = draw("device")
		for _, id := range []string{"", "3f2a9c01"} {
			for _, kind := range []health.RouteKind{health.ComputerRoute, health.ICloudRoute} {
				if l := s.Policy().LimitsFor(id, kind); l.WarnAfter <= 0 || l.WarnAfter > l.CriticalAfter {
					t.Fatalf("%q %s: %v", id, kind, l)
				}
			}
		}
		shown, err := readDocument("shown", []byte(Show(s)))
		if err != nil {
			t.Fatalf("%v\n%s", err, Show(s))
		}
		if diff := cmp.Diff(s.Policy(), shown.Policy()); diff != "" {
			t.Fatalf("what is shown means something else: %s\n%s", diff, Show(s))
		}
	})
}

func TestErrorsNameLineKeyValueAndRemedy(t *testing.T) {
	cases := map[string]struct{ file, want string }{
		"an unknown key":                     {"\nwran_after = '3d'", `, line 2: wran_after = '3d': want one of check_every, warn_after, critical_after; did you mean warn_after?`},
		"a dash for an underscore":           {"[icloud]\nwarn-after = '3d'", `, line 2: icloud.warn-after = '3d': want one of icloud.warn_after, icloud.critical_after; did you mean icloud.warn_after?`},
		"an unknown key of a device":         {"[device.3f2a9c01]\nignored = true", `, line 2: device.3f2a9c01.ignored = true: want one of device.3f2a9c01.warn_after, device.3f2a9c01.critical_after, device.3f2a9c01.ignore; did you mean device.3f2a9c01.ignore?`},
		"a key in capitals":                  {"Warn_After = '3d'", `, line 1: Warn_After = '3d': want one of check_every, warn_after, critical_after; did you mean warn_after?`},
		"a key that is nothing like ours":    {"zzzzzzzzzz.y = 1", `, line 1: zzzzzzzzzz.y = 1: want a known key`},
		"an unknown table":                   {"[iclod]\nwarn_after='3d'", `, line 1: iclod: want one of the tables [icloud], [computer], [device."ID"], [backups], [apple_status], [phones], [ios_releases], [notifications], [page]`},
		"a table for a key":                  {"[warn_after]\n", `, line 1: warn_after: want a duration such as "36h", "7d" or "1w"`},
		"a key for a table":                  {"icloud = '3d'", `, line 1: icloud = '3d': want a table`},
		"a list of tables":                   {"[[icloud]]\nwarn_after='3d'", `, line 1: icloud: want [single brackets]`},
		"a device that is not an id":         {"[device.anna]\nignore = true", `, line 1: device.anna: want the id of a device, 8 digits of 0-9 and a-f, as "ninelives check --json" shows it`},
		"an id in capitals":                  {"device.3F2A9C01.ignore = true", `, line 1: device.3F2A9C01.ignore = true: want the id of a device, 8 digits of 0-9 and a-f, as "ninelives check --json" shows it`},
		"a number for a duration":            {"warn_after = 7", `, line 1: warn_after = 7: want a duration such as "36h", "7d" or "1w"`},
		"a duration without a unit":          {"warn_after = '7'", `, line 1: warn_after = '7': want a duration such as "36h", "7d" or "1w"`},
		"no time at all":                     {"warn_after = '0d'", `, line 1: warn_after = '0d': want a duration such as "36h", "7d" or "1w"`},
		"a duration before now":              {"[computer]\nwarn_after = '-1d'", `, line 2: computer.warn_after = '-1d': want a duration such as "36h", "7d" or "1w"`},
		"looking every second":               {"check_every = '1s'", `, line 1: check_every = '1s': want an interval of at least "1m", such as "6h" or "1d", or a five-field cron line that fires, such as "0 9,21 * * *"`},
		"a cron line that never fires":       {"check_every = '0 0 30 2 *'", `, line 1: check_every = '0 0 30 2 *': want an interval of at least "1m", such as "6h" or "1d", or a five-field cron line that fires, such as "0 9,21 * * *"`},
		"a word for a switch":                {"apple_status.enabled = 'yes'", `, line 1: apple_status.enabled = 'yes': want true or false`},
		"quiet hours that are not hours":     {"notifications.quiet = '22-8'", `, line 1: notifications.quiet = '22-8': want two times of day such as "22:00-08:00", or "" for none`},
		"no reminder at all":                 {"notifications.repeat = []", `, line 1: notifications.repeat = []: want a list of durations of at least "1m", such as ["1d", "3d", "7d"]`},
		"a folder that depends on the place": {"backups.folders = ['Backups']", `, line 1: backups.folders = ['Backups']: want a list of folders, each absolute or below "~/", such as ["~/Backups", "/mnt/disk/phones"]`},
		"a warning after the problem":        {"critical_after='5d'\nwarn_after='6d'", `, line 2: warn_after = "6d": want at most critical_after, which is "5d"`},
		"the same for a device":              {"[device.3f2a9c01]\ncritical_after='5d'\nwarn_after='6d'", `, line 3: device.3f2a9c01.warn_after = "6d": want at most device.3f2a9c01.critical_after, which is "5d"`},
		"text without quotes":                {"warn_after = 7d", `, line 1: warn_after = 7d: want valid TOML: strings must be quoted`},
		"a key that stands twice":            {"warn_after='7d'\n\nwarn_after='8d'", `, line 3: warn_after='8d': want valid TOML: key warn_after is already defined`},
		"the first of several by line":       {"warn_after='x'\n[nope]\nwarn_after = 7d", `, line 1: warn_after = 'x': want a duration such as "36h", "7d" or "1w"`},
		"a problem before the syntax error":  {"x = 1\n\n=", `, line 1: x = 1: want one of check_every, warn_after, critical_after`},
		"text as Windows once saved it":      {"\xff\xfew\x00a\x00", `, line 1: want a text in UTF-8: save it as that`},
		"a value that is a book":             {"warn_after = '" + strings.Repeat("x", 5000) + "'", `, line 1: warn_after = '` + strings.Repeat("x", 79) + `…: want a duration such as "36h", "7d" or "1w"`},
		"a value with an escape in it":       {"warn_after = \"\"\"\n\\u001b[31mred\"\"\"", `, line 1: warn_after = """·\u001b[31mred""": want a duration such as "36h", "7d" or "1w"`},
		"nested to the limit":                {"x = " + strings.Repeat("[", 20000), `, line 1: x = ` + strings.Repeat("[", 76) + `…: want valid TOML: arrays and inline tables are nested more than the maximum of 10000 levels deep`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := inFile(t, c.file)
			_, err := ReadSettings(path, false)
			var problem *SettingsError
			if !errors.As(err, &problem) || problem.File != path {
				t.Fatalf("got %v", err)
			}
			if got := err.Error(); got != path+c.want || strings.ContainsAny(got, "\r\n\x1b") {
				t.Errorf("\n got %s\nwant %s", got, path+c.want)
			}
		})
	}
}

func TestMissingFileIsAnErrorOnlyWhenNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.toml")
	if s, err := ReadSettings(path, false); err != nil || s.CheckEvery() != "6h" {
		t.Errorf("got %v", err)
	}
	if _, err := ReadSettings(path, true); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsNoFileIsRefused(t *testing.T) {
	var problem *SettingsError
	if _, err := ReadSettings(t.TempDir(), false); !errors.As(err, &problem) {
		t.Errorf("a folder: got %v", err)
	}
	if _, err := ReadSettings(inFile(t, strings.Repeat("#", 1<<20+1)), false); !errors.As(err, &problem) {
		t.Errorf("a huge file: got %v", err)
	}
}

func TestPolicyOfNotifications(t *testing.T) {
	p := mustRead(t, "[notifications]\nenabled = false\nquiet = '22:00-08:00'\nrepeat = ['1d', '1w']").Policy()
	if !p.Silent || p.Quiet != (health.Quiet{Start: 22 * time.Hour, End: 8 * time.Hour}) {
		t.Errorf("got %+v", p)
	}
	if diff := cmp.Diff([]time.Duration{day, 7 * day}, p.Repeat); diff != "" {
		t.Error(diff)
	}
}

func TestFoldersStartAtHome(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	other := t.TempDir()
	s := mustRead(t, "[backups]\nfolders = ['~/Backups', '"+other+"/']")
	if diff := cmp.Diff([]string{filepath.Join(home, "Backups"), other}, s.Folders()); diff != "" {
		t.Error(diff)
	}
}

func TestWith(t *testing.T) {
	list := string(os.PathListSeparator)
	cases := map[string]struct{ key, value, want string }{
		"a duration":                     {"warn_after", "9d", `warn_after = "9d"`},
		"a duration in quotes":           {"icloud.warn_after", `"36h"`, `warn_after = "1d12h"`},
		"a schedule":                     {"check_every", "0 9 * * *", `check_every = "0 9 * * *"`},
		"a switch":                       {"apple_status.enabled", "false", "enabled = false"},
		"a device":                       {"device.3f2a9c01.ignore", "true", "ignore = true"},
		"a device in quotes":             {`device."3f2a9c01".ignore`, "true", "ignore = true"},
		"no quiet hours":                 {"notifications.quiet", "", `quiet = ""`},
		"a list with commas":             {"notifications.repeat", "2d, 4d", `repeat = ["2d", "4d"]`},
		"a list in TOML":                 {"notifications.repeat", `["2d"]`, `repeat = ["2d"]`},
		"folders with commas":            {"backups.folders", "/a, ~/b", `folders = ["/a", "~/b"]`},
		"a folder with a comma":          {"backups.folders", "/a,b", `folders = ["/a,b"]`},
		"folders as a path list":         {"backups.folders", "/a" + list + "/b,c", `folders = ["/a", "/b,c"]`},
		"folders in TOML":                {"backups.folders", `['/a:b']`, `folders = ["/a:b"]`},
		"no folders":                     {"backups.folders", "", `folders = []`},
		"a folder with quotes":           {"backups.folders", `['/a"b']`, `folders = ['/a"b']`},
		"a folder with all there is":     {"backups.folders", `["/a'\"\\b"]`, `folders = ["/a'\"\\b"]`},
		"an unknown key":                 {"warnafter", "3d", "warnafter = \"3d\": want one of check_every, warn_after, critical_after; did you mean warn_after?"},
		"a bad value":                    {"warn_after", "soon", `warn_after = "soon": want a duration such as "36h", "7d" or "1w"`},
		"an empty value":                 {"warn_after", "", `warn_after = "": want a duration such as "36h", "7d" or "1w"`},
		"a value that starts a line":     {"apple_status.enabled", "true\nx = 1", `apple_status.enabled = "true\u000ax = 1": want true or false`},
		"a table":                        {"icloud", "3d", `icloud = "3d": want one of check_every, warn_after, critical_after`},
		"a bad device":                   {"device.anna.ignore", "true", `device.anna.ignore = "true": want the id of a device, 8 digits of 0-9 and a-f, as "ninelives check --json" shows it`},
		"no key":                         {"", "3d", `"3d": want one of check_every, warn_after, critical_after`},
		"a problem before its warning":   {"computer.critical_after", "1d", `computer.critical_after = "1d": want at least computer.warn_after, which is "2d"`},
		"a warning after its own end":    {"computer.warn_after", "20d", `computer.warn_after = "20d": want at most computer.critical_after, which is "3d"`},
		"a device's key without the key": {"device.3f2a9c01", "1d", `device.3f2a9c01 = "1d": want a known key`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			base := Settings{computer: limits{age(2 * day), age(3 * day)}}
			before := Show(base)
			s, err := base.With(c.key, c.value)
			if Show(base) != before {
				t.Error("the settings it was asked of have changed")
			}
			if err != nil {
				if err.Error() != c.want {
					t.Errorf("\n got %s\nwant %s", err, c.want)
				}
				return
			}
			if !strings.Contains("\n"+Show(s), "\n"+c.want+"\n") {
				t.Errorf("want %s in:\n%s", c.want, Show(s))
			}
		})
	}
}

func TestChangesWithWithDoNotReachTheOriginal(t *testing.T) {
	one, _ := Defaults().With("device.3f2a9c01.ignore", "true")
	if _, err := one.With("device.3f2a9c01.ignore", "false"); err != nil {
		t.Fatal(err)
	}
	if !one.Policy().Devices["3f2a9c01"].Ignore {
		t.Error("a later With changed earlier settings")
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ninelives/internal/alert"
	"ninelives/internal/health"
	"ninelives/internal/monitor"
	"ninelives/internal/store"
	"ninelives/internal/view"
)

// noScreen shows nothing.
type noScreen struct{}

func (noScreen) Show(view.View) {}

// heard stands in for the desktop's notifications.
type heard struct {
	mu       sync.Mutex
	messages []alert.Message
	err      error
}

func (h *heard) Notify(_ context.Context, m alert.Message) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.messages = append(h.messages, m)
	return h.err
}

// watching starts a program without outlets whose settings file has this text;
// without a text there is no file.
func watching(t testing.TB, text string) *daemon {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "config.toml")
	if text != "" {
		write(t, file, text)
	}
	p := &program{out: io.Discard, err: io.Discard, env: func(string) string { return "" }, home: dir, goos: "linux"}
	w := &world{program: p, flags: flags{offline: true}, places: store.Places{ConfigFile: file, DataDir: dir, LogDir: dir}, now: clock(storyTime)}
	var err error
	if w.settings, err = store.ReadSettings(file, false); err != nil {
		t.Log(err) // the defaults are in force
	}
	d := &daemon{world: w, sources: &sources{}, log: quietLog(), saved: make(chan error, 1), notices: map[string]string{}, teller: &heard{}}
	d.stamp, _ = store.Changed(file, store.Stamp{})
	d.monitor = monitor.New(d.setup(), monitor.Options{Screen: noScreen{}, Now: w.now, Log: d.log})
	ctx, cancel := context.WithCancel(context.Background())
	go func() { d.saved <- d.monitor.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		<-d.saved
	})
	return d
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (d *daemon) file(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(d.world.places.ConfigFile)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(text)
}

// posted is what a browser sends of a form that nobody has touched.
func posted(s view.Settings) map[string]string {
	form := map[string]string{}
	for _, g := range s.Groups() {
		for _, f := range g.Fields {
			form[f.Name] = strings.ReplaceAll(f.Value, "\n", "\r\n")
			for _, o := range f.Options {
				if o.Chosen {
					form[f.Name] = o.Value
				}
			}
		}
	}
	return form
}

// filledIn is the form with some fields changed.
func filledIn(s view.Settings, changes map[string]string) map[string]string {
	form := posted(s)
	maps.Copy(form, changes)
	return form
}

// errorsOf are the errors as they stand beside the fields.
func errorsOf(s view.Settings) map[string]string {
	all := map[string]string{}
	for _, g := range s.Groups() {
		for _, f := range g.Fields {
			if f.Error != "" {
				all[f.Name] = f.Error
			}
		}
	}
	return all
}

const byHand = `# mine
check_every = '0 9,21 * * *'   # twice
warn_after   = "1w"
[icloud]
critical_after = '240h'
[device]
3f2a9c01.ignore = true # Anna
[backups]
folders = [ '/mnt/a ',   # a drive
  '~/b,c' ]
[notifications]
quiet = ''
repeat = [ '24h', "3d" ]
`

func TestTheFormHasAFieldForEverySetting(t *testing.T) {
	form := posted(watching(t, byHand).pageSettings())
	for _, k := range store.Keys() {
		name := strings.Replace(k.Name, "ID", "3f2a9c01", 1)
		if _, ok := form[name]; !ok {
			t.Errorf("no field for %s", name)
		}
	}
}

func TestSavingAnUntouchedFormChangesNoByte(t *testing.T) {
	for name, text := range map[string]string{"no file": "", "a file by hand": byHand, "an empty file": " ", "a file of ours": "# [page]\n\n[page]\nhide_names = false\n", "a bad file": "warn_after = 7\n=", "names hidden": "page.hide_names = true\n" + byHand} {
		t.Run(name, func(t *testing.T) {
			d := watching(t, text)
			shown := d.pageSettings()
			after := d.saveSettings(t.Context(), shown.Stamp, posted(shown))
			if d.file(t) != text {
				t.Errorf("the file became\n%s", d.file(t))
			}
			if after.Saved != (shown.Problem == "") || after.Problem != shown.Problem {
				t.Errorf("saved %v, %s", after.Saved, after.Problem)
			}
			if text == "" {
				if _, err := os.Stat(d.world.places.ConfigFile); err == nil {
					t.Error("a file was made")
				}
			}
		})
	}
}

func TestSavingWhatIsShownChangesNoByteOfAnyFile(t *testing.T) {
	d := watching(t, "")
	file := d.world.places.ConfigFile
	lines := []string{"check_every = '360m'", "check_every = \"0 9 * * *\" # x", "warn_after='168h'", "critical_after = '90d'", "warn_after = 7", "nope = 1",
		"[icloud]", "warn_after = '1d'", "[computer]", "[device.3f2a9c01]", "ignore = false", "[device.00000000]", "warn_after = \"1.5d\"", "[backups]", "folders = []", "folders = ['/x \"y', '~/ ']",
		"[apple_status]", "enabled = true", "enabled = false", "[notifications]", "quiet = '22:00-08:00'", "repeat = ['1w',\n'2w']", "[page]", "hide_names = false", "# note", "", "=", "icloud = { warn_after = '1d' }"}
	rapid.Check(t, func(r *rapid.T) {
		text := strings.Join(rapid.SliceOfNDistinct(rapid.SampledFrom(lines), 0, 12, rapid.ID).Draw(r, "lines"), "\n") + "\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			r.Fatal(err)
		}
		shown := d.pageSettings()
		if after := d.saveSettings(context.Background(), shown.Stamp, posted(shown)); after.Saved != (shown.Problem == "") {
			r.Errorf("saved %v: %s %v", after.Saved, after.Problem, after.Errors)
		}
		got, err := os.ReadFile(file)
		if err != nil || string(got) != text {
			r.Errorf("%v\n%s\nbecame\n%s", err, text, got)
		}
	})
}

func TestSavingTakesEffectAtOnce(t *testing.T) {
	d := watching(t, byHand)
	shown := d.pageSettings()
	after := d.saveSettings(t.Context(), shown.Stamp, filledIn(shown, map[string]string{
		"check_every": "3h", "warn_after": "", "critical_after": "3 weeks", "device.3f2a9c01.ignore": "", "backups.folders": "/mnt/a \r\n/new, too\r\n",
		"notifications.quiet": "22:00 - 8:00", "notifications.repeat": "24h, 1 week", "notifications.enabled": "false", "page.hide_names": "true",
	}))
	if !after.Saved || after.Problem != "" || len(after.Errors) > 0 {
		t.Fatalf("%s %v", after.Problem, after.Errors)
	}
	want := `critical_after = "21d"
# mine
check_every = "3h"   # twice
[icloud]
critical_after = '240h'
[device]
# Anna
[backups]
folders = ["/mnt/a ", "/new, too"]
[notifications]
quiet = "22:00-08:00"
repeat = ["1d", "7d"]
enabled = false

[page]
hide_names = true
`
	got := d.file(t)
	for _, line := range strings.Split(want, "\n") {
		if !strings.Contains(got, line) {
			t.Errorf("no line %q in\n%s", line, got)
		}
	}
	if strings.Contains(got, "warn_after") || strings.Contains(got, "ignore") {
		t.Errorf("something is left in\n%s", got)
	}
	policy := d.world.settings.Policy()
	if !policy.Silent || policy.Computer.CriticalAfter != 21*health.Day || d.world.settings.CheckEvery() != "3h" || !d.world.settings.HideNames() {
		t.Errorf("not in force: %+v", policy)
	}
	if next := []time.Time{storyTime.Add(3 * time.Hour), storyTime.Add(6 * time.Hour), storyTime.Add(9 * time.Hour)}; !near(after.Next, next) {
		t.Errorf("next rounds %v", after.Next)
	}
	if after.Stamp == shown.Stamp || after.Outcome() != "Saved. It holds from now on." {
		t.Errorf("stamp %s: %s", after.Stamp, after.Outcome())
	}
	if strings.Contains(fmt.Sprint(after.Groups()[len(after.Groups())-6]), "/mnt/a") || after.File == d.world.places.ConfigFile {
		t.Error("a path is shown while names are hidden")
	}
}

// near compares times that lie apart by the length of the test at most.
func near(got, want []time.Time) bool {
	return slices.EqualFunc(got, want, func(a, b time.Time) bool { return a.Sub(b).Abs() < time.Minute })
}

func TestTheNextRoundsCountFromTheLastLook(t *testing.T) {
	now := storyTime
	cases := map[string]struct {
		every  string
		looked time.Duration // before now
		want   time.Duration // after now
	}{
		"an interval":                      {"6h", 2 * time.Hour, 4 * time.Hour},
		"an interval that is over":         {"6h", 7 * time.Hour, 6 * time.Hour},
		"a look in the future":             {"6h", -time.Hour, 6 * time.Hour},
		"a cron line does not mind a look": {"0 21 * * *", 2 * time.Hour, 11 * time.Hour},
	}
	for name, c := range cases {
		s, err := store.Defaults().With("check_every", c.every)
		if err != nil {
			t.Fatal(err)
		}
		if got := nextRounds(s, now.Add(-c.looked), now); len(got) != 3 || got[0].Sub(now) != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestTheFirstSaveMakesAFile(t *testing.T) {
	d := watching(t, "")
	after := d.saveSettings(t.Context(), "", map[string]string{"device.3f2a9c01.warn_after": "30d", "token": "x"})
	if !after.Saved || !strings.Contains(d.file(t), "\n[device.\"3f2a9c01\"]\nwarn_after = \"30d\"\n") || !strings.Contains(d.file(t), "# check_every = \"6h\"") {
		t.Errorf("%s\n%s", after.Problem, d.file(t))
	}
	if devices := after.Devices; len(devices) != 1 || devices[0].ID != "3f2a9c01" {
		t.Errorf("got %v", devices)
	}
}

func TestWhatIsNotAcceptedComesBackAsTypedAndNothingIsSaved(t *testing.T) {
	cases := map[string]struct {
		file   string
		typed  map[string]string
		errors map[string]string // words that each error holds
	}{
		"every bad field at once": {byHand, map[string]string{
			"check_every": "own", "check_every.own": "<often>", "warn_after": "soon", "icloud.warn_after": "2d", "backups.folders": "rel\r\n/abs",
			"notifications.quiet": "at night", "notifications.repeat": "daily, 1d", "device.3f2a9c01.critical_after": "-1d", "apple_status.enabled": "maybe",
		}, map[string]string{
			"check_every.own": "neither an interval", "warn_after": "not a length of time", "backups.folders": "full path", "notifications.quiet": "times of day",
			"notifications.repeat": "list of lengths", "device.3f2a9c01.critical_after": "not a length", "apple_status.enabled": "neither on nor off",
		}},
		"limits the wrong way round": {byHand, map[string]string{"warn_after": "20d", "critical_after": "10d", "icloud.warn_after": "11 days"},
			map[string]string{"warn_after": "“At risk after”, which is 10 days", "icloud.warn_after": "“At risk after”, which is 10 days"}},
		"a limit below the other of the file": {byHand, map[string]string{"critical_after": "5d"}, map[string]string{"critical_after": "“Needs attention after”, which is 7 days"}},
		"an interval and one's own":           {"", map[string]string{"check_every": "12h", "check_every.own": "90m", "warn_after": "x"}, map[string]string{"check_every.own": "does not go with", "warn_after": "not a length"}},
		"one's own without one":               {"", map[string]string{"check_every": "own"}, map[string]string{"check_every.own": "Write when"}},
		"a line that never comes round":       {"", map[string]string{"check_every": "own", "check_every.own": "0 0 30 2 *"}, map[string]string{"check_every.own": "ever comes round"}},
		"a text that looks like TOML":         {"", map[string]string{"warn_after": "7d\"\n[page]\nhide_names = true\n#"}, map[string]string{"warn_after": "not a length"}},
		"a bad file that is not mended": {"warn_after = 7\n[icloud]\nwarn_after = 'x'\n", map[string]string{"warn_after": "7d", "critical_after": "x"},
			map[string]string{"critical_after": "not a length", "icloud.warn_after": "not a length"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			d := watching(t, c.file)
			shown := d.pageSettings()
			before := d.world.settings
			after := d.saveSettings(t.Context(), shown.Stamp, filledIn(shown, c.typed))
			if after.Saved || d.file(t) != c.file || store.Show(before) != store.Show(d.world.settings) {
				t.Fatalf("something was saved:\n%s", d.file(t))
			}
			got := errorsOf(after)
			if diff := cmp.Diff(slices.Sorted(maps.Keys(c.errors)), slices.Sorted(maps.Keys(got))); diff != "" {
				t.Error(diff)
			}
			for name, want := range c.errors {
				if !strings.Contains(got[name], want) {
					t.Errorf("%s: %q, want %q", name, got[name], want)
				}
			}
			back := posted(after)
			for name, typed := range c.typed {
				if strings.ReplaceAll(back[name], "\r\n", "\n") != strings.ReplaceAll(typed, "\r\n", "\n") {
					t.Errorf("%s comes back as %q, typed was %q", name, back[name], typed)
				}
			}
			if (after.Outcome() == "") != (after.Problem != "") {
				t.Errorf("outcome %q, problem %q", after.Outcome(), after.Problem)
			}
		})
	}
}

func TestABadFileIsNamedAndCanBeMended(t *testing.T) {
	d := watching(t, "# mine\nwarn_after = 7 # days\n[icloud]\nwarn_after = '9d'\ncritical_after = '8d'\n")
	shown := d.pageSettings()
	if !strings.Contains(shown.Problem, "config.toml, line 2: warn_after = 7: want a duration") || !strings.Contains(shown.Problem, "Mend it below") {
		t.Errorf("got %s", shown.Problem)
	}
	if got := errorsOf(shown); len(got) != 2 || got["warn_after"] == "" || got["icloud.warn_after"] == "" {
		t.Errorf("got %v", got)
	}
	after := d.saveSettings(t.Context(), shown.Stamp, filledIn(shown, map[string]string{"warn_after": "7d", "icloud.warn_after": ""}))
	if !after.Saved || d.file(t) != "# mine\nwarn_after = \"7d\" # days\n[icloud]\ncritical_after = '8d'\n" {
		t.Errorf("%s\n%s", after.Problem, d.file(t))
	}
	write(t, d.world.places.ConfigFile, "critical_after = '' # none\n")
	shown = d.pageSettings() // an empty field is what mends this one
	if after = d.saveSettings(t.Context(), shown.Stamp, posted(shown)); !after.Saved || d.file(t) != "# none\n" {
		t.Errorf("%s\n%s", after.Problem, d.file(t))
	}
	write(t, d.world.places.ConfigFile, "warn_after = \n")
	if shown = d.pageSettings(); !strings.Contains(shown.Problem, "line 1: ") || !strings.Contains(shown.Problem, "Mend it there") {
		t.Errorf("got %s", shown.Problem)
	}
	after = d.saveSettings(t.Context(), shown.Stamp, filledIn(shown, map[string]string{"critical_after": "40d"}))
	if after.Saved || !strings.Contains(after.Problem, "line 1: ") || after.Values["critical_after"] != "40d" || d.file(t) != "warn_after = \n" {
		t.Errorf("%v %s", after.Saved, after.Problem)
	}
}

func TestAFileEditedByHandMeanwhileIsNotOverwritten(t *testing.T) {
	const edited = "check_every = '1h' # by hand\nwarn_after = '9d'\ncritical_after = '30d'\n[notifications]\nrepeat = ['2d']\n"
	for name, restarted := range map[string]bool{"in the same run": false, "after a restart": true} {
		t.Run(name, func(t *testing.T) {
			d := watching(t, byHand)
			shown := d.pageSettings()
			form := filledIn(shown, map[string]string{"warn_after": "8d", "notifications.quiet": "22:00-08:00", "critical_after": "x"})
			write(t, d.world.places.ConfigFile, edited)
			if restarted {
				d.form.shown = nil
			}
			after := d.saveSettings(t.Context(), shown.Stamp, form)
			if after.Saved || after.Problem != view.SettingsStale || d.file(t) != edited {
				t.Fatalf("%v %s\n%s", after.Saved, after.Problem, d.file(t))
			}
			want := map[string]string{"warn_after": "9d", "critical_after": "30d"}
			if restarted { // what was touched is not known any more
				maps.Copy(want, map[string]string{"check_every": "1h", "icloud.critical_after": "", "device.3f2a9c01.ignore": "", "backups.folders": "", "notifications.repeat": "2d", "notifications.quiet": ""})
			}
			if diff := cmp.Diff(want, after.Newer); diff != "" {
				t.Error(diff)
			}
			if after.Values["warn_after"] != "8d" || after.Values["notifications.quiet"] != "22:00-08:00" || after.Values["critical_after"] != "x" {
				t.Errorf("what was typed is gone: %v", after.Values)
			}
			if restarted {
				return
			}
			// Saving again takes over what was typed, and undoes nothing else.
			again := d.saveSettings(t.Context(), after.Stamp, filledIn(after, map[string]string{"critical_after": "31d"}))
			if !again.Saved || d.file(t) != "check_every = '1h' # by hand\nwarn_after = \"8d\"\ncritical_after = \"31d\"\n[notifications]\nrepeat = ['2d']\nquiet = \"22:00-08:00\"\n" {
				t.Errorf("%v %s\n%s", again.Errors, again.Problem, d.file(t))
			}
		})
	}
}

func TestAFileThatGoesOrComesMeanwhileIsNotOverwritten(t *testing.T) {
	d := watching(t, byHand)
	shown := d.pageSettings()
	if err := os.Remove(d.world.places.ConfigFile); err != nil {
		t.Fatal(err)
	}
	if after := d.saveSettings(t.Context(), shown.Stamp, filledIn(shown, map[string]string{"warn_after": "8d"})); after.Saved || after.Problem != view.SettingsStale || d.file(t) != "" {
		t.Errorf("gone: %v %s", after.Saved, after.Problem)
	}
	shown = d.pageSettings()
	write(t, d.world.places.ConfigFile, "warn_after = 7")
	after := d.saveSettings(t.Context(), shown.Stamp, filledIn(shown, map[string]string{"warn_after": "8d"}))
	if after.Saved || !strings.Contains(after.Problem, view.SettingsStale) || !strings.Contains(after.Problem, "line 1") || d.file(t) != "warn_after = 7" {
		t.Errorf("come: %v %s", after.Saved, after.Problem)
	}
}

func TestSavesAndEditsAtTheSameTimeLoseNothingSilently(t *testing.T) {
	d := watching(t, "# mine\n")
	shown := d.pageSettings()
	var group sync.WaitGroup
	var mu sync.Mutex
	saved := 0
	for i := range 8 {
		group.Go(func() {
			after := d.saveSettings(context.Background(), shown.Stamp, filledIn(shown, map[string]string{fmt.Sprintf("device.%08d.warn_after", i): "1d"}))
			mu.Lock()
			defer mu.Unlock()
			if after.Saved {
				saved++
			} else if after.Problem != view.SettingsStale {
				t.Error(after.Problem)
			}
		})
	}
	group.Go(func() { _ = d.pageSettings() })
	group.Wait()
	if saved != 1 || strings.Count(d.file(t), "warn_after") != 1 {
		t.Errorf("%d saved:\n%s", saved, d.file(t))
	}
}

func TestAFileThatCannotBeChangedIsAProblemWithARemedy(t *testing.T) {
	d := watching(t, "warn_after = '7d'\n")
	if err := os.Chmod(d.world.places.ConfigFile, 0o400); err != nil {
		t.Fatal(err)
	}
	shown := d.pageSettings()
	after := d.saveSettings(t.Context(), shown.Stamp, filledIn(shown, map[string]string{"warn_after": "8d"}))
	if after.Saved || !strings.Contains(after.Problem, "write-protected: allow writing to it") || after.Values["warn_after"] != "8d" || d.file(t) != "warn_after = '7d'\n" {
		t.Errorf("%v %s", after.Saved, after.Problem)
	}
	d = watching(t, "")
	if err := os.Mkdir(d.world.places.ConfigFile, 0o700); err != nil {
		t.Fatal(err)
	}
	shown = d.pageSettings()
	if !strings.Contains(shown.Problem, "want a regular file") {
		t.Errorf("a folder: %s", shown.Problem)
	}
	if after = d.saveSettings(t.Context(), shown.Stamp, filledIn(shown, map[string]string{"warn_after": "8d"})); after.Saved || after.Problem == "" {
		t.Errorf("a folder: %v %s", after.Saved, after.Problem)
	}
}

func TestATestNotificationSaysWhatCameOfIt(t *testing.T) {
	d := watching(t, "notifications.enabled = false\n")
	says, err := d.testNotice(t.Context())
	if err != nil || !strings.Contains(says, "your desktop took it") || !strings.Contains(says, "switched off here") || d.pageSettings().Noticed != says {
		t.Errorf("%q, %v", says, err)
	}
	d.teller = &heard{err: errors.New("no service answers")}
	if says, err = d.testNotice(t.Context()); err != nil || !strings.Contains(says, "could not be shown: no service answers") {
		t.Errorf("%q, %v", says, err)
	}
	if got := d.teller.(*heard).messages; len(got) != 1 || got[0].Title == "" || got[0].Body == "" {
		t.Errorf("got %v", got)
	}
	d.teller = nil
	if _, err = d.testNotice(t.Context()); !errors.Is(err, view.ErrNoNotifier) {
		t.Error(err)
	}
}

func TestAFolderIsReadOnceToTestIt(t *testing.T) {
	full, empty := t.TempDir(), t.TempDir()
	if _, err := made["anna-fresh"].Write(full); err != nil {
		t.Fatal(err)
	}
	d := watching(t, "[backups]\nfolders = ['"+full+"']\n")
	for path, want := range map[string]string{full: "1 device: Anna's iPhone (last backup 26 hours ago).", empty: "it can be read, and holds no backups.", filepath.Join(empty, "none"): "not there."} {
		if says, err := d.testFolder(t.Context(), path); err != nil || !strings.Contains(says, want) {
			t.Errorf("%s: %q, %v", path, says, err)
		}
	}
	shown := d.pageSettings()
	i := slices.IndexFunc(shown.Folders, func(f view.SettingsFolder) bool { return f.Path == full })
	if i < 0 || !shown.Folders[i].Own || !strings.Contains(shown.Folders[i].Says, "1 device") {
		t.Errorf("got %v", shown.Folders)
	}
	for _, bad := range []string{"", "rel", "../x", "/a\nb", "/" + strings.Repeat("x", 5000)} {
		if _, err := d.testFolder(t.Context(), bad); !errors.Is(err, view.ErrNoFolder) {
			t.Errorf("%.10q: %v", bad, err)
		}
	}
	if err := d.hideNames("on"); err != nil {
		t.Fatal(err)
	}
	if says, err := d.testFolder(t.Context(), full); err != nil || strings.Contains(says, "Anna") || !strings.Contains(says, "iPhone 1") {
		t.Errorf("hidden: %q, %v", says, err)
	}
	for i := range 100 { // what was tested is not kept for ever
		if _, err := d.testFolder(t.Context(), filepath.Join(empty, fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(d.form.folders); n > 32 {
		t.Errorf("%d are kept", n)
	}
}

func TestNamesAreHiddenAndShownBySetting(t *testing.T) {
	d := watching(t, "# mine\n")
	if err := d.hideNames("on"); err != nil || !d.world.settings.HideNames() || !strings.Contains(d.file(t), "hide_names = true") {
		t.Errorf("%v\n%s", err, d.file(t))
	}
	if err := d.hideNames("off"); err != nil || d.world.settings.HideNames() || strings.Contains(d.file(t), "hide_names") {
		t.Errorf("%v\n%s", err, d.file(t))
	}
}

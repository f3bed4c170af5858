package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"howett.net/plist"

	"ninelives/internal/health"
)

// profile writes a file of forced settings and gives its path.
func profile(t testing.TB, format int, values any) string {
	t.Helper()
	text, err := plist.Marshal(values, format)
	if err != nil {
		t.Fatal(err)
	}
	return rawProfile(t, text)
}

func rawProfile(t testing.TB, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), Domain+".plist")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func mustForce(t testing.TB, files ...string) Forced {
	t.Helper()
	f, err := ReadForced(files)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestForcedFiles(t *testing.T) {
	const all = "/Library/Managed Preferences/ninelives.monitor.plist"
	for name, c := range map[string]struct {
		goos, user string
		want       []string
	}{
		"a Mac":                 {"darwin", "anna", []string{"/Library/Managed Preferences/anna/ninelives.monitor.plist", all}},
		"nobody known":          {"darwin", "", []string{all}},
		"a name that is a path": {"darwin", "../x", []string{all}},
		"the folder above":      {"darwin", "..", []string{all}},
		"Linux":                 {"linux", "anna", nil},
		"Windows":               {"windows", "anna", nil},
	} {
		if diff := cmp.Diff(c.want, ForcedFiles(c.goos, c.user)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestForcedSettingsWinAndAreShown(t *testing.T) {
	values := map[string]any{
		"check_every": "0 9 * * *", "warn_after": "5d", "notifications.enabled": false, "notifications.repeat": []string{"2d"},
		"backups.folders": []string{"/Volumes/B"}, "page.hide_names": true,
	}
	own := mustRead(t, "check_every = '1h'\nwarn_after = '9d'\nicloud.warn_after = '2d'\nnotifications.enabled = true\nbackups.folders = ['/mine']\n")
	for name, format := range map[string]int{"xml": plist.XMLFormat, "binary": plist.BinaryFormat} {
		t.Run(name, func(t *testing.T) {
			s := mustForce(t, profile(t, format, values)).Over(own)
			for key, want := range map[string]string{
				"check_every": "0 9 * * *", "warn_after": "5d", "icloud.warn_after": "2d", "notifications.enabled": "false",
				"notifications.repeat": "2d", "backups.folders": "/Volumes/B", "page.hide_names": "true", "phones.enabled": "true",
			} {
				if got := s.InForce(key); got != want {
					t.Errorf("%s = %s, want %s", key, got, want)
				}
				if _, forced := values[key]; s.Forced(key) != forced {
					t.Errorf("%s: forced %v", key, s.Forced(key))
				}
			}
			if !s.Policy().Silent || !s.HideNames() {
				t.Error("it is shown and not done")
			}
			shown := Show(s)
			if n := strings.Count(shown, " # set by your administrator\n"); n != len(values) || !strings.Contains(shown, "\nwarn_after = \"5d\" # set by your administrator\n") {
				t.Errorf("%d keys are marked:\n%s", n, shown)
			}
			bounded := s.Policy()
			bounded.ComputerMost, bounded.ICloudMost = health.Limits{}, health.Limits{}
			if diff := cmp.Diff(bounded, mustRead(t, shown).Policy()); diff != "" {
				t.Errorf("what is shown means something else: %s", diff)
			}
		})
	}
	if own.InForce("check_every") != "1h" || own.Forced("check_every") || strings.Contains(Show(own), "administrator") {
		t.Error("one's own settings were changed")
	}
}

func TestTheNearerFileWins(t *testing.T) {
	person := profile(t, plist.XMLFormat, map[string]any{"warn_after": "5d", "PayloadUUID": "x"})
	all := profile(t, plist.XMLFormat, map[string]any{"warn_after": "6d", "critical_after": "8d"})
	s := mustForce(t, person, filepath.Join(t.TempDir(), "none"), all).Over(Defaults())
	if w, c := s.InForce("warn_after"), s.InForce("critical_after"); w != "5d" || c != "8d" {
		t.Errorf("%s, %s", w, c)
	}
}

func TestAForcedLimitIsNotUndoneByOnesOwn(t *testing.T) {
	for name, c := range map[string]struct {
		own            string
		forced         map[string]any
		warn, critical string
	}{
		"own critical below a forced warning": {"critical_after = '8d'", map[string]any{"warn_after": "10d"}, "10d", "14d"},
		"own warning above a forced critical": {"warn_after = '20d'\ncritical_after = '30d'", map[string]any{"critical_after": "10d"}, "7d", "10d"},
		"both forced":                         {"warn_after = '20d'\ncritical_after = '30d'", map[string]any{"warn_after": "2d", "critical_after": "4d"}, "2d", "4d"},
	} {
		s := mustForce(t, profile(t, plist.XMLFormat, c.forced)).Over(mustRead(t, c.own))
		if w, r := s.InForce("warn_after"), s.InForce("critical_after"); w != c.warn || r != c.critical {
			t.Errorf("%s: %s, %s", name, w, r)
		}
	}
}

func TestWhatAProfileMayNotSayIsToldAndLeftOut(t *testing.T) {
	for name, c := range map[string]struct {
		key   string
		value any
		want  string
	}{
		"a bad length":     {"critical_after", "soon", "want a duration"},
		"a number":         {"critical_after", 14, "want a duration"},
		"a table":          {"critical_after", map[string]string{"a": "b"}, "want a duration"},
		"a list in a list": {"backups.folders", []any{[]any{"/x"}}, "want a list of folders"},
		"an unknown key":   {"warn_aftr", "7d", "did you mean warn_after"},
		"a device":         {"device.3f2a9c01.warn_after", "30d", "not of a single device"},
		"a date":           {"check_every", time.Unix(0, 0), "want an interval"},
		"it contradicts":   {"critical_after", "1d", "want at most critical_after"},
	} {
		t.Run(name, func(t *testing.T) {
			file := profile(t, plist.XMLFormat, map[string]any{c.key: c.value, "page.hide_names": true, "warn_after": "5d"})
			f, err := ReadForced([]string{file})
			var bad *SettingsError
			if !errors.As(err, &bad) || bad.File != file || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			s := f.Over(Defaults())
			if !s.HideNames() || !s.Forced("page.hide_names") || s.Forced(c.key) {
				t.Error("the rest does not hold, or the bad one does")
			}
		})
	}
}

func TestBadProfilesAreErrorsAndNothingMore(t *testing.T) {
	deep := "<plist version=\"1.0\"><dict><key>warn_after</key>" + strings.Repeat("<array>", mostForced/7)
	for name, text := range map[string][]byte{
		"empty":       {},
		"text":        []byte("hello"),
		"old style":   []byte(`{ "warn_after" = "7d"; }`),
		"cut off":     []byte(`<plist version="1.0"><dict><key>warn_after</key>`),
		"huge counts": []byte("bplist00\xd1\x01\x02\x08" + strings.Repeat("\xff", 43)),
		"deep":        []byte(deep[:mostForced-1]),
		"too long":    bytes.Repeat([]byte(" "), mostForced+1),
		"no table":    []byte(`<plist version="1.0"><string>x</string></plist>`),
	} {
		t.Run(name, func(t *testing.T) {
			file := rawProfile(t, text)
			good := profile(t, plist.XMLFormat, map[string]any{"warn_after": "5d"})
			f, err := ReadForced([]string{file, good})
			if err == nil || !strings.Contains(err.Error(), file) {
				t.Errorf("got %v", err)
			}
			if f.Over(Defaults()).InForce("warn_after") != "5d" {
				t.Error("the other file does not count")
			}
		})
	}
}

func TestAForcedKeyIsRefused(t *testing.T) {
	s := mustForce(t, profile(t, plist.XMLFormat, map[string]any{"notifications.repeat": []string{"1d", "2d"}})).Over(Defaults())
	if err := s.Refuse("notifications.repeat"); !errors.Is(err, ErrForced) || !strings.Contains(err.Error(), "notifications.repeat = 1d, 2d") {
		t.Errorf("got %v", err)
	}
	for _, free := range []string{"warn_after", "device.3f2a9c01.ignore", "no.such"} {
		if err := s.Refuse(free); err != nil {
			t.Errorf("%s: %v", free, err)
		}
	}
}

func FuzzForced(f *testing.F) {
	for _, s := range []string{"bplist00\xd1\x01\x02Xwarn_afterR7d\x08\x0b\x16", `<plist version="1.0"><dict><key>warn_after</key><string>7d</string></dict></plist>`, "{a=b;}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file := rawProfile(t, text[:min(len(text), 4096)])
		forced, _ := ReadForced([]string{file}) // must return
		_ = Show(forced.Over(Defaults()))
	})
}

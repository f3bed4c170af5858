package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func stampAt(t testing.TB, path string) string {
	t.Helper()
	stamp, err := ContentStamp(path)
	if err != nil {
		t.Fatal(err)
	}
	return stamp
}

func TestChangeChangesSeveralKeysAndNothingElse(t *testing.T) {
	cases := map[string]struct {
		file    string
		changes map[string]string
		unset   []string
		want    string
	}{
		"values, a new table, and one taken out": {
			"# mine\nwarn_after   =  '7d'\t# a week\n\n[icloud]\nwarn_after='3d' # three\n",
			map[string]string{"warn_after": "9d", "device.3f2a9c01.ignore": "true", "device.3f2a9c01.warn_after": "20d"}, []string{"icloud.warn_after"},
			"# mine\nwarn_after   =  \"9d\"\t# a week\n\n[icloud]\n# three\n\n[device.\"3f2a9c01\"]\nwarn_after = \"20d\"\nignore = true\n",
		},
		"a pair that is good only together": {
			"warn_after = '7d'\ncritical_after = '14d'\n",
			map[string]string{"warn_after": "20d", "critical_after": "30d"}, nil,
			"warn_after = \"20d\"\ncritical_after = \"30d\"\n",
		},
		"what was in the way is taken out": {
			"warn_after = '7d'\ncritical_after = '14d'\n",
			map[string]string{"warn_after": "20d"}, []string{"critical_after"},
			"warn_after = \"20d\"\n",
		},
		"bad values are mended": {
			"warn_after = 7 # days\ncheck_every = 'x'\n",
			map[string]string{"warn_after": "7d"}, []string{"check_every"},
			"warn_after = \"7d\" # days\n",
		},
		"a pair that was the wrong way round is mended": {
			"warn_after = '20d'\ncritical_after = '14d'\n",
			map[string]string{"warn_after": "7d"}, nil,
			"warn_after = \"7d\"\ncritical_after = '14d'\n",
		},
		"lists keep their items whole": {
			"", map[string]string{"backups.folders": List([]string{"/a,/b", "/c:d"}), "notifications.repeat": "2d, 4d"}, nil,
			"[backups]\nfolders = [\"/a,/b\", \"/c:d\"]\n\n[notifications]\nrepeat = [\"2d\", \"4d\"]\n",
		},
		"nothing at all":                       {"warn_after = '7d'", nil, nil, "warn_after = '7d'"},
		"a key that is not there is taken out": {"warn_after = '7d'", nil, []string{"check_every", "device.3f2a9c01.ignore"}, "warn_after = '7d'"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := inFile(t, c.file)
			if err := Change(path, c.changes, c.unset, stampAt(t, path)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, content(t, path)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAChangeThatIsNotAllowedWritesNothingAndNamesEveryKey(t *testing.T) {
	cases := map[string]struct {
		file    string
		changes map[string]string
		unset   []string
		want    []string // FILE stands for the path
	}{
		"every bad value": {
			"# mine\n", map[string]string{"warn_after": "soon", "check_every": "1s", "device.3f2a9c01.ignore": "maybe", "icloud.warn_after": "1d"}, nil,
			[]string{
				`check_every = "1s": want an interval of at least "1m", such as "6h" or "1d", or a five-field cron line that fires, such as "0 9,21 * * *"`,
				`device.3f2a9c01.ignore = "maybe": want true or false`,
				`warn_after = "soon": want a duration such as "36h", "7d" or "1w"`,
			},
		},
		"a key that nobody knows": {"", map[string]string{"nope": "1"}, []string{"device.anna.ignore"}, []string{
			`device.anna.ignore: want the id of a device, 8 digits of 0-9 and a-f, as "ninelives check --json" shows it`,
			`nope = "1": want one of check_every, warn_after, critical_after`,
		}},
		"a pair the wrong way round": {"", map[string]string{"warn_after": "9d", "critical_after": "8d"}, nil,
			[]string{`warn_after = "9d": want at most critical_after, which is "8d"`}},
		"a problem before the warning of the file": {"[icloud]\nwarn_after = '5d'\n", map[string]string{"icloud.critical_after": "4d"}, nil,
			[]string{`icloud.critical_after = "4d": want at least icloud.warn_after, which is "5d"`}},
		"what only follows from a bad value is not said": {"critical_after = '8d'\n", map[string]string{"warn_after": "9d", "critical_after": "x"}, nil,
			[]string{`critical_after = "x": want a duration such as "36h", "7d" or "1w", not below warn_after`}},
		"what is bad in the file stays bad": {"warn_after = '7d'\n[icloud]\nwarn_after = 3\n", map[string]string{"warn_after": "8d", "check_every": "x"}, nil,
			[]string{
				`check_every = "x": want an interval of at least "1m", such as "6h" or "1d", or a five-field cron line that fires, such as "0 9,21 * * *"`,
				`FILE, line 3: icloud.warn_after = 3: want a duration such as "36h", "7d" or "1w"`,
			}},
		"a pair of the file that nobody mends": {"[icloud]\nwarn_after = '3d'\ncritical_after = '2d'\n", map[string]string{"warn_after": "8d"}, nil,
			[]string{`FILE, line 2: icloud.warn_after = "3d": want at most icloud.critical_after, which is "2d"`}},
		"a file that is not TOML": {"warn_after = \n", map[string]string{"check_every": "1h"}, nil,
			[]string{`FILE, line 1: warn_after =: want valid TOML: unexpected character U+000A at start of value`}},
		"a table that nobody knows": {"\n[nope]\n", map[string]string{"check_every": "1h"}, nil,
			[]string{`FILE, line 2: nope: want one of the tables [icloud], [computer], [device."ID"], [backups], [apple_status], [phones], [ios_releases], [notifications], [page]`}},
		"a table in the place of a value": {"[check_every]\n", map[string]string{"check_every": "1h"}, nil,
			[]string{`FILE: check_every = "1h": want this change made by hand: the file is written in a way that cannot be changed safely`}},
		"an empty name": {"nope = 1", map[string]string{"": "x"}, nil,
			[]string{`"x": want one of check_every, warn_after, critical_after`, `FILE, line 1: nope = 1: want one of check_every, warn_after, critical_after`}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := inFile(t, c.file)
			err := Change(path, c.changes, c.unset, stampAt(t, path))
			var bad SettingsErrors
			if !errors.As(err, &bad) {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(strings.ReplaceAll(strings.Join(c.want, "\n"), "FILE", path), err.Error()); diff != "" {
				t.Error(diff)
			}
			if content(t, path) != c.file {
				t.Error("it was changed")
			}
			for _, one := range bad {
				if (one.File == "") != !strings.Contains(one.Error(), path) {
					t.Errorf("%v: file %q", one, one.File)
				}
			}
		})
	}
}

func TestAContradictionNamesBothKeys(t *testing.T) {
	path := inFile(t, "critical_after = '2w'\n")
	var bad SettingsErrors
	if err := Change(path, map[string]string{"warn_after": "20d"}, nil, stampAt(t, path)); !errors.As(err, &bad) || bad[0].Other != "critical_after" || bad[0].Limit != "14d" {
		t.Errorf("got %#v", bad)
	}
	path = inFile(t, "warn_after = '1w'\n")
	if err := Change(path, map[string]string{"critical_after": "2d"}, nil, stampAt(t, path)); !errors.As(err, &bad) || bad[0].Other != "warn_after" || bad[0].Limit != "7d" {
		t.Errorf("got %#v", bad)
	}
}

func TestChangeRefusesAFileThatIsAnotherOneByNow(t *testing.T) {
	change := map[string]string{"check_every": "1h"}
	path := inFile(t, "warn_after = '7d'\n")
	old := stampAt(t, path)
	for _, now := range []string{"warn_after = '8d'\n", "warn_after = '7d'\n\n", ""} {
		if err := os.WriteFile(path, []byte(now), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Change(path, change, nil, old); !errors.Is(err, ErrStale) || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: got %v", now, err)
		}
		if content(t, path) != now {
			t.Errorf("%q was overwritten", now)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := Change(path, change, nil, old); !errors.Is(err, ErrStale) {
		t.Errorf("a file that is gone: got %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("it was made again")
	}
	if err := Change(path, change, nil, ""); err != nil || !strings.Contains(content(t, path), "\ncheck_every = \"1h\"\n") {
		t.Errorf("a missing file: got %v", err)
	}
	if err := Change(path, change, nil, ""); !errors.Is(err, ErrStale) {
		t.Errorf("a file that came meanwhile: got %v", err)
	}
}

func TestAFileEditedByHandWhileItIsBeingChangedIsStale(t *testing.T) {
	const byHand = "# by hand\nwarn_after = '7d'\n"
	path := inFile(t, "warn_after = '7d'\n")
	stamp := stampAt(t, path)
	err := edit(path, func(text []byte) ([]byte, error) {
		if stampOf(text) != stamp {
			return nil, ErrStale
		}
		if err := os.WriteFile(path, []byte(byHand), 0o600); err != nil {
			t.Fatal(err)
		}
		return changeAll(path, text, map[string]string{"warn_after": "8d"}, nil)
	})
	if !errors.Is(err, ErrStale) || content(t, path) != byHand {
		t.Errorf("%v: %s", err, content(t, path))
	}
}

func TestOfManyWhoChangeTheSameFileOneWins(t *testing.T) {
	path := inFile(t, "# mine\n")
	stamp := stampAt(t, path)
	var group sync.WaitGroup
	var won atomic.Int32
	for i := range 16 {
		group.Go(func() {
			id := fmt.Sprintf("%08d", i)
			err := Change(path, map[string]string{"device." + id + ".warn_after": "1d", "device." + id + ".ignore": "true"}, nil, stamp)
			switch {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, ErrStale):
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := len(mustRead(t, content(t, path)).Policy().Devices); got != 1 || won.Load() != 1 {
		t.Errorf("%d won, %d are there", won.Load(), got)
	}
}

func TestAWriteProtectedFileIsLeftAlone(t *testing.T) {
	path := inFile(t, "warn_after = '7d'\n")
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{Change(path, map[string]string{"warn_after": "8d"}, nil, stampAt(t, path)), Set(path, "warn_after", "8d")} {
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "write-protected") {
			t.Errorf("got %v", err)
		}
	}
	if content(t, path) != "warn_after = '7d'\n" {
		t.Error("it was changed")
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || runtime.GOOS != "windows" && len(left) != 1 {
		t.Errorf("litter: %v, %v", left, err)
	}
}

func TestWrittenIsWhatStandsInTheFile(t *testing.T) {
	cases := map[string]struct {
		file string
		want map[string]string
		bad  []string // FILE stands for the path
	}{
		"values as they are written": {
			"warn_after = '1w'\n[device]\n3f2a9c01.ignore = true\n[backups]\nfolders = ['/a', \"~/b,c\"]\n[notifications]\nquiet=''\nrepeat = [ '1d', # x\n '2d' ]\n",
			map[string]string{"warn_after": "1w", "device.3f2a9c01.ignore": "true", "backups.folders": "/a\n~/b,c", "notifications.quiet": "", "notifications.repeat": "1d\n2d"}, nil,
		},
		"bad ones too": {
			"x = 1\nwarn_after = 7\ncheck_every = '''\nq'''\n[device.anna]\nignore = true\n[backups]\nfolders = [1]\n",
			map[string]string{"warn_after": "7", "check_every": "q", "backups.folders": "[1]"},
			[]string{"FILE, line 1: x", "FILE, line 2: warn_after", "FILE, line 3: check_every", "FILE, line 5: device.anna", "FILE, line 6: device.anna.ignore", "FILE, line 8: backups.folders"},
		},
		"a name with a dot in it is another one": {"\"icloud.warn_after\" = '1d'\n", map[string]string{}, []string{"FILE, line 1: icloud.warn_after"}},
		"text before a mistake in the syntax":    {"warn_after = '1d'\n=\n", map[string]string{"warn_after": "1d"}, []string{"FILE, line 2: "}},
		"an empty file":                          {"", map[string]string{}, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := inFile(t, c.file)
			w, err := ReadWritten(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, w.Values); diff != "" {
				t.Error(diff)
			}
			if len(w.Bad) != len(c.bad) {
				t.Fatalf("got %v", w.Bad)
			}
			for i, want := range c.bad {
				if !strings.HasPrefix(w.Bad[i].Error(), strings.Replace(want, "FILE", path, 1)) {
					t.Errorf("got %v, want %s", w.Bad[i], want)
				}
			}
			if w.Stamp != stampAt(t, path) || w.Stamp == "" {
				t.Errorf("stamp %q", w.Stamp)
			}
		})
	}
	w, err := ReadWritten(filepath.Join(t.TempDir(), "none"))
	if err != nil || w.Stamp != "" || len(w.Values) > 0 || w.Bad != nil {
		t.Errorf("a missing file: %+v, %v", w, err)
	}
	if _, err := ReadWritten(t.TempDir()); err == nil {
		t.Error("a folder was read")
	}
}

func TestInForceIsWhatHolds(t *testing.T) {
	s := mustRead(t, "warn_after = '30d'\n[device.3f2a9c01]\ncritical_after = '2d'\n[backups]\nfolders = ['/a', '/b,c']\n[notifications]\nquiet = '22:00-08:00'\n")
	for key, want := range map[string]string{
		"check_every": "6h", "warn_after": "30d", "critical_after": "60d", "icloud.warn_after": "30d", "icloud.critical_after": "60d",
		"device.3f2a9c01.warn_after": "1d", "device.3f2a9c01.critical_after": "2d", "device.3f2a9c01.ignore": "false",
		"device.00000000.warn_after": "30d", "device.00000000.critical_after": "60d", "device.00000000.ignore": "false",
		"backups.folders": "/a\n/b,c", "apple_status.enabled": "true", "notifications.quiet": "22:00-08:00",
		"notifications.repeat": "1d\n3d\n7d", "page.hide_names": "false", "nope": "", "device.anna.ignore": "",
	} {
		if got := s.InForce(key); got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
	if got := Defaults().InForce("device.00000000.warn_after"); got != "7d\n3d" {
		t.Errorf("a device whose routes differ: got %q", got)
	}
}

func TestChangesComeOutAsMeant(t *testing.T) {
	values := map[string][]string{
		"check_every": {"6h", "0 9 * * *", "1s", "90m"}, "warn_after": {"1d", "5d", "20d", "x"}, "critical_after": {"2d", "30d", "0"},
		"icloud.warn_after": {"1d", "9d"}, "computer.critical_after": {"1d", "40d"}, "device.3f2a9c01.warn_after": {"1d", "99d"},
		"device.3f2a9c01.ignore": {"true", "false", ""}, "backups.folders": {"/a", "", "rel"}, "notifications.quiet": {"", "22:00-08:00"},
		"notifications.repeat": {"1d,2d", ""}, "page.hide_names": {"true"}, "apple_status.enabled": {"false"},
	}
	files := []string{"", sample, string(newFile()), "icloud = { warn_after = '1d', critical_after = '2d' }\n", "\uFEFFdevice.3f2a9c01.ignore = true\r\n[computer]\r\n", "warn_after = 7\n"}
	rapid.Check(t, func(r *rapid.T) {
		text := []byte(rapid.SampledFrom(files).Draw(r, "file"))
		changes, unset := map[string]string{}, []string{}
		for key, choices := range values {
			switch n := rapid.IntRange(-len(choices)-1, len(choices)-1).Draw(r, key); {
			case n == -1:
				unset = append(unset, key)
			case n >= 0:
				changes[key] = choices[n]
			}
		}
		after, err := changeAll("x", text, changes, unset)
		if err != nil {
			if after != nil {
				r.Fatal("an error with a text")
			}
			return
		}
		if _, err := readDocument("x", after); err != nil {
			r.Fatalf("%v in\n%s", err, after)
		}
		was, _ := parseText(text)
		is, _ := parseText(after)
		touched := map[string]bool{}
		for key := range changes {
			touched[key] = true
		}
		for _, key := range unset {
			touched[key] = true
			if is.literal(strings.Split(key, ".")) != "" {
				r.Fatalf("%s is still in\n%s", key, after)
			}
		}
		for key, value := range changes {
			path, f, _ := findKey(key)
			field := f.field(new(Settings), f.device)
			field.read(valueFrom(value, field))
			if is.literal(path) != field.toml() {
				r.Fatalf("%s is not %s in\n%s", key, field.toml(), after)
			}
		}
		for _, e := range was.entries {
			if !touched[keyName(e.path)] && is.literal(e.path) != was.string(e.value) {
				r.Fatalf("%v was changed in\n%s", e.path, after)
			}
		}
	})
}

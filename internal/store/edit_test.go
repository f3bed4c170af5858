package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func content(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestSetChangesOneKeyAndNothingElse(t *testing.T) {
	cases := map[string]struct{ file, key, value, want string }{
		"a value with a comment behind it": {"# mine\nwarn_after   =  '7d'\t# a week\n\n[icloud]\n", "warn_after", "9d", "# mine\nwarn_after   =  \"9d\"\t# a week\n\n[icloud]\n"},
		"a list over several lines":        {"[notifications]\nrepeat = [\n  '1d', # one\n  '2d',\n]\nquiet = ''\n", "notifications.repeat", "3d", "[notifications]\nrepeat = [\"3d\"]\nquiet = ''\n"},
		"a new key goes after the last":    {"[icloud]\n  warn_after = '3d' # x\n\n# about b\n[backups]\n", "icloud.critical_after", "9d", "[icloud]\n  warn_after = '3d' # x\n  critical_after = \"9d\"\n\n# about b\n[backups]\n"},
		"a new key in an empty table":      {"[icloud]\n[backups]\n", "icloud.warn_after", "1d", "[icloud]\nwarn_after = \"1d\"\n[backups]\n"},
		"a new key under its comment":      {"# a\n# warn_after = '7d'\n# b\ncheck_every = '1h'\n", "warn_after", "8d", "# a\n# warn_after = '7d'\nwarn_after = \"8d\"\n# b\ncheck_every = '1h'\n"},
		"a new key at the top of tables":   {"# about icloud\n[icloud]\n", "warn_after", "8d", "warn_after = \"8d\"\n# about icloud\n[icloud]\n"},
		"a new key after the file's notes": {"# my file\n\n# about icloud\n[icloud]\n", "warn_after", "8d", "# my file\n\nwarn_after = \"8d\"\n# about icloud\n[icloud]\n"},
		"a new table at the end":           {"warn_after = '7d'\n", "device.3f2a9c01.ignore", "true", "warn_after = '7d'\n\n[device.\"3f2a9c01\"]\nignore = true\n"},
		"a file without a last line end":   {"warn_after = '7d'", "backups.folders", "/a", "warn_after = '7d'\n\n[backups]\nfolders = [\"/a\"]\n"},
		"a key after no last line end":     {"warn_after = '7d'", "check_every", "1h", "warn_after = '7d'\ncheck_every = \"1h\"\n"},
		"a table without a last line end":  {"[icloud]", "icloud.warn_after", "1h", "[icloud]\nwarn_after = \"1h\"\n"},
		"an empty file":                    {"", "warn_after", "8d", "warn_after = \"8d\"\n"},
		"an empty file and a table":        {"", "icloud.warn_after", "8d", "[icloud]\nwarn_after = \"8d\"\n"},
		"Windows line ends":                {"check_every = '1h'\r\n[icloud]\r\n", "icloud.warn_after", "1d", "check_every = '1h'\r\n[icloud]\r\nwarn_after = \"1d\"\r\n"},
		"a byte order mark":                {"\uFEFFwarn_after = '7d'\n", "warn_after", "8d", "\uFEFFwarn_after = \"8d\"\n"},
		"a byte order mark and a new key":  {"\uFEFFwarn_after = '7d'\n", "check_every", "8d", "\uFEFFwarn_after = '7d'\ncheck_every = \"8d\"\n"},
		"only a byte order mark":           {"\uFEFF", "icloud.warn_after", "8d", "\uFEFF[icloud]\nwarn_after = \"8d\"\n"},
		"a byte order mark before a table": {"\uFEFF[icloud]\n", "warn_after", "8d", "\uFEFFwarn_after = \"8d\"\n[icloud]\n"},
		"dotted keys get a dotted key":     {"icloud.warn_after = '1d'\n[backups]\n", "icloud.critical_after", "2d", "icloud.warn_after = '1d'\nicloud.critical_after = \"2d\"\n[backups]\n"},
		"dotted keys of a device":          {"[device]\n3f2a9c01.warn_after = '1d'\n", "device.3f2a9c01.ignore", "true", "[device]\n3f2a9c01.warn_after = '1d'\n\"3f2a9c01\".ignore = true\n"},
		"another device beside dotted ones": {"device.3f2a9c01.ignore = true\n", "device.00000000.ignore", "true",
			"device.3f2a9c01.ignore = true\n\n[device.\"00000000\"]\nignore = true\n"},
		"a key between braces":            {"icloud = { warn_after = '1d' } # x\n", "icloud.warn_after", "2d", "icloud = { warn_after = \"2d\" } # x\n"},
		"a new key between braces":        {"icloud = { warn_after = '1d' }\n", "icloud.critical_after", "2d", "icloud = { warn_after = '1d', critical_after = \"2d\" }\n"},
		"a new key between empty braces":  {"icloud = {}\n", "icloud.critical_after", "2d", "icloud = { critical_after = \"2d\"}\n"},
		"a new device between braces":     {"device = { 3f2a9c01 = { ignore = true } }\n", "device.00000000.ignore", "true", "device = { 3f2a9c01 = { ignore = true }, \"00000000\".ignore = true }\n"},
		"a new key in braces in braces":   {"device = { 3f2a9c01 = { ignore = true } }\n", "device.3f2a9c01.warn_after", "1d", "device = { 3f2a9c01 = { ignore = true, warn_after = \"1d\" } }\n"},
		"a comment inside a list":         {"[notifications]\nrepeat = [ '1d',\n# quiet = ''\n]\n", "notifications.quiet", "", "[notifications]\nrepeat = [ '1d',\n# quiet = ''\n]\nquiet = \"\"\n"},
		"the same value again":            {"warn_after = '7d'\n", "warn_after", "7d", "warn_after = \"7d\"\n"},
		"a value with what TOML escapes":  {"[backups]\nfolders = []\n", "backups.folders", `["/a'\"\\\u0e01"]`, "[backups]\nfolders = [\"/a'\\\"\\\\\u0e01\"]\n"},
		"a device whose id is all digits": {"", "device.12345678.ignore", "true", "[device.\"12345678\"]\nignore = true\n"},
		"a header with blanks in it":      {"[ device . \"3f2a9c01\" ] # Anna\n", "device.3f2a9c01.ignore", "true", "[ device . \"3f2a9c01\" ] # Anna\nignore = true\n"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := inFile(t, c.file)
			if err := Set(path, c.key, c.value); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, content(t, path)); diff != "" {
				t.Error(diff)
			}
			if err := Set(path, c.key, c.value); err != nil || content(t, path) != c.want {
				t.Errorf("a second time: %v", err)
			}
		})
	}
}

func TestUnsetTakesOneKeyOut(t *testing.T) {
	cases := map[string]struct{ file, key, want string }{
		"a line":                       {"# a\nwarn_after = '7d'\n# b\n", "warn_after", "# a\n# b\n"},
		"a comment behind it stays":    {"  warn_after = '7d' # a week\n", "warn_after", "  # a week\n"},
		"a list over several lines":    {"[notifications]\nrepeat = [\n'1d']\nquiet = ''\n", "notifications.repeat", "[notifications]\nquiet = ''\n"},
		"a line without an end":        {"check_every = '1h'\nwarn_after = '7d'", "warn_after", "check_every = '1h'\n"},
		"a table stays":                {"[device.3f2a9c01]\nignore = true\n", "device.3f2a9c01.ignore", "[device.3f2a9c01]\n"},
		"the first between braces":     {"icloud = { warn_after = '1d', critical_after = '2d' }\n", "icloud.warn_after", "icloud = { critical_after = '2d' }\n"},
		"the last between braces":      {"icloud = { warn_after = '1d', critical_after = '2d' }\n", "icloud.critical_after", "icloud = { warn_after = '1d' }\n"},
		"the only one between braces":  {"icloud = { warn_after = '1d' }\n", "icloud.warn_after", "icloud = {  }\n"},
		"a key that is not there":      {"warn_after = '7d'\n", "check_every", "warn_after = '7d'\n"},
		"the byte order mark stays":    {"\uFEFFwarn_after = '7d'\n", "warn_after", "\uFEFF"},
		"a dotted key":                 {"icloud.warn_after = '1d'\nwarn_after = '2d'\n", "icloud.warn_after", "warn_after = '2d'\n"},
		"what contradicts may go away": {"warn_after = '2d'\ncritical_after = '3d'\n", "critical_after", "warn_after = '2d'\n"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := inFile(t, c.file)
			if err := Unset(path, c.key); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, content(t, path)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUnsetMakesNoFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := Unset(path, "warn_after"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was made")
	}
}

func TestTheFirstChangeMakesAFileThatExplainsEveryKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "er", "config.toml")
	changes := [][2]string{{"warn_after", "9d"}, {"icloud.warn_after", "2d"}, {"device.3f2a9c01.ignore", "true"}, {"notifications.quiet", "22:00-07:30"}}
	for _, c := range changes {
		if err := Set(path, c[0], c[1]); err != nil {
			t.Fatal(err)
		}
	}
	text := content(t, path)
	for _, want := range []string{
		"# warn_after = \"7d\"\nwarn_after = \"9d\"\n", "# warn_after = \"3d\"\nwarn_after = \"2d\"\n", "# quiet = \"\"\nquiet = \"22:00-07:30\"\n",
		"\n[device.\"3f2a9c01\"]\nignore = true\n",
	} {
		if strings.Count(text, want) != 1 {
			t.Errorf("want %q once in:\n%s", want, text)
		}
	}
	for _, k := range Keys() {
		if !strings.Contains(text, "# "+k.Meaning+"\n") {
			t.Errorf("%s is not explained", k.Name)
		}
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
	for _, c := range changes {
		if err := Unset(path, c[0]); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(Show(Defaults()), strings.Replace(Show(mustRead(t, content(t, path))), "\n[device.\"3f2a9c01\"]\n", "", 1)); diff != "" {
		t.Errorf("after taking all out again: %s", diff)
	}
}

func TestTheNewFileSetsNothing(t *testing.T) {
	if diff := cmp.Diff(Show(Defaults()), Show(mustRead(t, string(newFile())))); diff != "" {
		t.Error(diff)
	}
	bare := strings.NewReplacer("# [", "[", "# warn", "warn", "# critical", "critical", "# ignore =", "ignore =", "# check_every", "check_every",
		"# folders", "folders", "# hide_names", "hide_names", "# enabled", "enabled", "# quiet", "quiet", "# repeat", "repeat").Replace(string(newFile()))
	s := mustRead(t, bare) // every line that shows a default is good when its # is taken away
	if got := s.Policy().Devices["3f2a9c01"].Limits.WarnAfter; got != 30*day {
		t.Errorf("got %v", got)
	}
}

func TestABadFileIsNotTouched(t *testing.T) {
	path := inFile(t, "warn_after = 7\n")
	for _, err := range []error{Set(path, "check_every", "1h"), Set(path, "warn_after", "7d"), Unset(path, "warn_after")} {
		var problem *SettingsError
		if !errors.As(err, &problem) || problem.Line != 1 || problem.File != path {
			t.Errorf("got %v", err)
		}
	}
	if content(t, path) != "warn_after = 7\n" {
		t.Error("it was changed")
	}
}

func TestABadChangeWritesNothing(t *testing.T) {
	const file = "critical_after = '5d'\n"
	path := inFile(t, file)
	for _, c := range [][2]string{{"warn_after", "6d"}, {"warn_after", "x"}, {"nope", "1"}, {"apple_status.enabled", "true\n[x]"}, {"backups.folders", "rel"}, {"device.x.ignore", "true"}, {"device..ignore", "true"}} {
		var problem *SettingsError
		if err := Set(path, c[0], c[1]); !errors.As(err, &problem) {
			t.Errorf("%s = %s: got %v", c[0], c[1], err)
		}
	}
	if content(t, path) != file {
		t.Error("it was changed")
	}
	missing := filepath.Join(t.TempDir(), "config.toml")
	if err := Set(missing, "warn_after", "x"); err == nil {
		t.Error("no error")
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("a bad first change made a file")
	}
}

func TestAFileThatCannotBeChangedSafelyIsLeftToItsReader(t *testing.T) {
	const file = "icloud = {\n  warn_after = '1d' # a comment before the comma\n  , critical_after = '2d'\n}\n"
	path := inFile(t, file)
	var problem *SettingsError
	if err := Unset(path, "icloud.warn_after"); !errors.As(err, &problem) || problem.Line != 2 || !strings.Contains(err.Error(), "by hand") {
		t.Errorf("got %v", err)
	}
	if content(t, path) != file {
		t.Error("it was changed")
	}
}

func TestALinkStaysALink(t *testing.T) {
	folder := t.TempDir()
	real, link := filepath.Join(folder, "dotfiles", "nine.toml"), filepath.Join(folder, "config.toml")
	if err := os.Symlink(filepath.Join("dotfiles", "nine.toml"), link); err != nil {
		t.Skip(err)
	}
	for _, value := range []string{"8d", "9d"} { // the first makes the file that the link names
		if err := Set(link, "warn_after", value); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Error("the link is gone")
		}
		if !strings.Contains(content(t, real), "\nwarn_after = \""+value+"\"\n") {
			t.Errorf("got %s", content(t, real))
		}
	}
	loop := filepath.Join(folder, "loop")
	if err := os.Symlink("loop", loop); err != nil {
		t.Fatal(err)
	}
	if err := Set(loop, "warn_after", "8d"); err == nil {
		t.Error("a link to itself was written")
	}
}

func TestManyWritersLoseNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			if err := Set(path, fmt.Sprintf("device.%08d.ignore", i), "true"); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := len(mustRead(t, content(t, path)).Policy().Devices); got != 16 {
		t.Errorf("got %d of 16", got)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || runtime.GOOS != "windows" && len(left) != 1 {
		t.Errorf("litter: %v, %v", left, err)
	}
}

func TestAChangeByHandMeanwhileIsKept(t *testing.T) {
	path := inFile(t, "warn_after = '7d'\n")
	calls := 0
	err := edit(path, func(text []byte) ([]byte, error) {
		if calls++; calls == 1 {
			if err := os.WriteFile(path, []byte("# by hand\nwarn_after = '7d'\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return append(text, "check_every = '1h'\n"...), nil
	})
	if err != nil || calls != 2 || content(t, path) != "# by hand\nwarn_after = '7d'\ncheck_every = '1h'\n" {
		t.Errorf("%v, %d calls: %s", err, calls, content(t, path))
	}
}

func TestSettingsThatCannotBeWrittenSayWhyAndWhatToDo(t *testing.T) {
	blocked := filepath.Join(inFile(t, ""), "config.toml") // a file stands where its folder should be
	err := Set(blocked, "warn_after", "8d")
	if err == nil || !strings.Contains(err.Error(), blocked) || !strings.Contains(err.Error(), "--config") {
		t.Errorf("got %v", err)
	}
}

func TestChanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	stamp, changed := Changed(path, Stamp{})
	if changed {
		t.Error("a file that was never there has changed")
	}
	step := func(name string, want bool, do func() error) {
		t.Helper()
		if err := do(); err != nil {
			t.Fatal(err)
		}
		if stamp, changed = Changed(path, stamp); changed != want {
			t.Errorf("%s: %v", name, changed)
		}
	}
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	write := func(text string) func() error {
		return func() error {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				return err
			}
			return os.Chtimes(path, at, at)
		}
	}
	step("made", true, write("a"))
	step("left alone", false, func() error { return nil })
	step("grown at the same time", true, write("ab"))
	step("touched", true, func() error { return os.Chtimes(path, at, at.Add(1)) })
	step("replaced by a twin", true, func() error {
		if err := os.Rename(path, path+".old"); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte("cd"), 0o600); err != nil {
			return err
		}
		return os.Chtimes(path, at, at.Add(1))
	})
	step("removed", true, func() error { return os.Remove(path) })
	step("still gone", false, func() error { return nil })
}

func FuzzSettings(f *testing.F) {
	f.Add(sample, uint8(0))
	f.Add(string(newFile()), uint8(1))
	f.Add("icloud = { warn_after = '1d', }\r\n[device.3f2a9c01]", uint8(2))
	f.Add("\uFEFF[device]\n3f2a9c01 = {ignore=true # x\n}\n", uint8(3))
	f.Add("notifications.repeat = [ '''1d''', \"\"\"2d\"\"\" ]\n[[icloud]]", uint8(4))
	changes := [][2]string{{"warn_after", "13d"}, {"icloud.critical_after", "9d"}, {"device.3f2a9c01.ignore", "true"}, {"notifications.repeat", "2d"}, {"backups.folders", "/x"}}
	f.Fuzz(func(t *testing.T, text string, n uint8) {
		s, err := readDocument("x", []byte(text))
		if err != nil {
			if strings.ContainsAny(err.Error(), "\r\n") {
				t.Fatalf("not one line: %q", err)
			}
			return
		}
		change := changes[int(n)%len(changes)]
		want, literal, problem := s.with(change[0], change[1])
		if problem != nil {
			return
		}
		path, _, _ := findKey(change[0])
		after, err := changeText("x", []byte(text), path, literal)
		if err != nil {
			t.Skip(err) // refused, nothing written
		}
		got, err := readDocument("x", after)
		if err != nil || Show(got) != Show(want) {
			t.Fatalf("%v:\n%s\nbecame\n%s", err, text, after)
		}
	})
}

func BenchmarkReadSettings(b *testing.B) {
	path := inFile(b, sample)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadSettings(path, true); err != nil {
			b.Fatal(err)
		}
	}
}

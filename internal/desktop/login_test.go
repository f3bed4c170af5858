package desktop

import (
	"encoding/xml"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files anew")

// nastyProgram has every character that one of the three forms must quote.
const nastyProgram = "/Users/Zoë O'Neil/a \"real\" $HOME `x` & <co>\\bin/nine lives"

func TestLoginFilesAreTheGoldenOnes(t *testing.T) {
	for _, c := range []struct {
		file   string
		render func([]string) ([]byte, error)
		exe    string
	}{
		{"agent.plist", agentForm("/Users/anna").render, "/Applications/Nine Lives.app/Contents/MacOS/ninelives"},
		{"agent-nasty.plist", agentForm(nastyProgram).render, nastyProgram},
		{"autostart.desktop", autostartFile, "/usr/bin/ninelives"},
		{"autostart-nasty.desktop", autostartFile, nastyProgram},
		{"runvalue.txt", runValue, `C:\Program Files\Nine Lives\ninelives.exe`},
	} {
		t.Run(c.file, func(t *testing.T) {
			got, err := c.render(append([]string{c.exe}, loginArgs()...))
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", c.file)
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// words are what a command may be made of: anything a path can hold but
// controls, which are refused.
func words() *rapid.Generator[[]string] {
	char := rapid.OneOf(rapid.SampledFrom([]rune("\\\"'`$%&<>= \u00a0ñ,;#[]{}~*?|")), rapid.RuneFrom([]rune("abcdefXYZ/")))
	word := rapid.StringOf(char)
	return rapid.Custom(func(t *rapid.T) []string {
		return append([]string{"/" + strings.NewReplacer("=", "", "%", "").Replace(word.Draw(t, "exe"))}, rapid.SliceOfN(word, 0, 4).Draw(t, "args")...)
	})
}

func TestLoginItemsReadBackAsWritten(t *testing.T) {
	for goos, form := range forms {
		t.Run(goos, rapid.MakeCheck(func(t *rapid.T) {
			command := words().Draw(t, "command")
			if goos == windows { // no Windows path has a quote, and the value is short
				command[0] = strings.ReplaceAll(command[0], `"`, "")
			}
			text, err := form.render(command)
			if goos == windows && err != nil && strings.Contains(err.Error(), "shorter path") {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			item, err := form.parse(text)
			if err != nil || item.off || !reflect.DeepEqual(item.command, command) {
				t.Fatalf("wrote %q, read %+v (%v) from\n%s", command, item, err, text)
			}
		}))
	}
}

func TestLoginItemsRefuseWhatTheyCannotHold(t *testing.T) {
	for goos, form := range forms {
		for _, exe := range []string{"/a\nb", "/a\x00", "/a\xff", "/a\ufffe"} {
			if _, err := form.render([]string{exe}); err == nil {
				t.Errorf("%s takes %q", goos, exe)
			}
		}
	}
	for _, exe := range []string{"/opt/a=b/x", "/opt/100%/x"} {
		if _, err := autostartFile([]string{exe}); err == nil {
			t.Errorf("an autostart entry takes %s", exe)
		}
	}
	if _, err := runValue([]string{`C:\a"b.exe`}); err == nil {
		t.Error("a registry value takes a program with a quote")
	}
	if _, err := runValue([]string{`C:\` + strings.Repeat("x", 300)}); err == nil {
		t.Error("a registry value takes 300 characters")
	}
}

func TestDamagedLoginItemsAreErrorsNotOff(t *testing.T) {
	for name, damaged := range map[string]struct{ goos, text string }{
		"an empty plist":              {mac, ""},
		"a cut plist":                 {mac, "<?xml version=\"1.0\"?><plist><dict><key>La"},
		"a plist of another kind":     {mac, "<plist version=\"1.0\"><array/></plist>"},
		"a plist without a program":   {mac, "<plist version=\"1.0\"><dict><key>RunAtLoad</key><true/></dict></plist>"},
		"an empty entry":              {linux, ""},
		"an entry without a program":  {linux, "[Desktop Entry]\nType=Application\n"},
		"an entry with an open quote": {linux, "[Desktop Entry]\nExec=\"/usr/bin/x\n"},
		"a page":                      {linux, "<html>"},
		"a blank value":               {windows, "  "},
	} {
		t.Run(name, func(t *testing.T) {
			l := testLogin(t, damaged.goos, "/usr/bin/ninelives")
			if err := l.slot.write([]byte(damaged.text)); err != nil {
				t.Fatal(err)
			}
			if on, err := l.Status(); on || err == nil {
				t.Errorf("status %v, %v", on, err)
			}
			if err := l.On(); err != nil {
				t.Fatal(err)
			}
			if on, err := l.Status(); !on || err != nil {
				t.Errorf("after On: %v, %v", on, err)
			}
		})
	}
}

func TestPersonsOwnSwitchCounts(t *testing.T) {
	for name, c := range map[string]struct {
		goos, text string
		off        bool
	}{
		"Hidden":                  {linux, "[Desktop Entry]\nExec=/x\nHidden=true\n", true},
		"GNOME's switch":          {linux, "[Desktop Entry]\nExec=/x\nX-GNOME-Autostart-enabled = false\n", true},
		"a switch of another set": {linux, "# made by hand\n[Desktop Entry]\nExec=/x %U --y\n[Desktop Action z]\nHidden=true\n", false},
		"Disabled":                {mac, "<plist version=\"1.0\"><dict><key>Program</key><string>/x</string><key>RunAtLoad</key><true/><key>Disabled</key><true/></dict></plist>", true},
		"Program goes first":      {mac, "<plist version=\"1.0\"><dict><key>Program</key><string>/x</string><key>ProgramArguments</key><array><string>y</string></array><key>RunAtLoad</key><true/></dict></plist>", false},
		"not at login":            {mac, "<plist version=\"1.0\"><dict><key>ProgramArguments</key><array><string>/x</string></array></dict></plist>", true},
		"a bare value":            {windows, "/x -a", false},
	} {
		t.Run(name, func(t *testing.T) {
			item, err := forms[c.goos].parse([]byte(c.text))
			if err != nil || item.off != c.off || len(item.command) == 0 || item.command[0] != "/x" {
				t.Errorf("got %+v, %v", item, err)
			}
			l := testLogin(t, c.goos, "/x")
			if err := l.slot.write([]byte(c.text)); err != nil {
				t.Fatal(err)
			}
			if on, err := l.Status(); on == c.off || err != nil {
				t.Errorf("status %v, %v", on, err)
			}
		})
	}
}

func TestSystemSettingsSwitchIsRead(t *testing.T) {
	for answer, want := range map[string]bool{
		"disabled services = {\n\t\t\"com.other\" => disabled\n\t\t\"ninelives.agent\" => disabled\n}": true,
		"disabled services = {\n\t\"ninelives.agent\" => true\n}":                                      true,
		"disabled services = {\n\t\"ninelives.agent\" => enabled\n}":                                   false,
		"disabled services = {\n\t\"ninelives.agent.old\" => disabled\n}":                              false,
		"": false,
	} {
		if got := agentDisabled(answer); got != want {
			t.Errorf("%q: %v, want %v", answer, got, want)
		}
	}
	for first, want := range map[byte]bool{2: false, 3: true, 6: false, 7: true} {
		if got := startupOff([]byte{first, 0, 0, 0}); got != want {
			t.Errorf("StartupApproved %d: off %v, want %v", first, got, want)
		}
	}
	if startupOff(nil) {
		t.Error("no note of Task Manager counts as off")
	}
}

func TestLoginPlace(t *testing.T) {
	for _, c := range []struct{ goos, config, want string }{
		{mac, "/elsewhere", "/home/ben/Library/LaunchAgents/ninelives.agent.plist"},
		{linux, "", "/home/ben/.config/autostart/ninelives.desktop"},
		{linux, "/conf", "/conf/autostart/ninelives.desktop"},
		{linux, "relative", "/home/ben/.config/autostart/ninelives.desktop"},
		{windows, "", "Nine Lives"},
	} {
		if got := filepath.ToSlash(loginPlace(c.goos, "/home/ben", c.config)); got != c.want {
			t.Errorf("%s: %s, want %s", c.goos, got, c.want)
		}
	}
}

func TestProgramsThatWillBeGoneAreRefused(t *testing.T) {
	for exe, word := range map[string]string{
		"/private/var/folders/x/AppTranslocation/1/d/Nine Lives.app/Contents/MacOS/ninelives": "Applications",
		"/home/ben/.cache/go-build/ab/ninelives":                                              "go run",
	} {
		if err := checkProgram(exe); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%s: %v", exe, err)
		}
	}
	if err := checkProgram("/usr/bin/ninelives"); err != nil {
		t.Error(err)
	}
}

func TestSplitLineKnowsWindowsRules(t *testing.T) {
	for line, want := range map[string][]string{
		`"C:\a b\x.exe" run`: {`C:\a b\x.exe`, "run"},
		`C:\x.exe  a  "b c"`: {`C:\x.exe`, "a", "b c"},
		`x a\\b "c\\" \"d`:   {"x", `a\\b`, `c\`, `"d`},
		`"C:\dir\" x`:        {`C:\dir\`, "x"},
		`x ""`:               {"x", ""},
		``:                   nil,
	} {
		if got := splitLine(line); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

func FuzzLoginItems(f *testing.F) {
	for _, s := range []string{"[Desktop Entry]\nExec=\"a\\\\\" %u", "<plist><dict><key>ProgramArguments</key><array>", "bplist00\xd1\x01", `"a" \"b`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(_ *testing.T, text []byte) {
		text = text[:min(len(text), 64<<10)] // no more is read of a file
		for _, form := range forms {
			_, _ = form.parse(text) // must return
		}
	})
}

// Second opinions: other people's parsers read what we write.

func TestAgentIsStrictXML(t *testing.T) {
	text, err := agentFile([]string{nastyProgram, "run"}, nastyProgram)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">`) {
		t.Error("the document type is missing")
	}
	var doc struct {
		XMLName xml.Name `xml:"plist"`
		Dict    struct {
			Keys []string `xml:"key"`
			Args []string `xml:"array>string"`
		} `xml:"dict"`
	}
	d := xml.NewDecoder(strings.NewReader(string(text)))
	d.Strict = true
	if err := d.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	if want := []string{nastyProgram, "run"}; !reflect.DeepEqual(doc.Dict.Args, want) {
		t.Errorf("arguments %q, want %q", doc.Dict.Args, want)
	}
	if want := []string{"Label", "AssociatedBundleIdentifiers", "ProgramArguments", "RunAtLoad", "LimitLoadToSessionType", "ProcessType", "KeepAlive", "ThrottleInterval", "EnvironmentVariables", "StandardOutPath", "StandardErrorPath"}; !reflect.DeepEqual(doc.Dict.Keys, want) {
		t.Errorf("keys %q, want %q", doc.Dict.Keys, want)
	}
}

func TestAgentPleasesPlistutil(t *testing.T) {
	tool := needTool(t, "plistutil")
	for _, exe := range []string{"/usr/bin/ninelives", nastyProgram} {
		in := filepath.Join(t.TempDir(), "x.plist")
		text, err := agentFile([]string{exe}, exe+".log")
		if err == nil {
			err = os.WriteFile(in, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		binary := in + ".bin"
		if out, err := exec.Command(tool, "-i", in, "-f", "bin", "-o", binary).CombinedOutput(); err != nil {
			t.Fatalf("plistutil: %v\n%s", err, out)
		}
		through, err := os.ReadFile(binary)
		if err != nil {
			t.Fatal(err)
		}
		if item, err := parseAgent(through); err != nil || len(item.command) != 1 || item.command[0] != exe {
			t.Errorf("read back %+v (%v), want %q", item, err, exe)
		}
	}
}

func TestAutostartEntryPleasesDesktopFileValidate(t *testing.T) {
	tool := needTool(t, "desktop-file-validate")
	for _, exe := range []string{"/usr/bin/ninelives", "/home/José Müller/.local/bin/ninelives", nastyProgram} {
		file := filepath.Join(t.TempDir(), "ninelives.desktop")
		text, err := autostartFile(append([]string{exe}, loginArgs()...))
		if err == nil {
			err = os.WriteFile(file, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(tool, file).CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%v\n%s\n%s", err, out, text)
		}
	}
}

// The desktop itself must find the program behind all the quoting.
func TestAutostartEntryStartsTheProgram(t *testing.T) {
	if runtime.GOOS != linux {
		t.Skip("autostart entries are for Linux")
	}
	tool := needTool(t, "gio")
	dir := filepath.Join(t.TempDir(), "José's \"real\" $HOME `x` & <co>\\bin")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	exe, out := filepath.Join(dir, "nine lives"), filepath.Join(t.TempDir(), "out")
	script := "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\" > '" + out + ".part' && mv '" + out + ".part' '" + out + "'\n"
	if err := os.WriteFile(exe, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	args := []string{"run", "--config", "/a b/50%.toml"}
	text, err := autostartFile(append([]string{exe}, args...))
	file := filepath.Join(t.TempDir(), "ninelives.desktop")
	if err == nil {
		err = os.WriteFile(file, text, 0o700)
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(tool, "launch", file)
	cmd.Env = append(os.Environ(), "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("gio launch: %v\n%s", err, said)
	}
	eventually(t, "the program is started", func() bool { _, err := os.Stat(out); return err == nil })
	got, err := os.ReadFile(out)
	if want := strings.Join(append([]string{exe}, args...), "\n") + "\n"; err != nil || string(got) != want {
		t.Errorf("started\n%s(%v) want\n%s", got, err, want)
	}
}

// testLogin is a login item in the form of goos, in a file of the test.
func testLogin(t *testing.T, goos, exe string) *Login {
	t.Helper()
	if runtime.GOOS == windows {
		t.Skip("the registry of a person is not for tests")
	}
	file := loginPlace(goos, t.TempDir(), "")
	if goos == windows {
		file = filepath.Join(t.TempDir(), file)
	}
	form := forms[goos]
	if goos == mac {
		form = agentForm(t.TempDir())
	}
	return &Login{exe: exe, slot: testSlot(file), form: form}
}

func TestLoginGoesOnAndOffAndStaysSo(t *testing.T) {
	for _, goos := range allSystems {
		t.Run(goos, func(t *testing.T) {
			l := testLogin(t, goos, "/opt/nine lives/ninelives")
			status := func(want bool) {
				t.Helper()
				if on, err := l.Status(); on != want || err != nil {
					t.Fatalf("status %v, %v; want %v", on, err, want)
				}
			}
			status(false)
			for range 2 {
				if err := l.On("--config", "/a b.toml"); err != nil {
					t.Fatal(err)
				}
				status(true)
			}
			item, err := l.read()
			if want := []string{"/opt/nine lives/ninelives", "run", "--at-login", "--config", "/a b.toml"}; err != nil || !reflect.DeepEqual(item.command, want) {
				t.Errorf("it starts %q (%v), want %q", item.command, err, want)
			}
			for range 2 {
				if err := l.Off(); err != nil {
					t.Fatal(err)
				}
				status(false)
			}
		})
	}
}

func TestMovedProgramIsNoticedAndRepaired(t *testing.T) {
	for _, goos := range allSystems {
		t.Run(goos, func(t *testing.T) {
			l := testLogin(t, goos, "/old/ninelives")
			if err := l.On(); err != nil {
				t.Fatal(err)
			}
			l.exe = "/new/ninelives"
			if on, err := l.Status(); !on || !errors.Is(err, ErrOtherProgram) || !strings.Contains(err.Error(), "/old/ninelives") {
				t.Errorf("status %v, %v", on, err)
			}
			if err := l.On(); err != nil {
				t.Fatal(err)
			}
			if on, err := l.Status(); !on || err != nil {
				t.Errorf("after On: %v, %v", on, err)
			}
		})
	}
}

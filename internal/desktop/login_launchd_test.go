package desktop

import (
	"errors"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"howett.net/plist"
)

// fakeLaunchd answers as launchctl does.
type fakeLaunchd struct {
	loaded, running bool
	bootstrap       []int // exit codes in turn; then it works
	noneAfter       bool  // bootstrap's failures are real: it is not loaded
	bootout         int
	err             error
	did             []string // what changes something
}

func (f *fakeLaunchd) run(line []string) (string, int, error) {
	if f.err != nil {
		return "", 0, f.err
	}
	switch line[1] {
	case "print":
		if !f.loaded {
			return "Could not find service", 113, nil
		}
		state := "not running"
		if f.running {
			state = "running"
		}
		return "gui/501/ninelives.agent = {\n\tactive count = 0\n\tstate = " + state + "\n\tendpoints = {\n\t\t\"x\" = {\n\t\t\tstate = running\n\t}\n}\n", 0, nil
	case "bootout":
		f.did = append(f.did, strings.Join(line, " "))
		f.loaded = false
		return "", f.bootout, nil
	case "bootstrap":
		f.did = append(f.did, strings.Join(line, " "))
		if len(f.bootstrap) > 0 {
			code := f.bootstrap[0]
			f.bootstrap = f.bootstrap[1:]
			f.loaded = !f.noneAfter
			return "Bootstrap failed", code, nil
		}
		f.loaded = true
		return "", 0, nil
	}
	return "", 64, nil
}

func TestLaunchdIsToldOnlyWhatItDoesNotKnow(t *testing.T) {
	const in, out = "launchctl bootstrap gui/501 /a b.plist", "launchctl bootout gui/501/ninelives.agent"
	for name, c := range map[string]struct {
		is      fakeLaunchd
		changed bool
		want    []string
		fails   string
	}{
		"new":                               {fakeLaunchd{}, true, []string{in}, ""},
		"not changed, not loaded":           {fakeLaunchd{}, false, []string{in}, ""},
		"not changed":                       {fakeLaunchd{loaded: true}, false, nil, ""},
		"changed":                           {fakeLaunchd{loaded: true}, true, []string{out, in}, ""},
		"running is never ended":            {fakeLaunchd{loaded: true, running: true}, true, nil, ""},
		"5, and it is loaded":               {fakeLaunchd{bootstrap: []int{5}}, true, []string{in}, ""},
		"37 while the old one goes":         {fakeLaunchd{loaded: true, bootstrap: []int{37, 5}, noneAfter: true}, true, []string{out, in, in, in}, ""},
		"36 from bootout is no error":       {fakeLaunchd{loaded: true, bootout: 36}, true, []string{out, in}, ""},
		"nobody at the screen":              {fakeLaunchd{bootstrap: []int{125}, noneAfter: true}, true, []string{in}, ""},
		"it refuses for good":               {fakeLaunchd{bootstrap: []int{5, 5, 5, 5, 5}, noneAfter: true}, true, []string{in, in, in, in}, "plutil -lint '/a b.plist'"},
		"it does not let go":                {fakeLaunchd{loaded: true, bootout: 1}, true, []string{out}, "log out"},
		"launchctl itself is not to be had": {fakeLaunchd{err: errors.New("no launchctl")}, true, nil, "no launchctl"},
	} {
		t.Run(name, func(t *testing.T) {
			err := launchd{uid: 501, run: c.is.run}.load("/a b.plist", c.changed)
			if (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
				t.Errorf("error %v, want %q", err, c.fails)
			}
			if diff := cmp.Diff(c.want, c.is.did); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUnloadingEndsNothing(t *testing.T) {
	for name, c := range map[string]struct {
		is    fakeLaunchd
		want  int
		fails bool
	}{
		"not loaded":               {fakeLaunchd{}, 0, false},
		"loaded":                   {fakeLaunchd{loaded: true}, 1, false},
		"gone by itself meanwhile": {fakeLaunchd{loaded: true, bootout: 3}, 1, false},
		"running":                  {fakeLaunchd{loaded: true, running: true}, 0, false},
		"refused":                  {fakeLaunchd{loaded: true, bootout: 5}, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			err := launchd{uid: 501, run: c.is.run}.unload()
			if len(c.is.did) != c.want || (err != nil) != c.fails {
				t.Errorf("%v, %v", c.is.did, err)
			}
		})
	}
}

func TestThePersonsSwitchIsTurnedOnOnlyWhereItIsOff(t *testing.T) {
	for name, c := range map[string]struct {
		answer string
		code   int
		want   []string
		fails  bool
	}{
		"off":                  {"\t\"ninelives.agent\" => disabled\n", 0, []string{"launchctl print-disabled gui/501", "launchctl enable gui/501/ninelives.agent"}, false},
		"off, and stays so":    {"\t\"ninelives.agent\" => disabled\n", 1, []string{"launchctl print-disabled gui/501", "launchctl enable gui/501/ninelives.agent"}, true},
		"on":                   {"\t\"ninelives.agent\" => enabled\n", 0, []string{"launchctl print-disabled gui/501"}, false},
		"another one is off":   {"\t\"ninelives.agent.old\" => disabled\n", 0, []string{"launchctl print-disabled gui/501"}, false},
		"nothing ever was off": {"", 0, []string{"launchctl print-disabled gui/501"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			var did []string
			err := launchd{uid: 501, run: func(line []string) (string, int, error) {
				did = append(did, strings.Join(line, " "))
				if line[1] == "enable" {
					return "", c.code, nil
				}
				return c.answer, 0, nil
			}}.enable()
			if !reflect.DeepEqual(did, c.want) || (err != nil) != c.fails {
				t.Errorf("%q, %v", did, err)
			}
		})
	}
}

func TestTheLoaderHearsOfEachChange(t *testing.T) {
	l := testLogin(t, mac, "/old/ninelives")
	f := &fakeLaunchd{}
	l.load = launchd{uid: 501, run: f.run}
	for range 2 {
		if err := errors.Join(l.On(), l.On()); err != nil {
			t.Fatal(err)
		}
		l.exe = "/new/ninelives"
	}
	if err := errors.Join(l.Off(), l.Off()); err != nil {
		t.Fatal(err)
	}
	in, out := "launchctl bootstrap gui/501 "+l.Where(), "launchctl bootout gui/501/ninelives.agent"
	if diff := cmp.Diff([]string{in, out, in, out}, f.did); diff != "" {
		t.Error(diff)
	}
}

// What launchd goes by is read back, so that no restart storm slips in.
func TestAgentIsStartedAgainOnlyAfterACrash(t *testing.T) {
	home := t.TempDir()
	f := agentForm(home)
	text, err := f.render([]string{"/x"})
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if _, err := plist.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	log := path.Join(home, "Library/Logs/Nine Lives/login.log")
	want := map[string]any{
		"Label": "ninelives.agent", "AssociatedBundleIdentifiers": "ninelives.monitor", "ProgramArguments": []any{"/x"}, "RunAtLoad": true,
		"LimitLoadToSessionType": "Aqua", "ProcessType": "Background", "KeepAlive": map[string]any{"Crashed": true}, "ThrottleInterval": uint64(60),
		"EnvironmentVariables": map[string]any{"GOTRACEBACK": "crash"}, "StandardOutPath": log, "StandardErrorPath": log,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	l := testLogin(t, mac, "/x")
	l.form = f
	if err := l.On(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Dir(log)); err != nil || !info.IsDir() {
		t.Errorf("launchd could not write its log: %v", err)
	}
}

func TestFollowGoesAfterAProgramThatMovedAndNoOther(t *testing.T) {
	still := filepath.Join(t.TempDir(), "ninelives")
	if err := os.WriteFile(still, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		was  string
		args []string
		want bool
	}{
		"moved":                 {filepath.Join(t.TempDir(), "gone"), []string{"--config", "/a b.toml"}, true},
		"another copy is there": {still, nil, false},
		"not moved":             {"/here/ninelives", nil, false},
		"on an unplugged drive": {"/Volumes/T7/Nine Lives.app/Contents/MacOS/ninelives", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			l := testLogin(t, mac, c.was)
			if err := l.On(c.args...); err != nil {
				t.Fatal(err)
			}
			l.exe = "/here/ninelives"
			moved, err := l.Follow()
			if moved != c.want || err != nil {
				t.Fatalf("%v, %v", moved, err)
			}
			item, err := l.read()
			if err != nil || c.want && !reflect.DeepEqual(item.command, append([]string{"/here/ninelives", "run", "--at-login"}, c.args...)) || !c.want && item.command[0] != c.was {
				t.Errorf("it starts %q (%v)", item.command, err)
			}
		})
	}
	for name, text := range map[string]string{"damaged": "<", "by hand": `<plist version="1.0"><dict><key>ProgramArguments</key><array><string>/gone/x</string><string>other</string></array><key>RunAtLoad</key><true/></dict></plist>`} {
		l := testLogin(t, mac, "/here/ninelives")
		if err := l.slot.write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if moved, err := l.Follow(); moved || err != nil {
			t.Errorf("%s: %v, %v", name, moved, err)
		}
	}
	if moved, err := testLogin(t, mac, "/x").Follow(); moved || err != nil {
		t.Errorf("no item: %v, %v", moved, err)
	}
}

func TestALinkIntoTheAppStartsTheApp(t *testing.T) {
	const inApp = "/Applications/Nine Lives.app/Contents/MacOS/ninelives"
	for resolved, want := range map[string]string{
		inApp: inApp,
		"/opt/homebrew/Cellar/ninelives/1.2.3/bin/ninelives": "/opt/homebrew/bin/ninelives",
	} {
		if got := programOf("/opt/homebrew/bin/ninelives", resolved); got != want {
			t.Errorf("%s: %s, want %s", resolved, got, want)
		}
	}
}

//go:build !windows

package desktop

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ninelives/internal/alert"
)

// fakeTool is a program that notes its arguments, one a line, and then does
// what the script says.
func fakeTool(t *testing.T, name, script string) (path, calls string) {
	t.Helper()
	dir := t.TempDir()
	path, calls = filepath.Join(dir, name), filepath.Join(dir, "calls")
	text := "#!/bin/sh\n[ \"$1\" = --help ] || printf '%s\\n' \"$@\" >>'" + calls + "'\n" + script + "\n"
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	return path, calls
}

func linesOf(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

var late = alert.Message{Title: "(Ben's) iPad", Body: "12 days", Device: "3f2a9c01", Fix: "power"}

func quiet(opt NotifierOptions) NotifierOptions {
	opt.goos, opt.Log = mac, slog.New(slog.DiscardHandler)
	if opt.beeep == nil {
		opt.beeep = func(string, string, any) error { return errors.New("not this way") }
	}
	return withDefaults(opt)
}

type nativeFake struct{ macWay }

func (nativeFake) String() string { return "native" }

func TestTheWayOfNoticesOnAMac(t *testing.T) {
	for name, c := range map[string]struct {
		asked  string
		tools  string
		sealed error
		native error
		want   string
	}{
		"nothing installed":                 {"", "", nil, nil, "AppleScript"},
		"alerter before the older":          {"", "alerter terminal-notifier", nil, nil, "/bin/alerter"},
		"the older alone":                   {"", "terminal-notifier", nil, nil, "/bin/terminal-notifier"},
		"the older, asked for":              {"terminal-notifier", "alerter terminal-notifier", nil, nil, "/bin/terminal-notifier"},
		"asked for, not there":              {"alerter", "terminal-notifier", nil, nil, "AppleScript"},
		"AppleScript, asked for":            {"applescript", "alerter", nil, nil, "AppleScript"},
		"native, asked for":                 {"native", "alerter", nil, nil, "native"},
		"native, not signed":                {"native", "alerter", ErrNotSigned, nil, "/bin/alerter"},
		"native, refused":                   {"native", "", nil, errors.New("refused"), "AppleScript"},
		"native only where it is asked for": {"", "", nil, nil, "AppleScript"},
		"a word that nobody knows":          {"growl", "alerter", nil, nil, "/bin/alerter"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newMacService(quiet(NotifierOptions{}), macHost{
				asked: c.asked,
				find: func(tool string) (string, bool) {
					return "/bin/" + tool, strings.Contains(" "+c.tools+" ", " "+tool+" ")
				},
				sealed: func() error { return c.sealed },
				native: func(NotifierOptions, func(alert.Message)) (macWay, error) { return nativeFake{}, c.native },
			}, nil)
			s.way()
			says, err := s.probe(t.Context())
			if !strings.HasPrefix(says, c.want) || err != nil {
				t.Errorf("doctor says %q (%v), want %s", says, err, c.want)
			}
			if tells := strings.Contains(says, "a click opens the page"); tells == (c.want == "AppleScript") {
				t.Errorf("what a click does: %q", says)
			}
		})
	}
}

// To make the native way is to ask the person whether the app may notify.
func TestWhoAsksForTheWayDoesNotAskThePerson(t *testing.T) {
	for name, sealed := range map[string]error{"signed": nil, "not signed": ErrNotSigned} {
		s := newMacService(quiet(NotifierOptions{}), macHost{
			asked: nativeWay, sealed: func() error { return sealed }, find: func(string) (string, bool) { return "", false },
			native: func(NotifierOptions, func(alert.Message)) (macWay, error) {
				t.Errorf("%s: the person is asked", name)
				return nativeFake{}, nil
			},
		}, nil)
		want := map[bool]string{true: "the app's own notifications", false: "AppleScript"}[sealed == nil]
		if says, err := s.probe(t.Context()); err != nil || !strings.HasPrefix(says, want) {
			t.Errorf("%s: %q, %v", name, says, err)
		}
	}
}

func TestAlerterIsAskedInItsOwnWords(t *testing.T) {
	for name, c := range map[string]struct {
		help string
		want []string
	}{
		"since version 26": {"OPTIONS:\n  --message <message>  The message.", []string{"--title=· (Ben's) iPad", "--message=12 days", "--group=ninelives"}},
		"before":           {"Usage: alerter -[message|list|remove]", []string{"-title", "· (Ben's) iPad", "-message", "12 days", "-group", "ninelives"}},
	} {
		t.Run(name, func(t *testing.T) {
			path, calls := fakeTool(t, "alerter", "[ \"$1\" = --help ] && echo '"+c.help+"'\necho @TIMEOUT")
			a := newAlerter(path, quiet(NotifierOptions{}), func(alert.Message) { t.Error("nobody clicked") })
			if err := a.send(within(soon), late); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, linesOf(t, calls)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAlerterTellsOfClicks(t *testing.T) {
	for said, want := range map[string]int32{"@CONTENTCLICKED": 1, "@ACTIONCLICKED": 1, "@CLOSED": 0, "@TIMEOUT": 0, "": 0, "x @CONTENTCLICKED": 0} {
		var clicks atomic.Int32
		path, _ := fakeTool(t, "alerter", "printf '%s' '"+said+"'")
		a := newAlerter(path, quiet(NotifierOptions{}), func(m alert.Message) {
			if m.Device == late.Device {
				clicks.Add(1)
			}
		})
		if err := a.send(within(soon), late); err != nil || clicks.Load() != want {
			t.Errorf("%q: %d clicks, want %d (%v)", said, clicks.Load(), want, err)
		}
	}
}

func TestAlerterThatStaysIsTakenAndReplaced(t *testing.T) {
	path, calls := fakeTool(t, "alerter", "[ \"$1\" = --help ] && exit\ntrap 'echo ended >>\"$0.ended\"; exit 0' TERM\nwhile :; do sleep 0.02; done")
	a := newAlerter(path, quiet(NotifierOptions{}), nil)
	a.taken = 200 * time.Millisecond
	ended := func() int {
		text, _ := os.ReadFile(path + ".ended")
		return strings.Count(string(text), "ended")
	}
	for i := range 2 {
		if err := a.send(within(soon), late); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the one before is taken away", func() bool { return ended() == i })
	}
	for range 2 {
		if err := a.withdraw(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "it is taken away", func() bool { return ended() == 2 })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	a.taken = time.Hour
	if err := a.send(ctx, late); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("at the deadline: %v", err)
	}
	eventually(t, "it is taken away again", func() bool { return ended() == 3 })
	if n := len(linesOf(t, calls)); n != 18 {
		t.Errorf("%d arguments", n)
	}
}

func TestAToolThatFailsLeavesTheNoticeToAppleScript(t *testing.T) {
	for _, tool := range []string{"alerter", "terminal-notifier"} {
		path, _ := fakeTool(t, tool, "echo broken >&2; exit 3")
		var shown int
		works := error(nil)
		opt := quiet(NotifierOptions{beeep: func(string, string, any) error { shown++; return works }})
		s := newMacService(opt, macHost{find: func(name string) (string, bool) { return path, name == tool }}, nil)
		if err := s.send(within(soon), late); err != nil || shown != 1 {
			t.Errorf("%s: shown %d times (%v)", tool, shown, err)
		}
		if says, err := s.probe(t.Context()); err != nil || !strings.HasPrefix(says, "AppleScript, because "+path+" failed") {
			t.Errorf("%s: doctor says %q (%v)", tool, says, err)
		}
		works = errors.New("osascript too")
		if err := s.send(within(soon), late); err == nil || !strings.Contains(err.Error(), tool) || !strings.Contains(err.Error(), "osascript too") {
			t.Errorf("%s: %v", tool, err)
		}
	}
}

func TestTerminalNotifierStartsThisProgramAtAClick(t *testing.T) {
	path, calls := fakeTool(t, "terminal-notifier", "")
	opened := filepath.Join(t.TempDir(), "opened")
	program, _ := fakeTool(t, "nine 'lives' $HOME", "printf '%s\\n' \"$@\" >'"+opened+"'")
	n := terminalNotifier{path, quiet(NotifierOptions{Open: func(m alert.Message) []string {
		return []string{program, "open", fmt.Sprint(m.Device, "/", m.Fix), "--data-dir", "/a `b`; \"c\""}
	}})}
	if err := n.send(within(soon), late); err != nil {
		t.Fatal(err)
	}
	got := linesOf(t, calls)
	want := []string{"-title", "· (Ben's) iPad", "-message", "12 days", "-group", "ninelives", "-execute"}
	if diff := cmp.Diff(want, got[:len(want)]); diff != "" {
		t.Error(diff)
	}
	if out, err := exec.Command("/bin/sh", "-c", got[len(want)]).CombinedOutput(); err != nil { // as the tool does at a click
		t.Fatalf("%v\n%s", err, out)
	}
	if diff := cmp.Diff([]string{"open", "3f2a9c01/power", "--data-dir", "/a `b`; \"c\""}, linesOf(t, opened)); diff != "" {
		t.Error(diff)
	}
	if err := n.withdraw(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := linesOf(t, calls); got[len(got)-2] != "-remove" || got[len(got)-1] != "ninelives" {
		t.Errorf("%q", got)
	}
}

func TestWhoSignedTheAppIsRead(t *testing.T) {
	for said, want := range map[string]string{
		"Identifier=ninelives.monitor\nAuthority=Nine Lives (made on this Mac)\nTeamIdentifier=not set\n":                      "Nine Lives (made on this Mac)",
		"Identifier=ninelives.monitor\nAuthority=Developer ID Application: Anna (ABC)\nAuthority=Developer ID Certification\n": "Developer ID Application: Anna (ABC)",
		"Identifier=a.out\nflags=0x20002(adhoc,linker-signed)\nSignature=adhoc\nTeamIdentifier=not set\n":                      "",
		"ninelives: code object is not signed at all\n":                                                                        "",
	} {
		if got, err := signedBy(said); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", said, got, err)
		}
	}
	if app, ok := appOf("/Applications/Nine Lives.app/Contents/MacOS/ninelives"); app != "/Applications/Nine Lives.app" || !ok {
		t.Errorf("%q, %v", app, ok)
	}
	if app, ok := appOf("/usr/local/bin/ninelives"); ok {
		t.Errorf("%q is no app", app)
	}
	if got := codesignLine("/A b.app"); got[len(got)-1] != "/A b.app" {
		t.Errorf("%q", got)
	}
}

func TestToolsAreFoundOnThePath(t *testing.T) {
	path, _ := fakeTool(t, "alerter", "")
	t.Setenv("PATH", filepath.Dir(path))
	if got, ok := findTool("alerter"); got != path || !ok {
		t.Errorf("%q, %v", got, ok)
	}
	if got, ok := findTool("no-such-tool"); ok {
		t.Errorf("found %q", got)
	}
}

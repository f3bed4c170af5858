package desktop

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestOpenCommands(t *testing.T) {
	const apple = "https://www.apple.com/support/systemstatus/"
	rundll := func(target string) [][]string {
		return [][]string{{"rundll32.exe", "url.dll,FileProtocolHandler", target}}
	}
	xdg := func(target string) [][]string {
		return [][]string{{"xdg-open", target}, {"gio", "open", target}}
	}
	for _, c := range []struct {
		name, goos, target string
		want               [][]string
	}{
		{"a link on a Mac", mac, apple, [][]string{{"open", apple}}},
		{"a link on Linux has a second way", linux, apple, xdg(apple)},
		{"a link on Windows goes through no shell", windows, apple + "?a=1&b=2", rundll(apple + "?a=1&b=2")},
		{"the page of the daemon", linux, "http://127.0.0.1:8123/open?k=Zm9v-_", xdg("http://127.0.0.1:8123/open?k=Zm9v-_")},
		{"the page of the daemon by IPv6", linux, "http://[::1]:8123/", xdg("http://[::1]:8123/")},
		{"a page of the settings", mac, "x-apple.systempreferences:com.apple.preference.security?Privacy_AllFiles", [][]string{{"open", "x-apple.systempreferences:com.apple.preference.security?Privacy_AllFiles"}}},
		{"a folder with blanks", mac, "/Users/zoë/My Backups", [][]string{{"open", "/Users/zoë/My Backups"}}},
		{"a file link becomes its path", linux, "file:///home/zo%C3%AB/a%20b.html", xdg("/home/zoë/a b.html")},
		{"a file link of Windows too", windows, "file:///C:/Nine%20Lives/fix.html", rundll(`C:\Nine Lives\fix.html`)},
		{"a folder on Windows", windows, `C:\Users\a,b\Backup`, [][]string{{"explorer.exe", `C:\Users\a,b\Backup`}}},
		{"a folder in the network", windows, `\\nas\backup`, [][]string{{"explorer.exe", `\\nas\backup`}}},

		{"nothing", linux, "", nil},
		{"an option", linux, "--help", nil},
		{"an option on a Mac", mac, "-a", nil},
		{"a program by name", windows, "calc.exe", nil},
		{"a path from here", linux, "backups/x", nil},
		{"a link without TLS to elsewhere", linux, "http://example.org/", nil},
		{"loopback only in the beginning", linux, "http://127.0.0.1.example.org/", nil},
		{"loopback only as a user", linux, "http://127.0.0.1@example.org/", nil},
		{"a link without a host", linux, "https:///x", nil},
		{"code", linux, "javascript:alert(1)", nil},
		{"another scheme", mac, "facetime:5551234", nil},
		{"a page of the settings elsewhere", linux, "x-apple.systempreferences:x", nil},
		{"a link with a quote", windows, `https://example.org/" & calc`, nil},
		{"a link with a line end", linux, "https://example.org/\n--x", nil},
		{"a path with NUL", linux, "/x/\x00x", nil},
		{"a path with a quote on Windows", windows, `C:\x" calc "`, nil},
		{"a file link to another computer", windows, "file://server/share/x.exe", nil},
		{"a path of another system", linux, `C:\x`, nil},
		{"the same the other way round", windows, "/etc", nil},
		{"an unknown system", "plan9", apple, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := openCommands(c.goos, c.target)
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if (c.want == nil) != errors.Is(err, ErrTarget) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestWindowsLineQuotesPathsOnly(t *testing.T) {
	for target, want := range map[string]string{
		`C:\a,b\My Backup`:                    `explorer.exe "C:\a,b\My Backup"`,
		`C:\Nine Lives\fix.html`:              `rundll32.exe url.dll,FileProtocolHandler "C:\Nine Lives\fix.html"`,
		`https://support.apple.com/x?a=1&b=2`: `rundll32.exe url.dll,FileProtocolHandler https://support.apple.com/x?a=1&b=2`,
	} {
		commands, err := openCommands(windows, target)
		if err != nil {
			t.Fatal(err)
		}
		if got := windowsLine(commands[0]); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// checkCommands is the whole promise of openCommands.
func checkCommands(t interface{ Fatalf(string, ...any) }, goos, target string) {
	commands, err := openCommands(goos, target)
	if (err == nil) != (len(commands) > 0) {
		t.Fatalf("%q: %q and %v", target, commands, err)
	}
	for _, line := range commands {
		last := line[len(line)-1]
		if strings.HasPrefix(last, "-") || strings.ContainsAny(last, "\x00\n\r") || strings.HasPrefix(last, "file:") {
			t.Fatalf("%s: %q makes %q", goos, target, line)
		}
		if u, err := url.Parse(last); localFile(last) == "" && (err != nil || u.User != nil || strings.ContainsAny(last, "\" `|<>^\\")) {
			t.Fatalf("%s: %q makes %q (%v)", goos, target, line, err)
		}
		if goos == windows && strings.Count(windowsLine(line), `"`) > 2 {
			t.Fatalf("%q makes the line %s", target, windowsLine(line))
		}
	}
}

func TestOpenCommandsHoldsForAnyText(t *testing.T) {
	starts := rapid.SampledFrom([]string{"", "-", "/", "//", "https://", "http://127.0.0.1", "file://", "file:///C:/", `C:\`, `\\`, "x-apple.systempreferences:", "HTTPS://", "javascript:"})
	rest := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("%20%0a%00\"'&;|`$-/\\@:.\n"))))
	rapid.Check(t, func(t *rapid.T) {
		checkCommands(t, rapid.SampledFrom(allSystems).Draw(t, "goos"), starts.Draw(t, "start")+rest.Draw(t, "rest"))
	})
}

func FuzzOpenCommands(f *testing.F) {
	for _, s := range []string{"https://a/", "file:///%00", "file://localhost/x", `C:\x"`, "--", "http://[::1]:1/", "http://localhost/%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, target string) {
		for _, goos := range allSystems {
			checkCommands(t, goos, target)
		}
	})
}

// onPath makes a PATH of scripts by name.
func onPath(t *testing.T, scripts map[string]string) string {
	t.Helper()
	if runtime.GOOS == windows {
		t.Skip("scripts without an extension do not run on Windows")
	}
	dir := t.TempDir()
	for name, body := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	return dir
}

func TestOpenTargetTriesWhatIsThere(t *testing.T) {
	folder := t.TempDir()
	for _, c := range []struct {
		name    string
		scripts map[string]string
		used    string
		wrong   string // in the error
	}{
		{"xdg-open is asked first", map[string]string{"xdg-open": `echo "$1" > "${0%/*}/xdg"`, "gio": "exit 1"}, "xdg", ""},
		{"gio is asked when xdg-open is missing", map[string]string{"gio": `echo "$2" > "${0%/*}/gio-used"`}, "gio-used", ""},
		{"gio is asked when xdg-open finds no browser", map[string]string{"xdg-open": "exit 3", "gio": `echo "$2" > "${0%/*}/gio-used"`}, "gio-used", ""},
		{"a browser that stays open is not waited for", map[string]string{"xdg-open": `echo "$1" > "${0%/*}/xdg"; exec /bin/sleep 3`}, "xdg", ""},
		{"nothing there is said with the remedy", nil, "", "install xdg-utils"},
		{"failures are said with the remedy", map[string]string{"xdg-open": "exit 3", "gio": "exit 2"}, "", "install xdg-utils"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := onPath(t, c.scripts)
			err := openTarget(t.Context(), linux, folder)
			if c.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), c.wrong) {
					t.Errorf("error %v, want %q in it", err, c.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got, err := os.ReadFile(filepath.Join(dir, c.used)); err != nil || string(got) != folder+"\n" {
				t.Errorf("it opened %q (%v), want %q", got, err, folder)
			}
		})
	}
}

func TestOpenRunsNothingAndOpensNothingThatIsGone(t *testing.T) {
	dir := t.TempDir()
	onPath(t, map[string]string{"xdg-open": "exit 0", "open": "exit 0"})
	for _, name := range []string{"run.sh", "run.exe", "noextension"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := openTarget(t.Context(), linux, filepath.Join(dir, name)); !errors.Is(err, ErrTarget) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "Evil.app"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := openTarget(t.Context(), mac, filepath.Join(dir, "Evil.app")); !errors.Is(err, ErrTarget) {
		t.Errorf("an app: %v", err)
	}
	if err := openTarget(t.Context(), linux, filepath.Join(dir, "gone")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is gone: %v", err)
	}
	page := filepath.Join(dir, "fix.html")
	if err := os.WriteFile(page, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := openTarget(t.Context(), linux, (&url.URL{Scheme: "file", Path: page}).String()); err != nil {
		t.Errorf("a page: %v", err)
	}
}

func TestOpenedChildIsSilentAndBuried(t *testing.T) {
	dir := onPath(t, map[string]string{"xdg-open": `echo noise; echo noise >&2; echo $$ > "${0%/*}/pid"; exec /bin/sleep 0.6`})
	if err := openTarget(t.Context(), linux, dir); err != nil {
		t.Fatal(err)
	}
	pid, err := os.ReadFile(filepath.Join(dir, "pid"))
	if err != nil {
		t.Fatal(err)
	}
	proc := "/proc/" + strings.TrimSpace(string(pid))
	if _, err := os.Stat("/proc/self"); err != nil {
		t.Skip("no /proc here: whether a child became a zombie cannot be seen")
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(proc); err != nil {
			return
		}
		if time.Now().After(end) {
			t.Fatal("the child stays as a zombie")
		}
	}
}

func TestErrorsDoNotTellTheKeyOfThePage(t *testing.T) {
	onPath(t, nil)
	err := Open(t.Context(), "http://127.0.0.1:1/open?key=secret")
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}

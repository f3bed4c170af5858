package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ninelives/internal/sample"
)

var storyTime = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

// installed is the program as the installer put it for a person.
type installed struct {
	*computer
	setup, folder string
}

func (i installed) program() string { return filepath.Join(i.folder, "ninelives.exe") }
func (i installed) starter() string { return filepath.Join(i.folder, "Nine Lives.exe") }

// TestOnWindows installs, uses and removes the program on a Windows of Wine's.
func TestOnWindows(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	_, downloads := made(t)
	c := newComputer(t)
	before := c.files()
	i := installed{c, filepath.Join(downloads, madeName+"-setup.exe"), c.home("AppData", "Local", "Programs", "Nine Lives")}
	for n, step := range []struct {
		name string
		try  func(*testing.T, installed)
	}{
		{"install", install},
		{"version and bad usage", versionAndUsage},
		{"check", check},
		{"redirected by a batch file", redirected},
		{"config", config},
		{"doctor", doctor},
		{"login item", loginItem},
		{"a click on a link", click},
		{"an update over a running program", update},
		{"uninstall, with and without the data", uninstall},
		{"into a folder of others", amongOthers},
	} {
		worked := t.Run(step.name, func(t *testing.T) {
			here := *i.computer
			here.t = t
			step.try(t, installed{&here, i.setup, i.folder})
		})
		if !worked && n == 0 {
			return // nothing is installed
		}
	}
	if after := c.files(); !slices.Equal(before, after) {
		t.Errorf("the files before and after differ:\n%s\n\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
}

// files are all files and folders of the person, but for the backups and for
// what NSIS leaves to the next start of Windows: an uninstaller runs from a copy
// of itself, which cannot remove itself.
func (c *computer) files() []string {
	var all []string
	err := filepath.WalkDir(c.home(), func(path string, _ fs.DirEntry, err error) error {
		if !strings.Contains(path, "Apple Computer") && !strings.Contains(path, "~nsu") {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return all
}

// want runs the program and wants an exit code, and these words.
func (i installed) want(t *testing.T, code int, words []string, args ...string) string {
	t.Helper()
	out, got := i.run(i.program(), args...)
	if got != code {
		t.Errorf("%q: exit code %d, want %d: %s", args, got, code, out)
	}
	for _, w := range words {
		if !strings.Contains(strings.Join(strings.Fields(out), " "), w) {
			t.Errorf("%q: no %q in %s", args, w, out)
		}
	}
	return out
}

const uninstallKey = `Software\Microsoft\Windows\CurrentVersion\Uninstall\Nine Lives`
const runKey = `Software\Microsoft\Windows\CurrentVersion\Run`
const approvedKey = `Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run`

func install(t *testing.T, i installed) {
	if out, code := i.run(i.setup, "/S"); code != 0 {
		t.Fatalf("exit code %d: %s", code, out)
	}
	for _, path := range []string{i.program(), i.starter(), filepath.Join(i.folder, "Nine Lives uninstall.exe"), i.home("AppData", "Roaming", "Microsoft", "Windows", "Start Menu", "Programs", "Nine Lives.lnk")} {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
	entry := i.registry(uninstallKey)
	for name, value := range map[string]string{
		"DisplayName": "Nine Lives", "DisplayVersion": madeVersion, "InstallLocation": i.drivePath(i.folder), "DisplayIcon": i.drivePath(i.starter()),
		"QuietUninstallString": `"` + i.drivePath(filepath.Join(i.folder, "Nine Lives uninstall.exe")) + `" /S`,
	} {
		if !strings.Contains(entry, "\n"+quoted(name)+"="+quoted(value)+"\n") {
			t.Errorf("no %s %s in\n%s", name, value, entry)
		}
	}
	if got := i.registry(runKey); strings.Contains(got, "Nine Lives") {
		t.Errorf("it starts at login, and nobody was asked:\n%s", got)
	}
}

func versionAndUsage(t *testing.T, i installed) {
	i.want(t, 0, []string{"ninelives " + madeVersion}, "version")
	i.want(t, 64, []string{"nowhere"}, "open", "nowhere")
	i.want(t, 64, []string{"not a link of a notice"}, "open", "--", "ninelives:quit")
	i.want(t, 1, []string{"it is not running"}, "open")
	i.want(t, 0, nil, "quit")
}

// check reads what iTunes would have left, in its own place.
func check(t *testing.T, i installed) {
	place := i.home("AppData", "Roaming", "Apple Computer", "MobileSync", "Backup")
	i.want(t, 3, []string{"no backups found"}, "check")
	anna := sample.Folder{UDID: "00008110-000A1B2C3D4E5F60", Name: "Änne's iPhone", ProductType: "iPhone14,5", OSVersion: "18.1", Encrypted: true}
	for _, c := range []struct {
		age   time.Duration
		code  int
		state string
	}{{26 * time.Hour, 0, "ok"}, {8 * 24 * time.Hour, 1, "warning"}, {15 * 24 * time.Hour, 2, "critical"}} {
		anna.Date = storyTime.Add(-c.age)
		if err := os.RemoveAll(place); err != nil {
			t.Fatal(err)
		}
		if _, err := anna.Write(place); err != nil {
			t.Fatal(err)
		}
		i.want(t, c.code, []string{"Änne's iPhone"}, "check")
		i.want(t, c.code, []string{"NINELIVES " + strings.ToUpper(c.state) + " - ", "'age_"}, "check", "--format", "nagios")
		var report struct {
			State   string
			Devices []struct {
				Name   string
				Routes []struct{ Path string }
			}
		}
		if err := json.Unmarshal([]byte(i.want(t, c.code, nil, "check", "--json")), &report); err != nil {
			t.Fatal(err)
		}
		if report.State != c.state || len(report.Devices) != 1 || report.Devices[0].Name != anna.Name || len(report.Devices[0].Routes) == 0 ||
			!strings.HasPrefix(report.Devices[0].Routes[0].Path, i.drivePath(place)+`\`) {
			t.Errorf("got %+v", report)
		}
	}
}

// redirected is how scripts use it: the prompt waits, the exit code arrives,
// and what is written goes where it is sent.
func redirected(t *testing.T, i installed) {
	batch, out := i.home("try it.bat"), i.home("out put.txt")
	script := "@echo off\r\n\"%~1\" check --format nagios > \"%~2\"\r\nset code=%ERRORLEVEL%\r\necho code %code%\r\nexit %code%\r\n"
	if err := os.WriteFile(batch, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	said, code := i.run("cmd", "/c", "call", i.drivePath(batch), i.drivePath(i.program()), i.drivePath(out))
	if code != 2 || said != "code 2\n" {
		t.Errorf("exit code %d, said %q", code, said)
	}
	piped := exec.Command("wine", i.program(), "version")
	piped.Env = i.env
	if text, err := piped.Output(); err != nil || !strings.HasPrefix(string(text), "ninelives "+madeVersion) {
		t.Errorf("through a pipe: %q, %v", text, err)
	}
	if text, err := os.ReadFile(out); err != nil || !strings.HasPrefix(string(text), "NINELIVES CRITICAL - ") || !strings.Contains(string(text), "Änne's iPhone") {
		t.Errorf("written: %q, %v", text, err)
	}
	for _, path := range []string{batch, out} {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

func config(t *testing.T, i installed) {
	file := i.home("AppData", "Roaming", "Nine Lives", "config.toml")
	i.want(t, 0, []string{i.drivePath(file)}, "config", "path")
	i.want(t, 0, nil, "config", "set", "warn_after", "9d")
	i.want(t, 0, []string{"9d"}, "config", "show")
	i.want(t, 2, []string{"the limit is 14 days"}, "check")
	i.want(t, 0, nil, "config", "set", "critical_after", "30d")
	i.want(t, 1, []string{"the limit is 9 days"}, "check")
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), "warn_after = \"9d\"") {
		t.Errorf("%s, %v", text, err)
	}
	i.want(t, 0, nil, "config", "unset", "warn_after")
	i.want(t, 0, nil, "config", "unset", "critical_after")
	i.want(t, 78, []string{"warn_afte"}, "config", "set", "warn_afte", "9d")
	if err := os.WriteFile(file, []byte("check_every = \"soon\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	i.want(t, 78, []string{"check_every"}, "check")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
}

func doctor(t *testing.T, i installed) {
	i.want(t, 0, []string{`Apple Computer\MobileSync\Backup`, "1 backup of 1 device", "Windows toast; clicks are set up when", "Start at login: off", person}, "doctor")
}

// loginItem is read back by Wine's reg.
func loginItem(t *testing.T, i installed) {
	command := `"` + i.drivePath(i.starter()) + `" run --at-login --offline` // as the environment of this test says
	i.want(t, 0, []string{"off ("}, "login-item", "status")
	i.want(t, 0, []string{"on ("}, "login-item", "on")
	i.want(t, 0, []string{"on ("}, "login-item")
	if got := i.registry(runKey); !strings.Contains(got, "\n\"Nine Lives\"="+quoted(command)+"\n") {
		t.Errorf("no %s in\n%s", command, got)
	}
	// As Task Manager does when a person switches it off there.
	if out, code := i.run("reg", "add", `HKCU\`+approvedKey, "/v", "Nine Lives", "/t", "REG_BINARY", "/d", "030000000000000000000000", "/f"); code != 0 {
		t.Fatal(out)
	}
	i.want(t, 1, []string{"switched off in the system's settings"}, "login-item", "status")
	i.want(t, 0, []string{"on ("}, "login-item", "on")
	if got := i.registry(approvedKey); strings.Contains(got, "Nine Lives") {
		t.Errorf("the note is still there:\n%s", got)
	}
	i.want(t, 0, []string{"off ("}, "login-item", "off")
	if got := i.registry(runKey); strings.Contains(got, "Nine Lives") {
		t.Errorf("it is still there:\n%s", got)
	}
}

// click goes the way of a click on a notice: the first start registers the
// scheme, and the shell starts the starter with a link of it.
func click(t *testing.T, i installed) {
	// A program that is killed while PowerShell, Wine's empty one, is asked to show
	// a toast leaves the script of that behind.
	i.want(t, 0, nil, "config", "set", "notifications.enabled", "false")
	if out, code := i.run(i.starter(), "run", "--no-tray"); code != 0 {
		t.Fatalf("exit code %d: %s", code, out)
	}
	i.await("ninelives.exe", 1)
	i.await("Nine Lives.exe", 0)
	classes := i.registry(`Software\Classes`)
	open := `"` + i.drivePath(i.starter()) + `" open --offline -- "%1"`
	for key, values := range map[string][]string{
		`AppUserModelId\NineLives.NineLives`: {`"DisplayName"="Nine Lives"`, `"IconUri"=` + quoted(i.drivePath(i.home("AppData", "Local", "Nine Lives", "ninelives.png")))},
		`ninelives`:                          {`@="URL:Nine Lives"`, `"URL Protocol"=""`},
		`ninelives\shell\open\command`:       {"@=" + quoted(open)},
	} {
		_, rest, found := strings.Cut(classes, `\Software\Classes\`+key+"]\n")
		section, _, _ := strings.Cut(rest, "\n[")
		for _, v := range values {
			if !found || !strings.Contains("\n"+section+"\n", "\n"+v+"\n") {
				t.Errorf("no %s in %s:\n%s", v, key, classes)
			}
		}
	}
	i.want(t, 0, []string{"a click starts " + i.drivePath(i.starter())}, "doctor")
	i.end("ninelives.exe")
	// The shell of this Wine looks for schemes in the half of the registry that is
	// everybody's; Windows looks in both.
	const everybodys = `HKLM\Software\Classes\ninelives`
	for _, args := range [][]string{{"add", everybodys, "/v", "URL Protocol", "/f"}, {"add", everybodys + `\shell\open\command`, "/ve", "/d", open, "/f"}} {
		if out, code := i.run("reg", args...); code != 0 {
			t.Fatal(out)
		}
	}
	// The program has ended; a click on what it left in the notification centre
	// starts it again.
	if out, code := i.run("start", "ninelives:open/overview"); code != 0 {
		t.Fatalf("exit code %d: %s", code, out)
	}
	i.await("ninelives.exe", 1)
	i.await("Nine Lives.exe", 0)
	if got := len(i.processes("ninelives.exe")); got != 1 {
		t.Errorf("%d programs run", got)
	}
}

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// mac is a home with the app in it, and stand-ins for the tools of macOS that
// note how they were called.
type mac struct {
	home, app, calls string
	env              []string
}

func newMac(t *testing.T, tools map[string]string) mac {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("shell scripts")
	}
	home := t.TempDir()
	m := mac{home: home, app: filepath.Join(home, "my Applications", appName), calls: filepath.Join(home, "calls")}
	files := map[string]file{"Contents/Resources/uninstall.sh": {uninstaller, 0o755}}
	if err := write(m.app, files); err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(home, "bin")
	for tool, does := range tools {
		m.put(t, filepath.Join(bin, tool), "#!/bin/sh\necho "+tool+" \"$@\" >>'"+m.calls+"'\n"+does+"\n")
		if err := os.Chmod(filepath.Join(bin, tool), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	m.env = []string{"HOME=" + home, "PATH=" + bin + ":/usr/bin:/bin", "TMPDIR=" + t.TempDir()}
	return m
}

func (m mac) put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (m mac) run(script string, args ...string) (string, error) {
	cmd := exec.Command("/bin/sh", append([]string{script}, args...)...)
	cmd.Env = m.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func there(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func TestUninstallLeavesOnlyWhatIsToStay(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		kept bool
	}{
		"nobody to ask": {nil, true},
		"kept":          {[]string{"--keep-data"}, true},
		"all":           {[]string{"--data"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMac(t, map[string]string{"launchctl": "exit 3", "pkill": "exit 1", "tccutil": "", "defaults": "exit 1", "pgrep": "[ \"$(grep -c pgrep \"$HOME/calls\")\" -lt 3 ]"})
			agent := filepath.Join(m.home, "Library", "LaunchAgents", "ninelives.agent.plist")
			config := filepath.Join(m.home, "Library", "Application Support", "Nine Lives", "config.toml")
			log := filepath.Join(m.home, "Library", "Logs", "Nine Lives", "ninelives.log")
			backup := filepath.Join(m.home, "Library", "Application Support", "MobileSync", "Backup", "x")
			prefs := filepath.Join(m.home, "Library", "Preferences", "ninelives.monitor.plist")
			for _, path := range []string{agent, config, log, backup, prefs} {
				m.put(t, path, "x")
			}
			out, err := m.run(filepath.Join(m.app, "Contents", "Resources", "uninstall.sh"), c.args...)
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if there(m.app) || there(agent) || there(prefs) || !there(backup) || there(config) != c.kept || there(log) != c.kept {
				t.Errorf("app %v, login item %v, preferences %v, backup %v, settings %v, log %v", there(m.app), there(agent), there(prefs), there(backup), there(config), there(log))
			}
			calls := string(read(t, m.calls))
			if n := strings.Count(calls, "pgrep"); n != 3 {
				t.Errorf("it looked %d times whether the program has ended", n)
			}
			for _, want := range []string{"launchctl bootout gui/", "/ninelives.agent\n", "pkill -x -U ", "tccutil reset All ninelives.monitor\n", "defaults delete ninelives.monitor\n"} {
				if !strings.Contains(calls, want) {
					t.Errorf("%q was not called:\n%s", want, calls)
				}
			}
		})
	}
}

func TestUninstallSaysHowToTakeThePermissionAway(t *testing.T) {
	m := newMac(t, map[string]string{"launchctl": "", "pkill": "", "tccutil": "exit 1", "defaults": "", "pgrep": "exit 1"})
	out, err := m.run(filepath.Join(m.app, "Contents", "Resources", "uninstall.sh"), "--data")
	if err != nil || !strings.Contains(out, "System Settings > Privacy & Security > Full Disk Access") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestUninstallRemovesNothingFromElsewhere(t *testing.T) {
	m := newMac(t, map[string]string{"launchctl": "", "pkill": "", "tccutil": "", "defaults": "exit 1", "pgrep": "exit 1"})
	astray := filepath.Join(m.home, "a", "b", "c", "uninstall.sh")
	m.put(t, astray, string(uninstaller))
	if out, err := m.run(astray, "--data"); err == nil || !there(astray) || there(m.calls) {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := m.run(filepath.Join(m.app, "Contents", "Resources", "uninstall.sh"), "--all"); err == nil || !there(m.app) || !strings.Contains(out, "--all") {
		t.Errorf("a wrong word: %v\n%s", err, out)
	}
}

// signing are stand-ins for a Mac whose keychain has a certificate with its key
// or not.
func signing(has string) map[string]string {
	return map[string]string{
		"codesign": "", "openssl": "case $2 in -help) echo '-legacy' ;; esac\necho random",
		"security": "case $1 in default-keychain) echo '    \"/k k/login.keychain-db\"' ;; find-identity) echo '  " + has + "' ;; esac",
	}
}

func TestSigningMakesItsCertificateOnce(t *testing.T) {
	for name, c := range map[string]struct {
		has, identity string
		want, never   []string
	}{
		"the first time":        {"0 valid identities found", "", []string{"openssl req -x509", "pkcs12 -export -legacy", "-k /k k/login.keychain-db -P", "--timestamp=none --sign Nine Lives (made on this Mac)"}, nil},
		"later":                 {`1) 0A1B "Nine Lives (made on this Mac)"`, "", []string{"find-identity -p codesigning /k k/login.keychain-db", "--sign Nine Lives (made on this Mac)"}, []string{"openssl", "import"}},
		"with an account":       {"0 valid identities found", "Developer ID Application: Anna", []string{"--options runtime --timestamp --sign Developer ID Application: Anna"}, []string{"openssl", "import", "=none"}},
		"ad hoc, when asked to": {"0 valid identities found", "-", []string{"--timestamp=none --sign - "}, []string{"openssl"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMac(t, signing(c.has))
			m.env = append(m.env, "IDENTITY="+c.identity)
			if out, err := m.run("sign.sh", m.app); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			calls := string(read(t, m.calls))
			for _, want := range append(c.want, "codesign --verify --strict") {
				if !strings.Contains(calls, want) {
					t.Errorf("%q was not called:\n%s", want, calls)
				}
			}
			for _, never := range c.never {
				if strings.Contains(calls, never) {
					t.Errorf("%q was called:\n%s", never, calls)
				}
			}
		})
	}
}

func TestWhatOpensslSaysIsNotLost(t *testing.T) {
	tools := signing("0 valid identities found")
	tools["openssl"] = "case $1 in req) echo 'no such section' >&2; exit 1 ;; esac"
	m := newMac(t, tools)
	if out, err := m.run("sign.sh", m.app); err == nil || !strings.Contains(out, "no such section") || strings.Contains(string(read(t, m.calls)), "\ncodesign ") {
		t.Errorf("%v\n%s", err, out)
	}
}

// The request for the certificate is read by a real openssl.
func TestTheCertificateMaySignPrograms(t *testing.T) {
	tool := needTool(t, "openssl")
	m := newMac(t, signing("0 valid identities found"))
	kept := filepath.Join(m.home, "kept")
	m.put(t, filepath.Join(m.home, "bin", "openssl"), "#!/bin/sh\n'"+tool+"' \"$@\"\nstatus=$?\nfor file in \"$TMPDIR\"/*/certificate; do [ ! -f \"$file\" ] || cp \"$file\" '"+kept+"'; done\nexit $status\n")
	if out, err := m.run("sign.sh", m.app); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command(tool, "x509", "-in", kept, "-noout", "-text").CombinedOutput()
	for _, want := range []string{"Nine Lives (made on this Mac)", "Code Signing", "Digital Signature", "CA:FALSE"} {
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("no %q (%v):\n%s", want, err, out)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(strings.TrimPrefix(m.env[2], "TMPDIR="), "*")); len(left) > 0 {
		t.Errorf("the key is left behind: %v", left)
	}
}

func TestTheImageHoldsTheAppAndTheWayToApplications(t *testing.T) {
	m := newMac(t, map[string]string{"hdiutil": "ls \"${7}\" >>\"$HOME/calls\"; readlink \"$7/Applications\" >>\"$HOME/calls\"", "codesign": ""})
	if out, err := m.run("dmg.sh", m.app, "x.dmg"); err != nil || out != "x.dmg\n" {
		t.Fatalf("%v\n%s", err, out)
	}
	calls := string(read(t, m.calls))
	for _, want := range []string{"-volname Nine Lives", "\nNine Lives.app\n", "\n/Applications\n", "-format ULMO x.dmg"} {
		if !strings.Contains(calls, want) {
			t.Errorf("no %q:\n%s", want, calls)
		}
	}
}

func TestNotarisingNeedsAnAccount(t *testing.T) {
	m := newMac(t, map[string]string{"xcrun": "", "spctl": ""})
	if out, err := m.run("notarize.sh", "x.dmg"); err == nil || !strings.Contains(out, "store-credentials") || there(m.calls) {
		t.Errorf("%v\n%s", err, out)
	}
	m.env = append(m.env, "NOTARY_PROFILE=anna", "NOTARY_KEYCHAIN=")
	if out, err := m.run("notarize.sh", "x.dmg"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if calls := string(read(t, m.calls)); !strings.HasPrefix(calls, "xcrun notarytool submit x.dmg --keychain-profile anna --wait\nxcrun stapler staple x.dmg\n") {
		t.Error(calls)
	}
}

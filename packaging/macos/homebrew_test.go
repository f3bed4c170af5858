package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestHomebrewFilesAreFilledInAndRuby(t *testing.T) {
	for archive, name := range map[string]string{"NineLives-1.2.3.dmg": "Casks/nine-lives.rb", "ninelives-1.2.3-source.tar.gz": "Formula/ninelives.rb"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, archive)
			if err := os.WriteFile(path, []byte("abc"), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := brew{site: "https://example.org/nine/", version: "v1.2.3"}.write(dir, path)
			if err != nil || got != filepath.Join(dir, filepath.FromSlash(name)) {
				t.Fatalf("%s, %v", got, err)
			}
			text := string(read(t, got))
			for _, want := range []string{`"https://example.org/nine/releases/download/v`, `"https://example.org/nine"`, `sha256 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"`, "1.2.3"} {
				if !strings.Contains(text, want) {
					t.Errorf("no %s in\n%s", want, text)
				}
			}
			if strings.Contains(text, "{{") {
				t.Errorf("not filled in:\n%s", text)
			}
			if out, err := exec.Command(needTool(t, "ruby"), "-wc", got).CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "Syntax OK" {
				t.Errorf("ruby: %v\n%s", err, out)
			}
		})
	}
}

// What the cask removes is what the program and its login item leave.
func TestTheCaskRemovesWhatTheUninstallerRemoves(t *testing.T) {
	for _, place := range []string{"Library/LaunchAgents/ninelives.agent.plist", "Library/Application Support/Nine Lives", "Library/Logs/Nine Lives", "Library/Preferences/ninelives.monitor.plist"} {
		if !strings.Contains(caskTemplate, "~/"+place) || !strings.Contains(string(uninstaller), "$HOME/"+place) {
			t.Errorf("%s is forgotten", place)
		}
	}
	for _, word := range []string{identifier, "ninelives.agent", appName + "/Contents/MacOS/" + executable} {
		if !strings.Contains(caskTemplate, `"`+word) && !strings.Contains(caskTemplate, "/"+word) {
			t.Errorf("the cask does not know %s", word)
		}
	}
}

// Homebrew runs `uninstall` at each upgrade too; only its quit is left out then.
func TestAnUpgradeByHomebrewLeavesTheLoginItem(t *testing.T) {
	_, rest, found := strings.Cut(caskTemplate, "\n  uninstall ")
	stanza, zap, ends := strings.Cut(rest, "\n\n")
	if !found || !ends || stanza != `quit: "`+identifier+`"` {
		t.Errorf("uninstall %s", stanza)
	}
	for _, want := range []string{`zap launchctl: "ninelives.agent"`, "~/Library/LaunchAgents/ninelives.agent.plist"} {
		if !strings.Contains(zap, want) {
			t.Errorf("zap lacks %s", want)
		}
	}
}

func TestOnlyReleasesGoToHomebrew(t *testing.T) {
	dir := t.TempDir()
	archive := filepath.Join(dir, "x.dmg")
	if err := os.WriteFile(archive, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]brew{
		"no version": {"https://example.org", "dev"}, "between versions": {"https://example.org", "v1.2.3-4-gabc"},
		"no site": {"", "1.2.3"}, "not TLS": {"http://example.org", "1.2.3"}, "ruby in it": {"https://example.org/#{x}", "1.2.3"},
	} {
		if path, err := b.write(dir, archive); err == nil {
			t.Errorf("%s: wrote %s", name, path)
		}
	}
	if _, err := (brew{"https://example.org", "1.2.3"}).write(dir, archive+"x"); err == nil {
		t.Error("there is no such archive")
	}
}

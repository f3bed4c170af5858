package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Also where the one copy has a history, and the other none.
func TestASecondBuildGivesTheSameBytes(t *testing.T) {
	need(t, "git")
	_, first := made(t)
	dir := filepath.Join(t.TempDir(), "José Müller", "nine lives")
	if err := copySource(dir); err != nil {
		t.Fatal(err)
	}
	output(t, "git", "init", "-q", dir)
	output(t, "git", "-C", dir, "add", ".")
	output(t, "git", "-C", dir, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-m", "All of it")
	if err := makeIn(dir); err != nil {
		t.Fatal(err)
	}
	second := filepath.Join(dir, "dist")
	for _, name := range []string{madeName + ".zip", madeName + "-setup.exe"} {
		a, errA := os.ReadFile(filepath.Join(first, name))
		b, errB := os.ReadFile(filepath.Join(second, name))
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s: %d and %d bytes that differ (%v, %v)", name, len(a), len(b), errA, errB)
		}
	}
}

func TestAnotherProgramReadsTheZip(t *testing.T) {
	need(t, "unzip")
	programs, dist := made(t)
	dir := t.TempDir()
	output(t, "unzip", "-q", filepath.Join(dist, madeName+".zip"), "-d", dir)
	for name, from := range map[string]string{
		"ninelives.exe": filepath.Join(programs, "ninelives.exe"), "Nine Lives.exe": filepath.Join(programs, "Nine Lives.exe"), "LICENSE.txt": filepath.Join(top, "LICENSE"),
	} {
		got, err := os.ReadFile(filepath.Join(dir, "Nine Lives", name))
		want, errWant := os.ReadFile(from)
		if err != nil || errWant != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v, %v", name, err, errWant)
		}
	}
}

func TestZipTimes(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "x.zip")
	if err := writeZip(out, time.Unix(0, 0).UTC(), []string{"main.go"}); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if err := writeZip(out, earliest, []string{"main.go"}); err != nil {
		t.Fatal(err)
	}
	if second, err := os.ReadFile(out); err != nil || !bytes.Equal(first, second) {
		t.Errorf("a time that no zip can hold gives other bytes than the earliest (%v)", err)
	}
	if err := run([]string{"zip", out, filepath.Join(dir, "missing")}); err == nil {
		t.Error("a file that is missing is no error")
	}
}

// Another parser reads the manifest for winget: PyYAML.
func TestAnotherParserReadsTheWingetManifest(t *testing.T) {
	if exec.Command("python3", "-c", "import yaml").Run() != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("python3 with yaml is required in CI")
		}
		t.Skip("python3 with yaml is not installed")
	}
	dir := t.TempDir()
	setup := filepath.Join(dir, "ninelives setup.exe")
	if err := os.WriteFile(setup, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run([]string{"winget", "-version", "1.2.3", "-date", "2026-11-20", "-from", "https://example.org/v1.2.3/", setup, filepath.Join(dir, "out")}); err != nil {
		t.Fatal(err)
	}
	const read = "import sys, json, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1], encoding='utf-8')), default=str))"
	docs := map[string]map[string]any{}
	for _, kind := range []string{"", ".installer", ".locale.en-US"} {
		var doc map[string]any
		if err := json.Unmarshal([]byte(output(t, "python3", "-c", read, filepath.Join(dir, "out", "NineLives.NineLives"+kind+".yaml"))), &doc); err != nil {
			t.Fatal(err)
		}
		if doc["PackageIdentifier"] != "NineLives.NineLives" || doc["PackageVersion"] != "1.2.3" || doc["ManifestVersion"] != "1.6.0" {
			t.Errorf("%s: %v", kind, doc)
		}
		docs[kind] = doc
	}
	// What the schemas of version 1.6.0 require, and our own installer answers to.
	for kind, keys := range map[string]string{
		"":              "DefaultLocale ManifestType",
		".installer":    "Installers ManifestType InstallerType Scope ProductCode ReleaseDate",
		".locale.en-US": "PackageLocale Publisher PackageName License ShortDescription ManifestType",
	} {
		for _, key := range strings.Fields(keys) {
			if docs[kind][key] == nil {
				t.Errorf("%s has no %s", kind, key)
			}
		}
	}
	if codes := fmt.Sprint(docs[".installer"]["ExpectedReturnCodes"]); codes != "[map[InstallerReturnCode:3 ReturnResponse:packageInUse]]" {
		t.Errorf("the installer ends with %s", codes)
	}
	for kind, want := range map[string]string{"": "version", ".installer": "installer", ".locale.en-US": "defaultLocale"} {
		if got := docs[kind]["ManifestType"]; got != want {
			t.Errorf("%s is a %v", kind, got)
		}
	}
	installers, _ := docs[".installer"]["Installers"].([]any)
	if len(installers) != 1 {
		t.Fatalf("installers: %v", installers)
	}
	one, _ := installers[0].(map[string]any)
	if one["InstallerUrl"] != "https://example.org/v1.2.3/ninelives%20setup.exe" || one["Architecture"] != "x64" ||
		one["InstallerSha256"] != "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD" { // of "abc", from FIPS 180
		t.Errorf("the installer is %v", one)
	}
	if d, _ := docs[".locale.en-US"]["ShortDescription"].(string); len(d) < 3 || len(d) > 256 {
		t.Errorf("the short description has %d letters", len(d))
	}
}

func TestWingetRefusesWhatItCannotPublish(t *testing.T) {
	for name, args := range map[string][]string{
		"a version of four numbers": {"-version", "1.2.3.4", "-date", "2026-11-20", "-from", "https://example.org/"},
		"a candidate":               {"-version", "1.2.3-rc.1", "-date", "2026-11-20", "-from", "https://example.org/"},
		"a version that is a word":  {"-version", "dev", "-date", "2026-11-20", "-from", "https://example.org/"},
		"no such day":               {"-version", "1.2.3", "-date", "2026-13-20", "-from", "https://example.org/"},
		"an address without TLS":    {"-version", "1.2.3", "-date", "2026-11-20", "-from", "http://example.org/"},
		"no address":                {"-version", "1.2.3", "-date", "2026-11-20"},
	} {
		out := filepath.Join(t.TempDir(), "out")
		if err := run(append(append([]string{"winget"}, args...), "main.go", out)); err == nil {
			t.Errorf("%s is taken", name)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s leaves files", name)
		}
	}
}

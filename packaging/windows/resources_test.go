package main

import (
	"debug/pe"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"
)

// The programs, and the mark that tells Windows whether they have a console.
var subsystems = map[string]uint16{
	"ninelives.exe":  pe.IMAGE_SUBSYSTEM_WINDOWS_CUI,
	"Nine Lives.exe": pe.IMAGE_SUBSYSTEM_WINDOWS_GUI,
}

func TestProgramsHaveTheConsoleTheyShould(t *testing.T) {
	programs, _ := made(t)
	for name, want := range subsystems {
		file, err := pe.Open(filepath.Join(programs, name))
		if err != nil {
			t.Fatal(err)
		}
		header, ok := file.OptionalHeader.(*pe.OptionalHeader64)
		if !ok || file.Machine != pe.IMAGE_FILE_MACHINE_AMD64 {
			t.Fatalf("%s is not a program for amd64", name)
		}
		if header.Subsystem != want {
			t.Errorf("%s has subsystem %d, want %d", name, header.Subsystem, want)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Another parser reads the resources back: icoutils.
func TestAnotherParserReadsTheResources(t *testing.T) {
	need(t, "wrestool", "icotool", "xmllint")
	programs, _ := made(t)
	manifest, err := os.ReadFile("app.manifest")
	if err != nil {
		t.Fatal(err)
	}
	for name := range subsystems {
		t.Run(name, func(t *testing.T) {
			exe := filepath.Join(programs, name)
			icon := filepath.Join(t.TempDir(), "app.ico")
			output(t, "wrestool", "-x", "--type=14", "--name=APP", "-o", icon, exe)
			sizes := regexp.MustCompile(`--width=(\d+)`).FindAllStringSubmatch(output(t, "icotool", "-l", icon), -1)
			var widths []string
			for _, s := range sizes {
				widths = append(widths, s[1])
			}
			if len(widths) != 8 || !strings.Contains(" "+strings.Join(widths, " ")+" ", " 256 ") || !strings.Contains(" "+strings.Join(widths, " ")+" ", " 16 ") {
				t.Errorf("the icon has the widths %v", widths)
			}
			if got := output(t, "wrestool", "-x", "--raw", "--type=24", exe); got != string(manifest) {
				t.Errorf("the manifest is\n%s", got)
			}
			version := output(t, "wrestool", "-x", "--raw", "--type=16", exe)
			for key, want := range map[string]string{"ProductName": "Nine Lives", "FileDescription": "Nine Lives", "ProductVersion": madeVersion, "FileVersion": "1.2.3.0"} {
				if got := versionText(t, version, key); got != want {
					t.Errorf("%s is %q, want %q", key, got, want)
				}
			}
		})
	}
	output(t, "xmllint", "--noout", "app.manifest")
}

// versionText is the text after a key of a version resource; both are UTF-16,
// each ends with a zero, and the text begins at a multiple of four bytes.
func versionText(t *testing.T, resource, key string) string {
	t.Helper()
	wide := strings.Builder{}
	for _, unit := range utf16.Encode([]rune(key + "\x00")) {
		wide.WriteByte(byte(unit))
		wide.WriteByte(byte(unit >> 8))
	}
	_, rest, found := strings.Cut(resource, wide.String())
	if !found {
		t.Errorf("there is no %s", key)
	}
	var units []uint16
	for i := 0; i+1 < len(rest); i += 2 {
		unit := uint16(rest[i]) | uint16(rest[i+1])<<8
		if unit == 0 && len(units) > 0 {
			break
		}
		if unit != 0 {
			units = append(units, unit)
		}
	}
	return string(utf16.Decode(units))
}

// What people wait for and what stays on their disk.
func TestSizes(t *testing.T) {
	programs, dist := made(t)
	for _, name := range []string{madeName + ".zip", madeName + "-setup.exe"} {
		if n := sizeOf(t, filepath.Join(dist, name)); n > 12e6 {
			t.Errorf("%s has %d bytes", name, n)
		}
	}
	var installed int64
	for name := range subsystems {
		installed += sizeOf(t, filepath.Join(programs, name))
	}
	if installed > 30e6 {
		t.Errorf("%d bytes are installed", installed)
	}
}

func sizeOf(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

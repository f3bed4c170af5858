package main

import (
	"bytes"
	"debug/macho"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackmordaunt/icns/v3"
	"howett.net/plist"
)

// needTool finds a program of somebody else that reads what we write.
func needTool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("CI") == "true" && runtime.GOOS == "linux" {
		t.Fatalf("%s is needed here: %v", name, err)
	}
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return path
}

// skeleton makes the app as `make app-skeleton` does, in a folder of its own.
func skeleton(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command(needTool(t, "make"), "app-skeleton", "APP_DIR="+dir, "VERSION=v9.8.7-2-gabc")
	cmd.Dir = filepath.Join("..", "..")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("make app-skeleton: %v\n%s", err, out)
	}
	return filepath.Join(dir, appName)
}

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// contents gives every file of a folder, with its mode.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		all[path] = info.Mode().String() + string(read(t, dir, path))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheApp(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program for two processors, twice")
	}
	app := skeleton(t)
	t.Run("is the same when it is made again", func(t *testing.T) {
		first, second := contents(t, app), contents(t, skeleton(t))
		if len(first) != 5 {
			t.Errorf("%d files", len(first))
		}
		for name, content := range first {
			if second[name] != content {
				t.Errorf("%s differs", name)
			}
		}
	})
	t.Run("has a program for both processors", func(t *testing.T) { testProgram(t, app) })
	t.Run("says what it is", func(t *testing.T) { testInfo(t, filepath.Join(app, "Contents", "Info.plist")) })
	t.Run("has an icon", func(t *testing.T) { testIcon(t, read(t, app, "Contents", "Resources", iconName)) })
	t.Run("brings its uninstaller", func(t *testing.T) {
		if info, err := os.Stat(filepath.Join(app, "Contents", "Resources", "uninstall.sh")); err != nil || info.Mode().Perm() != 0o755 {
			t.Errorf("%v, %v", info, err)
		}
	})
}

func testProgram(t *testing.T, app string) {
	program := filepath.Join(app, "Contents", "MacOS", executable)
	if info, err := os.Stat(program); err != nil || info.Mode().Perm() != 0o755 || info.Size() > 30<<20 {
		t.Errorf("%v, %v", info, err)
	}
	fat, err := macho.NewFatFile(bytes.NewReader(read(t, program)))
	if err != nil {
		t.Fatal(err)
	}
	var cpus []macho.Cpu
	for _, a := range fat.Arches {
		cpus = append(cpus, a.Cpu)
		if a.Type != macho.TypeExec || a.Offset%(1<<14) != 0 {
			t.Errorf("%v: type %v at %d", a.Cpu, a.Type, a.Offset)
		}
	}
	if diff := cmp.Diff([]macho.Cpu{macho.CpuAmd64, macho.CpuArm64}, cpus); diff != "" {
		t.Error(diff)
	}
	out, err := exec.Command(needTool(t, "file"), "--brief", program).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "2 architectures") || !strings.Contains(string(out), "x86_64") || !strings.Contains(string(out), "arm64") {
		t.Errorf("file says %s (%v)", out, err)
	}
}

func testInfo(t *testing.T, path string) {
	want := map[string]any{
		"CFBundleDevelopmentRegion": "en", "CFBundleDisplayName": "Nine Lives", "CFBundleExecutable": "ninelives",
		"CFBundleIconFile": "NineLives.icns", "CFBundleIdentifier": "ninelives.monitor", "CFBundleInfoDictionaryVersion": "6.0",
		"CFBundleName": "Nine Lives", "CFBundlePackageType": "APPL", "CFBundleShortVersionString": "9.8.7", "CFBundleSignature": "????",
		"CFBundleSupportedPlatforms": []any{"MacOSX"}, "CFBundleVersion": "9.8.7", "LSApplicationCategoryType": "public.app-category.utilities",
		"LSMinimumSystemVersion": "12.0", "LSUIElement": true, "NSHighResolutionCapable": true,
		"NSHumanReadableCopyright": "MIT licence", "NSPrincipalClass": "NSApplication",
	}
	for key, text := range usageTexts {
		want[key] = text
	}
	for reader, got := range map[string]map[string]any{"plistutil": byPlistutil(t, path), "python": byPython(t, path)} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s reads %s", reader, diff)
		}
	}
}

// byPlistutil reads a property list by libplist, which hands it on in binary.
func byPlistutil(t *testing.T, path string) map[string]any {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "binary")
	if out, err := exec.Command(needTool(t, "plistutil"), "-i", path, "-f", "bin", "-o", binary).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var got map[string]any
	if _, err := plist.Unmarshal(read(t, binary), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

// byPython reads a property list without data or dates by Python's own reader.
func byPython(t *testing.T, path string) map[string]any {
	t.Helper()
	const program = "import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], 'rb'))))"
	out, err := exec.Command(needTool(t, "python3"), "-c", program, path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	return got
}

// The pictures themselves are looked at where they are drawn, by packaging/icons.
func testIcon(t *testing.T, icon []byte) {
	got, err := icns.DecodeAll(bytes.NewReader(icon))
	if err != nil {
		t.Fatal(err)
	}
	sizes := map[int]bool{}
	for _, img := range got {
		side := img.Bounds().Dx()
		sizes[side] = true
		if _, _, _, corner := img.At(0, 0).RGBA(); corner != 0 {
			t.Errorf("%d pixels: the corner is not clear", side)
		}
		if _, _, _, middle := img.At(side/2, side/2).RGBA(); middle != 0xffff {
			t.Errorf("%d pixels: one can look through the middle", side)
		}
	}
	for _, side := range []int{32, 64, 128, 256, 512, 1024} {
		if !sizes[side] {
			t.Errorf("no picture of %d pixels", side)
		}
	}
	for _, code := range []string{"is32", "s8mk", "il32", "l8mk"} { // icns2png reads them in packaging/icons
		if !bytes.Contains(icon, []byte(code)) {
			t.Errorf("no %s", code)
		}
	}
}

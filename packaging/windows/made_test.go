package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// The version that the tests build, as a release would name it.
const (
	madeTag     = "v1.2.3"
	madeVersion = "1.2.3"
	madeName    = "ninelives-1.2.3-windows-amd64"
)

// need skips a test, or fails it in CI, when a tool is missing.
func need(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err == nil {
			continue
		}
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is required in CI", tool)
		}
		t.Skipf("%s is not installed", tool)
	}
}

// top is the top of the repository.
var top = filepath.Join("..", "..")

// built is the copy of the source in which the tests have everything built,
// once; [TestMain] makes it. It has no history.
var built string

var makeOnce = sync.OnceValue(func() error {
	if err := copySource(built); err != nil {
		return err
	}
	return makeIn(built)
})

// copySource copies what is built to a new folder.
func copySource(dir string) error {
	for _, part := range []string{"cmd", "internal", "assets", "packaging"} {
		if err := os.CopyFS(filepath.Join(dir, part), os.DirFS(filepath.Join(top, part))); err != nil {
			return err
		}
	}
	for _, name := range []string{"go.mod", "go.sum", "Makefile", "CHANGELOG.md", "LICENSE"} {
		content, err := os.ReadFile(filepath.Join(top, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func makeIn(dir string) error {
	out, err := exec.Command("make", "-C", dir, "zip", "installer", "VERSION="+madeTag, "COMMIT=0123456789ab", "SOURCE_DATE_EPOCH=1795000000").CombinedOutput()
	if err != nil {
		return fmt.Errorf("make: %w\n%s", err, out)
	}
	return nil
}

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if built, err = os.MkdirTemp("", "ninelives-built-"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() { _ = os.RemoveAll(built) }()
		return m.Run()
	}())
}

// made is what was built: the folder of the programs, and the one of what is
// downloaded.
func made(t *testing.T) (programs, downloads string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("windows.mk is written for the tools of Linux")
	}
	need(t, "make", "makensis")
	if err := makeOnce(); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(built, "build", "windows"), filepath.Join(built, "dist")
}

// output runs a tool that must succeed.
func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
	return string(out)
}

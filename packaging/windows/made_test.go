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
	madeVersion = "v1.2.3"
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

// dist is where the tests have everything built, once; [TestMain] makes it.
var dist string

var makeOnce = sync.OnceValue(func() error { return makeInto(dist) })

func makeInto(dist string) error {
	out, err := exec.Command("make", "-C", top, "zip", "installer", "VERSION="+madeVersion, "DIST="+dist).CombinedOutput()
	if err != nil {
		return fmt.Errorf("make: %w\n%s", err, out)
	}
	return nil
}

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if dist, err = os.MkdirTemp("", "ninelives-dist-"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() { _ = os.RemoveAll(dist) }()
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
	return filepath.Join(top, "build", "windows"), dist
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

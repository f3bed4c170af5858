package linux

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// unpacked unpacks the tarball as the README says, into a home folder whose
// owner lets nobody look into it, and gives its ~/.local. What it leaves of
// another program, and the modes of folders, is as before.
func unpacked(t *testing.T, tarball string) (local string) {
	t.Helper()
	for _, name := range strings.Fields(must(t, "tar", "-tzf", tarball)) {
		if strings.HasSuffix(name, "/") {
			t.Errorf("the tarball holds the folder %s, and would set its mode", name)
		}
	}
	home := t.TempDir()
	local = filepath.Join(home, ".local")
	if err := os.MkdirAll(filepath.Join(local, "share", "applications"), 0o700); err != nil {
		t.Fatal(err)
	}
	advised(t, home, tarball, "mkdir -p ~/.local")
	if info, err := os.Stat(filepath.Join(local, "share")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("unpacking changed ~/.local/share: %v, %v", info.Mode(), err)
	}
	t.Cleanup(func() {
		advised(t, home, tarball, "tar -tzf")
		if left := must(t, "find", local, "-mindepth", "2"); left != "" {
			t.Errorf("uninstalling as the README says leaves\n%s", left)
		}
	})
	return local
}

// advised runs the line of the README that begins so, as somebody would.
func advised(t *testing.T, home, tarball, begins string) {
	t.Helper()
	line := regexp.MustCompile("(?m)^" + regexp.QuoteMeta(begins) + ".*$").FindString(string(content(t, filepath.Join("..", "..", "README.md"))))
	if line == "" {
		t.Fatalf("the README has no line that begins with %s", begins)
	}
	line = regexp.MustCompile(`ninelives-[0-9.]+-linux-amd64\.tar\.gz`).ReplaceAllLiteralString(line, tarball)
	must(t, "env", "HOME="+home, "bash", "-c", "set -o pipefail; "+line)
}

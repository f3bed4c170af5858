// Package linux holds the test of the packages for Linux: other programs read
// them, and a second build elsewhere gives the same bytes.
package linux

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// packages makes all packages twice, from two copies of the source without
// history, and gives the folder with the first ones.
func packages(t *testing.T) string {
	t.Helper()
	if os.Getenv("CI") != "true" {
		t.Skip("this makes every package twice, which takes a minute; with CI=true it does")
	}
	for _, tool := range []string{"make", "dpkg-deb", "rpm", "lintian", "tar", "desktop-file-validate", "identify"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is not installed, and CI must have it", tool)
		}
	}
	dir := t.TempDir()
	one := build(t, filepath.Join(dir, "one"), "umask 022; TZ=UTC")
	other := build(t, filepath.Join(dir, "José Müller", "nine lives"), "umask 077; TZ=Pacific/Auckland LC_ALL=C.UTF-8")
	names := list(t, one)
	if got := list(t, other); len(names) != 3 || !slices.Equal(names, got) {
		t.Fatalf("it made %q and %q, want three packages", names, got)
	}
	for _, name := range names {
		a, b := content(t, filepath.Join(one, name)), content(t, filepath.Join(other, name))
		if !bytes.Equal(a, b) {
			t.Errorf("two builds of %s differ", name)
		}
		if len(a) >= 12e6 {
			t.Errorf("%s has %d bytes, want less than 12 million", name, len(a))
		}
	}
	return one
}

// build copies the source to dir, makes the packages there, and gives the
// folder that holds them.
func build(t *testing.T, dir, how string) string {
	t.Helper()
	for _, part := range []string{"cmd", "internal", "assets", "packaging"} {
		if err := os.CopyFS(filepath.Join(dir, part), os.DirFS(filepath.Join("..", "..", part))); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"go.mod", "go.sum", "Makefile", "CHANGELOG.md", "LICENSE"} {
		if err := os.WriteFile(filepath.Join(dir, file), content(t, filepath.Join("..", "..", file)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	must(t, "sh", "-c", how+" make -C '"+dir+"' packages VERSION=v9.8.7 COMMIT=0123456789ab SOURCE_DATE_EPOCH=1795000000")
	return filepath.Join(dir, "dist")
}

func must(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

func content(t *testing.T, file string) []byte {
	t.Helper()
	all, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func list(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// files lists what is not a folder below dir.
func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestPackages(t *testing.T) {
	dist := packages(t)
	one := func(pattern string) string {
		t.Helper()
		found, _ := filepath.Glob(filepath.Join(dist, pattern))
		if len(found) != 1 {
			t.Fatalf("%s: %q", pattern, found)
		}
		return found[0]
	}
	deb, rpm, tarball := one("ninelives_9.8.7-1_*.deb"), one("ninelives-9.8.7-1.*.rpm"), one("ninelives-9.8.7-linux-*.tar.gz")

	if out := must(t, "lintian", "--allow-root", "--fail-on", "error,warning", deb); out != "" {
		t.Errorf("lintian says\n%s", out)
	}
	if out := must(t, "rpm", "--checksig", "--nosignature", rpm); !strings.Contains(out, "digests OK") {
		t.Errorf("rpm says %s", out)
	}
	root := filepath.Join(t.TempDir(), "deb")
	must(t, "dpkg-deb", "--extract", deb, root)
	theSame(t, root, rpm, tarball)
	usable(t, root)
}

// moved are the files that have another place in the .rpm.
var moved = strings.NewReplacer(
	"/usr/share/zsh/site-functions/", "/usr/share/zsh/vendor-completions/",
	"/usr/share/licenses/ninelives/", "/usr/share/doc/ninelives/",
)

// theSame checks that .rpm and tarball hold what the .deb holds.
func theSame(t *testing.T, root, rpm, tarball string) {
	t.Helper()
	var want []string
	for _, name := range files(t, root) {
		if !strings.Contains(name, "lintian") && !strings.Contains(name, "changelog.Debian") {
			want = append(want, "/"+name)
		}
	}
	slices.Sort(want)
	got := strings.Fields(moved.Replace(must(t, "rpm", "--query", "--list", "--package", rpm)))
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("the .rpm holds\n%s\nthe .deb\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	local := unpacked(t, tarball)
	if got := files(t, local); len(got) != len(want) {
		t.Errorf("the tarball holds\n%s\nthe .deb\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !bytes.Equal(content(t, filepath.Join(local, "bin", "ninelives")), content(t, filepath.Join(root, "usr", "bin", "ninelives"))) {
		t.Error("the tarball holds another program")
	}
	unit := string(content(t, filepath.Join(local, "share", "systemd", "user", "ninelives.service")))
	if !strings.Contains(unit, "\nExecStart=%h/.local/bin/ninelives run") {
		t.Errorf("the unit of the tarball starts another program:\n%s", unit)
	}
}

// usable looks at what the .deb installs: sizes, rights, and what the desktop
// reads.
func usable(t *testing.T, root string) {
	t.Helper()
	var size int64
	for _, name := range files(t, root) {
		info, err := os.Stat(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		size += info.Size()
		if want := fs.FileMode(0o644); info.Mode() != want && name != "usr/bin/ninelives" {
			t.Errorf("%s has mode %v, want %v", name, info.Mode(), want)
		}
		if side, _, isIcon := strings.Cut(strings.TrimPrefix(name, "usr/share/icons/hicolor/"), "/"); isIcon && strings.HasSuffix(name, ".png") {
			if got := must(t, "identify", "-format", "%wx%h", filepath.Join(root, name)); got != side {
				t.Errorf("%s is %s", name, got)
			}
		}
	}
	if size >= 30e6 {
		t.Errorf("%d bytes installed, want less than 30 million", size)
	}
	t.Logf("%d bytes installed", size)
	if out := must(t, "desktop-file-validate", filepath.Join(root, "usr", "share", "applications", "ninelives.desktop")); out != "" {
		t.Error(out)
	}
	if out := must(t, filepath.Join(root, "usr", "bin", "ninelives"), "version"); out != "ninelives 9.8.7 (0123456789ab, 2026-11-18T11:06:40Z)\n" {
		t.Errorf("version says %q", out)
	}
}

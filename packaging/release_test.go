// Package packaging holds the test of what makes a release: the workflows, and
// what versions are called in packages.
package packaging

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
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

// workflow is what GitHub is asked to do.
type workflow struct {
	Permissions map[string]string
	Jobs        map[string]struct {
		RunsOn      string `json:"runs-on"`
		Permissions map[string]string
		Steps       []struct{ Name, Uses, Run string }
	}
}

// Each workflow is read by another parser than GitHub's, and its scripts by a
// shell: that is what can be known of it here.
func TestTheWorkflowsAreWellFormed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the bash of Windows is one that starts another system")
	}
	need(t, "ruby", "bash")
	files, err := filepath.Glob(filepath.Join("..", ".github", "workflows", "*.yml"))
	if err != nil || len(files) < 3 {
		t.Fatalf("%q, %v", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			out, err := exec.Command("ruby", "-ryaml", "-rjson", "-e", "puts JSON.generate(YAML.safe_load(File.read(ARGV[0])))", file).Output()
			if err != nil {
				t.Fatal(err)
			}
			var w workflow
			if err := json.Unmarshal(out, &w); err != nil {
				t.Fatal(err)
			}
			w.try(t)
		})
	}
}

func (w workflow) try(t *testing.T) {
	t.Helper()
	if len(w.Permissions) != 1 || w.Permissions["contents"] != "read" || len(w.Jobs) == 0 {
		t.Errorf("%d jobs may %v", len(w.Jobs), w.Permissions)
	}
	for name, job := range w.Jobs {
		if job.RunsOn == "" || len(job.Steps) == 0 {
			t.Errorf("%s runs on %q, %d steps", name, job.RunsOn, len(job.Steps))
		}
		// Only who publishes may write, and nothing but releases.
		if may := job.Permissions; may != nil && (name != "publish" || len(may) != 1 || may["contents"] != "write") {
			t.Errorf("%s may %v", name, may)
		}
		for _, step := range job.Steps {
			if (step.Uses == "") == (step.Run == "") {
				t.Errorf("%s: %q does nothing, or two things", name, step.Name)
			}
			// A name of a tag that stood in a script would be run by it.
			if strings.Contains(step.Run, "${{") {
				t.Errorf("%s: GitHub writes into the script %q", name, step.Run)
			}
			check := exec.Command("bash", "-n")
			check.Stdin = strings.NewReader(step.Run)
			if out, err := check.CombinedOutput(); err != nil {
				t.Errorf("%s: %q: %v\n%s", name, step.Run, err, out)
			}
		}
	}
}

// asked is what the Makefile makes of a version.
func asked(t *testing.T, variable, version string) string {
	t.Helper()
	cmd := exec.Command("make", "-s", "--no-print-directory", "-C", "..", "--eval", "asked:;@echo '$("+variable+")'", "asked", "VERSION="+version)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestVersions(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("packages are made on Linux")
	}
	need(t, "make", "dpkg")
	// In the order in which one updates the other.
	versions := []struct{ tag, version, inPackages, onWindows string }{
		{"0123abc", "0123abc", "0~0123abc", "0.0.0"},
		{"dev", "dev", "0~dev", "0.0.0"},
		{"v1.2.2", "1.2.2", "1.2.2", "1.2.2"},
		{"v1.2.3-beta.2", "1.2.3-beta.2", "1.2.3~beta.2", "0.0.0"},
		{"v1.2.3-pre.1", "1.2.3-pre.1", "1.2.3~pre.1", "0.0.0"},
		{"v1.2.3-rc.1", "1.2.3-rc.1", "1.2.3~rc.1", "0.0.0"},
		{"v1.2.3-rc.1-4-g0123abc", "1.2.3-rc.1-4-g0123abc", "1.2.3~rc.1+4+g0123abc", "0.0.0"},
		{"v1.2.3", "1.2.3", "1.2.3", "1.2.3"},
		{"v1.2.3-dirty", "1.2.3-dirty", "1.2.3+dirty", "0.0.0"},
		{"v1.2.4", "1.2.4", "1.2.4", "1.2.4"},
		{"v1.2.4-2-g0123abc", "1.2.4-2-g0123abc", "1.2.4+2+g0123abc", "0.0.0"},
		{"1.2.5", "1.2.5", "1.2.5", "1.2.5"},
	}
	for i, v := range versions {
		for variable, want := range map[string]string{"VERSION": v.version, "PACKAGE_VERSION": v.inPackages, "WINDOWS_VERSION": v.onWindows} {
			if got := asked(t, variable, v.tag); got != want {
				t.Errorf("%s is %s %q, want %q", v.tag, variable, got, want)
			}
		}
		if i > 0 && exec.Command("dpkg", "--compare-versions", versions[i-1].inPackages+"-1", "lt", v.inPackages+"-1").Run() != nil {
			t.Errorf("%s does not update %s", v.inPackages, versions[i-1].inPackages)
		}
	}
}

func TestAReleaseNeedsAVersion(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("a release is made on Linux")
	}
	need(t, "make")
	for _, version := range []string{"dev", "1.2", "1.2.3-2-g0123abc", "1.2.3-dirty-", "1.2.3-1", "1.2.3 4"} {
		out, err := exec.Command("make", "-s", "-C", "..", "release", "VERSION="+version).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "name the version") {
			t.Fatalf("%s: %v\n%s", version, err, out)
		}
	}
}

// What a release sums is what can be downloaded by its name from GitHub, which
// allows no ~.
func TestSums(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("a release is made on Linux")
	}
	need(t, "make", "sha256sum")
	dir := t.TempDir()
	for name, text := range map[string]string{
		"dist/ninelives_1.2.3~rc.1-1_amd64.deb": "deb", "dist/a.zip": "zip", "dist/winget/x.yaml": "not downloaded", "dist/SHA256SUMS": "old",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	makefile, err := filepath.Abs("release.mk")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("make", "-C", dir, "-f", makefile, "sums").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	check := exec.Command("sha256sum", "--check", "SHA256SUMS")
	check.Dir = filepath.Join(dir, "dist")
	if out, err := check.CombinedOutput(); err != nil || string(out) != "a.zip: OK\nninelives_1.2.3.rc.1-1_amd64.deb: OK\n" {
		t.Errorf("%v\n%s", err, out)
	}
}

package web

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"ninelives/internal/view"
)

func TestWriteFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "Nine Lives")
	path, err := WriteFile(dir, household(), "77aa12ef", "restart")
	if err != nil {
		t.Fatal(err)
	}
	if path != filepath.Join(dir, fileName) {
		t.Errorf("path is %s", path)
	}
	first := read(t, path)
	lead, rest, _ := strings.Cut(first, "If that did not help")
	if !strings.Contains(lead, `id="fix-77aa12ef-restart"`) || !strings.Contains(lead, "Hold the side button until a slider appears") {
		t.Error("the wanted fix does not lead, with the steps for this device")
	}
	if !strings.Contains(rest, `id="fix-77aa12ef-power"`) {
		t.Error("the other fixes are gone")
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}

	again, err := WriteFile(dir, fine(), "gone", "gone")
	if err != nil || again != path {
		t.Fatalf("second time: %s, %v", again, err)
	}
	if read(t, path) == first {
		t.Error("the page is still the old one")
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestWriteFileSaysWhatIsInTheWay(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := WriteFile(file, view.Page{}, "", ""); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a file in the folder's place: %v", err)
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, fileName, "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := WriteFile(dir, view.Page{}, "", ""); err == nil {
		t.Error("a folder in the page's place is no error")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("a half page was left behind: %v", entries)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	doc, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(doc)
}

// BenchmarkRender is a page of three devices with their nine fixes.
func BenchmarkRender(b *testing.B) {
	p := view.ForFix(household(), "", "")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Render(p); err != nil {
			b.Fatal(err)
		}
	}
}

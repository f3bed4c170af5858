// Package internal holds the test that keeps the layers of the program apart.
package internal

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "ninelives/"

// layer is what a package may know.
type layer struct {
	ours []string // packages of ours that it may import; nil: none
	pure bool     // no clock, file, socket or goroutine
	why  string
}

const everything = "*"

// layers is the table of who may import whom. It grows only with a reason.
var layers = map[string]layer{
	"internal/health": {pure: true, why: "the judgement depends on its arguments alone"},
	"internal/alert":  {ours: []string{"internal/health", "assets"}, pure: true, why: "whether to speak depends on what is and what was said"},
	"internal/view":   {ours: []string{"internal/health", "assets"}, pure: true, why: "what is shown is plain data"},

	"internal/mobilesync":  {ours: []string{"internal/health"}, why: "an edge: reads backup folders"},
	"internal/phone":       {ours: []string{"internal/health"}, why: "an edge: asks paired phones through usbmuxd"},
	"internal/applestatus": {ours: []string{"internal/health", "internal/feed"}, why: "an edge: reads Apple's feed"},
	"internal/iosrelease":  {ours: []string{"internal/health", "internal/feed"}, why: "an edge: reads which iOS versions are offered"},
	"internal/host":        {ours: []string{"internal/health"}, why: "an edge: reads what this computer itself can tell"},
	"internal/feed":        {ours: []string{"internal/health"}, why: "fetches feeds for the edges that read them: the same limits, redirects and kinds of error, written once; knows none of them"},

	"internal/tray":     {ours: []string{"internal/view", "internal/cocoa", "assets"}, why: "an edge: draws a view in the menu bar"},
	"internal/web":      {ours: []string{"internal/view", "assets"}, why: "an edge: draws a view as a page"},
	"internal/desktop":  {ours: []string{"internal/alert", "internal/cocoa", "assets"}, why: "an edge: notifies, opens, starts at login"},
	"internal/store":    {ours: []string{"internal/alert", "internal/health"}, why: "an edge: settings and memory"},
	"internal/instance": {why: "an edge: one running program per user, and talking to it"},

	"internal/cocoa": {why: "messages to the objects of macOS, for the icon and for notices: guarded the same way, written once; knows neither"},

	"internal/monitor": {ours: []string{"internal/health", "internal/alert", "internal/view"}, why: "the loop; knows only its own small interfaces"},

	"internal/sample":      {why: "made-up backups for demo, scenarios and tests; independent of the code that reads them"},
	"internal/samplephone": {why: "made-up phones and their daemon for demo, scenarios and tests; independent of the code that asks them"},
	"internal/scenarios":   {ours: []string{everything}, why: "whole stories through the real wiring"},
	"internal":             {ours: []string{everything}, why: "this test"},

	"assets":            {why: "plain embedded data"},
	"packaging":         {why: "its test reads the workflows and compares versions; nothing else is in it"},
	"packaging/icons":   {ours: []string{"assets"}, why: "draws the icons; only its test looks at what is embedded"},
	"packaging/gallery": {ours: []string{"internal/health", "internal/view", "assets"}, why: "draws every page in every state, as the server would"},
	"packaging/macos":   {ours: []string{"internal/store"}, why: "makes the app for macOS; only its test looks at the settings, for the files of administrators"},
	"packaging/linux":   {why: "makes packages; only its test is Go"},
	"cmd/ninelives":     {ours: []string{everything}, why: "ties the knot"},

	"packaging/windows":         {why: "packs what is downloaded for Windows; only its test makes backups, for Wine"},
	"packaging/windows/starter": {why: "starts the program without a console; small, so it knows none of ours"},
}

// samples may be imported by the tests of every package.
var samples = []string{"internal/sample", "internal/samplephone"}

// impure are the packages that the pure core must not know.
var impure = []string{"os", "io/fs", "net", "net/http", "syscall", "sync", "context", "time/tzdata", "log", "log/slog", "math/rand", "math/rand/v2", "os/exec", "path/filepath"}

// clocks are the functions that read the clock or start something.
var clocks = []string{"Now", "Since", "Until", "After", "AfterFunc", "Sleep", "Tick", "NewTimer", "NewTicker"}

// source is one parsed file of the project.
type source struct {
	dir, path string
	test      bool
	tree      *ast.File
}

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != ".." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || path == filepath.Join("..", "build")) {
			return filepath.SkipDir // in build are the copies that `make release-twice` makes
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		tree, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel("..", filepath.Dir(path))
		all = append(all, source{filepath.ToSlash(dir), path, strings.HasSuffix(path, "_test.go"), tree})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("found only %d files: the walk has gone wrong", len(all))
	}
	return all
}

func imports(f *ast.File) []string {
	var all []string
	for _, i := range f.Imports {
		path, _ := strconv.Unquote(i.Path.Value)
		all = append(all, path)
	}
	return all
}

func TestWhoMayImportWhom(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		row, listed := layers[s.dir]
		if !listed {
			t.Errorf("%s: package %s is missing from the table", s.path, s.dir)
			continue
		}
		seen[s.dir] = true
		for _, path := range imports(s.tree) {
			ours, isOurs := strings.CutPrefix(path, module)
			switch {
			case isOurs && s.test && (slices.Contains(samples, ours) || ours == s.dir):
			case isOurs && !slices.Contains(row.ours, ours) && !slices.Contains(row.ours, everything):
				t.Errorf("%s imports %s; %s: %s", s.path, path, s.dir, row.why)
			case path == "fyne.io/systray" && s.dir != "internal/tray":
				t.Errorf("%s imports systray; only internal/tray may", s.path)
			case row.pure && !s.test && slices.Contains(impure, path):
				t.Errorf("%s imports %s; %s", s.path, path, row.why)
			}
		}
	}
	for dir := range layers {
		if !seen[dir] {
			t.Errorf("the table names %s, which is gone", dir)
		}
	}
}

func TestTheCoreHasNoClockAndNoGoroutine(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || !layers[s.dir].pure {
			continue
		}
		ast.Inspect(s.tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s starts a goroutine", s.path)
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clocks, n.Sel.Name) {
					t.Errorf("%s uses time.%s", s.path, n.Sel.Name)
				}
			}
			return true
		})
	}
}

// onlyTests are the packages in which all Go is a test.
var onlyTests = []string{"internal", "internal/scenarios", "packaging", "packaging/linux"}

func TestEveryPackageHasOnePackageComment(t *testing.T) {
	comments := map[string]int{}
	for _, s := range sources(t) {
		comments[s.dir] += 0
		if s.tree.Doc != nil && (!s.test || slices.Contains(onlyTests, s.dir)) {
			comments[s.dir]++
		}
	}
	for dir, n := range comments {
		if n != 1 {
			t.Errorf("%s has %d package comments, want one", dir, n)
		}
	}
}

func TestNothingRunsBeforeMain(t *testing.T) {
	for _, s := range sources(t) {
		for _, d := range s.tree.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "init" && f.Recv == nil {
				t.Errorf("%s has an init function", s.path)
			}
		}
	}
}

func TestTheTopLevelHoldsOnlyWhatTheDesignAllows(t *testing.T) {
	allowed := []string{"cmd", "internal", "assets", "packaging", "go.mod", "go.sum", "Makefile", "README.md", "CHANGELOG.md", "LICENSE", "ninelives", "ninelives.exe", "dist", "build"}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) {
			t.Errorf("top level holds %s", e.Name())
		}
	}
}

package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// drawn draws the gallery, every page in every state, and gives its folder.
func drawn(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("go", "run", "ninelives/packaging/gallery", "-out", dir).CombinedOutput(); err != nil {
		t.Fatalf("the gallery: %v\n%s", err, out)
	}
	return dir
}

// leaf shows a page of the gallery as somebody sees it who prefers this scheme.
func (b *tab) leaf(file string) {
	b.t.Helper()
	scheme := filepath.Base(filepath.Dir(file))
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]any{
		{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"},
	}}, nil)
	link := (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()
	b.visit(link)
	b.until("location.href + document.readyState", link+"complete")
	b.eval(`document.querySelectorAll('details').forEach(d => d.open = true)`)
}

// violation is what axe finds fault with, and where.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		HTML           string
		FailureSummary string
	}
}

// TestAxeFindsNothing asks axe-core, which knows the rules of accessibility,
// about every page in every state, by day and by night.
func TestAxeFindsNothing(t *testing.T) {
	need(t, "chromium")
	axe := os.Getenv("NINELIVES_AXE")
	if axe == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("NINELIVES_AXE does not name axe.min.js of axe-core, and CI must have it")
		}
		t.Skip("NINELIVES_AXE does not name axe.min.js of axe-core")
	}
	source, err := os.ReadFile(axe)
	if err != nil {
		t.Fatal(err)
	}
	dir := drawn(t)
	// Colours are all that differs by night.
	for scheme, only := range map[string]string{"light": "", "dark": "runOnly: ['color-contrast'],"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			b := newTab(t)
			b.call("Page.addScriptToEvaluateOnNewDocument", map[string]any{"source": string(source)}, nil)
			pages, err := filepath.Glob(filepath.Join(dir, scheme, "*.html"))
			if err != nil || len(pages) < 50 {
				t.Fatalf("only %d pages, %v", len(pages), err)
			}
			for _, page := range pages {
				b.leaf(page)
				answer := b.eval(fmt.Sprintf(`axe.run({%s resultTypes: ['violations']}).then(r => JSON.stringify({ran: r.passes.length, violations: r.violations}))`, only))
				var found struct {
					Ran        int
					Violations []violation
				}
				if err := json.Unmarshal([]byte(answer), &found); err != nil || found.Ran == 0 {
					t.Fatalf("%s: axe has not run: %.200s %v", filepath.Base(page), answer, err)
				}
				for _, v := range found.Violations {
					var where strings.Builder
					for _, n := range v.Nodes[:min(3, len(v.Nodes))] {
						fmt.Fprintf(&where, "\n  %.200s\n    %s", n.HTML, strings.ReplaceAll(n.FailureSummary, "\n", "\n    "))
					}
					t.Errorf("%s, %s: %s (%s, %d times): %s", scheme, filepath.Base(page), v.ID, v.Impact, len(v.Nodes), v.Help+where.String())
				}
			}
		})
	}
}

// No page in any state, whatever a device is called, is wider than a phone.
func TestNoPageIsWiderThanAPhone(t *testing.T) {
	need(t, "chromium")
	dir, b := drawn(t), newTab(t)
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": false}, nil)
	b.call("Emulation.setScrollbarsHidden", map[string]any{"hidden": true}, nil) // as on a phone
	pages, err := filepath.Glob(filepath.Join(dir, "light", "*.html"))
	if err != nil || len(pages) < 50 {
		t.Fatalf("only %d pages, %v", len(pages), err)
	}
	for _, page := range pages {
		b.leaf(page)
		if got := b.eval("innerWidth === 360 && document.documentElement.scrollWidth <= 360"); got != "true" {
			t.Errorf("%s is %s wide: %s", filepath.Base(page), b.eval("document.documentElement.scrollWidth"),
				b.eval("[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > 360 && !e.closest('.vh')).slice(0, 3).map(e => e.outerHTML.slice(0, 150)).join('\\n')"))
		}
	}
}

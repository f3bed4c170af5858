package main

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ninelives/assets"
	"ninelives/internal/view"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestEveryPageInEveryState(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range states() {
		t.Run(s.name, func(t *testing.T) {
			if seen[s.name] {
				t.Fatal("two states have this name")
			}
			seen[s.name] = true
			doc, err := render(s)
			if err != nil {
				t.Fatal(err)
			}
			wellFormed(t, doc)
			if s.name != "overview-fifty" { // a page of fifty is like one of four
				golden(t, s.name+".html", body(t, string(doc)))
			}
		})
	}
	for _, page := range []string{"overview", "device", "fix", "settings", "sources", "welcome", "message"} {
		if assets.PageTemplates().Lookup(page) == nil {
			t.Errorf("there is no page %q", page)
		}
	}
}

// body leaves out the icons, which have golden files of their own.
func body(t *testing.T, doc string) string {
	t.Helper()
	sprite := regexp.MustCompile(`(?s)<svg class="sprite".*?</symbol></svg>`)
	if !sprite.MatchString(doc) {
		t.Error("the page has no icons")
	}
	return sprite.ReplaceAllString(doc, "<!-- icons -->")
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// wellFormed reads a page with a strict parser, and checks what a reader of HTML
// would forgive: an ID twice, a reference to none, a heading that skips a level,
// a second h1, a field without a label, a style or a script in the page, an
// address that is not one of ours.
func wellFormed(t *testing.T, doc []byte) {
	t.Helper()
	c := checker{t: t, ids: map[string]bool{}, wanted: map[string]string{}, labels: map[string]bool{}}
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(string(doc), "<!DOCTYPE html>")))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		if el, isStart := token.(xml.StartElement); isStart {
			c.element(el)
		}
	}
	c.end()
}

// checker collects what belongs together over a whole page.
type checker struct {
	t         *testing.T
	ids       map[string]bool
	wanted    map[string]string // a reference to the element that makes it
	labels    map[string]bool
	fields    []string
	h1, level int
}

func (c *checker) element(el xml.StartElement) {
	name, attr := el.Name.Local, map[string]string{}
	for _, a := range el.Attr {
		attr[a.Name.Local] = a.Value
		c.attribute(name, a.Name.Local, a.Value)
	}
	switch {
	case name == "script" && attr["src"] == "", name == "style", name == "img", name == "iframe", name == "object":
		c.t.Errorf("the page has a <%s>", name)
	case name == "label":
		c.labels[attr["for"]] = true
	case name == "textarea", name == "select", name == "input" && attr["type"] != "hidden":
		c.fields = append(c.fields, attr["id"])
	case len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6':
		c.heading(int(name[1] - '0'))
	}
}

// addresses are where the pages lead.
var addresses = regexp.MustCompile(`^(/|#[\w-]+|/(settings|sources|welcome)(#[a-z]+)?|/device/[0-9a-f]{8}(#nine|/fix/[a-z-]+)?|/act|/static/(style\.css|script\.js|icon\.svg))$`)

func (c *checker) attribute(element, name, value string) {
	switch name {
	case "id":
		if c.ids[value] {
			c.t.Errorf("ID %q stands twice", value)
		}
		c.ids[value] = true
	case "href", "src", "action":
		if !addresses.MatchString(value) {
			c.t.Errorf("<%s> leads to %q", element, value)
		}
		if id, inside := strings.CutPrefix(value, "#"); inside {
			c.wanted[id] = element
		}
	case "form", "aria-labelledby", "aria-describedby":
		for id := range strings.FieldsSeq(value) {
			c.wanted[id] = element
		}
	default:
		if name == "style" || strings.HasPrefix(name, "on") {
			c.t.Errorf("<%s> has %s", element, name)
		}
	}
}

func (c *checker) heading(n int) {
	if n > c.level+1 {
		c.t.Errorf("<h%d> follows level %d", n, c.level)
	}
	c.level = n
	if n == 1 {
		c.h1++
	}
}

func (c *checker) end() {
	if c.h1 != 1 {
		c.t.Errorf("%d h1", c.h1)
	}
	for id, by := range c.wanted {
		if !c.ids[id] {
			c.t.Errorf("<%s> refers to #%s, which is not there", by, id)
		}
	}
	for _, id := range c.fields {
		if !c.labels[id] {
			c.t.Errorf("field %q has no label", id)
		}
	}
}

// Whatever a device is called, it is text: what looks like markup arrives as
// the characters that somebody typed.
func TestHostileWordsAreText(t *testing.T) {
	n := 0
	for _, s := range states() {
		if !strings.HasSuffix(s.name, "hostile") {
			continue
		}
		n++
		doc, err := render(s)
		if err != nil {
			t.Fatal(err)
		}
		wellFormed(t, doc) // it knows a script and an attribute that runs one
		if !strings.Contains(string(doc), "&lt;script&gt;") {
			t.Errorf("%s does not show the name at all", s.name)
		}
	}
	if n < 4 {
		t.Errorf("only %d hostile pages", n)
	}
}

// Fifty devices with their strips stay under 60 KB, so that the page opens at
// once on a phone in the same room.
func TestFiftyDevicesStaySmall(t *testing.T) {
	for _, s := range states() {
		doc, err := render(s)
		if err != nil {
			t.Fatal(err)
		}
		if len(doc) > 60_000 {
			t.Errorf("%s has %d bytes", s.name, len(doc))
		}
	}
	if n := len(assets.PageScript()); n > 6_000 {
		t.Errorf("the script has %d bytes", n)
	}
}

func TestNamesAreHiddenEverywhere(t *testing.T) {
	for _, s := range states() {
		if !strings.HasSuffix(s.name, "names-hidden") {
			continue
		}
		doc, err := render(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"Anna", "anna", "Ben", "Kim", "Spare"} {
			if strings.Contains(string(doc), name) {
				t.Errorf("%s holds %q", s.name, name)
			}
		}
	}
}

func TestTheSheetIsWritten(t *testing.T) {
	dir := t.TempDir()
	if err := write(dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"index.html", "light/style.css", "dark/style.css", "dark/message.html"} {
		content, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), "prefers-color-scheme") || strings.Contains(string(content), "/static/style.css") {
			t.Errorf("%s still depends on the browser or the server", name)
		}
	}
}

// BenchmarkFifty is the overview of fifty devices, as often as the program has
// news.
func BenchmarkFifty(b *testing.B) {
	s := state{"fifty", "overview", site(fifty(), fiftyDays(), "/")}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := render(s); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFiftyInWords is what comes before it: the view of the report.
func BenchmarkFiftyInWords(b *testing.B) {
	r, s := fifty(), fiftyDays()
	b.ReportAllocs()
	for b.Loop() {
		view.PageOf(r, s, now)
	}
}

package web

import (
	"crypto/sha256"
	"encoding/base64"
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

// fixes are the nine for a device, the third of them first.
func fixes(kind assets.DeviceKind, osMajor int, buttons assets.Buttons) []view.PageFix {
	all, err := assets.Fixes("en")
	if err != nil {
		panic(err)
	}
	var out []view.PageFix
	for _, i := range []int{2, 1, 8, 0, 3, 5, 6, 7, 4} {
		f := all[i]
		out = append(out, view.PageFix{
			Number: f.Number, Code: f.Code, Title: f.Title, Short: f.Short, Matters: f.Matters, Warning: f.Warning,
			Takes: f.Takes, Proof: f.Proof, Checked: f.Checked.Note, Steps: f.StepsFor(kind, osMajor, buttons),
			Odds: "cannot-tell", Chance: "cannot tell", Why: "The device itself was not asked yet.",
		})
	}
	out[0].Odds, out[0].Chance, out[0].Best = "likely", "likely", true
	out[0].Why = "Never seen charging in the nights since 8 Nov."
	out[1].Odds, out[1].Chance, out[1].Why = "possible", "possible", "Seen by cable only for 6 days, though its Wi-Fi sync is on."
	out[8].Odds, out[8].Chance = "ruled-out", "ruled out"
	out[8].Why = "Apple's status, read 20 minutes ago, names no trouble. Apple is often an hour and a half late."
	return out
}

// household is a page with something of everything.
func household() view.Page {
	ben := view.Card{
		ID: "0a59b1f8", Name: "Ben's iPad", Model: "iPad Pro 11-inch (4th generation), iPadOS 18.1",
		State: "critical", Shape: "■", Word: "at risk", Standing: "15 days, limit 14",
		Why: "Last complete backup 15 days ago; the limit is 14 days. A later run did not finish.",
		Now: "Connect the device by cable, choose it in Finder and click Back Up Now.",
		Routes: []view.PageRoute{
			{Name: "This computer", State: "unfinished", Facts: "Not finished, last good Thu 5 Nov, 10:00, last try Tue 17 Nov, 21:40, encrypted.", Why: "A run was started on 17 Nov and did not finish."},
			{Name: "iCloud", State: "unknown", Facts: "Unknown.", Why: "The device did not say when it was last backed up to iCloud."},
		},
		Fixes: fixes(assets.IPad, 18, assets.NoHome),
	}
	anna := view.Card{
		ID: "bacd0f11", Name: "Anna's iPhone", Model: "iPhone 13, iOS 18.1",
		State: "ok", Shape: "●", Word: "fine", Standing: "3 hours ago", Why: "Last complete backup 3 hours ago; the limit is 7 days.",
		Routes: []view.PageRoute{{Name: "This computer", State: "fresh", Facts: "Fresh, last good Today 07:00, encrypted."}},
	}
	kim := view.Card{
		ID: "77aa12ef", Name: "Kim's old phone", Model: "iPhone 6s, iOS 15.8",
		State: "unknown", Shape: "?", Word: "unknown", Why: "The drive with its backup is not connected.",
		Note: "Snoozed until the next backup.", Fixes: fixes(assets.IPhone, 15, assets.HomeAndSide),
	}
	return view.Page{
		Lang: "en", Generated: "Fri 20 Nov 2026, 10:00", Icon: view.IconProblem, State: "critical",
		Summary: "1 of 3 devices needs attention.", Apple: "Apple · iCloud Backup: available",
		Obstacles: []view.PageObstacle{{
			Title:  "The drive with the backup of Kim's old phone is not connected",
			Remedy: "Connect the drive that the folder leads to; what was seen on it before stays valid for its age.",
		}},
		Notices: []string{"config.toml, line 3: check_every is \"soon\"; want a duration such as 6h. The settings before stay."},
		Cards:   []view.Card{ben, kim, anna},
		Ignored: []string{"Test iPod"},
		Sources: []view.PageSource{
			{Name: "Backups on this computer", OK: true, Facts: "Ok, 3 devices, read Today 10:00.", Where: "/Users/ben/Library/Application Support/MobileSync/Backup"},
			{Name: "Apple's system status", Facts: "No answer in time, last read Yesterday 22:10.", Where: "https://www.apple.com/support/systemstatus/data/system_status_en_US.js"},
		},
	}
}

// fine is a page on which all is well; nothing one with no device at all.
func fine() view.Page {
	p := household()
	p.Icon, p.State, p.Summary = view.IconOK, "ok", "The one device is backed up."
	p.Cards, p.Obstacles, p.Notices, p.Ignored = p.Cards[2:], nil, nil, nil
	return p
}

func nothing() view.Page {
	p := fine()
	p.Icon, p.State, p.Summary, p.Cards = view.IconUnknown, "unknown", "No backups found, so nothing can be judged.", nil
	p.Nothing = "No backups found on this computer."
	return p
}

func TestThePage(t *testing.T) {
	for name, p := range map[string]view.Page{
		"household":    view.ForFix(household(), "", ""),
		"chosen-fix":   view.ForFix(household(), "77aa12ef", "restart"),
		"fine":         view.ForFix(fine(), "", ""),
		"nothing":      view.ForFix(nothing(), "", ""),
		"of-no-report": {},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Render(p)
			if err != nil {
				t.Fatal(err)
			}
			wellFormed(t, got)
			golden(t, name+".html", string(got))
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
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

// wellFormed reads the page with a strict parser, and checks what a reader of
// HTML would forgive: an ID twice, a heading that skips a level, a second h1.
func wellFormed(t *testing.T, doc []byte) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(doc)))
	d.Entity = xml.HTMLEntity
	ids, h1, level := map[string]bool{}, 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		el, isStart := token.(xml.StartElement)
		if !isStart {
			continue
		}
		switch name := el.Name.Local; {
		case name == "script" || name == "link" || name == "img" || name == "iframe" || name == "form":
			t.Errorf("the page has a <%s>", name)
		case len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6':
			n := int(name[1] - '0')
			if n > level+1 {
				t.Errorf("<%s> follows level %d", name, level)
			}
			level = n
			if n == 1 {
				h1++
			}
		}
		for _, a := range el.Attr {
			switch {
			case a.Name.Local == "id" && ids[a.Value]:
				t.Errorf("ID %q stands twice", a.Value)
			case a.Name.Local == "id":
				ids[a.Value] = true
			case a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on"):
				t.Errorf("<%s> has %s", el.Name.Local, a.Name.Local)
			}
		}
	}
	if h1 != 1 {
		t.Errorf("%d h1", h1)
	}
}

func TestThePageLoadsNothingAndItsPolicyAllowsItsOwnStyleAlone(t *testing.T) {
	doc, err := Render(household())
	if err != nil {
		t.Fatal(err)
	}
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindSubmatch(doc)
	if style == nil {
		t.Fatal("no style")
	}
	sum := sha256.Sum256(style[1])
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
	got := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`).FindSubmatch(doc)
	if got == nil || unescape(string(got[1])) != want {
		t.Errorf("policy is %q, want %q", got, want)
	}
	if bad := regexp.MustCompile(`(?i)src=|@import|url\((?:[^#]|$)|href=`).Find(doc); bad != nil {
		t.Errorf("the page refers to something: %q", bad)
	}
}

func unescape(s string) string {
	return strings.NewReplacer("&#39;", "'", "&#43;", "+", "&amp;", "&").Replace(s)
}

func TestHostileNamesAreText(t *testing.T) {
	for _, name := range []string{
		"<script>alert(1)</script>", "</title><h1>x</h1>", "\"><img src=x onerror=alert(1)>", "{{.Page}}", "' onclick='x",
		"&lt;b&gt;", "\u202egnp.exe", "\x1b[31m\x00\u009b", "\xff\xfe", "]]>", "<!--", strings.Repeat("<b>", 2000), "javascript:x", "\ufffe",
	} {
		p := household()
		p.Summary, p.Notices, p.Ignored, p.Apple, p.Generated = name, []string{name}, []string{name}, name, name
		p.Obstacles = []view.PageObstacle{{Title: name, Remedy: name}}
		for i := range p.Cards {
			c := &p.Cards[i]
			c.Name, c.Model, c.Why, c.Note, c.Standing, c.Now = name, name, name, name, name, name
			c.Routes = []view.PageRoute{{Name: name, State: name, Facts: name, Why: name}}
			for k := range c.Fixes {
				c.Fixes[k].Why = name
			}
		}
		p.Sources = []view.PageSource{{Name: name, Facts: name, Where: name}}
		doc, err := Render(view.ForFix(p, "", ""))
		if err != nil {
			t.Fatal(err)
		}
		wellFormed(t, doc)
	}
}

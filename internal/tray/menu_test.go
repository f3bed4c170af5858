package tray

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ninelives/internal/view"
)

const (
	ticked   = "yes"
	unticked = "no"
)

// paper is a menu that only exists in a test, and counts what is sent to it.
type paper struct {
	shownBySetters bool // as on Windows, where any change brings an item back
	rows           []*row
	of             map[*slot]*row
	sent           []string
}

type row struct {
	slot             *slot
	label            string
	off, tick, shown bool
	rows             []*row
}

func newPaper(os string) (*menu, *paper) {
	p := &paper{of: map[*slot]*row{}, shownBySetters: os == "windows"}
	m := &menu{os: os, name: "Nine Lives", paint: p}
	m.build()
	p.sent = nil
	return m, p
}

func (p *paper) add(s *slot) {
	r := &row{slot: s, label: s.now.label, off: s.now.off, tick: s.now.ticked, shown: s.now.shown || s.kind == separator}
	p.of[s] = r
	p.sent = append(p.sent, fmt.Sprintf("add %c %q", s.kind, s.now.label))
	if s.under == nil {
		p.rows = append(p.rows, r)
		return
	}
	under := p.of[s.under]
	if !under.shown {
		panic("a hidden parent got a child")
	}
	under.rows = append(under.rows, r)
}

func (p *paper) set(s *slot, st step) {
	r := p.of[s]
	p.sent = append(p.sent, fmt.Sprintf("%v %q", st, s.now.label))
	switch st {
	case rename:
		r.label = s.now.label
	case enable, disable:
		r.off = st == disable
	case tick, untick:
		r.tick = st == tick
	case show, hide:
		r.shown = st == show
	}
	if p.shownBySetters && st != hide {
		r.shown = true
	}
}

// picture is what people would see, a line for each line.
func picture(rows []*row) string {
	var b strings.Builder
	for _, r := range rows {
		if !r.shown {
			continue
		}
		text := r.label
		switch {
		case r.slot.kind == separator:
			text = "---"
		case r.slot.kind == box && r.tick:
			text = "[x] " + text
		case r.slot.kind == box:
			text = "[ ] " + text
		case r.slot.kind == parent:
			text += " >"
		}
		if r.off {
			text = "(" + text + ")"
		}
		b.WriteString(text + "\n")
		if r.slot.kind == parent {
			for _, under := range strings.SplitAfter(picture(r.rows), "\n") {
				if under != "" {
					b.WriteString("    " + under)
				}
			}
		}
	}
	return b.String()
}

func item(label string) view.Item {
	return view.Item{Label: label, Command: view.Command{Verb: "click", Arg: label}}
}

func under(label string, children ...view.Item) view.Item {
	return view.Item{Label: label, Children: children}
}

var line0 = view.Item{Separator: true}

// typical is a menu as the design draws it: one late device, one that is fine.
func typical() []view.Item {
	return []view.Item{
		under("✖ Ben's iPad: 12 days, limit 7", item("Snooze for 1 day"), item("Ignore this device")),
		item("     Try first: Connect to power…"),
		item("     All nine fixes…"),
		under("✔ Anna's iPhone: today", item("Ignore this device")),
		line0,
		item("Apple's status: available"), item("Check Now"), {Label: "Last check: 10:00"},
		line0,
		under("Check every", view.Item{Label: "3 hours", Tick: unticked}, view.Item{Label: "6 hours", Tick: ticked}),
		{Label: "Start at Login", Tick: ticked},
		line0,
		item("Open Nine Lives…"), item("Quit Nine Lives"),
	}
}

const typicalPicture = `✖ Ben's iPad: 12 days, limit 7 >
    Snooze for 1 day
    Ignore this device
     Try first: Connect to power…
     All nine fixes…
✔ Anna's iPhone: today >
    Ignore this device
---
Apple's status: available
Check Now
Last check: 10:00
---
Check every >
    [ ] 3 hours
    [x] 6 hours
[x] Start at Login
---
Open Nine Lives…
Quit Nine Lives
`

func TestMenuIsDrawnAsTheViewSays(t *testing.T) {
	obstacle := []view.Item{{Label: "! Backups cannot be read"}, item("     Open System Settings…"), line0}
	for _, c := range []struct {
		name  string
		items []view.Item
		want  string
	}{
		{"the usual menu", typical(), typicalPicture},
		{"a group more gets a drawn line, as a real one could not be taken away again",
			append(obstacle, typical()...),
			"! Backups cannot be read\n     Open System Settings…\n(────────────)\n" + typicalPicture},
		{"no view yet", nil, "(Nine Lives)\n---\n(Nine Lives)\n---\n(Nine Lives)\n---\n(Nine Lives)\n"},
		{"few groups are split rather than leave a zone empty",
			[]view.Item{item("a"), item("b"), line0, item("Quit")},
			"(Nine Lives)\n---\na\n---\nb\n---\nQuit\n"},
		{"separators at the ends and in rows draw nothing",
			[]view.Item{line0, item("a"), line0, line0, item("b"), line0, item("c"), line0, item("d"), line0},
			"a\n---\nb\n---\nc\n---\nd\n"},
		{"a submenu in a submenu, with groups",
			[]view.Item{under("… and 2 more", under("Ben", item("x"), line0, item("y"))), line0, item("b"), line0, item("c"), line0, item("d")},
			"… and 2 more >\n    Ben >\n        x\n        (────────────)\n        y\n---\nb\n---\nc\n---\nd\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, p := newPaper("linux")
			m.draw(c.items)
			if diff := cmp.Diff(c.want, picture(p.rows)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOnlyWhatChangedIsSent(t *testing.T) {
	for _, os := range []string{"linux", "windows", "darwin"} {
		m, p := newPaper(os)
		m.draw(typical())
		step := func(name string, items []view.Item, want ...string) {
			t.Helper()
			p.sent = nil
			m.draw(items)
			if !slices.Equal(p.sent, want) {
				t.Errorf("%s, %s: sent %q, want %q", os, name, p.sent, want)
			}
		}
		step("the same view again", typical())

		older := typical()
		older[0].Label = "✖ Ben's iPad: 13 days, limit 7"
		step("a day later", older, fmt.Sprint(rename, ` "✖ Ben's iPad: 13 days, limit 7"`))

		other := typical()
		other[0].Label = older[0].Label
		other[9].Children = []view.Item{{Label: "3 hours", Tick: ticked}, {Label: "6 hours", Tick: unticked}}
		step("another setting", other, fmt.Sprint(tick, ` "3 hours"`), fmt.Sprint(untick, ` "6 hours"`))

		other[6].Disabled = true
		step("a round begins", other, fmt.Sprint(disable, ` "Check Now"`))

		gone := slices.Delete(slices.Clone(other), 2, 3)
		step("a line goes", gone, fmt.Sprint(hide, ` "     All nine fixes…"`))
		step("and comes back", other, fmt.Sprint(show, ` "     All nine fixes…"`))
	}
}

func TestWhatDoesNotFitIsCounted(t *testing.T) {
	var many []view.Item
	for i := range 300 {
		many = append(many, item(fmt.Sprint("line ", i)))
	}
	m, p := newPaper("linux")
	m.draw(slices.Concat(many, []view.Item{line0, item("b"), line0}, many[:30], []view.Item{line0, under("d", many...)}))
	got := picture(p.rows)
	for _, want := range []string{"line 51\n(… and 248 more)\n---\nb\n---\n", "line 5\n(… and 24 more)\n---\n", "    line 38\n    (… and 261 more)\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// The view folds longer lists into submenus; this is the most that it shows.
func TestTheFullestMenuHasRoom(t *testing.T) {
	var items []view.Item
	for range 3 {
		items = append(items, item("! notice"))
	}
	for range 5 {
		items = append(items, item("! obstacle"), item("     What to do…"))
	}
	items = append(items, line0)
	for range 7 {
		items = append(items, under("late", item("Snooze")), item("     Try first"), item("     All nine fixes…"))
	}
	for range 7 {
		items = append(items, under("fine", item("Ignore")))
	}
	items = append(items, under("… and 9 more", item("a")), under("Ignored devices", item("b")))
	items = append(items, typical()[4:]...)
	m, p := newPaper("linux")
	m.draw(items)
	if diff := cmp.Diff(labels(items), labelsOf(p.rows)); diff != "" {
		t.Error(diff)
	}
}

func TestAClickMeansWhatTheLineSays(t *testing.T) {
	m, p := newPaper("linux")
	m.draw(typical())
	other := typical()
	other[1] = item("     Try first: Restart it…")
	m.draw(other)
	for s, r := range p.of {
		c := s.command.Load()
		if r.shown && c != nil && c.Arg != "" && c.Arg != r.label {
			t.Errorf("a click on %q means %v", r.label, *c)
		}
	}
}

// someItems makes menus of any shape, three levels deep.
func someItems(depth int) *rapid.Generator[[]view.Item] {
	return rapid.Custom(func(t *rapid.T) []view.Item {
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) view.Item {
			it := view.Item{Label: rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "label"), Disabled: rapid.Bool().Draw(t, "off")}
			switch rapid.IntRange(0, 5).Draw(t, "kind") {
			case 0:
				return line0
			case 1:
				it.Tick = unticked
			case 2:
				it.Tick = ticked
			case 3:
				if depth > 0 {
					it.Children = someItems(depth-1).Draw(t, "children")
				}
			}
			return it
		}), 0, 6).Draw(t, "items")
	})
}

func TestAnySequenceOfViewsIsDrawnRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		os := rapid.SampledFrom([]string{"linux", "windows"}).Draw(t, "os")
		m, p := newPaper(os)
		for range 6 {
			items := someItems(2).Draw(t, "view")
			m.draw(items)
			fresh, blank := newPaper(os)
			fresh.draw(items)
			got := picture(p.rows)
			if diff := cmp.Diff(picture(blank.rows), got); diff != "" {
				t.Fatalf("drawn over older views it differs from drawn anew:\n%s", diff)
			}
			if diff := cmp.Diff(labels(items), labelsOf(p.rows)); diff != "" {
				t.Fatalf("lines lost or made up:\n%s", diff)
			}
			lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
			for i, l := range lines {
				if l == "---" && (i == 0 || i == len(lines)-1 || lines[i+1] == "---") {
					t.Fatalf("a stray separator in\n%s", got)
				}
			}
			p.sent = nil
			m.draw(items)
			if len(p.sent) > 0 {
				t.Fatalf("the same view again sent %q", p.sent)
			}
		}
	})
}

// labels are all labels of a view, in order.
func labels(items []view.Item) (all []string) {
	for _, it := range items {
		if !it.Separator {
			all = append(append(all, it.Label), labels(it.Children)...)
		}
	}
	return all
}

func labelsOf(rows []*row) (all []string) {
	for _, r := range rows {
		if r.shown && r.slot.kind != separator && r.label != drawnLine.Label && r.label != "Nine Lives" {
			all = append(all, r.label)
			if r.slot.kind == parent {
				all = append(all, labelsOf(r.rows)...)
			}
		}
	}
	return all
}

func TestShowNeverBlocksAndKeepsTheNewest(t *testing.T) {
	tr := New(Options{})
	for i := range 100 {
		tr.Show(view.View{Tooltip: fmt.Sprint(i)})
	}
	if v := <-tr.next; v.Tooltip != "99" {
		t.Errorf("kept %s", v.Tooltip)
	}
	if tr.Host() != HostUnknown {
		t.Error("the host is known before anybody asked")
	}
}

package tray

import (
	"fmt"
	"strings"
	"sync/atomic"

	"ninelives/internal/view"
)

// kind is what a slot can be; it is fixed when the slot is made.
type kind byte

const (
	plain     kind = 'l' // a label
	box       kind = 'c' // a label with a checkbox
	parent    kind = 'p' // a label with a submenu
	separator kind = '-' // can neither be hidden nor removed
)

func kindOf(it view.Item) kind {
	has, _ := it.Checkbox()
	switch {
	case len(it.Children) > 0:
		return parent
	case has:
		return box
	default:
		return plain
	}
}

// The menu has four zones with a real separator between each two. As those can
// never be hidden, no zone is ever left empty: the last three zones take the
// last three groups of a view (checks, settings, the program itself), the first
// takes all before them, with a drawn line between its groups.
//
// The slots of a zone follow a pattern. A view's lines take the next slots of
// their kind in order, so that the pattern need only roughly foresee a menu.
// The last slot is kept for the line that says how much did not fit.
var zonePatterns = [...]string{
	strings.Repeat("l", 12) + strings.Repeat("pllc", 20) + "l",
	strings.Repeat("lpc", 6) + "l",
	strings.Repeat("lpc", 6) + "l",
	strings.Repeat("lpc", 6) + "l",
}

// maxChildren is how many lines a submenu may have.
const maxChildren = 40

// drawnLine separates where a real separator would have to be hidden later.
var drawnLine = view.Item{Label: strings.Repeat("─", 12), Disabled: true}

// slot is one line of the menu, shown or hidden, with what was sent for it.
type slot struct {
	kind     kind
	under    *slot // nil: in the menu itself
	now      line
	children []*slot // made when first needed, since they can be added at the end
	command  atomic.Pointer[view.Command]
}

// painter carries out what the menu decides.
type painter interface {
	add(*slot)       // makes a slot as s.now says, the last one where it belongs
	set(*slot, step) // brings one property of s.now to the screen
}

// menu is the model of the menu: what is on screen.
type menu struct {
	os    string
	name  string
	paint painter
	zones [len(zonePatterns)][]*slot
}

// build makes all slots of the menu itself; to be called once, before draw.
func (m *menu) build() {
	for i, pattern := range zonePatterns {
		if i > 0 {
			m.paint.add(&slot{kind: separator})
		}
		for _, k := range []byte(pattern) {
			s := &slot{kind: kind(k)}
			m.paint.add(s)
			m.zones[i] = append(m.zones[i], s)
		}
	}
}

// draw brings the items on screen, sending only what differs.
func (m *menu) draw(items []view.Item) {
	for i, group := range m.groups(items) {
		pool := m.zones[i]
		m.fill(pool, fit(group, pool))
	}
}

// fill gives each slot its item; nil hides it.
func (m *menu) fill(pool []*slot, items []*view.Item) {
	for i, s := range pool {
		it := items[i]
		if it == nil {
			s.become(line{}, m.paint)
			continue
		}
		s.command.Store(&it.Command)
		s.become(m.lineOf(*it), m.paint)
		if s.kind == parent {
			m.fillUnder(s, it.Children)
		}
	}
}

func (m *menu) lineOf(it view.Item) line {
	_, ticked := it.Checkbox()
	return line{shown: true, label: Label(m.os, it.Label), off: it.Disabled, ticked: ticked}
}

// fillUnder draws a submenu. It runs after its parent is shown: on Windows a
// hidden one cannot be given its first child.
func (m *menu) fillUnder(s *slot, items []view.Item) {
	items = joined(groupsOf(items))
	if len(items) > maxChildren {
		items = append(items[:maxChildren-1:maxChildren-1], more(items[maxChildren-1:]))
	}
	m.grow(s, items)
	placed, _ := place(items, s.children)
	m.fill(s.children, placed)
}

// grow appends the children that are missing to show the items. They come up
// at once as they should look, which costs fewer messages than changing them.
func (m *menu) grow(s *slot, items []view.Item) {
	_, fitting := place(items, s.children)
	for _, it := range items[fitting:] {
		child := &slot{kind: kindOf(it), under: s, now: m.lineOf(it)}
		m.paint.add(child)
		s.children = append(s.children, child)
	}
}

// fit places the items in a zone; what has no place is counted in its last slot.
func fit(items []view.Item, pool []*slot) []*view.Item {
	last := len(pool) - 1
	placed, fitting := place(items, pool[:last])
	placed = append(placed, nil)
	if fitting < len(items) {
		rest := more(items[fitting:])
		placed[last] = &rest
	}
	return placed
}

// place gives each item the next slot of its kind, as far as they go, and
// counts the items that got one.
func place(items []view.Item, pool []*slot) (placed []*view.Item, fitting int) {
	placed = make([]*view.Item, len(pool))
	for i, s := range pool {
		if fitting < len(items) && kindOf(items[fitting]) == s.kind {
			placed[i] = &items[fitting]
			fitting++
		}
	}
	return placed, fitting
}

// more is the line for the items that have no place.
func more(items []view.Item) view.Item {
	n := 0
	for _, it := range items {
		if it.Label != drawnLine.Label {
			n++
		}
	}
	return view.Item{Label: fmt.Sprintf("… and %d more", n), Disabled: true}
}

// groups deals the items out to the zones, none of them empty.
func (m *menu) groups(items []view.Item) [len(zonePatterns)][]view.Item {
	groups := groupsOf(items)
	for len(groups) < len(m.zones) {
		groups = m.split(groups)
	}
	front := len(groups) - len(m.zones) + 1
	zones := [len(zonePatterns)][]view.Item{joined(groups[:front])}
	copy(zones[1:], groups[front:])
	return zones
}

// split makes one group more: of the first that has two lines, else of the
// program's name.
func (m *menu) split(groups [][]view.Item) [][]view.Item {
	for i, g := range groups {
		if len(g) > 1 {
			halves := [][]view.Item{g[:1], g[1:]}
			return append(append(groups[:i:i], halves...), groups[i+1:]...)
		}
	}
	return append([][]view.Item{{{Label: m.name, Disabled: true}}}, groups...)
}

// groupsOf cuts items at the separators, of which any number may follow each
// other.
func groupsOf(items []view.Item) [][]view.Item {
	var groups [][]view.Item
	var group []view.Item
	for _, it := range append(items[:len(items):len(items)], view.Item{Separator: true}) {
		switch {
		case !it.Separator:
			group = append(group, it)
		case len(group) > 0:
			groups = append(groups, group)
			group = nil
		}
	}
	return groups
}

// joined puts a drawn line between each two groups.
func joined(groups [][]view.Item) []view.Item {
	var items []view.Item
	for i, g := range groups {
		if i > 0 {
			items = append(items, drawnLine)
		}
		items = append(items, g...)
	}
	return items
}

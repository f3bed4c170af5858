package tray

import (
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

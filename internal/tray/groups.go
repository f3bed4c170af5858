package tray

import (
	"fmt"

	"ninelives/internal/view"
)

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

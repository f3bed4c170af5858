//go:build cgo || !darwin || traycheck

package tray

import "fyne.io/systray"

// canvas is the real menu.
type canvas struct {
	items map[*slot]*systray.MenuItem
	heard map[*slot]bool
	over  <-chan struct{} // closed when nothing can be clicked any more
	click func(*slot)
}

// add makes the slot's item, hidden unless it is to be shown.
func (c *canvas) add(s *slot) {
	if s.kind == separator {
		systray.AddSeparator()
		return
	}
	item := c.newItem(s)
	c.items[s] = item
	if s.now.off {
		item.Disable()
	}
	if s.now.shown {
		c.listen(s)
	} else {
		item.Hide()
	}
}

// listen passes clicks on, from the first time that a slot can be seen. The
// library drops a click that nobody waits for, so that each item has a
// goroutine that does nothing else.
func (c *canvas) listen(s *slot) {
	if c.heard[s] {
		return
	}
	c.heard[s] = true
	clicked := c.items[s].ClickedCh
	go func() {
		for {
			select {
			case _, ok := <-clicked:
				if !ok {
					return // the library closes it with the item
				}
				c.click(s)
			case <-c.over:
				return
			}
		}
	}()
}

// newItem chooses the constructor: only one of a checkbox gives Linux a tick.
func (c *canvas) newItem(s *slot) *systray.MenuItem {
	switch under := c.items[s.under]; {
	case under == nil && s.kind == box:
		return systray.AddMenuItemCheckbox(s.now.label, "", s.now.ticked)
	case under == nil:
		return systray.AddMenuItem(s.now.label, "")
	case s.kind == box:
		return under.AddSubMenuItemCheckbox(s.now.label, "", s.now.ticked)
	default:
		return under.AddSubMenuItem(s.now.label, "")
	}
}

// set sends one property of the slot.
func (c *canvas) set(s *slot, st step) {
	item := c.items[s]
	switch st {
	case rename:
		item.SetTitle(s.now.label)
	case enable:
		item.Enable()
	case disable:
		item.Disable()
	case tick:
		item.Check()
	case untick:
		item.Uncheck()
	case show:
		item.Show()
		c.listen(s)
	case hide:
		item.Hide()
	}
}

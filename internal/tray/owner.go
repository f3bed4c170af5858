//go:build cgo || !darwin || traycheck

package tray

import (
	"cmp"
	"context"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/systray"

	"ninelives/internal/view"
)

// owner is the one goroutine that calls systray.
type owner struct {
	tray   *Tray
	up     chan struct{} // closed when the system has taken the icon
	over   chan struct{} // closed when Run's loop has ended
	broken chan error    // why drawing ended early

	menu     menu
	begun    bool
	icon     view.Icon
	tooltip  string
	quitting atomic.Bool
	ending   sync.Once
}

// own draws until ctx ends. A burst of views costs one drawing a second, and
// an idle tray wakes up never.
func (o *owner) own(ctx context.Context, desk *desktop) {
	if !o.waitUp(ctx) {
		return
	}
	o.nameItem()
	if !o.begun {
		o.begin()
		go o.tray.setHost(HostPresent)
	}
	next := (<-chan view.View)(o.tray.next)
	var settled, rested <-chan time.Time
	if onBus {
		settled = time.After(settleAfter)
	}
	for {
		select {
		case v := <-next:
			o.draw(v)
			next, rested = nil, time.After(o.tray.refresh)
		case <-rested:
			next = o.tray.next
		case <-settled:
			o.face(o.icon, o.tooltip)
		case <-desk.gone():
			return
		case <-ctx.Done():
			return
		}
	}
}

// waitUp waits for the system to take the icon; false means that ctx ended
// first. Even then it waits a little: the library forgets a Quit that comes
// before its loop has begun, and takes no second one.
func (o *owner) waitUp(ctx context.Context) bool {
	late := time.NewTimer(readyWithin)
	defer late.Stop()
	for {
		select {
		case <-o.up:
			return true
		case <-late.C:
			o.tray.opt.Log.Error("tray: the system has not taken the icon; the rest goes on without")
		case <-ctx.Done():
			select {
			case <-o.up:
			case <-time.After(quitWithin / 2):
			}
			return false
		}
	}
}

// begin sets the face and makes the menu. On Linux that is before the icon is
// announced: the name given by then is what desktops remember it by, and no
// message is sent for any of it.
func (o *owner) begin() {
	opt := o.tray.opt
	o.begun = true
	o.menu = menu{os: opt.OS, name: opt.Name, paint: &canvas{
		items: map[*slot]*systray.MenuItem{},
		heard: map[*slot]bool{},
		over:  o.over,
		click: o.tray.click,
	}}
	o.menu.build()
	first := view.View{Icon: view.IconUnknown, Tooltip: opt.Name}
	select {
	case first = <-o.tray.next:
	default:
	}
	o.face(cmp.Or(first.Icon, view.IconUnknown), Tooltip(opt.OS, first.Tooltip))
	o.menu.draw(first.Menu)
}

// draw brings a view on screen, sending only what changed.
func (o *owner) draw(v view.View) {
	if icon := cmp.Or(v.Icon, view.IconUnknown); icon != o.icon {
		o.setIcon(icon)
	}
	if tip := Tooltip(o.tray.opt.OS, v.Tooltip); tip != o.tooltip {
		o.setTooltip(tip)
	}
	o.menu.draw(v.Menu)
}

// face sends icon, name and tooltip, changed or not.
func (o *owner) face(icon view.Icon, tooltip string) {
	if onBus { // on macOS it would stand beside the icon
		systray.SetTitle(o.tray.opt.Name)
	}
	o.setIcon(icon)
	o.setTooltip(tooltip)
}

func (o *owner) setIcon(icon view.Icon) {
	o.icon = icon
	picture := o.tray.opt.Icon(icon)
	if len(picture) == 0 { // the library would end the program on macOS
		o.tray.opt.Log.Error("tray: there is no such icon", "icon", string(icon))
		return
	}
	systray.SetTemplateIcon(picture, picture)
}

func (o *owner) setTooltip(tip string) {
	o.tooltip = tip
	systray.SetTooltip(tip)
	o.labelItem(tip)
}

func (t *Tray) setHost(s HostState) {
	if HostState(t.host.Swap(int32(s))) != s {
		t.opt.HostChanged(s)
	}
}

// click passes on what a slot asks for at this moment.
func (t *Tray) click(s *slot) {
	if c := s.command.Load(); c != nil && *c != (view.Command{}) {
		go t.opt.Clicked(*c)
	}
}

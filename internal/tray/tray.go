//go:build cgo || !darwin

package tray

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"fyne.io/systray"

	"ninelives/internal/view"
)

// Run draws what is shown until ctx ends. It must be called from main, as
// macOS asks for, and calls ready once the system has taken the icon. Its
// errors are ErrNoBus, at once and with nothing started, ErrBusLost, and that
// drawing broke down; the program can go on after each of them.
func (t *Tray) Run(ctx context.Context, ready func()) error {
	if ctx.Err() != nil {
		return nil
	}
	desk, err := t.reachDesktop(ctx)
	if err != nil {
		return err
	}
	defer desk.leave()
	o := &owner{tray: t, up: make(chan struct{}), over: make(chan struct{}), broken: make(chan error, 1)}
	if onBus {
		o.begin()
	}
	go func() {
		defer o.quit()
		defer o.breakdown(desk)
		o.own(ctx, desk)
	}()
	o.loop(ready, desk)
	close(o.over)
	select {
	case err := <-o.broken:
		return cmp.Or(desk.lost(ctx), err)
	default:
		return desk.lost(ctx)
	}
}

// breakdown turns a panic while drawing into an error of Run: the program goes
// on without a tray. The library panics when the bus goes away under it.
func (o *owner) breakdown(desk *desktop) {
	p := recover()
	if p == nil {
		return
	}
	o.tray.opt.Log.Error("tray: drawing broke down", "err", fmt.Sprint(p), "stack", string(debug.Stack()))
	o.broken <- fmt.Errorf("tray: drawing broke down: %v", p)
	select { // a lost bus may take a moment to be noticed
	case <-desk.gone():
	case <-time.After(time.Second):
	}
}

// loop is the system's own. On Linux it panics at its end when the bus had gone
// before the icon was up.
func (o *owner) loop(ready func(), desk *desktop) {
	defer func() {
		if desk.left() {
			_ = recover()
		}
	}()
	systray.Run(func() {
		close(o.up)
		if ready != nil {
			go ready()
		}
	}, o.exiting)
}

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
}

// own draws until ctx ends. A burst of views costs one drawing a second, and
// an idle tray wakes up never.
func (o *owner) own(ctx context.Context, desk *desktop) {
	if !o.waitUp(ctx) {
		return
	}
	if !o.begun {
		o.begin()
		o.tray.setHost(HostPresent)
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
}

// quit ends Run. The system may not let go of its loop (a menu is open, the
// shell hangs): then the caller is told to end the process.
func (o *owner) quit() {
	o.quitting.Store(true)
	go func() {
		select {
		case <-o.over:
		case <-time.After(quitWithin):
			o.tray.opt.Log.Error("tray: the menu bar does not let go")
			o.tray.end()
		}
	}()
	systray.Quit()
}

// exiting is called by the system's loop when it ends; unless we asked for it,
// the session ends, and on macOS Run will not return.
func (o *owner) exiting() {
	if !o.quitting.Load() {
		o.tray.end()
	}
}

func (t *Tray) end() { t.ending.Do(t.opt.Ending) }

// click passes on what a slot asks for at this moment.
func (t *Tray) click(s *slot) {
	if c := s.command.Load(); c != nil && *c != (view.Command{}) {
		go t.opt.Clicked(*c)
	}
}

//go:build cgo || !darwin || traycheck

package tray

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"fyne.io/systray"
)

// Run draws what is shown until ctx ends. It must be called from main, as
// macOS asks for, and calls ready when the system is ready for the icon. Its
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

// quit ends Run. The system may not let go of its loop (a menu is open, the
// shell hangs): then the caller is told to end the process.
func (o *owner) quit() {
	o.quitting.Store(true)
	go func() {
		select {
		case <-o.over:
		case <-time.After(quitWithin):
			o.tray.opt.Log.Error("tray: the menu bar does not let go")
			o.end()
		}
	}()
	systray.Quit()
}

// exiting is called by the system's loop when it ends; unless we asked for it,
// the session ends, and on macOS Run will not return.
func (o *owner) exiting() {
	if !o.quitting.Load() {
		o.end()
	}
}

func (o *owner) end() { o.ending.Do(o.tray.opt.Ending) }

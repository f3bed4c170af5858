// Package tray draws a view in the menu bar: icon, tooltip and menu. It is the
// only package that knows fyne.io/systray.
//
// One goroutine owns every call to that library. It keeps a model of what was
// sent last and sends only what changed, because each change makes the desktop
// read the whole menu again. The slots of the menu are made once and then
// shown, hidden and renamed: the library can neither insert nor reorder, and
// what it removes it may still send to.
package tray

import (
	"errors"
	"log/slog"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"ninelives/internal/view"
)

// Why there is no tray. The program goes on without one.
var (
	ErrNoBus   = errors.New("no session bus, so no menu bar to draw in")
	ErrBusLost = errors.New("the session bus has gone, and the menu bar with it")
	ErrNoCgo   = errors.New("built without cgo, so without the macOS menu bar")
)

const (
	refreshEvery = time.Second      // hosts read the whole menu again after each change
	settleAfter  = 2 * time.Second  // what was set while the icon was being exported may be lost: say it again
	readyWithin  = 20 * time.Second // longer than any slow login takes to offer a menu bar
	quitWithin   = 2 * time.Second
)

// HostState says whether anything on the desktop shows tray icons.
type HostState int32

// The host states. Only Linux can be asked; elsewhere the state turns to
// HostPresent when the system has taken the icon.
const (
	HostUnknown HostState = iota
	HostPresent
	HostAbsent
)

func (h HostState) String() string {
	switch h {
	case HostPresent:
		return "present"
	case HostAbsent:
		return "absent"
	default:
		return "unknown"
	}
}

// Options are what a tray needs from its caller. OS and Icon are required.
type Options struct {
	OS   string // as runtime.GOOS; chooses how text is escaped
	Name string // the name of the program; also what desktops remember the icon by
	Log  *slog.Logger

	// Icon gives the bytes of an icon: PNG, a template PNG on macOS, ICO on
	// Windows. It must give the same bytes for the same name every time:
	// each new picture stays in memory for good on some systems.
	Icon func(view.Icon) []byte

	// Clicked is called on a goroutine of its own for each click.
	Clicked func(view.Command)

	// HostChanged is called when Host has a new answer, on a goroutine that
	// draws nothing.
	HostChanged func(HostState)

	// Ending is called at most once, when the process is about to end without
	// Run returning: the session ends, or the system's loop has not let go
	// within two seconds. Save what must be saved; after a hang, exit.
	Ending func()
}

// Tray draws views. Make one with New; a process can Run one, and once.
type Tray struct {
	opt     Options
	refresh time.Duration // refreshEvery, but for tests
	host    atomic.Int32

	put  sync.Mutex // held by Show, so that next is filled by one at a time
	last view.View  // as Show was last given it, without what is not drawn here
	next chan view.View
}

// New makes a tray that draws nothing yet.
func New(opt Options) *Tray {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Clicked == nil {
		opt.Clicked = func(view.Command) {}
	}
	if opt.HostChanged == nil {
		opt.HostChanged = func(HostState) {}
	}
	if opt.Ending == nil {
		opt.Ending = func() {}
	}
	return &Tray{opt: opt, refresh: refreshEvery, next: make(chan view.View, 1)}
}

// Show has the view drawn, at most one a second and always the newest. It
// never blocks, and may be called from anywhere, before Run and after it. A
// view that was shown must not be changed afterwards.
func (t *Tray) Show(v view.View) {
	t.put.Lock()
	defer t.put.Unlock()
	v.Page = view.Page{}
	if reflect.DeepEqual(v, t.last) {
		return // waking the drawing for nothing is what an idle program must not do
	}
	t.last = v
	select {
	case <-t.next:
	default:
	}
	t.next <- v
}

// Host says whether the desktop shows tray icons, as far as it is known.
func (t *Tray) Host() HostState { return HostState(t.host.Load()) }

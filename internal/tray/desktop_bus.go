//go:build !darwin && !windows

package tray

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

// onBus: the menu bar is reached by D-Bus.
const onBus = true

const (
	watcherName = "org.kde.StatusNotifierWatcher"
	watcherPath = "/StatusNotifierWatcher"
	itemPath    = "/StatusNotifierItem" // where systray exports the icon

	askWithin   = 5 * time.Second        // for one answer of the bus or the host
	registersIn = 300 * time.Millisecond // the time in which systray registers by itself, if it still does
)

// desktop is the session bus and the tray host on it. It is watched over a
// connection of our own, since on the shared one systray takes each signal for
// news of the host, and stops listening for good at the first that is not.
type desktop struct {
	tray   *Tray
	own    *dbus.Conn
	shared *dbus.Conn // the one that owns the icon
}

// reachDesktop connects to the session bus. Without one systray must not be
// called at all: its Quit would panic.
func (t *Tray) reachDesktop(ctx context.Context) (*desktop, error) {
	own, err := connect(ctx)
	if err != nil {
		return nil, fmt.Errorf("tray: %w: %w", ErrNoBus, err)
	}
	d := &desktop{tray: t, own: own}
	if d.shared, err = dbus.SessionBus(); err != nil {
		d.leave()
		return nil, fmt.Errorf("tray: %w: %w", ErrNoBus, err)
	}
	if err := d.startWatching(ctx); err != nil {
		t.opt.Log.Warn("tray: cannot watch for a tray host", "err", err)
	}
	return d, nil
}

// connect opens a connection of our own, without ever starting a bus, as the
// library otherwise does where it finds none.
func connect(ctx context.Context) (*dbus.Conn, error) {
	ctx, cancel := context.WithCancel(ctx) // ends the connection with ctx
	conn, err := dbus.SessionBusPrivateNoAutoStartup(dbus.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	hung := time.AfterFunc(askWithin, cancel)
	defer hung.Stop()
	if err := conn.Auth(nil); err != nil {
		cancel()
		return nil, err
	}
	if err := conn.Hello(); err != nil {
		cancel()
		return nil, err
	}
	return conn, nil
}

// startWatching learns whether there is a host, and follows it from then on.
func (d *desktop) startWatching(ctx context.Context) error {
	ask, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	signals := make(chan *dbus.Signal, 16)
	d.own.Signal(signals)
	err := d.own.AddMatchSignalContext(ask,
		dbus.WithMatchSender("org.freedesktop.DBus"),
		dbus.WithMatchInterface("org.freedesktop.DBus"),
		dbus.WithMatchMember("NameOwnerChanged"),
		dbus.WithMatchArg(0, watcherName))
	if err != nil {
		return err
	}
	var there bool
	call := d.own.BusObject().CallWithContext(ask, "org.freedesktop.DBus.NameHasOwner", 0, watcherName)
	if err := call.Store(&there); err != nil {
		return err
	}
	d.tray.host.Store(int32(hostState(there)))
	go d.watch(ctx, signals)
	return nil
}

func hostState(there bool) HostState {
	if there {
		return HostPresent
	}
	return HostAbsent
}

// watch tells of each change of the host, and sees to it that a new one gets
// the icon. It ends with the connection, which closes signals.
func (d *desktop) watch(ctx context.Context, signals <-chan *dbus.Signal) {
	d.tray.opt.HostChanged(d.tray.Host())
	due := time.After(settleAfter)
	for {
		select {
		case sig, open := <-signals:
			if !open {
				return
			}
			there, ok := newOwner(sig)
			if !ok {
				continue
			}
			d.tray.setHost(hostState(there))
			due = time.After(registersIn)
		case <-due:
			if d.tray.Host() == HostPresent {
				d.register(ctx)
			}
		}
	}
}

// newOwner reads the news of the host's name: whether somebody has it now.
func newOwner(sig *dbus.Signal) (there, ok bool) {
	if sig.Name != "org.freedesktop.DBus.NameOwnerChanged" || len(sig.Body) != 3 || sig.Body[0] != watcherName {
		return false, false
	}
	owner, ok := sig.Body[2].(string)
	return owner != "", ok
}

// register gives the host the icon unless it has it. It must come from the
// connection that owns the icon.
func (d *desktop) register(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	if d.registered(ctx) {
		return
	}
	call := d.shared.Object(watcherName, watcherPath).
		CallWithContext(ctx, watcherName+".RegisterStatusNotifierItem", 0, itemPath)
	if call.Err != nil {
		d.tray.opt.Log.Warn("tray: the host did not take the icon", "err", call.Err)
	}
}

// registered asks the host for its icons; one that does not answer has none.
func (d *desktop) registered(ctx context.Context) bool {
	var answer dbus.Variant
	call := d.own.Object(watcherName, watcherPath).
		CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, watcherName, "RegisteredStatusNotifierItems")
	if call.Store(&answer) != nil {
		return false
	}
	items, _ := answer.Value().([]string)
	names := d.shared.Names()
	return slices.ContainsFunc(items, func(item string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return isOf(item, name) })
	})
}

// isOf reports whether a host's entry is of that bus name; hosts write an entry
// as the name alone, or the name and the path with or without an "@" between.
func isOf(entry, name string) bool {
	rest, found := strings.CutPrefix(entry, name)
	return found && (rest == "" || rest[0] == '/' || rest[0] == '@')
}

func (d *desktop) leave() { _ = d.own.Close() }

// gone is closed when the bus has gone, or the connection was ended with ctx.
func (d *desktop) gone() <-chan struct{} { return d.own.Context().Done() }

// lost tells a bus that has gone from an end that was asked for.
func (d *desktop) lost(ctx context.Context) error {
	if ctx.Err() == nil && d.left() {
		return ErrBusLost
	}
	return nil
}

// left reports that the bus has gone.
func (d *desktop) left() bool { return !d.own.Connected() }

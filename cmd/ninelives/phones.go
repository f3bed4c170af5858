package main

import (
	"context"

	"ninelives/internal/phone"
)

// follower looks soon after a phone appears, for as long as phones may be
// asked.
type follower struct {
	ctx      context.Context // of the program
	source   *phone.Source
	appeared func()
	stop     context.CancelFunc // nil: it does not follow now
}

// set starts or stops following.
func (f *follower) set(on bool) {
	switch {
	case on && f.stop == nil:
		var ctx context.Context
		ctx, f.stop = context.WithCancel(f.ctx)
		go f.source.Watch(ctx, f.appeared)
	case !on && f.stop != nil:
		f.stop()
		f.stop = nil
	}
}

// followPhones starts or stops following the phones, as the settings say. It
// needs mu.
func (d *daemon) followPhones() {
	if d.phones != nil {
		d.phones.set(!d.world.flags.offline && d.world.settings.PhonesEnabled())
	}
}

// checkNow looks because somebody asked: phones are asked too, however lately
// they were.
func (d *daemon) checkNow() {
	d.askPhones()
	d.monitor.Poke()
}

func (d *daemon) askPhones() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sources.phones.Ask()
}

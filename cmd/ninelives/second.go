package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"ninelives/internal/desktop"
	"ninelives/internal/instance"
	"ninelives/internal/store"
)

// alone makes sure that this is the only running program of this person. One
// that runs already is asked to check instead; one that has only just started
// gets a moment to listen.
func (d *daemon) alone(ctx context.Context) (running bool, err error) {
	dir := d.world.places.DataDir
	lock, err := instance.Acquire(dir)
	if !errors.Is(err, instance.ErrRunning) {
		d.lock = lock
		if err != nil {
			d.log.Warn("two of this program could run side by side", "err", err)
		}
		d.notice("data", err)
		return false, nil
	}
	ctx, cancel := within(ctx, 2*time.Second)
	defer cancel()
	for {
		if _, err = instance.Send(ctx, dir, "check"); err == nil {
			return true, nil
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return false, fmt.Errorf("it is running already, but does not answer: %w; end it, then start it again", err)
		}
	}
}

// second ends a second start. Somebody who starts the program sees no icon,
// perhaps for want of a place for it, and gets the page; at login nobody asked.
func (d *daemon) second(ctx context.Context) error {
	says := "Nine Lives is running already; it was asked to check now."
	if !d.options.atLogin {
		says += " `ninelives open` shows its page."
		if d.world.onDesktop() && d.openRunning(ctx) {
			says = "Nine Lives is running already; its page opens."
		}
	}
	_, err := fmt.Fprintln(d.world.out, says)
	return err
}

// onDesktop tells whether there is a screen that a browser could open on. A
// Linux without one often has a browser for text, which would take the terminal.
func (p *program) onDesktop() bool {
	return p.goos != "linux" || p.env("DISPLAY") != "" || p.env("WAYLAND_DISPLAY") != ""
}

// openRunning opens the page of the program that runs, from here: this process
// is in the session of the person who wants to see it.
func (d *daemon) openRunning(ctx context.Context) bool {
	page := d.options.page
	if page == "" {
		page = overview
	}
	open := func(page string) error { return openLinkOf(ctx, d.world.places.DataDir, page) }
	if page == overview && d.welcomes(open) {
		return true
	}
	if err := open(page); err != nil {
		d.log.Warn("the page of the program that runs could not be opened", "err", err)
		return false
	}
	return true
}

// openLinkOf opens a page of the program that runs in a data folder.
func openLinkOf(ctx context.Context, dir, page string) error {
	link, err := linkOf(ctx, dir, page)
	if err != nil {
		return err
	}
	return desktop.Open(ctx, link)
}

// linkOf asks the program that runs for a link to a page.
func linkOf(ctx context.Context, dir, page string) (string, error) {
	reply, err := instance.Send(ctx, dir, askForLink+page)
	if err == nil && !strings.HasPrefix(reply, "http://") {
		err = errors.New(strings.Replace(reply, "unknown command", "the program that runs is an older one; quit it and start it again", 1))
	}
	return reply, err
}

// welcomes shows around who was never shown around, and reports whether it did.
// It is a courtesy: where there is no browser, it waits for another start, and
// where it cannot be remembered it is not done at all.
func (d *daemon) welcomes(open func(page string) error) bool {
	mark := store.OpenWelcome(d.world.places.DataDir)
	if d.options.demo != nil || !mark.Due() {
		return false
	}
	err := mark.Take()
	if err == nil {
		if err = open("welcome"); err == nil {
			return true
		}
		err = errors.Join(err, mark.GiveBack())
	}
	d.log.Info("nobody is shown around", "err", err)
	return false
}

package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"ninelives/internal/desktop"
	"ninelives/internal/health"
	"ninelives/internal/store"
	"ninelives/internal/view"
)

// statusPage is Apple's system status for people.
const statusPage = "https://www.apple.com/support/systemstatus/"

// act does what a click in menu or notification asks for. What goes wrong is
// said in the menu: a click that does nothing is worse than an error.
func (d *daemon) act(ctx context.Context, c view.Command) {
	d.notice("click", d.carryOut(ctx, c))
}

// carryOut does what a click in menu, page or notification asks for.
func (d *daemon) carryOut(ctx context.Context, c view.Command) error {
	device, rest, _ := strings.Cut(c.Arg, "/")
	var err error
	switch c.Verb {
	case view.CheckNow:
		d.checkNow()
	case view.OpenFix, view.OpenFixes, view.OpenPage:
		err = d.openPage(ctx, c.Arg)
	case view.OpenStatus:
		err = desktop.Open(ctx, statusPage)
	case view.OpenObstacle:
		err = d.openObstacle(ctx, health.ObstacleCode(c.Arg))
	case view.ShowFolder:
		err = d.showFolder(ctx, c.Arg)
	case view.Snooze:
		err = d.snooze(device, rest)
	case view.Ignore:
		err = d.change("device."+device+".ignore", fmt.Sprint(rest == "on"))
	case view.CheckEvery:
		err = d.change("check_every", c.Arg)
	case view.WarnAfter:
		err = d.change("warn_after", c.Arg)
	case view.HideNames:
		err = d.hideNames(c.Arg)
	case view.AtLogin:
		err = d.atLogin(c.Arg == "on")
	case view.Done, view.DidNotHelp:
		if c.Verb == view.Done {
			d.askPhones()
		}
		d.monitor.Tried(device, health.Code(rest), c.Verb == view.DidNotHelp)
	case view.Quit:
		d.quit()
	default:
		err = fmt.Errorf("nothing is known of %q", c.Verb)
	}
	if err != nil {
		d.log.Error("a click could not be carried out", "verb", string(c.Verb), "err", err)
	}
	return err
}

// openObstacle does what helps against an obstacle.
func (d *daemon) openObstacle(ctx context.Context, code health.ObstacleCode) error {
	if code == health.FullDiskAccess && d.world.goos == "darwin" {
		return desktop.Open(ctx, view.AccessLink)
	}
	return d.openPage(ctx, "")
}

// showFolder opens the folder that holds the backup of a device.
func (d *daemon) showFolder(ctx context.Context, device string) error {
	for _, v := range d.report().Devices {
		if v.ID != device {
			continue
		}
		for _, r := range v.Routes {
			if r.Path != "" {
				return d.reveal(ctx, r.Path)
			}
		}
	}
	return fmt.Errorf("the backup folder of this device is not known")
}

// reveal shows a folder, or the nearest one above it that exists: the folder
// of an absent drive does not.
func (d *daemon) reveal(ctx context.Context, path string) error {
	err := desktop.Open(ctx, path)
	for above := filepath.Dir(path); err != nil && above != path; above = filepath.Dir(path) {
		path = above
		err = desktop.Open(ctx, path)
	}
	return err
}

// snooze silences a device: "1d", "1w", "backup", or "off".
func (d *daemon) snooze(device, span string) error {
	if span == "off" {
		d.monitor.Snooze(device, time.Time{})
		return nil
	}
	if span == "backup" {
		d.monitor.Snooze(device, view.UntilBackup)
		return nil
	}
	length, err := store.ParseDuration(span)
	if err != nil {
		return err
	}
	d.monitor.Snooze(device, d.world.now().Add(length))
	return nil
}

// change writes one setting and takes it over at once.
func (d *daemon) change(key, value string) error {
	if err := d.world.changeable(key); err != nil {
		return err
	}
	if err := store.Set(d.world.places.ConfigFile, key, value); err != nil {
		return err
	}
	d.reload()
	return nil
}

// atLogin switches the start at login.
func (d *daemon) atLogin(on bool) error {
	if d.login == nil {
		return errors.New("the start at login cannot be changed here")
	}
	set := d.login.Off
	if on {
		set = func() error { return d.login.On(d.world.flagsToKeep()...) }
	}
	err := set()
	d.reload()
	return err
}

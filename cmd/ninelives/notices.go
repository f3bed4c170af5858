package main

import (
	"cmp"
	"context"
	"os"
	"path/filepath"

	"ninelives/assets"
	"ninelives/internal/alert"
	"ninelives/internal/view"
)

// clicked leads from a notification to the fix that it named.
func (d *daemon) clicked(ctx context.Context, m alert.Message) {
	switch {
	case m.Device == "":
		d.act(ctx, view.Command{Verb: view.OpenPage})
	case m.Fix == "":
		d.act(ctx, view.Command{Verb: view.OpenFixes, Arg: m.Device})
	default:
		d.act(ctx, view.Command{Verb: view.OpenFix, Arg: m.Device + "/" + string(m.Fix)})
	}
}

// openLine is the command that leads to the same place, for a desktop that
// starts a program at a click.
func (d *daemon) openLine(m alert.Message) []string {
	exe, err := os.Executable()
	if err != nil {
		exe = os.Args[0]
	}
	page := cmp.Or(m.Device, "overview")
	if m.Device != "" && m.Fix != "" {
		page += "/" + string(m.Fix)
	}
	return []string{exe, "open", page, "--data-dir", d.world.places.DataDir}
}

// answer is what this program is started with when a notice is clicked and the
// system can only open a link. The demo leaves nothing behind that could.
func (d *daemon) answer() []string {
	if d.options.demo != nil {
		return nil
	}
	return append([]string{"open"}, d.world.flagsToKeep()...)
}

// iconFile writes the program's picture where it stays: Windows remembers the
// path of a notification's icon for good.
func (d *daemon) iconFile() string {
	path, picture := filepath.Join(d.world.places.DataDir, "ninelives.png"), assets.AppIcon()
	if info, err := os.Stat(path); err == nil && info.Size() == int64(len(picture)) {
		return path
	}
	err := os.WriteFile(path+".new", picture, 0o600)
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		d.log.Warn("no icon for notifications", "err", err)
		return ""
	}
	return path
}

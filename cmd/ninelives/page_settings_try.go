package main

import (
	"context"
	"maps"
	"slices"
	"time"

	"ninelives/internal/alert"
	"ninelives/internal/health"
	"ninelives/internal/mobilesync"
	"ninelives/internal/store"
	"ninelives/internal/view"
)

const (
	folderTime = 30 * time.Second // a folder has to be read once
	folderWait = 5 * time.Second  // of that, as long as a click waits
)

// triedNotice is the last test notification.
type triedNotice struct {
	at  time.Time // zero: there was none
	err error
}

// triedFolder is a test of a folder. The place is kept: while a look at a
// drive that hangs has not come back, there is no second one.
type triedFolder struct {
	place   *mobilesync.Place
	running bool
	report  health.Report // of this folder alone; the zero report before the first end
}

// testNotice sends a notification to see that it arrives, and says what came
// of it.
func (d *daemon) testNotice(ctx context.Context) (string, error) {
	if d.teller == nil {
		return "", view.ErrNoNotifier
	}
	title, body := view.TestMessage()
	err := d.teller.Notify(ctx, alert.Message{Reason: alert.Solved, Title: title, Body: body})
	d.mu.Lock()
	settings := d.world.settings
	d.mu.Unlock()
	now := d.world.now()
	d.form.mu.Lock()
	d.form.notice = triedNotice{now, err}
	d.form.mu.Unlock()
	return d.noticed(now, settings), nil
}

// noticed says what came of the last test notification; empty: there was none.
func (d *daemon) noticed(now time.Time, s store.Settings) string {
	d.form.mu.Lock()
	last := d.form.notice
	d.form.mu.Unlock()
	if last.at.IsZero() {
		return ""
	}
	return view.TestSays(last.err, s.Policy().Silent, last.at, now)
}

// hideNames hides the names of devices on the page ("on"), or shows them.
func (d *daemon) hideNames(arg string) error {
	if arg == "on" {
		return d.change("page.hide_names", "true")
	}
	if err := d.world.changeable("page.hide_names"); err != nil {
		return err
	}
	if err := store.Unset(d.world.places.ConfigFile, "page.hide_names"); err != nil {
		return err
	}
	d.reload()
	return nil
}

// testFolder reads a folder once, as the monitor would, and says what is
// there. A slow one is read on; the page of settings says what came of it.
func (d *daemon) testFolder(ctx context.Context, path string) (string, error) {
	one, err := store.Defaults().With("backups.folders", store.List([]string{path}))
	if err != nil {
		return "", view.ErrNoFolder
	}
	path = one.Folders()[0]
	ended, err := d.startTest(context.WithoutCancel(ctx), path)
	if err != nil {
		return "", err
	}
	ctx, cancel := within(ctx, folderWait)
	defer cancel()
	select {
	case <-ended:
	case <-ctx.Done():
	}
	d.mu.Lock()
	hide := d.world.settings.HideNames()
	d.mu.Unlock()
	return d.folderSays(path, hide), nil
}

// startTest begins to read a folder, unless that is under way already; the
// channel closes at the end.
func (d *daemon) startTest(ctx context.Context, path string) (<-chan struct{}, error) {
	const most = 32 // folders that are remembered
	ended := make(chan struct{})
	d.form.mu.Lock()
	defer d.form.mu.Unlock()
	t := d.form.folders[path]
	switch {
	case t != nil && t.running:
		return ended, nil // never closes: the caller waits as long as it likes
	case t == nil && d.form.folders == nil:
		d.form.folders = map[string]*triedFolder{}
	case t == nil && len(d.form.folders) >= most:
		maps.DeleteFunc(d.form.folders, func(_ string, old *triedFolder) bool { return !old.running })
	}
	if len(d.form.folders) >= most {
		return nil, view.ErrManyFolders
	}
	if t == nil {
		t = &triedFolder{place: mobilesync.New(path, d.world.now)}
		d.form.folders[path] = t
	}
	t.running = true
	go func() {
		defer close(ended)
		report := d.readOnce(ctx, t.place)
		d.form.mu.Lock()
		defer d.form.mu.Unlock()
		t.report, t.running = report, false
	}()
	return ended, nil
}

// readOnce judges a single folder.
func (d *daemon) readOnce(ctx context.Context, place *mobilesync.Place) health.Report {
	ctx, cancel := within(ctx, folderTime)
	defer cancel()
	backups, err := place.Read(ctx)
	now := d.world.now()
	reading := health.Reading[[]health.Backup]{Where: place.Where()}.Next(backups, err, now)
	facts := health.Facts{Host: health.Host{OS: d.world.goos}, Backups: []health.Reading[[]health.Backup]{reading}}
	return health.Judge(facts, health.DefaultPolicy(), now)
}

// folderSays says what came of the last test of a folder; empty: there was
// none.
func (d *daemon) folderSays(path string, hide bool) string {
	d.form.mu.Lock()
	defer d.form.mu.Unlock()
	t := d.form.folders[path]
	switch {
	case t == nil:
		return ""
	case t.running:
		return view.FolderReading
	default:
		return view.FolderSays(t.report, d.world.goos, hide, d.world.now())
	}
}

// foldersOf are the places that are read now, with what a test of them said.
func (d *daemon) foldersOf(w *world) []view.SettingsFolder {
	own := append(w.settings.Folders(), w.flags.backupDirs...)
	var all []view.SettingsFolder
	for _, dir := range w.backupDirs() {
		all = append(all, view.SettingsFolder{
			Path: dir, Own: slices.Contains(own, dir), Says: d.folderSays(dir, w.settings.HideNames()),
		})
	}
	return all
}

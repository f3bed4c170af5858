package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"ninelives/assets"
	"ninelives/internal/tray"
	"ninelives/internal/view"
	"ninelives/internal/web"
)

// screen passes views to the page and to the tray, where there is one, and keeps
// the newest.
type screen struct {
	tray *tray.Tray
	page *web.Server
	mu   sync.Mutex
	view view.View
}

// Show implements monitor.Screen.
func (s *screen) Show(v view.View) {
	s.mu.Lock()
	s.view = v
	s.mu.Unlock()
	if s.page != nil {
		s.page.Show(v)
	}
	if s.tray != nil {
		s.tray.Show(v)
	}
}

func (s *screen) last() view.View {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.view
}

func (d *daemon) newScreen() *screen {
	if d.options.noTray {
		return &screen{page: d.page}
	}
	return &screen{page: d.page, tray: tray.New(tray.Options{
		OS: d.world.goos, Name: "Nine Lives", Log: d.log,
		Icon:        func(i view.Icon) []byte { return assets.Icon(d.world.goos, string(i), darkPanel) },
		Clicked:     func(c view.Command) { d.act(context.Background(), c) },
		HostChanged: d.hostChanged,
		Ending:      d.ending,
	})}
}

// darkPanel chooses the light drawing of the icons: nearly every Linux panel
// and the Windows task bar are dark, and no desktop tells.
const darkPanel = true

// hostChanged says in one line when there is nothing to draw the icon in.
func (d *daemon) hostChanged(h tray.HostState) {
	if h == tray.HostAbsent {
		fmt.Fprintln(d.world.err, "ninelives: this desktop shows no tray icons now; the icon comes as soon as there is a place for it.", view.TrayRemedy(d.world.env("XDG_CURRENT_DESKTOP")))
	}
}

// showAround opens the page that a first start by hand is about.
func (d *daemon) showAround(ctx context.Context) bool {
	return d.welcomes(func(page string) error { return d.openPage(ctx, page) })
}

// openAsked opens the page that the program was started for. Whoever is new
// here is shown around instead of an overview of nothing: one page, not two.
func (d *daemon) openAsked(ctx context.Context) {
	if d.options.page == overview && d.showAround(ctx) {
		return
	}
	d.act(ctx, view.Command{Verb: view.OpenPage, Arg: d.options.page})
}

// drawTray draws the icon until the end. Without a menu bar it says so in one
// line and lets the daemon go on.
func (d *daemon) drawTray(ctx context.Context) {
	if d.options.noTray {
		return
	}
	err := d.screen.tray.Run(ctx, func() {
		time.AfterFunc(headStart, d.begin)
		if d.options.page == "" && !d.options.atLogin {
			go d.showAround(ctx)
		}
		d.monitor.Refresh()
	})
	switch {
	case ctx.Err() != nil:
	case err == nil:
		d.quit()
	case errors.Is(err, tray.ErrBusLost):
		// The session is over. Staying would keep the next session's program,
		// and its icon, from starting.
		d.failed = err
		d.quit()
	default:
		fmt.Fprintf(d.world.err, "ninelives: no icon: %v; watching goes on, with notifications\n", err)
	}
}

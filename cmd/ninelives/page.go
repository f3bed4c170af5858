package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"ninelives/assets"
	"ninelives/internal/desktop"
	"ninelives/internal/view"
	"ninelives/internal/web"
)

// How long a click on the page waits for what came of it, so that the page that
// follows shows it. The slowest source may take 16 seconds.
const (
	lookWait   = 20 * time.Second
	changeWait = 5 * time.Second
)

// newPage makes the server of the page, with a port if there is one to have.
func (d *daemon) newPage() *web.Server {
	page := web.New(web.Options{Act: d.actOnPage, Settings: d.pageSettings, Save: d.saveSettings, Log: d.log})
	err := page.Listen()
	if err != nil {
		d.log.Error("no page", "err", err)
	}
	d.notice("page", err)
	return page
}

// servePage serves the page until the end.
func (d *daemon) servePage(ctx context.Context) {
	if d.page.Link("/") == "" {
		return // that was said already
	}
	if err := d.page.Serve(ctx); err != nil {
		d.log.Error("the page has ended", "err", err)
		d.notice("page", err)
	}
}

// actOnPage does what a click on the page asks for, and waits until the page
// shows what came of it.
func (d *daemon) actOnPage(ctx context.Context, c view.Command) (string, error) {
	switch c.Verb {
	case view.TestNotice:
		return d.testNotice(ctx)
	case view.TestFolder:
		return d.testFolder(ctx, c.Arg)
	default:
	}
	before := d.screen.last().Page
	if c.Verb == view.CheckNow { // waiting for a round asks for it
		d.askPhones()
	} else if err := d.carryOut(ctx, c); err != nil {
		return "", err
	}
	looked := true
	switch c.Verb {
	case view.CheckNow, view.Done:
		looked = d.wait(ctx, lookWait)
	case view.DidNotHelp, view.Ignore, view.WarnAfter, view.CheckEvery:
		d.wait(ctx, changeWait)
	default:
		d.report() // what was asked before is done
	}
	return view.Did(c, before, d.screen.last().Page, looked), nil
}

// wait looks again, and reports whether that was done in time.
func (d *daemon) wait(ctx context.Context, limit time.Duration) bool {
	ctx, cancel := within(ctx, limit)
	defer cancel()
	return d.monitor.CheckAndWait(ctx) == nil
}

// openPage shows a page in the browser: "" the overview, a device, or a fix
// as "<device>/<code>".
func (d *daemon) openPage(ctx context.Context, page string) error {
	path, known := pathOf(page)
	if !known {
		path = "/"
	}
	link := d.page.Link(path)
	if link == "" {
		return errors.New("there is no page: no port on this computer could be had")
	}
	return desktop.Open(ctx, link)
}

// linkFor answers `ninelives open`: with a link, or with a sentence that says
// why there is none.
func (d *daemon) linkFor(page string) string {
	path, known := pathOf(page)
	device, _, _ := strings.Cut(page, "/")
	switch cards := d.screen.last().Page.Cards; {
	case !known:
		return "there is no page " + page
	case isDevice(device) && !slices.ContainsFunc(cards, func(c view.Card) bool { return c.ID == device }):
		return "no device " + device + " is watched; `ninelives check --json` shows the ids"
	}
	if link := d.page.Link(path); link != "" {
		return link
	}
	return "there is no page: no port on this computer could be had"
}

// pathOf is the path of a page as people name it: "overview" or nothing,
// "settings", "sources", a device, or a device and a fix.
func pathOf(page string) (path string, known bool) {
	switch page {
	case "", overview:
		return "/", true
	case "settings", "sources", "welcome":
		return "/" + page, true
	}
	device, code, fix := strings.Cut(page, "/")
	switch _, known := assets.FixByCode(code); {
	case !isDevice(device) || fix && !known:
		return "", false
	case fix:
		return "/device/" + device + "/fix/" + code, true
	default:
		return "/device/" + device, true
	}
}

// isDevice tells whether a text is the id of a device.
func isDevice(s string) bool {
	return len(s) == 8 && strings.Trim(s, "0123456789abcdef") == ""
}

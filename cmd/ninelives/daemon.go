package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"ninelives/internal/alert"
	"ninelives/internal/desktop"
	"ninelives/internal/health"
	"ninelives/internal/instance"
	"ninelives/internal/monitor"
	"ninelives/internal/store"
	"ninelives/internal/web"
)

// loginSilence is how long nothing is said after a start at login: people have
// other things on their mind then, and drives are still being mounted.
const loginSilence = time.Minute

// endWithin bounds the end: after Quit or SIGTERM all is saved by then.
const endWithin = 1800 * time.Millisecond

type daemonOptions struct {
	noTray  bool
	atLogin bool
	demo    *household // instead of this computer's own backups
	page    string     // opened at once, if any
}

func (p *program) runCommand(f *flags) *cobra.Command {
	var o daemonOptions
	c := &cobra.Command{
		Use:   "run",
		Short: "Watch from the menu bar",
		Long: "Watches from the menu bar until Quit or Ctrl-C. Without a menu bar that takes icons\n" +
			"it says so and goes on with notifications; `ninelives open` shows the page.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return p.daemon(c.Context(), f, o) },
	}
	c.Flags().BoolVar(&o.noTray, "no-tray", false, "no icon: notifications and the command line only")
	c.Flags().BoolVar(&o.atLogin, "at-login", false, "started by the login item: say nothing in the first minute")
	return c
}

// daemon is the running program.
type daemon struct {
	world   *world
	sources *sources
	monitor *monitor.Monitor
	screen  *screen
	page    *web.Server
	teller  monitor.Notifier
	login   *desktop.Login
	lock    *instance.Lock
	log     *slog.Logger
	quit    context.CancelFunc
	saved   chan error // the monitor has ended, and everything is remembered
	silent  time.Time  // nothing is said before
	options daemonOptions
	form    settingsForm

	begin  func() // starts the monitor; once
	failed error  // why it ends, if nobody asked for it

	mu      sync.Mutex // guards what follows and world.settings
	notices map[string]string
	stamp   store.Stamp
	forced  map[string]store.Stamp
	dirty   bool      // what is told to the monitor has changed
	phones  *follower // nil: not started yet
}

// daemon runs until the context ends or somebody quits.
func (p *program) daemon(ctx context.Context, f *flags, o daemonOptions) error {
	w, err := p.world(f)
	var bad configError
	if err != nil && (!o.atLogin || !errors.As(err, &bad)) {
		return err
	}
	if w.places.DataDir == "" {
		return configError{errNoHome}
	}
	ctx, quit := context.WithCancel(ctx)
	defer quit()
	d := &daemon{world: w, sources: &sources{}, quit: quit, saved: make(chan error, 1), options: o, notices: map[string]string{}}
	d.stamp, _ = store.Changed(w.places.ConfigFile, store.Stamp{})
	if bad.error != nil { // at login nobody would see why there is no icon
		d.notices["settings"] = notTakenOver(bad)
	}
	if o.atLogin {
		d.silent = w.now().Add(loginSilence)
	}
	var closeLog func()
	d.log, closeLog = w.openLog()
	defer closeLog()
	d.sources.log = d.log
	switch running, err := d.alone(ctx); {
	case err != nil:
		return err
	case running:
		return d.second(ctx)
	}
	defer d.release()
	return d.run(ctx)
}

// notTakenOver says in the menu what is wrong with the settings.
func notTakenOver(err error) string { return "The settings file is not taken over: " + err.Error() }

func (d *daemon) release() {
	if d.lock == nil {
		return
	}
	if err := d.lock.Release(); err != nil {
		d.log.Warn("releasing the lock", "err", err)
	}
}

// run ties sources, core and outlets together and waits for the end.
func (d *daemon) run(ctx context.Context) error {
	memory, known, err := d.world.remembered()
	if err != nil {
		d.log.Warn("the memory is not what it was", "err", err)
	}
	d.notice("memory", err)
	if d.options.demo != nil {
		known.Facts = d.options.demo.known
	} else {
		d.openLogin()
	}
	d.page = d.newPage()
	d.screen = d.newScreen()
	notifier := desktop.NewNotifier(desktop.NotifierOptions{
		App: "Nine Lives", IconFile: d.iconFile(), Log: d.log, Clicked: func(m alert.Message) { d.clicked(ctx, m) },
		Open: d.openLine, Answer: d.answer(),
	})
	defer notifier.Close()
	d.teller = notifier
	d.mu.Lock()
	if d.options.demo == nil {
		d.sources.counting = ctx
	}
	d.sources.known = known.Facts
	setup := d.setup()
	d.mu.Unlock()
	d.monitor = monitor.New(setup, monitor.Options{
		Screen: d.screen, Notifier: notifier, Keeper: keeper{memory}, Diary: store.OpenHistory(d.world.places.DataDir),
		Renew: d.renew, Now: d.world.now, Log: d.log, Facts: known.Facts, Memory: known.Alerts,
	})
	return d.watch(ctx)
}

// watch runs the monitor beside the tray, which must have the main goroutine,
// and ends with everything saved.
func (d *daemon) watch(ctx context.Context) error {
	if d.lock != nil {
		go d.serve(ctx)
	}
	go d.servePage(ctx)
	d.mu.Lock()
	d.phones = &follower{ctx: ctx, source: d.sources.phones, appeared: d.monitor.Poke}
	d.followPhones()
	d.mu.Unlock()
	if d.options.page != "" {
		go d.openAsked(ctx)
	}
	d.begin = sync.OnceFunc(func() { go func() { d.saved <- d.monitor.Run(ctx) }() })
	time.AfterFunc(longestHeadStart, d.begin)
	fmt.Fprintln(d.world.out, "Nine Lives is watching. Quit it from its menu, or with Ctrl-C.")
	if d.options.demo != nil && d.lock != nil {
		fmt.Fprintf(d.world.out, "Open its page from there, or with: %s open --data-dir %s\n", os.Args[0], d.world.places.DataDir)
	}
	d.drawTray(ctx)
	d.begin()
	<-ctx.Done()
	return errors.Join(d.failed, d.end())
}

// The icon gets a head start before the backups are read: both at once would
// have to share the processor, and people look for the icon.
const (
	headStart        = 5 * time.Millisecond // after the tray is ready, for announcing it
	longestHeadStart = time.Second          // whatever the tray does
)

// end waits until everything is saved.
func (d *daemon) end() error {
	d.quit()
	d.begin() // what has not begun cannot end
	select {
	case err := <-d.saved:
		return err
	case <-time.After(endWithin):
		return errors.New("the last round did not end in time")
	}
}

// ending is the end when the tray does not give the main goroutine back, as at
// a log-out on macOS: all is saved here, and the process ends here.
func (d *daemon) ending() {
	if err := d.end(); err != nil {
		d.log.Error("ending", "err", err)
		os.Exit(exitFailed)
	}
	os.Exit(0)
}

// serve answers a second start, and commands of this program.
func (d *daemon) serve(ctx context.Context) {
	err := d.lock.Serve(ctx, func(command string) string {
		if page, wanted := strings.CutPrefix(command, askForLink); wanted {
			return d.linkFor(page)
		}
		switch command {
		case "check":
			d.checkNow()
			return "checking"
		case askToQuit:
			d.quit()
			return "quitting"
		}
		return "unknown command"
	})
	if err != nil && ctx.Err() == nil {
		d.log.Warn("a second start cannot reach this one", "err", err)
	}
}

// setup is the monitor's part of the settings with what only a running program
// has. It needs mu.
func (d *daemon) setup() monitor.Setup {
	s := d.world.setup(d.sources)
	if home := d.options.demo; home != nil {
		home.furnish(&s)
	}
	s.Policy.SilentUntil = d.silent
	s.Session.AtLogin = d.loginState()
	for _, kind := range slices.Sorted(maps.Keys(d.notices)) {
		s.Session.Notices = append(s.Session.Notices, d.notices[kind])
	}
	return s
}

// renew gives the monitor changed settings: those that were changed here, and
// those that were edited by hand. A bad edit keeps the settings in force and
// says so in the menu.
func (d *daemon) renew() (monitor.Setup, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	stamp, edited := store.Changed(d.world.places.ConfigFile, d.stamp)
	if edited = d.forcedChanged() || edited; edited {
		d.stamp = stamp
		d.readSettings()
	}
	if !edited && !d.dirty {
		return monitor.Setup{}, false
	}
	d.dirty = false
	d.followPhones()
	return d.setup(), true
}

// readSettings reads the file again; it needs mu.
func (d *daemon) readSettings() {
	settings, err := d.world.readSettings(d.world.places.ConfigFile, d.world.flags.config != "")
	if err != nil {
		d.log.Warn("the settings file is not taken over", "err", err)
		d.notices["settings"] = notTakenOver(err)
		return
	}
	delete(d.notices, "settings")
	d.world.settings = settings
}

// reload takes over a change that was made here, at once.
func (d *daemon) reload() {
	d.mu.Lock()
	d.stamp, _ = store.Changed(d.world.places.ConfigFile, d.stamp)
	d.readSettings()
	d.dirty = true
	d.mu.Unlock()
	d.monitor.Reload()
}

// notice keeps or clears what has to be said in the menu about the program
// itself, one line for each kind of trouble.
func (d *daemon) notice(kind string, err error) {
	d.mu.Lock()
	old := d.notices[kind]
	if err != nil {
		d.notices[kind] = err.Error()
	} else {
		delete(d.notices, kind)
	}
	changed := old != d.notices[kind]
	d.dirty = d.dirty || changed
	d.mu.Unlock()
	if changed && d.monitor != nil {
		d.monitor.Reload()
	}
}

// report asks the monitor for its newest report.
func (d *daemon) report() health.Report {
	got := make(chan health.Report, 1)
	d.monitor.Report(func(r health.Report) { got <- r })
	select {
	case r := <-got:
		return r
	case <-time.After(2 * time.Second):
		return health.Report{}
	}
}

// keeper is the memory as the monitor wants it.
type keeper struct{ memory *store.Memory }

// Keep implements monitor.Keeper.
func (k keeper) Keep(f health.Facts, m alert.Memory) error {
	return k.memory.Save(store.Remembered{Facts: f, Alerts: m})
}

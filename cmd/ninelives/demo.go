package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"ninelives/internal/applestatus"
	"ninelives/internal/health"
	"ninelives/internal/iosrelease"
	"ninelives/internal/monitor"
	"ninelives/internal/sample"
	"ninelives/internal/samplephone"
)

// household is the made-up home of the demo.
type household struct {
	root   string
	feed   builtIn
	newest newestIOS
	phones *samplephone.Daemon
	known  health.Facts // what an earlier run would remember of the absent drive and of the nights
}

// furnish takes what is built in, in place of what is outside of this program.
func (h *household) furnish(s *monitor.Setup) {
	s.Feed, s.Releases, s.ReleasesName = h.feed, h.newest, h.newest.Where()
	s.Quota, s.Volumes, s.Online = nil, nil, nil
}

func (p *program) demoCommand() *cobra.Command {
	var once, noTray bool
	c := &cobra.Command{
		Use:   "demo",
		Short: "Show all of it on built-in sample backups",
		Long: "Shows everything on built-in sample backups and a built-in status feed, in a folder of its own\n" +
			"that is removed at the end. Nothing of yours is read or changed. It prints the verdict, then\n" +
			"stays in the menu bar until Ctrl-C.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return p.demo(c.Context(), once, noTray) },
	}
	c.Flags().BoolVar(&once, "once", false, "print the verdict and end")
	c.Flags().BoolVar(&noTray, "no-tray", false, "no icon: notifications and the command line only")
	return c
}

func (p *program) demo(ctx context.Context, once, noTray bool) error {
	dir, err := os.MkdirTemp("", "ninelives-demo-")
	if err != nil {
		return fmt.Errorf("making a folder for the demo: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	home, err := newHousehold(filepath.Join(dir, "Backup"), time.Now())
	if err != nil {
		return err
	}
	defer func() { _ = home.phones.Close() }()
	f := &flags{config: "", dataDir: filepath.Join(dir, "data"), backupDirs: []string{home.root}, feedURL: applestatus.URL, releasesURL: iosrelease.URL}
	alone := *p
	alone.env, alone.home = sealed(p.env, dir, home.phones.Address()), dir
	w, err := alone.world(f)
	if err != nil {
		return err
	}
	setup := w.setup(&sources{})
	home.furnish(&setup)
	m := monitor.New(setup, monitor.Options{Now: w.now, Log: quietLog(), Facts: home.known})
	fmt.Fprintln(p.out, "A made-up household, to show what Nine Lives says. Nothing of yours is read.")
	fmt.Fprintln(p.out)
	if err := p.print(m.Check(ctx), "text"); err != nil || once {
		return err
	}
	fmt.Fprintln(p.out)
	return alone.daemon(ctx, f, daemonOptions{noTray: noTray, demo: home})
}

// sealed hides this person's folders, settings and phones from the demo; the
// desktop must stay reachable.
func sealed(env func(string) string, dir, phones string) func(string) string {
	hidden := map[string]string{
		"XDG_CONFIG_HOME": filepath.Join(dir, "config"), "XDG_STATE_HOME": filepath.Join(dir, "data"),
		"XDG_DATA_HOME": filepath.Join(dir, "data"), "APPDATA": filepath.Join(dir, "config"), "LOCALAPPDATA": filepath.Join(dir, "data"),
		"HOME": dir, "USERPROFILE": dir, "USBMUXD_SOCKET_ADDRESS": phones,
	}
	return func(name string) string {
		if v, ok := hidden[name]; ok {
			return v
		}
		return env(name)
	}
}

// newHousehold writes the sample backups, brings the phones to life, and notes
// what an earlier run would remember of the drive that is absent now.
func newHousehold(root string, now time.Time) (*household, error) {
	made, err := sample.Demo(root, now)
	if err != nil {
		return nil, fmt.Errorf("making the sample backups: %w", err)
	}
	phones, nights, err := demoPhones(now)
	if err != nil {
		return nil, err
	}
	away := made.OnAbsentDrive
	before := health.Reading[[]health.Backup]{
		Where: root, GoodAt: away.Date, TriedAt: away.Date,
		Value: []health.Backup{{
			Device:   health.Device{ID: health.IDOf(away.UDID), Name: away.Name, ProductType: away.ProductType, OSVersion: away.OSVersion},
			Path:     filepath.Join(root, away.UDID),
			Phase:    health.PhaseComplete,
			LastGood: away.Date, Attempt: away.Date, Encrypted: health.AnswerOf(away.Encrypted),
		}},
	}
	return &household{
		root: root, feed: made.Feed, newest: sample.Releases(now, demoModels, "18.7.8", "26.6.1"), phones: phones,
		known: health.Facts{Backups: []health.Reading[[]health.Backup]{before}, Phones: nights},
	}, nil
}

// builtIn is a status feed that is read from memory.
type builtIn []byte

// Read implements monitor.Source.
func (b builtIn) Read(context.Context) (health.Feed, error) { return applestatus.Parse(b) }

// Where implements monitor.Source.
func (b builtIn) Where() string { return "built-in sample of Apple's status" }

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ninelives/internal/applestatus"
	"ninelives/internal/iosrelease"
	"ninelives/internal/store"
)

// flags are the common flags; each is also an environment variable.
type flags struct {
	config      string
	dataDir     string
	backupDirs  []string
	feedURL     string
	releasesURL string
	offline     bool
	now         string
	from        map[string]string // flags that were taken from a variable, and its name
}

// commands builds the command line.
func (p *program) commands() *cobra.Command {
	f := &flags{}
	root := &cobra.Command{
		Use:   "ninelives",
		Short: "Watches the backups of iPhones and iPads",
		Long: "Nine Lives sits in the menu bar and watches the backups of your iPhones and iPads:\n" +
			"one verdict per device, the evidence for it, and the one of nine fixes that it points to.\n" +
			"Without a command it starts the menu bar program, as `ninelives run` does.",
		SilenceUsage: true, SilenceErrors: true,
		Args:              cobra.NoArgs,
		PersistentPreRunE: func(c *cobra.Command, _ []string) error { return p.environment(c.Flags(), f) },
		RunE:              func(c *cobra.Command, _ []string) error { return p.daemon(c.Context(), f, daemonOptions{}) },
	}
	root.SetOut(p.out) // before its completions are made, which keep it
	root.SetErr(p.err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	common(root.PersistentFlags(), f)
	root.AddCommand(
		p.runCommand(f), p.checkCommand(f), p.fixesCommand(), p.demoCommand(), p.openCommand(f), p.doctorCommand(f),
		p.configCommand(f), p.loginItemCommand(f), p.versionCommand(), p.manCommand(), p.quitCommand(f),
	)
	complete(root)
	for _, c := range root.Commands() {
		refuseBadArguments(c)
	}
	return root
}

func common(set *pflag.FlagSet, f *flags) {
	set.StringVar(&f.config, "config", "", "settings `FILE` instead of the usual one")
	set.StringVar(&f.dataDir, "data-dir", "", "`DIR` for memory, history and log")
	set.StringArrayVar(&f.backupDirs, "backup-dir", nil, "`DIR` of backups, instead of the usual places (may be given several times)")
	set.StringVar(&f.feedURL, "feed-url", applestatus.URL, "`URL` of Apple's system status")
	set.StringVar(&f.releasesURL, "releases-url", iosrelease.URL, "`URL` of the list of newest iOS versions")
	set.BoolVar(&f.offline, "offline", false, "no network and no phone")
	set.StringVar(&f.now, "now", "", "judge as of this `TIME` (RFC 3339)")
	set.Lookup("now").Hidden = true
}

// refuseBadArguments makes wrong arguments of a command bad usage.
func refuseBadArguments(c *cobra.Command) {
	check := c.Args
	if check == nil {
		check = cobra.NoArgs
	}
	c.Args = func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return usageError{fmt.Errorf("%s: %w", c.CommandPath(), err)}
		}
		return nil
	}
	for _, sub := range c.Commands() {
		refuseBadArguments(sub)
	}
}

// variable is the name that a flag has in the environment.
func variable(flag string) string {
	return "NINELIVES_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// environment fills the flags that were not given from NINELIVES_….
func (p *program) environment(set *pflag.FlagSet, f *flags) error {
	f.from = map[string]string{}
	var first error
	set.VisitAll(func(flag *pflag.Flag) {
		name := variable(flag.Name)
		value := p.env(name)
		if flag.Changed || value == "" || first != nil {
			return
		}
		values := []string{value}
		if flag.Name == "backup-dir" {
			values = slices.DeleteFunc(filepath.SplitList(value), func(dir string) bool { return dir == "" })
		}
		f.from[flag.Name] = name
		for _, v := range values {
			if err := set.Set(flag.Name, v); err != nil {
				first = usageError{fmt.Errorf("%s=%q: %w", name, value, err)}
			}
		}
	})
	return first
}

// world is what the flags, the environment and the settings come to.
type world struct {
	*program
	flags    flags
	places   store.Places
	settings store.Settings
	now      func() time.Time
}

// world reads the settings and settles where everything is.
func (p *program) world(f *flags) (*world, error) {
	w := &world{program: p, flags: *f}
	var fixed time.Time
	if f.now != "" {
		var err error
		if fixed, err = time.Parse(time.RFC3339, f.now); err != nil {
			return nil, usageError{fmt.Errorf("%s %q: want a time such as 2026-11-20T10:00:00Z", w.said("--now"), f.now)}
		}
	}
	w.now = clock(fixed)
	if err := w.checkFlags(); err != nil {
		return nil, err
	}
	w.places = store.Dirs(p.goos, p.env, p.home)
	if f.config != "" {
		w.places.ConfigFile = f.config
	}
	if f.dataDir != "" {
		w.places.DataDir, w.places.LogDir = f.dataDir, f.dataDir
	}
	for _, place := range []*string{&w.places.ConfigFile, &w.places.DataDir, &w.places.LogDir} {
		*place = settled(*place, f)
	}
	var err error
	if w.settings, err = p.readSettings(w.places.ConfigFile, f.config != ""); err != nil {
		if f.config != "" {
			err = fmt.Errorf("%s: %w", w.said("--config"), err)
		}
		return w, configError{err}
	}
	return w, nil
}

// errNoHome is why nothing can be kept.
var errNoHome = errors.New("no home folder is known: set HOME, or name places with --data-dir and --config")

// settled makes a place that a flag named absolute, and drops one that is
// relative for want of a home folder: it would lie wherever the program was
// started, even in a backup.
func settled(place string, f *flags) string {
	if filepath.IsAbs(place) || place == "" {
		return place
	}
	if place != f.config && place != f.dataDir {
		return ""
	}
	abs, err := filepath.Abs(place)
	if err != nil {
		return ""
	}
	return abs
}

// flagsToKeep are the flags that the program must be started with at login to
// watch the same as now.
func (w *world) flagsToKeep() []string {
	var args []string
	keep := func(flag, value string) {
		if value != "" {
			args = append(args, flag, value)
		}
	}
	keep("--config", settled(w.flags.config, &w.flags))
	keep("--data-dir", settled(w.flags.dataDir, &w.flags))
	for _, dir := range w.flags.backupDirs {
		keep("--backup-dir", dir)
	}
	if w.flags.feedURL != applestatus.URL {
		keep("--feed-url", w.flags.feedURL)
	}
	if w.flags.releasesURL != iosrelease.URL {
		keep("--releases-url", w.flags.releasesURL)
	}
	if w.flags.offline {
		args = append(args, "--offline")
	}
	return args
}

// checkFlags refuses values that can never be right, naming the flag.
func (w *world) checkFlags() error {
	for i, dir := range w.flags.backupDirs {
		if dir == "" {
			return usageError{fmt.Errorf(`--backup-dir "": want a folder`)}
		}
		abs, err := filepath.Abs(dir)
		if err != nil {
			return usageError{fmt.Errorf("--backup-dir %q: %w", dir, err)}
		}
		w.flags.backupDirs[i] = abs
	}
	for name, value := range map[string]string{"--feed-url": w.flags.feedURL, "--releases-url": w.flags.releasesURL} {
		if value != "" && !trusted(value) {
			return usageError{fmt.Errorf("%s %q: want an address that starts with https:// (or http:// to this computer)", w.said(name), value)}
		}
	}
	return nil
}

// trusted reports whether what an address answers may be believed: it is
// reached by TLS, or on this computer.
func trusted(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// said names a flag as the person gave it: on the command line, or as a
// variable of the environment.
func (w *world) said(flag string) string {
	if name, ok := w.flags.from[strings.TrimPrefix(flag, "--")]; ok {
		return name
	}
	return flag
}

// within bounds a step of a command that must not hang.
func within(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, d)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ninelives/internal/desktop"
	"ninelives/internal/instance"
)

// askForLink asks the running program for a link; the name of the page follows.
const askForLink = "open "

// overview is the name of the page that is opened when none is named.
const overview = "overview"

func (p *program) openCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "open [PAGE]",
		Short: "Open the page of the running program in the browser",
		Long: "Opens the page of the running program in the browser. PAGE is overview (as without it),\n" +
			"settings, sources, welcome, the id of a device as `ninelives check --json` shows it, or a fix for\n" +
			"a device, such as 3f2a9c01/power.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return p.open(c.Context(), f, strings.Join(args, "")) },
	}
}

func (p *program) open(ctx context.Context, f *flags, page string) error {
	clicked := desktop.IsLink(page) // a notice, or the start menu of Windows
	if clicked {
		var err error
		if page, err = desktop.PageOf(page); err != nil {
			return usageError{err}
		}
	}
	if _, known := pathOf(page); !known {
		return usageError{fmt.Errorf("open %q: want overview, settings, sources, welcome, a device such as 3f2a9c01, or a fix for it such as 3f2a9c01/power", page)}
	}
	w, err := p.world(f)
	var bad configError
	if err != nil && !errors.As(err, &bad) { // the page says what is wrong with the settings
		return err
	}
	if page == "" {
		page = overview
	}
	link, err := linkOf(ctx, w.places.DataDir, page)
	switch {
	case errors.Is(err, instance.ErrNotRunning) && clicked:
		// A click that does nothing is worse than a program that was ended.
		return p.daemon(ctx, f, daemonOptions{page: page})
	case errors.Is(err, instance.ErrNotRunning):
		return errors.New("it is not running: start it with `ninelives`, then open the page again")
	case err != nil:
		return err
	}
	if err := desktop.Open(ctx, link); err != nil {
		fmt.Fprintln(p.out, link)
		return fmt.Errorf("no browser could be opened, but the link above opens the page once, within a minute: %w", err)
	}
	return nil
}

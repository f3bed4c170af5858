package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"ninelives/internal/instance"
)

// askToQuit ends the running program.
const askToQuit = "quit"

// quitWithin bounds the wait for the end of the running program.
const quitWithin = 5 * time.Second

// quitCommand is for installers: a program that runs cannot be replaced on
// Windows.
func (p *program) quitCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "quit", Short: "Ask the running program to end, and wait until it has", Hidden: true, Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return p.quit(c.Context(), f) },
	}
}

func (p *program) quit(ctx context.Context, f *flags) error {
	w, err := p.world(f)
	var bad configError
	if err != nil && !errors.As(err, &bad) { // it may have been started before the settings went bad
		return err
	}
	dir := w.places.DataDir
	if _, err := os.Stat(dir); err != nil {
		return nil // nothing has run here, and nothing shall be made
	}
	ctx, cancel := within(ctx, quitWithin)
	defer cancel()
	asked := errors.New("not asked yet")
	for {
		lock, err := instance.Acquire(dir)
		if err == nil {
			if asked == nil {
				fmt.Fprintln(p.out, "Nine Lives was running, and has ended.") // an installer starts it again
			}
			return lock.Release()
		}
		if !errors.Is(err, instance.ErrRunning) {
			return err
		}
		if asked != nil { // one that has only just started does not listen yet
			_, asked = instance.Send(ctx, dir, askToQuit)
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("it is still running and does not answer; quit it from its menu: %w", errors.Join(asked, ctx.Err()))
		}
	}
}

// Command ninelives watches the backups of iPhones and iPads from the menu
// bar, and on the command line.
//
// This package holds flags, wiring and what a click does; everything else is
// in the packages below internal.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"ninelives/internal/store"
)

// Exit codes beside those of check, which are the states of the monitoring
// plugins (0 ok, 1 warning, 2 critical, 3 unknown).
const (
	exitFailed    = 1
	exitBadUsage  = 64 // EX_USAGE
	exitBadConfig = 78 // EX_CONFIG
)

// program is the outside world of one run, so that tests can bring their own.
type program struct {
	out, err io.Writer
	env      func(string) string
	home     string
	goos     string
	terminal bool // out is a terminal that reads escapes
	width    int  // of the terminal; 0: not known

	forced []string // files of settings that an administrator forces
}

func main() { os.Exit(mainCode()) }

// mainCode runs the real program and gives its exit code.
func mainCode() int {
	// Started from the desktop of Windows we are the menu bar program, and not
	// the mistake that cobra takes it for and refuses.
	cobra.MousetrapHelpText = ""
	home, err := os.UserHomeDir()
	if err != nil {
		home = "" // the places that need it are then not set, and doctor says so
	}
	p := &program{
		out: os.Stdout, err: os.Stderr, env: os.Getenv, home: home, goos: runtime.GOOS,
		terminal: isTerminal(os.Stdout) && readsEscapes(os.Stdout), forced: store.ForcedFiles(runtime.GOOS, personName()),
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return p.run(ctx, os.Args[1:])
}

// isTerminal reports whether a file is a character device.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// exitCode is an error that is only an exit code: all was said already.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// usageError is a wrong flag, value or command.
type usageError struct{ error }

// configError is a settings file that cannot be used.
type configError struct{ error }

// Unwrap lets a *store.SettingsError be found.
func (e configError) Unwrap() error { return e.error }

// run executes one command line and gives the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	root := p.commands()
	root.SetArgs(args)
	root.SetOut(p.out)
	root.SetErr(p.err)
	err := root.ExecuteContext(ctx)
	var code exitCode
	var usage usageError
	var config configError
	var bad *store.SettingsError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &config), errors.As(err, &bad):
		p.complain(err)
		return exitBadConfig
	case errors.As(err, &usage), strings.HasPrefix(err.Error(), "unknown command"):
		p.complain(err)
		return exitBadUsage
	default:
		p.complain(err)
		return exitFailed
	}
}

// complain says an error in one line.
func (p *program) complain(err error) {
	fmt.Fprintln(p.err, "ninelives:", strings.Join(strings.Fields(err.Error()), " "))
}

// clock gives the wall clock of this computer, or the moment that --now names,
// going on from there.
func clock(fixed time.Time) func() time.Time {
	if fixed.IsZero() {
		return time.Now
	}
	start := time.Now()
	return func() time.Time { return fixed.In(time.Local).Add(time.Since(start).Truncate(time.Second)) }
}

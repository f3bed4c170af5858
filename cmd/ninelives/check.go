package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"ninelives/internal/health"
	"ninelives/internal/view"
)

// quietLog is the log of a command that prints its answer and ends.
func quietLog() *slog.Logger { return slog.New(slog.DiscardHandler) }

func (p *program) checkCommand(f *flags) *cobra.Command {
	var format string
	var asJSON bool
	c := &cobra.Command{
		Use:   "check",
		Short: "Look once, print the verdict, and exit with it",
		Long: "Looks once at every source and prints the verdict. Sends nothing and writes nothing.\n\n" +
			"Exit code: 0 ok, 1 warning, 2 critical, 3 unknown; 64 bad usage, 78 bad settings.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if asJSON {
				format = "json"
			}
			return p.check(c.Context(), f, format)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "`FORM` of the answer: text, json or nagios")
	c.Flags().BoolVar(&asJSON, "json", false, "the same as --format json")
	return c
}

func (p *program) check(ctx context.Context, f *flags, format string) error {
	if format != "text" && format != "json" && format != "nagios" {
		return usageError{fmt.Errorf("--format %q: want text, json or nagios", format)}
	}
	w, err := p.world(f)
	if err != nil {
		return err
	}
	report := w.once(ctx, w.known().Facts)
	if err := p.print(report, format); err != nil {
		p.complain(fmt.Errorf("printing the verdict: %w", err))
		return exitCode(view.ExitCode(health.Unknown)) // any other failing code would pass for a verdict
	}
	if code := view.ExitCode(report.State); code != 0 {
		return exitCode(code)
	}
	return nil
}

// print writes a report to standard output, and nothing else.
func (p *program) print(r health.Report, format string) error {
	var text string
	switch format {
	case "json":
		body, err := view.JSON(r)
		if err != nil {
			return err
		}
		text = string(body)
	case "nagios":
		text = view.Nagios(r)
	default:
		text = view.Text(r, r.At, p.style())
	}
	if len(text) == 0 || text[len(text)-1] != '\n' {
		text += "\n"
	}
	_, err := io.WriteString(p.out, text)
	return err
}

// style is how text looks where it goes: colour only on a terminal that wants
// it.
func (p *program) style() view.TextStyle {
	colour := p.terminal && p.env("NO_COLOR") == "" && p.env("TERM") != "dumb"
	return view.TextStyle{Colour: colour, Width: p.width}
}

func (p *program) fixesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "fixes [N|CODE]",
		Short: "List the nine fixes, or show one with its steps",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				_, err := io.WriteString(p.out, view.FixList(p.style()))
				return err
			}
			text, ok := view.FixText(args[0], p.style())
			if !ok {
				return usageError{fmt.Errorf("fixes %q: want a number from 1 to 9 or a code such as wifi", args[0])}
			}
			_, err := io.WriteString(p.out, text)
			return err
		},
	}
}

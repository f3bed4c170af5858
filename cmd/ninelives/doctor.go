package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"ninelives/internal/desktop"
	"ninelives/internal/health"
	"ninelives/internal/instance"
	"ninelives/internal/tray"
	"ninelives/internal/view"
)

func (p *program) doctorCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what can be read, what cannot, and what to do about it",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return p.doctor(c.Context(), f) },
	}
}

func (p *program) doctor(ctx context.Context, f *flags) error {
	w, err := p.world(f)
	var bad configError
	if err != nil && !errors.As(err, &bad) {
		return err
	}
	d := view.Diagnosis{Version: thisBuild().version, OS: p.goos, Report: w.once(ctx, w.known().Facts)}
	if exe, err := os.Executable(); err == nil {
		d.Program = exe
	}
	d.Findings = []view.Finding{
		w.settingsFinding(bad.error), w.dataFinding(), w.runningFinding(ctx), loginFinding(), noticeFinding(ctx), p.trayFinding(ctx),
	}
	if _, err := io.WriteString(p.out, view.Doctor(d, w.now(), p.style())); err != nil {
		return err
	}
	if bad.error != nil {
		return bad
	}
	return nil
}

func (w *world) settingsFinding(bad error) view.Finding {
	f := view.Finding{What: "Settings", Good: health.Yes, Says: w.places.ConfigFile}
	if bad != nil {
		f.Good, f.Says, f.Remedy = health.No, bad.Error(), "Mend that line; until then the defaults count."
		return f
	}
	if _, err := os.Stat(w.places.ConfigFile); err != nil {
		f.Says += " (not there yet; the defaults count, and the first change makes it)"
	}
	return f
}

// dataFinding tries whether memory could be kept, by a file of its own that is
// removed again.
func (w *world) dataFinding() view.Finding {
	f := view.Finding{What: "Memory", Good: health.Yes, Says: w.places.DataDir}
	if w.places.DataDir == "" {
		f.Good, f.Says, f.Remedy = health.No, "nowhere", errNoHome.Error()
		return f
	}
	if _, err := os.Stat(w.places.DataDir); errors.Is(err, fs.ErrNotExist) {
		f.Says += " (not there yet; made by the first `ninelives run`)"
		if err := canMake(w.places.DataDir); err != nil {
			f.Good, f.Says, f.Remedy = health.No, w.places.DataDir+" cannot be made: "+err.Error(), "Name a folder that you may write in with --data-dir; without one reminders may repeat after a restart."
		}
		return f
	}
	probe, err := os.CreateTemp(w.places.DataDir, ".doctor-*")
	if err != nil {
		f.Good, f.Says, f.Remedy = health.No, err.Error(), "Make room, or make the folder writable; without it reminders may repeat after a restart."
		return f
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name())
	return f
}

// canMake tries whether a folder could be made, by one beside the first that is
// missing on the way there; that one is removed again.
func canMake(dir string) error {
	above := filepath.Dir(dir)
	for above != filepath.Dir(above) {
		if _, err := os.Stat(above); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		above = filepath.Dir(above)
	}
	probe, err := os.MkdirTemp(above, ".ninelives-doctor-*")
	if err != nil {
		return fmt.Errorf("nothing can be made in %s: %w", above, err)
	}
	return os.Remove(probe)
}

func (w *world) runningFinding(ctx context.Context) view.Finding {
	ctx, cancel := within(ctx, 2*time.Second)
	defer cancel()
	if _, err := instance.Send(ctx, w.places.DataDir, "ping"); err != nil {
		return view.Finding{What: "Watching", Says: "no, the menu bar program is not running", Remedy: "Start it with `ninelives run`."}
	}
	return view.Finding{What: "Watching", Good: health.Yes, Says: "yes, the menu bar program is running"}
}

func loginFinding() view.Finding {
	f := view.Finding{What: "Start at login"}
	login, err := desktop.NewLogin()
	if err != nil {
		f.Says = err.Error()
		return f
	}
	on, err := login.Status()
	switch {
	case err != nil:
		f.Good, f.Says, f.Remedy = health.No, err.Error(), "Set it again with `ninelives login-item on`."
	case on:
		f.Good, f.Says = health.Yes, "on, by "+login.Where()
	default:
		f.Says, f.Remedy = "off", "Switch it on with `ninelives login-item on`."
	}
	return f
}

func noticeFinding(ctx context.Context) view.Finding {
	ctx, cancel := within(ctx, 3*time.Second)
	defer cancel()
	n := desktop.NewNotifier(desktop.NotifierOptions{App: "Nine Lives", Log: quietLog()})
	defer n.Close()
	says, err := n.Probe(ctx)
	if err != nil {
		return view.Finding{What: "Notifications", Good: health.No, Says: err.Error(), Remedy: "Log in to a desktop with notifications, or install a service such as dunst."}
	}
	return view.Finding{What: "Notifications", Good: health.Yes, Says: says}
}

func (p *program) trayFinding(ctx context.Context) view.Finding {
	ctx, cancel := within(ctx, 2*time.Second)
	defer cancel()
	f := view.Finding{What: "Icon"}
	host, err := tray.Probe(ctx)
	switch {
	case err != nil:
		f.Good, f.Says, f.Remedy = health.No, err.Error(), "Start Nine Lives inside a desktop session; without one it watches with notifications and the command line."
	case host == tray.HostPresent:
		f.Good, f.Says = health.Yes, "this desktop shows tray icons"
	case host == tray.HostAbsent:
		f.Good, f.Says, f.Remedy = health.No, "this desktop shows no tray icons", view.TrayRemedy(p.env("XDG_CURRENT_DESKTOP"))
	case p.goos == "darwin":
		f.Says = "in the menu bar while Nine Lives runs; if you cannot see it, allow it in System Settings > Menu Bar"
	default:
		f.Says = "in the task bar while Nine Lives runs; it may be behind the arrow beside the clock"
	}
	return f
}

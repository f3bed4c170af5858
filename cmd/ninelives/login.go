package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"ninelives/internal/desktop"
	"ninelives/internal/health"
)

// openLogin finds the login item, and lets it follow this program if that was
// moved since.
func (d *daemon) openLogin() {
	var err error
	if d.login, err = desktop.NewLogin(); err != nil {
		d.log.Warn("no start at login", "err", err)
		return
	}
	moved, err := d.login.Follow()
	switch {
	case err != nil:
		d.log.Warn("the login item does not follow this program", "err", err)
	case moved:
		d.log.Info("the login item follows this program to its new place")
	}
}

func (d *daemon) loginState() health.Answer {
	if d.login == nil {
		return health.DontKnow
	}
	on, err := d.login.Status()
	if err != nil {
		return health.DontKnow
	}
	return health.AnswerOf(on)
}

func (p *program) loginItemCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "login-item [on|off|status]",
		Short: "Start the menu bar program at login, or not",
		Long: "Starts the menu bar program at login, or not. What flags and variables say with `on`\n" +
			"(a settings file, folders of backups), it is started with as well.",
		Args:      cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"on", "off", "status"},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{"status"}
			}
			return p.loginItem(f, args[0])
		},
	}
}

func (p *program) loginItem(f *flags, what string) error {
	w, err := p.world(f)
	var bad configError
	if named := what == "on" && f.config != ""; err != nil && (named || !errors.As(err, &bad)) {
		return err // of the usual settings the program itself tells, at login
	}
	login, err := desktop.NewLogin()
	if errors.Is(err, desktop.ErrNoHome) {
		return configError{err}
	}
	if err != nil {
		return err
	}
	switch what {
	case "on":
		err = login.On(w.flagsToKeep()...)
	case "off":
		err = login.Off()
	}
	if err != nil {
		return err
	}
	return p.sayLogin(login)
}

// sayLogin says how it is set now.
func (p *program) sayLogin(login *desktop.Login) error {
	on, err := login.Status()
	if err != nil {
		return err
	}
	word := "off"
	if on {
		word = "on"
	}
	_, err = fmt.Fprintf(p.out, "%s (%s)\n", word, login.Where())
	return err
}

package main

import (
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

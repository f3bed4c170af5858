package desktop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"ninelives/internal/alert"
)

// notifyVariable names the way that notices take on a Mac, for those who want
// another than the usual one: native, alerter, terminal-notifier, applescript.
const notifyVariable = "NINELIVES_NOTIFY"

type service = macService

func newService(opt NotifierOptions, clicked func(alert.Message)) *service {
	return newMacService(opt, macHost{
		asked: os.Getenv(notifyVariable), find: findTool, sealed: sealed, native: newNative,
	}, clicked)
}

// sealed looks whether this program is that of an app which a certificate
// signs: macOS refuses notices of any other, and ends a program that is no app.
func sealed() error {
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("the program does not find its own file: %w", err)
	}
	app, inside := appOf(exe)
	if !inside {
		return errors.New("the program does not run as an app")
	}
	ctx, cancel := context.WithTimeout(context.Background(), probeWait)
	defer cancel()
	line := codesignLine(app)
	said, err := exec.CommandContext(ctx, line[0], line[1:]...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("codesign: %w", err)
	}
	_, err = signedBy(string(said))
	return err
}

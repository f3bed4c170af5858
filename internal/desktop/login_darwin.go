package desktop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

func loginBlocked(slot) bool { return session().disabled() }

func loginAllow(slot) error { return session().enable() }

func newLoader() loader { return session() }

// session is the launchd of the person who runs this program.
func session() launchd {
	return launchd{uid: os.Getuid(), run: launchctl, pause: 300 * time.Millisecond}
}

func launchctl(line []string) (answer string, code int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, line[0], line[1:]...).Output()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.Exited():
		return string(out), exit.ExitCode(), nil
	case err != nil:
		return "", 0, fmt.Errorf("%s %s: %w", line[0], line[1], err)
	}
	return string(out), 0, nil
}

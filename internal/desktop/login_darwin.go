package desktop

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"
)

func launchctl(line []string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	answer, err := exec.CommandContext(ctx, line[0], line[1:]...).Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", line[0], line[1], err)
	}
	return answer, nil
}

// loginBlocked believes the file when launchctl does not answer.
func loginBlocked(slot) bool {
	answer, err := launchctl(launchctlDisabled(os.Getuid()))
	return err == nil && agentDisabled(string(answer))
}

func loginAllow(s slot) error {
	if !loginBlocked(s) {
		return nil
	}
	_, err := launchctl(launchctlEnable(os.Getuid()))
	return err
}

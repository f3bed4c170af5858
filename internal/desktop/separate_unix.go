//go:build !windows

package desktop

import (
	"os/exec"
	"syscall"
)

func separate(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

package desktop

import (
	"os/exec"
	"syscall"
)

func separate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{
		CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP,
		CmdLine:       windowsLine(cmd.Args),
	}
}

//go:build !windows

package mobilesync

import (
	"io/fs"
	"os"
	"syscall"
)

func openGently(path string) (fs.File, error) { return os.Open(path) }

func openFolder(path string) (fs.ReadDirFile, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	return f, nil
}

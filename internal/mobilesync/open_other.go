//go:build !windows

package mobilesync

import (
	"io/fs"
	"os"
)

func openGently(path string) (fs.File, error) { return os.Open(path) }

package host

import "golang.org/x/sys/unix"

// roomAt counts in the blocks of the file system; the size of a transfer, which
// Bsize is here, may be another one.
func roomAt(path string) (free, total int64, err error) {
	var s unix.Statfs_t
	if err := unix.Statfs(path, &s); err != nil {
		return 0, 0, err
	}
	return size(s.Bavail, uint64(s.Frsize)), size(s.Blocks, uint64(s.Frsize)), nil
}

package host

import "golang.org/x/sys/unix"

// roomAt does not count what macOS could purge.
func roomAt(path string) (free, total int64, err error) {
	var s unix.Statfs_t
	if err := unix.Statfs(path, &s); err != nil {
		return 0, 0, err
	}
	return size(s.Bavail, uint64(s.Bsize)), size(s.Blocks, uint64(s.Bsize)), nil
}

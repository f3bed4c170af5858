package desktop

import "golang.org/x/sys/unix"

// confined reports whether what this process starts can never gain rights, as
// under our systemd unit. A browser that is a snap, or has a sandbox of its
// own, does not start from there.
func confined() bool {
	set, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
	return err == nil && set == 1
}

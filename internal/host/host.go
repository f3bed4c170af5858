// Package host reads what this computer itself can tell: the iCloud space of
// its account ([Quota]), the room on the disks that hold the backups
// ([Volumes]) and whether there is a network at all ([Online]).
//
// Nothing is ever written, and nothing that hangs (a daemon, a network drive)
// can hold the caller.
package host

import "context"

// soon gives what comes from a channel before ctx ends, or is there already;
// else why ctx ended.
func soon[T any](ctx context.Context, from <-chan T) (T, error) {
	select {
	case t := <-from:
		return t, nil
	case <-ctx.Done():
	}
	select {
	case t := <-from:
		return t, nil
	default:
		var none T
		return none, context.Cause(ctx)
	}
}

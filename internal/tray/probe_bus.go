//go:build !darwin && !windows

package tray

import (
	"context"
	"fmt"
)

// Probe asks, without drawing anything, whether the desktop shows tray icons
// now. The error wraps ErrNoBus when there is nobody to ask.
func Probe(ctx context.Context) (HostState, error) {
	own, err := connect(ctx)
	if err != nil {
		return HostUnknown, fmt.Errorf("tray: %w: %w", ErrNoBus, err)
	}
	defer func() { _ = own.Close() }()
	var there bool
	call := own.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, watcherName)
	if err := call.Store(&there); err != nil {
		return HostUnknown, fmt.Errorf("tray: asking the session bus: %w", err)
	}
	return hostState(there), nil
}

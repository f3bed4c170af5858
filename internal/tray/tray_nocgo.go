//go:build darwin && !cgo && !traycheck

package tray

import "context"

// Run returns ErrNoCgo: the macOS menu bar is reached through cgo only.
func (t *Tray) Run(context.Context, func()) error { return ErrNoCgo }

//go:build windows || (darwin && (cgo || traycheck))

package tray

import "context"

// onBus: the menu bar is not reached by D-Bus.
const onBus = false

// desktop is always there on macOS and Windows; the zero value stands for it.
type desktop struct{}

func (t *Tray) reachDesktop(context.Context) (*desktop, error) { return &desktop{}, nil }

func (*desktop) leave() {}

func (*desktop) gone() <-chan struct{} { return nil }

func (*desktop) lost(context.Context) error { return nil }

func (*desktop) left() bool { return false }

package monitor

import (
	"context"
	"slices"
)

// waiter waits for a round that begins after it came.
type waiter struct {
	after int // rounds had begun
	done  chan struct{}
}

// CheckAndWait asks for a round and waits until it is on screen. A round that
// is under way does not count: it may have looked before the moment of the
// call. It waits for no notification. The error is that of the context.
func (m *Monitor) CheckAndWait(ctx context.Context) error {
	done := make(chan struct{})
	m.ask(func() {
		m.waiting = append(m.waiting, waiter{after: m.begun, done: done})
		m.Poke()
	})
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// release lets those go on who waited for this round.
func (m *Monitor) release() {
	m.waiting = slices.DeleteFunc(m.waiting, func(w waiter) bool {
		if w.after >= m.begun {
			return false
		}
		close(w.done)
		return true
	})
}

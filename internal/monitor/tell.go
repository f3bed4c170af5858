package monitor

import (
	"context"
	"time"

	"ninelives/internal/alert"
)

const (
	tellDeadline = 10 * time.Second // a hung notification service costs no more
	retryAfter   = 5 * time.Minute  // before a refused message is tried again
	lastMoment   = time.Second      // for a delivery under way when the program ends
)

// tell delivers messages one by one. Each is noted as intended before and as
// said only after it was delivered, and both are remembered: killed in
// between, it is not said twice.
func (m *Monitor) tell(ctx context.Context, messages []alert.Message) {
	for _, message := range messages {
		if ctx.Err() != nil {
			return
		}
		m.memory = m.memory.Intend(message, m.Now())
		m.remember()
		if err := m.deliver(ctx, message); err != nil {
			m.Log.Warn("a message could not be delivered", "reason", string(message.Reason), "err", err)
			m.memory = m.memory.Failed(message, m.Now())
			m.refused = m.Now()
		} else {
			m.memory = m.memory.Said(message, m.Now())
		}
		m.remember()
	}
}

// deliver waits for the notifier, serving requests meanwhile. When the program
// is asked to end, a delivery under way gets a moment to finish: cut short, it
// could not be told whether people saw it.
func (m *Monitor) deliver(ctx context.Context, message alert.Message) error {
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellDeadline)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- m.Notifier.Notify(sending, message) }()
	ending := ctx.Done()
	for {
		select {
		case err := <-done:
			return err
		case do := <-m.asked:
			do()
		case <-ending:
			ending = nil
			time.AfterFunc(lastMoment, cancel)
		case <-sending.Done():
			return sending.Err()
		}
	}
}

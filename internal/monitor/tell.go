package monitor

import (
	"context"
	"time"

	"ninelives/internal/alert"
)

const (
	tellDeadline = 10 * time.Second // a hung notification service costs no more
	lastMoment   = time.Second      // for a delivery under way when the program ends
)

// retryAfter is the wait before a refused message is tried again; the last goes
// on. A desktop without notifications is no reason to try all day.
var retryAfter = [...]time.Duration{5 * time.Minute, 30 * time.Minute, 6 * time.Hour}

// refusals counts deliveries that failed one after the other.
type refusals struct {
	times int
	last  time.Time
	cause string
}

// add counts one, and reports whether its cause is a new one.
func (r *refusals) add(err error, now time.Time) (news bool) {
	news = err.Error() != r.cause
	*r = refusals{times: r.times + 1, last: now, cause: err.Error()}
	return news
}

// wait reports whether it is too early to try again.
func (r refusals) wait(now time.Time) bool {
	if r.times == 0 || now.Before(r.last) {
		return false
	}
	return now.Sub(r.last) < retryAfter[min(r.times, len(retryAfter))-1]
}

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
			if m.refused.add(err, m.Now()) {
				m.Log.Warn("a message could not be delivered", "reason", string(message.Reason), "err", err)
			}
			m.memory = m.memory.Failed(message, m.Now())
		} else {
			m.refused = refusals{}
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

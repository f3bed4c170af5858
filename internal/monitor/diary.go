package monitor

import (
	"context"
	"time"

	"ninelives/internal/health"
)

// Diary keeps what the rounds of each day found: for each device, and of the
// zone of the time given.
type Diary interface {
	Note(r health.Report, snoozed map[string]time.Time, now time.Time) error
	Days(now time.Time, n int) map[string][]health.DayRecord // the last n, oldest first, without gaps
}

// shownDays is how far back the strip on the page goes.
const shownDays = 90

// pastDays is what the diary said, and on which day: asked again only after a
// round, or when another day has begun.
type pastDays struct {
	date    string
	devices map[string][]health.DayRecord
}

// note enters what a round found. That it cannot is said, and stops nothing. A
// round that the end of the program cut short has found nothing.
func (m *Monitor) note(ctx context.Context) {
	if m.Diary == nil || ctx.Err() != nil {
		return
	}
	m.unnoted = m.Diary.Note(m.report, m.memory.Snoozed(), m.report.At)
	if m.unnoted != nil {
		m.Log.Error("the history has a problem", "err", m.unnoted)
	}
	m.days = pastDays{}
}

// history gives what the diary says of the days up to now.
func (m *Monitor) history(now time.Time) map[string][]health.DayRecord {
	if m.Diary == nil {
		return nil
	}
	if date := now.Format(time.DateOnly); m.days.date != date {
		m.days = pastDays{date, m.Diary.Days(now, shownDays)}
	}
	return m.days.devices
}

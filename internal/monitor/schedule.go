package monitor

import (
	"fmt"
	"time"

	"github.com/robfig/cron/v3"
)

// beatEvery bounds every sleep of the loop: timers stand still while the
// computer sleeps, so the wall clock is looked at this often.
const beatEvery = 30 * time.Second

// Schedule says when the next round is due, by the wall clock.
type Schedule struct{ cron.Schedule }

// next gives the time of the next round after now. A schedule that never
// fires again falls back to the default interval.
func (s Schedule) next(now time.Time) time.Time {
	now = now.Round(0)
	if s.Schedule == nil {
		return now.Add(defaultInterval)
	}
	if t := s.Next(now); !t.IsZero() {
		return t
	}
	return now.Add(defaultInterval)
}

// Times gives the next n rounds after now, in its zone.
func (s Schedule) Times(now time.Time, n int) []time.Time {
	var times []time.Time
	for range n {
		now = s.next(now)
		times = append(times, now)
	}
	return times
}

const (
	defaultInterval = 6 * time.Hour
	minInterval     = time.Minute
)

// every is an interval on the wall clock. cron's own @every keeps a monotonic
// reading and stays late after sleep.
type every time.Duration

// Next implements cron.Schedule.
func (e every) Next(t time.Time) time.Time { return t.Round(0).Add(time.Duration(e)) }

// Every makes a schedule of an interval, of a minute at least.
func Every(d time.Duration) Schedule { return Schedule{every(max(d, minInterval))} }

// At makes a schedule of a five-field cron line.
func At(line string) (s Schedule, err error) {
	defer func() { // cron's parser panics on a bare "TZ="
		if p := recover(); p != nil {
			err = fmt.Errorf("monitor: schedule %q: %v", line, p)
		}
	}()
	parsed, err := cron.ParseStandard(line)
	if err != nil {
		return Schedule{}, fmt.Errorf("monitor: schedule %q: %w", line, err)
	}
	return Schedule{parsed}, nil
}

// heartbeat notices sleep and jumps of the clock by comparing the wall clock
// with the time the program has been awake.
type heartbeat struct {
	wall  time.Time
	awake time.Time // keeps its monotonic reading
}

func newHeartbeat(wall time.Time) *heartbeat {
	return &heartbeat{wall: wall.Round(0), awake: time.Now()}
}

// jumpOver is how far the two clocks may drift apart within one beat.
const jumpOver = 20 * time.Second

// tick reports whether the computer slept or its clock was set since the last
// tick. Where sleep counts as awake (Windows), a beat that is far too long
// says so.
func (h *heartbeat) tick(wall time.Time) bool {
	wall = wall.Round(0)
	passed, awake := wall.Sub(h.wall), time.Since(h.awake)
	h.wall, h.awake = wall, time.Now()
	return passed-awake > jumpOver || awake-passed > jumpOver || awake > 3*beatEvery
}

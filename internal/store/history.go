package store

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"ninelives/internal/health"
)

// History keeps what the rounds of each day found, for five years. Its file
// only grows, by a line whenever a day of a device has become another one, so
// a kill or a full disk costs that line at most, and only until the next
// round. Now and then it is written anew without what is too old.
//
// Its methods may be called from several goroutines; two processes must not
// share one.
type History struct {
	path  string
	add   func(path string, text []byte) error
	write func(path string, content []byte) error
	now   func() time.Time

	mu      sync.Mutex
	loaded  bool // the file has been looked at
	unread  bool // it is there and could not be read: not ours to overwrite
	anew    bool // it has to be written as a whole
	torn    bool // its last line may have no end
	lines   int  // in it, good ones
	stamp   Stamp
	problem error               // found when it was read, and not told yet
	devices map[string]timeline // by device ID
	unsaved map[square]bool     // what is not in the file yet
	tidied  int                 // the day when the file was last looked through
}

// square is one day of one device.
type square struct {
	device string
	day    int
}

// OpenHistory gives the history of a data folder, which need not exist yet.
// Nothing is read or written before the first call.
func OpenHistory(dir string) *History {
	return &History{
		path: filepath.Join(dir, "history"), add: appendTo, write: replaceFile, now: time.Now,
		devices: map[string]timeline{}, unsaved: map[square]bool{},
	}
}

// Note keeps what a round found: how each device did, whether it was snoozed,
// and, back to the day they belong to, its proven backups and the outages at
// Apple. Days are those of the calendar in the zone of now.
//
// When it returns nil all of it is on the disk. What could not be written stays
// due and is written with the next round. The error names the file and the
// remedy; a file that was set aside is told of once.
func (h *History) Note(r health.Report, snoozed map[string]time.Time, now time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.load()
	today, ok := dayOf(now, now)
	if ok {
		h.mark(r, snoozed, now, today)
	}
	err := h.save()
	if err == nil && ok && h.tidied != today {
		h.tidied = today
		err = h.tidy(today)
	}
	problem := h.problem
	h.problem = nil
	switch {
	case problem == nil:
		return err
	case err == nil:
		return problem
	default:
		return fmt.Errorf("%w; %w", problem, err)
	}
}

// Days gives the last n days up to that of now for every device in the
// history, oldest first and without gaps; of some nothing is known. What can
// not be read is no error here, but in the next Note.
func (h *History) Days(now time.Time, n int) map[string][]health.DayRecord {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.load()
	today, ok := dayOf(now, now)
	if !ok || n <= 0 {
		return nil
	}
	n = min(n, keepDays)
	blank := make([]health.DayRecord, n)
	for i := range blank {
		blank[i].Date = timeOf(today - n + 1 + i).Format(time.DateOnly)
	}
	all := make(map[string][]health.DayRecord, len(h.devices))
	for id, line := range h.devices {
		days := slices.Clone(blank)
		line.fill(days, today-n+1)
		all[id] = days
	}
	return all
}

// outageReach bounds how far back an outage is entered: Apple may name a start
// of any age.
const outageReach = 90

// mark enters what a round found.
func (h *History) mark(r health.Report, snoozed map[string]time.Time, now time.Time, today int) {
	for _, v := range r.Devices {
		found := marksOf(v.State)
		if snoozed[v.ID].After(now) {
			found |= snoozedMark
		}
		h.enter(v.ID, today, found)
		for _, route := range v.Routes {
			if day, ok := dayOf(route.LastGood, now); ok && !route.Weak && day > today-keepDays {
				h.enter(v.ID, day, backupMark)
			}
		}
		for _, o := range r.Outages {
			first, _ := dayOf(o.Since, now)
			last, ok := dayOf(o.Until, now)
			for day := max(first, today-outageReach); ok && day <= last; day++ {
				h.enter(v.ID, day, outageMark)
			}
		}
	}
}

// enter adds marks to a day of a device; only what is new has to be written.
func (h *History) enter(device string, day int, m marks) {
	if !isID(device) {
		return
	}
	line, changed := h.devices[device].join(day, m)
	if changed {
		h.devices[device] = line
		h.unsaved[square{device, day}] = true
	}
}

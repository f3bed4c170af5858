package store

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// shortestInterval is the least time between two rounds.
const shortestInterval = time.Minute

var errSchedule = errors.New("not a schedule")

// parseSchedule reads check_every: an interval, or a five-field cron line. It
// gives the interval, which is zero for a cron line.
func parseSchedule(text string) (time.Duration, error) {
	if !strings.ContainsAny(text, " \t") {
		every, err := ParseDuration(text)
		if err == nil && every < shortestInterval {
			err = errSchedule
		}
		return every, err
	}
	return 0, checkCron(text)
}

// checkCron refuses lines that the cron package does not read, that would
// never fire, and its extras: a zone of its own (which also makes the parser
// panic when cut off) and descriptors.
func checkCron(line string) (err error) {
	defer func() {
		if trouble := recover(); trouble != nil {
			err = fmt.Errorf("%w: %v", errSchedule, trouble)
		}
	}()
	const longest = 200
	fields := strings.Fields(line)
	if len(fields) != 5 || len(line) > longest || strings.ContainsAny(line, "=@\r\n") {
		return errSchedule
	}
	schedule, err := cron.ParseStandard(line)
	if err != nil {
		return fmt.Errorf("%w: %w", errSchedule, err)
	}
	// Any fixed moment will do; this one has a leap day within the five years
	// that the cron package looks ahead.
	if schedule.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return fmt.Errorf("%w: it never fires", errSchedule)
	}
	return nil
}

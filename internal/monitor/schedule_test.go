package monitor

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTimesAreTheNextRounds(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	at := func(line string) Schedule {
		s, err := At(line)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	cases := map[string]struct {
		schedule Schedule
		now      string
		want     []string
	}{
		"an interval":                       {Every(6 * time.Hour), "2026-11-20 20:10", []string{"2026-11-21 02:10", "2026-11-21 08:10", "2026-11-21 14:10"}},
		"a cron line":                       {at("0 9,21 * * *"), "2026-11-20 20:10", []string{"2026-11-20 21:00", "2026-11-21 09:00", "2026-11-21 21:00"}},
		"a cron line once a leap year":      {at("0 9 29 2 *"), "2026-11-20 20:10", []string{"2028-02-29 09:00", "2032-02-29 09:00", "2036-02-29 09:00"}},
		"a night in which the clock jumps":  {at("30 2 * * *"), "2026-03-28 12:00", []string{"2026-03-30 02:30", "2026-03-31 02:30", "2026-04-01 02:30"}},
		"no schedule is the usual interval": {Schedule{}, "2026-11-20 20:10", []string{"2026-11-21 02:10", "2026-11-21 08:10", "2026-11-21 14:10"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			now, err := time.ParseInLocation("2006-01-02 15:04", c.now, zone)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, next := range c.schedule.Times(now, 3) {
				got = append(got, next.Format("2006-01-02 15:04"))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

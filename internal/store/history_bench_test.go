package store

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ninelives/internal/health"
)

// fiveYears writes a history as households have it: some weeks late, a backup
// a week, now and then a snooze or an outage; four rounds a day.
func fiveYears(b *testing.B, devices int) (dir string, last time.Time) {
	b.Helper()
	dir = b.TempDir()
	h := openHistory(dir)
	hasten(h)
	random := rand.New(rand.NewPCG(2026, 11))
	all := make([]health.Verdict, devices)
	for i := range all {
		all[i] = seen(health.IDOf(fmt.Sprint(i)), health.OK)
	}
	for round := range 4 * keepDays {
		last = noon.Add(time.Duration(round) * 6 * time.Hour)
		for i := range all {
			if random.IntN(28) == 0 {
				all[i].Routes = []health.Route{{LastGood: last}}
			}
			all[i].State = health.State(1 + min(2, random.IntN(20)/17))
		}
		r := reportOf(all...)
		if random.IntN(400) == 0 {
			r.Outages = []health.Outage{{Since: last.Add(-4 * time.Hour), Until: last}}
		}
		mustNote(b, h, r, last)
	}
	return dir, last
}

// The read of five years is to take less than 50 ms for ten devices; the same
// days as JSON are beside it to compare with.
func BenchmarkReadHistory(b *testing.B) {
	for _, devices := range []int{10, 50} {
		dir, last := fiveYears(b, devices)
		info, err := os.Stat(filepath.Join(dir, "history"))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("five years of %d devices", devices), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got := OpenHistory(dir).Days(last, 90); len(got) != devices {
					b.Fatal(len(got))
				}
			}
			b.ReportMetric(float64(info.Size())/1e6, "MB/file")
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/read")
		})
		text, err := json.Marshal(OpenHistory(dir).Days(last, keepDays))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("five years of %d devices, as JSON", devices), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var all map[string][]health.DayRecord
				if err := json.Unmarshal(text, &all); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(text))/1e6, "MB/file")
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/read")
		})
	}
}

func BenchmarkDays(b *testing.B) {
	dir, last := fiveYears(b, 50)
	h := OpenHistory(dir)
	b.ReportAllocs()
	for b.Loop() {
		h.Days(last, 90)
	}
}

// Nearly every round finds what the one before it found that day.
func BenchmarkNote(b *testing.B) {
	dir, last := fiveYears(b, 10)
	h := openHistory(dir)
	v := make([]health.Verdict, 10)
	for i := range v {
		v[i] = seen(health.IDOf(fmt.Sprint(i)), health.OK, last)
	}
	b.Run("nothing new", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			mustNote(b, h, reportOf(v...), last)
		}
	})
	b.Run("a new day, safe on the disk", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			last = last.Add(historyDay)
			if last.Year() >= lastYear {
				last = noon
			}
			mustNote(b, h, reportOf(v...), last)
		}
	})
}

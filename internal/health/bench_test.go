package health

import (
	"fmt"
	"testing"
	"time"
)

// A household, and an office full of devices that are all late and on which
// everything was tried, beside the same without trials.
func BenchmarkJudge(b *testing.B) {
	for _, n := range []int{10, 1000} {
		var backups []Backup
		trials := map[string][]Trial{}
		for i := range n {
			d := Device{ID: IDOf(fmt.Sprint(i)), Name: fmt.Sprint("Device ", i), ProductType: "iPhone14,5", OSVersion: "18.1"}
			backups = append(backups, complete(d, 11*days))
			for _, r := range rules {
				trials[d.ID] = append(trials[d.ID], Trial{Fix: r.code, At: ago(2 * days), Failed: r.number%2 == 0})
			}
		}
		facts := Facts{Backups: []Reading[[]Backup]{place(backups...)}, Feed: quietFeed(time.Minute)}
		tried := facts
		tried.Trials = trials
		for name, f := range map[string]Facts{"nothing tried": facts, "all tried": tried} {
			b.Run(fmt.Sprintf("%d devices, %s", n, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					Judge(f, DefaultPolicy(), noon)
				}
			})
		}
	}
}

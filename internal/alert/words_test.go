package alert_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ninelives/internal/alert"
	"ninelives/internal/health"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares text with a file of testdata.
func golden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got), see -update:\n%s", path, diff)
	}
}

func power() []health.Opinion {
	return []health.Opinion{{Number: 3, Code: health.Power, Odds: health.Likely}}
}

// saying is one message to look at: the last of its rounds.
type saying struct {
	name   string
	policy func(*health.Policy)
	zone   *time.Location
	rounds []func(l *teller, now time.Time) (time.Duration, health.Report)
}

// see is a round some time after the one before.
func see(after time.Duration, devices ...dev) func(*teller, time.Time) (time.Duration, health.Report) {
	return func(_ *teller, now time.Time) (time.Duration, health.Report) {
		return after, report(now.Add(after), devices...)
	}
}

func seeSource(after time.Duration, s health.Trouble, obstacles []health.Obstacle, devices ...dev) func(*teller, time.Time) (time.Duration, health.Report) {
	return func(_ *teller, now time.Time) (time.Duration, health.Report) {
		r := report(now.Add(after), devices...)
		r.Sources = []health.SourceState{place(now.Add(after), s, time.Time{})}
		r.Obstacles = obstacles
		return after, r
	}
}

func sayings() []saying {
	type rounds = []func(*teller, time.Time) (time.Duration, health.Report)
	with := func(d dev) dev { d.fixes = power(); return d }
	warnA, critB := with(warn("a", 8*day)), with(crit("b", 15*day))
	access := []health.Obstacle{{Code: health.FullDiskAccess, Path: "/backups", Title: "Nine Lives may not read the backups on this computer", Remedy: "Open System Settings > Privacy & Security > Full Disk Access, switch Nine Lives on, then quit it and start it again."}}
	unfinished := []health.Obstacle{{Code: health.UnfinishedBackup, Device: "b", Title: "The last backup of Ben's iPad never finished", Remedy: "Connect it by cable and keep it unlocked."}}
	spent, stuck := with(warn("a", 8*day)), with(crit("b", 15*day))
	spent.fixes = []health.Opinion{{Number: 3, Code: health.Power, Odds: health.Likely, Tried: &health.Trial{Fix: health.Power, Failed: true}}}
	spent.step = "Connect the device by cable, choose it in Finder and click Back Up Now."
	stuck.fixes = spent.fixes
	berlin := time.FixedZone("CET", 3600)
	return []saying{
		{name: "one device is late", rounds: rounds{see(0, warnA)}},
		{name: "one device is critical", rounds: rounds{see(0, critB)}},
		{name: "one device never had a backup", rounds: rounds{see(0, with(crit("a", -1)))}},
		{name: "all that fits was tried", rounds: rounds{see(0, spent)}},
		{name: "all that fits was tried, and nothing can be read", rounds: rounds{see(0, stuck)}},
		{name: "all that fits the worse of two was tried", rounds: rounds{see(0, stuck, spent)}},
		{name: "two devices, in another zone", zone: berlin, rounds: rounds{see(0, critB, warnA)}},
		{name: "three devices, all critical", rounds: rounds{see(0, critB, crit("c", 16*day), crit("d", 17*day))}},
		{name: "five devices", rounds: rounds{see(0, critB, crit("c", 16*day), crit("d", -1), warnA, warn("e", 9*day))}},
		{name: "a reminder", rounds: rounds{see(0, warnA), see(day, with(warn("a", 9*day)))}},
		{name: "a reminder of two", rounds: rounds{see(0, critB, warnA), see(day, with(crit("b", 16*day)), with(warn("a", 9*day)))}},
		{name: "a reminder of a change last year", rounds: rounds{see(0, warnA), see(50*day, with(warn("a", 58*day)))}},
		{name: "a change with a reminder of a worse one", rounds: rounds{see(0, critB), see(day, critB, warnA)}},
		{name: "after a snooze", rounds: rounds{see(0, warnA), func(l *teller, now time.Time) (time.Duration, health.Report) {
			l.memory = l.memory.Snooze("a", now.Add(2*day), now)
			return 2 * day, report(now.Add(2*day), with(warn("a", 10*day)))
		}}},
		{name: "after an outage", rounds: rounds{see(0, warnA.held(monday().Add(-12*time.Hour), time.Time{})), see(2*day, with(warn("a", 10*day)))}},
		{name: "after an outage, when the first try to say it failed", rounds: rounds{see(0, warnA.held(monday().Add(-12*time.Hour), time.Time{})),
			func(l *teller, now time.Time) (time.Duration, health.Report) {
				l.fate = failed
				return 2 * day, report(now.Add(2*day), with(warn("a", 10*day)))
			}, see(time.Hour, with(warn("a", 10*day)))}},
		{name: "the next one would fall into quiet hours", policy: func(p *health.Policy) {
			p.Quiet, p.Repeat = health.Quiet{Start: 20 * time.Hour, End: 8 * time.Hour}, []time.Duration{12 * time.Hour}
		}, rounds: rounds{see(0, warnA)}},
		{name: "no reminders", policy: func(p *health.Policy) { p.Repeat = nil }, rounds: rounds{see(0, warnA)}},
		{name: "no proof for a week", rounds: rounds{see(0, unknown("a")), see(8*day, unknown("a"))}},
		{name: "an obstacle stands before the fixes", rounds: rounds{seeSource(0, health.NoTrouble, unfinished, critB)}},
		{name: "a late device in a place that refuses", rounds: rounds{seeSource(0, health.NoPermission, access, dev{id: "a", state: health.Warning, age: 8 * day, refused: true, fixes: power()})}},
		{name: "permission lost", rounds: rounds{seeSource(0, health.NoTrouble, nil, ok("a")), seeSource(6*time.Hour, health.NoPermission, access, ok("a")), seeSource(6*time.Hour, health.NoPermission, access, ok("a"))}},
		{name: "permission never given", rounds: rounds{seeSource(0, health.NoPermission, access), seeSource(day, health.NoPermission, access)}},
		{name: "a failing disk, without a remedy of its own", rounds: rounds{seeSource(0, health.NoTrouble, nil, ok("a")), seeSource(6*time.Hour, health.Failed, nil, ok("a")), seeSource(6*time.Hour, health.Failed, nil, ok("a"))}},
		{name: "a late device and a place that refuses", rounds: rounds{seeSource(0, health.NoPermission, access), seeSource(day, health.NoPermission, access, critB)}},
		{name: "permission given back", rounds: rounds{seeSource(0, health.NoPermission, access), seeSource(day, health.NoPermission, access), seeSource(day, health.NoTrouble, nil, ok("a"))}},
		{name: "fresh again", rounds: rounds{see(0, warnA), see(day+time.Hour, dev{id: "a", state: health.OK, age: 2 * time.Hour})}},
		{name: "two are fresh again", rounds: rounds{see(0, critB, warnA), see(time.Hour, dev{id: "a", state: health.OK, age: 2 * time.Hour}, dev{id: "b", state: health.OK, age: 3 * time.Hour})}},
		{name: "names that look like ours, and none at all", rounds: rounds{see(0, warn("{why}", 8*day), warn("f", 9*day))}},
	}
}

func TestWords(t *testing.T) {
	names["{why}"] = "{why} %s {limit}"
	defer delete(names, "{why}")
	var all strings.Builder
	for _, s := range sayings() {
		l := teller{policy: health.DefaultPolicy()}
		if s.policy != nil {
			s.policy(&l.policy)
		}
		now := monday()
		if s.zone != nil {
			now = now.In(s.zone)
		}
		var msgs []alert.Message
		for _, round := range s.rounds {
			after, r := round(&l, now)
			now = now.Add(after)
			msgs = l.round(t, r, now)
		}
		fmt.Fprintf(&all, "# %s (%s)\n\n", s.name, now.Format("2006-01-02 15:04 -0700"))
		for _, m := range msgs {
			fmt.Fprintf(&all, "%s\n%s\n", m.Title, m.Body)
			fmt.Fprintf(&all, "  [%s, opens %q %q, next %s]\n\n", m.Reason, m.Device, m.Fix, stamp(m.Next))
		}
	}
	golden(t, "messages.txt", all.String())
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Format("2006-01-02 15:04 -0700")
}

package scenarios

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ninelives/internal/alert"
	"ninelives/internal/health"
)

// The household of the year: who is backed up how.
var (
	anna    = health.Device{ID: "aaaaaaaa", Name: "Anna's iPhone", ProductType: "iPhone14,5", OSVersion: "18.1"}
	annaNew = health.Device{ID: "a2a2a2a2", Name: "Anna's iPhone", ProductType: "iPhone18,1", OSVersion: "26.0"}
	ben     = health.Device{ID: "bbbbbbbb", Name: "Ben's iPad", ProductType: "iPad13,1", OSVersion: "17.5"}
	cleo    = health.Device{ID: "cccccccc", Name: "Cleo", ProductType: "iPhone15,2", OSVersion: "18.1"}
)

// year is the world in which the program lives for a year: what is on disk, on
// the phone and at Apple at any moment, and what the person does.
type year struct {
	t        *testing.T
	berlin   *time.Location
	zone     *time.Location
	now      time.Time
	facts    health.Facts
	policy   health.Policy
	memory   alert.Memory
	diary    strings.Builder
	refusing bool // the notification service is down
}

func (y *year) at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, y.berlin)
	if err != nil {
		y.t.Fatal(err)
	}
	return t
}

// within reports whether it is now between two moments.
func (y *year) within(from, to string) bool {
	return !y.now.Before(y.at(from)) && y.now.Before(y.at(to))
}

// weekly is the newest of the backups made every Sunday at 11:00 in a time.
func (y *year) weekly(from, to string) time.Time {
	var last time.Time
	for t := y.at(from); t.Before(y.at(to)) && !t.After(y.now); t = t.AddDate(0, 0, 1) {
		if t.Weekday() == time.Sunday {
			last = t
		}
	}
	return last
}

// nightly is the newest of the iCloud backups made each night at 03:00, but
// for the nights in the gaps.
func (y *year) nightly(gaps [][2]string) time.Time {
	t := time.Date(y.now.Year(), y.now.Month(), y.now.Day(), 3, 0, 0, 0, y.berlin)
	for ; ; t = t.AddDate(0, 0, -1) {
		missed := t.After(y.now)
		for _, g := range gaps {
			missed = missed || !t.Before(y.at(g[0])) && t.Before(y.at(g[1]))
		}
		if !missed {
			return t
		}
	}
}

func folderOf(d health.Device, last time.Time) health.Backup {
	return health.Backup{Device: d, Path: "/backups/" + d.ID, Phase: health.PhaseComplete, LastGood: last, Attempt: last, Encrypted: health.Yes}
}

// look is one round over the sources, as the monitor makes it.
func (y *year) look() {
	y.facts.Backups = []health.Reading[[]health.Backup]{
		y.reading(0, "/backups", y.homeBackups(), nil),
		y.reading(1, "/Volumes/Vault/Backup", []health.Backup{folderOf(ben, y.bens())}, y.vault()),
	}
	y.facts.Feed = y.facts.Feed.Next(y.feed(), nil, y.now)
	phone := health.Phone{Device: cleo, At: y.now, Cloud: health.Told, CloudAt: y.now, CloudBackup: health.Yes, LastCloudBackup: y.nightly([][2]string{
		{"2026-06-08 20:00", "2026-06-12 20:00"}, // Apple's outage, caught up on the night after
		{"2026-08-03 20:00", "2026-08-16 12:00"}, // Apple's outage, and then no Wi-Fi on a holiday
	})}
	y.facts.Phones = y.facts.Phones.Next([]health.Phone{phone}, nil, y.now)
}

func (y *year) reading(i int, where string, found []health.Backup, err error) health.Reading[[]health.Backup] {
	r := health.Reading[[]health.Backup]{Where: where}
	if i < len(y.facts.Backups) {
		r = y.facts.Backups[i]
	}
	return r.Next(health.Carry(r.Value, found), err, y.now)
}

func (y *year) homeBackups() []health.Backup {
	last := y.weekly("2025-12-01 11:00", "2026-02-02 00:00")
	if later := y.weekly("2026-02-22 11:00", "2026-03-02 00:00"); later.After(last) { // away until then, and forgot it all March
		last = later
	}
	if later := y.weekly("2026-04-01 11:00", "2026-09-12 00:00"); later.After(last) {
		last = later
	}
	all := []health.Backup{folderOf(anna, last)}
	if y.now.After(y.at("2026-09-13 15:00")) { // the new phone, first backed up that day
		all = append(all, folderOf(annaNew, later(y.at("2026-09-13 15:00"), y.weekly("2026-09-14 11:00", "2027-01-01 00:00"))))
	}
	return all
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// bens are made by hand on the 1st and the 15th at noon, until it is forgotten
// in November; the drive they go to must be there.
func (y *year) bens() time.Time {
	var last time.Time
	for t := y.at("2025-12-01 12:00"); !t.After(y.now) && t.Before(y.at("2026-11-20 00:00")); t = t.AddDate(0, 0, 1) {
		if (t.Day() == 1 || t.Day() == 15) && t.Format("2006-01-02") != "2026-05-15" {
			last = t
		}
	}
	return last
}

// vault is the external drive: it lies in a drawer for most of May.
func (y *year) vault() error {
	if y.within("2026-05-02 00:00", "2026-05-30 18:00") {
		return health.ErrOffline
	}
	return nil
}

func (y *year) feed() health.Feed {
	f := health.Feed{Listed: []health.Service{health.ICloudBackup}}
	for _, o := range [][2]string{{"2026-06-08 20:00", "2026-06-12 20:00"}, {"2026-08-03 20:00", "2026-08-06 20:00"}} {
		i := health.Incident{ID: o[0], Service: health.ICloudBackup, Kind: health.KindOutage, Status: health.Ongoing, Start: y.at(o[0])}
		switch {
		case y.now.Before(i.Start) || y.now.After(y.at(o[1]).AddDate(0, 0, 3)):
			continue
		case !y.now.Before(y.at(o[1])):
			i.Status, i.End = health.Resolved, y.at(o[1])
		}
		f.Incidents = append(f.Incidents, i)
	}
	return f
}

// awake reports whether the computer runs: it sleeps at night on working days,
// and through three weeks of winter holiday.
func (y *year) awake() bool {
	if y.within("2026-02-02 09:00", "2026-02-21 19:10") {
		return false
	}
	h := y.now.In(y.berlin).Hour()
	return h >= 7
}

// act is what the person does at some moments of the year.
func (y *year) act() {
	switch y.now.In(y.berlin).Format("2006-01-02 15:04") {
	case "2026-04-20 08:00":
		y.zone = must(time.LoadLocation("Asia/Tokyo"))
		y.note("travels to Tokyo")
	case "2026-05-01 08:00":
		y.zone = y.berlin
		y.note("comes home")
	case "2026-10-05 08:00":
		y.policy.Devices[anna.ID] = health.DevicePolicy{Ignore: true}
		y.note("ignores the old iPhone")
	case "2026-12-08 20:00":
		y.memory = y.memory.Snooze(ben.ID, y.now.AddDate(0, 0, 7), y.now)
		y.note("snoozes Ben's iPad for a week")
	case "2026-12-05 08:00":
		y.refusing = true
		y.note("the notification service is down")
	case "2026-12-06 20:00":
		y.refusing = false
		y.note("the notification service is back")
	}
}

func must(l *time.Location, err error) *time.Location {
	if err != nil {
		panic(err)
	}
	return l
}

func (y *year) note(format string, args ...any) {
	fmt.Fprintf(&y.diary, "%s  %s\n", y.now.Format("Mon 02 Jan 15:04 MST"), fmt.Sprintf(format, args...))
}

// round is look, judge, decide, tell.
func (y *year) round() {
	y.look()
	now := y.now.In(y.zone)
	report := health.Judge(y.facts, y.policy, now)
	var due []alert.Message
	y.memory, due = alert.Decide(y.memory, report, y.policy, now)
	for _, m := range due {
		if y.refusing {
			y.memory = y.memory.Intend(m, now).Failed(m, now)
			continue
		}
		y.memory = y.memory.Intend(m, now).Said(m, now)
		y.note("%s: %s", m.Reason, m.Title)
		for _, line := range strings.Split(m.Body, "\n") {
			fmt.Fprintf(&y.diary, "        %s\n", line)
		}
	}
}

// TestAYear lives a whole year with the program: sleep, travel, an absent
// drive, outages at Apple, both changes of the clock, a phone that is replaced,
// quiet hours, a snooze and a dead notification service. The diary in testdata
// was read line by line against the rules.
func TestAYear(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("this system has no time zones")
	}
	y := &year{t: t, berlin: berlin, zone: berlin, policy: health.DefaultPolicy()}
	y.policy.Quiet = health.Quiet{Start: 22 * time.Hour, End: 8 * time.Hour}
	y.policy.Computer = health.Limits{WarnAfter: 10 * health.Day, CriticalAfter: 21 * health.Day}
	y.policy.Devices = map[string]health.DevicePolicy{ben.ID: {Limits: health.Limits{WarnAfter: 20 * health.Day, CriticalAfter: 40 * health.Day}}}
	var slept bool
	var next time.Time
	for y.now = y.at("2026-01-01 00:00"); y.now.Before(y.at("2027-01-01 00:00")); y.now = y.now.Add(10 * time.Minute) {
		y.now = y.now.In(y.zone)
		if !y.awake() {
			slept = true
			continue
		}
		y.act()
		if slept || !y.now.Before(next) {
			y.round()
			next, slept = y.now.Add(time.Hour), false
		}
	}
	t.Log("\n" + y.diary.String())
	compare(t, filepath.Join("testdata", "year.diary"), y.diary.String())
}

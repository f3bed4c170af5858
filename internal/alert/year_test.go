package alert_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the same year on every machine

	"ninelives/internal/alert"
	"ninelives/internal/health"
)

// A year is a computer that sleeps at night, the devices of a family, and what
// happens to them. Its reports are made by hand, so that alert is tested alone.
type year struct {
	teller
	now     time.Time     // the true time, in the zone of the place
	ahead   time.Duration // by how much the clock is wrong
	family  []*relative
	shut    bool // the lid is closed
	awake   bool
	looked  time.Time
	wanted  time.Time // when silence ends after a look in it; zero: no look is wanted
	outage  health.Hold
	trouble health.Trouble
	read    time.Time // the place of backups, last
	diary   strings.Builder
}

// relative is one device of the family and its habit.
type relative struct {
	name    string
	kind    health.RouteKind
	limits  health.Limits
	next    time.Time     // its next backup
	every   time.Duration // and the one after
	stopped bool
	good    time.Time
	unknown bool
	ignored bool
	gone    bool
}

func at(zone *time.Location, month time.Month, d, hour int) time.Time {
	return time.Date(2026, month, d, hour, 0, 0, 0, zone)
}

// event is something that happens.
type event struct {
	when time.Time
	text string
	do   func(*year)
}

func newYear(berlin *time.Location) *year {
	p := health.DefaultPolicy()
	p.Quiet = health.Quiet{Start: 22 * time.Hour, End: 8 * time.Hour}
	start := at(berlin, 1, 1, 0)
	return &year{
		teller: teller{policy: p},
		now:    start,
		read:   start,
		family: []*relative{
			{name: "Anna's iPhone", kind: health.ICloudRoute, limits: p.ICloud, next: at(berlin, 1, 1, 2), every: day, good: start},
			{name: "Ben's iPad", kind: health.ComputerRoute, limits: p.Computer, next: at(berlin, 1, 4, 18), every: 7 * day, good: start.Add(-3 * day)},
			{name: "Cleo's iPod", kind: health.ComputerRoute, limits: health.Limits{WarnAfter: 14 * day, CriticalAfter: 30 * day}, next: at(berlin, 1, 3, 12), every: 10 * day, good: start.Add(-20 * day)},
			{name: "Dora's iPhone", kind: health.ICloudRoute, limits: p.ICloud, next: at(berlin, 1, 1, 3), every: day, good: start},
		},
	}
}

func (y *year) of(name string) *relative {
	i := slices.IndexFunc(y.family, func(r *relative) bool { return strings.HasPrefix(r.name, name) })
	return y.family[i]
}

func stop(name string) func(*year) { return func(y *year) { y.of(name).stopped = true } }

// resume makes a backup now, and keeps the habit from now on.
func resume(name string) func(*year) {
	return func(y *year) { r := y.of(name); r.stopped, r.good, r.next = false, y.now, y.now.Add(r.every) }
}

func both(all ...func(*year)) func(*year) {
	return func(y *year) {
		for _, do := range all {
			do(y)
		}
	}
}

func travel(zone *time.Location) func(*year)  { return func(y *year) { y.now = y.now.In(zone) } }
func lid(shut bool) func(*year)               { return func(y *year) { y.shut = shut } }
func outlet(f fate) func(*year)               { return func(y *year) { y.fate = f } }
func folder(t health.Trouble) func(*year)     { return func(y *year) { y.trouble = t } }
func muted(on bool) func(*year)               { return func(y *year) { y.policy.Silent = on } }
func wrong(by time.Duration) func(*year)      { return func(y *year) { y.ahead = by } }
func away(name string, gone bool) func(*year) { return func(y *year) { y.of(name).gone = gone } }
func join(r *relative) func(*year)            { return func(y *year) { y.family = append(y.family, r) } }
func hush(name string, d time.Duration) func(*year) {
	return func(y *year) {
		id, until := y.of(name).id(), y.now.Add(d)
		if d == 0 {
			until = backup()
		}
		y.memory = y.memory.Snooze(id, until, y.now)
	}
}

func (r *relative) id() string { return health.IDOf(r.name) }

func events(berlin, tokyo, newYork *time.Location) []event {
	return []event{
		{at(berlin, 1, 1, 7), "the first look, in quiet hours", nil},
		{at(berlin, 2, 10, 10), "Anna's iCloud is full", stop("Anna")},
		{at(berlin, 2, 26, 21), "Anna has made room", resume("Anna")},
		{at(berlin, 3, 7, 10), "the lid is closed for nine days; Ben forgets his backup", both(lid(true), stop("Ben"))},
		{at(berlin, 3, 16, 10), "the lid is opened", lid(false)},
		{at(berlin, 3, 18, 9), "Ben is snoozed for three days", hush("Ben", 3*day)},
		{at(berlin, 3, 22, 18), "Ben backs up", resume("Ben")},
		{at(berlin, 3, 26, 12), "Anna is without Wi-Fi; summer time begins on the 29th", stop("Anna")},
		{at(berlin, 4, 2, 23), "Anna is back on Wi-Fi, late at night", resume("Anna")},
		{at(berlin, 4, 20, 20), "an outage at Apple begins", both(stop("Anna"), stop("Dora"), func(y *year) { y.outage = health.Hold{Since: y.now} })},
		{at(berlin, 4, 25, 12), "the outage ends; a night is given", func(y *year) { y.outage.Until = at(berlin, 4, 26, 8) }},
		{at(berlin, 4, 26, 2), "Anna's phone has caught up, Dora's has not", resume("Anna")},
		{at(berlin, 4, 27, 12), "the feed forgets the outage", func(y *year) { y.outage = health.Hold{} }},
		{at(berlin, 4, 29, 12), "Dora backs up", resume("Dora")},
		{at(berlin, 5, 10, 15), "a flight to Tokyo with the computer; Ben's iPad stays at home", both(travel(tokyo), stop("Ben"))},
		{at(tokyo, 5, 20, 12), "a flight to New York", travel(newYork)},
		{at(newYork, 5, 28, 18), "home to Berlin", travel(berlin)},
		{at(berlin, 5, 29, 18), "Ben backs up", resume("Ben")},
		{at(berlin, 6, 1, 12), "the drive with Cleo's backups is put away", stop("Cleo")},
		{at(berlin, 6, 18, 12), "Cleo is snoozed until the next backup", hush("Cleo", 0)},
		{at(berlin, 7, 10, 12), "the drive is back, Cleo backs up", resume("Cleo")},
		{at(berlin, 7, 20, 9), "an update takes Full Disk Access away", folder(health.NoPermission)},
		{at(berlin, 7, 22, 19), "Full Disk Access is given back", folder(health.NoTrouble)},
		{at(berlin, 7, 25, 9), "for one look the folder cannot be read", folder(health.NoPermission)},
		{at(berlin, 7, 25, 15), "it can", folder(health.NoTrouble)},
		{at(berlin, 8, 1, 9), "three weeks of holidays: the computer is off, Ben and Cleo pause", both(lid(true), stop("Ben"), stop("Cleo"))},
		{at(berlin, 8, 22, 11), "back from the holidays", lid(false)},
		{at(berlin, 8, 23, 18), "Ben and Cleo back up", both(resume("Ben"), resume("Cleo"))},
		{at(berlin, 9, 12, 10), "Dora has a new phone; it is known, but has said nothing yet", both(stop("Dora"), join(&relative{name: "New phone of Dora", kind: health.ICloudRoute, limits: health.DefaultPolicy().ICloud, every: day, stopped: true, unknown: true}))},
		{at(berlin, 9, 14, 2), "the new phone has backed up", both(resume("New phone"), func(y *year) { y.of("New phone").unknown = false })},
		{at(berlin, 9, 20, 12), "Dora's old phone is ignored", func(y *year) { y.of("Dora").ignored = true }},
		{at(berlin, 10, 12, 12), "Ben forgets; winter time begins on the 25th", stop("Ben")},
		{at(berlin, 10, 21, 9), "Ben is snoozed for a week", hush("Ben", 7*day)},
		{at(berlin, 10, 31, 18), "Ben backs up", resume("Ben")},
		{at(berlin, 11, 2, 12), "Anna's phone is in a drawer", stop("Anna")},
		{at(berlin, 11, 5, 1), "notifications fail", outlet(failed)},
		{at(berlin, 11, 6, 13), "they work, but the program is killed at the moment of delivery", outlet(killed)},
		{at(berlin, 11, 6, 23), "all works again", outlet(delivered)},
		{at(berlin, 11, 11, 12), "the phone source is gone for two days", away("Anna", true)},
		{at(berlin, 11, 13, 12), "it is back", away("Anna", false)},
		{at(berlin, 11, 16, 3), "Anna's phone is charged again", resume("Anna")},
		{at(berlin, 12, 1, 10), "a guest's phone is paired and never says anything", join(&relative{name: "Emil", kind: health.ComputerRoute, limits: health.DefaultPolicy().Computer, stopped: true, unknown: true})},
		{at(berlin, 12, 12, 10), "the guest leaves", away("Emil", true)},
		{at(berlin, 12, 14, 10), "the clock is two years ahead", wrong(730 * day)},
		{at(berlin, 12, 14, 16), "the clock is right again", wrong(0)},
		{at(berlin, 12, 16, 10), "do not disturb until the new year; Anna pauses", both(muted(true), stop("Anna"))},
		{at(berlin, 12, 24, 10), "Anna backs up", resume("Anna")},
		{at(berlin, 12, 30, 10), "notifications are on again", muted(false)},
	}
}

// hour lets an hour begin.
func (y *year) hour(t *testing.T) {
	for _, r := range y.family {
		for !r.next.IsZero() && !r.next.After(y.now) {
			if !r.stopped {
				r.good = r.next
			}
			r.next = r.next.Add(r.every)
		}
	}
	awake := !y.shut && y.now.Hour() >= 7 && y.now.Hour() < 24
	woke := awake && !y.awake
	y.awake = awake
	wanted := !y.wanted.IsZero() && !y.now.Before(y.wanted)
	if awake && (woke || wanted || y.now.Sub(y.looked) >= 6*time.Hour) {
		y.look(t)
	}
}

func (y *year) look(t *testing.T) {
	y.looked = y.now
	y.wanted = time.Time{}
	if until, silent := alert.Silence(y.policy, y.now); silent {
		y.wanted = until
	}
	clock := y.now.Add(y.ahead)
	for _, m := range y.round(t, y.report(clock), clock) {
		fmt.Fprintf(&y.diary, "%s  %s: %s\n", clock.Format("Mon 2006-01-02 15:04 -0700"), strings.ToUpper(string(m.Reason)), m.Title)
		for line := range strings.Lines(m.Body) {
			fmt.Fprintf(&y.diary, "                                 %s\n", strings.TrimSpace(line))
		}
		if y.fate == failed {
			fmt.Fprintf(&y.diary, "                                 (not delivered)\n")
		}
	}
}

func (y *year) report(clock time.Time) health.Report {
	r := health.Report{At: clock}
	for _, of := range y.family {
		if of.gone {
			continue
		}
		v := health.Verdict{Device: health.Device{ID: of.id(), Name: of.name}, Ignored: of.ignored, Limits: of.limits, LastGood: of.good}
		age := clock.Sub(of.good)
		v.Why = fmt.Sprintf("Last backup %s ago.", health.Age(age))
		switch {
		case of.unknown:
			v.State, v.LastGood, v.Why = health.Unknown, time.Time{}, "It did not say when it was last backed up."
		case age > of.limits.CriticalAfter:
			v.State = health.Critical
		case age > of.limits.WarnAfter:
			v.State = health.Warning
		default:
			v.State = health.OK
		}
		if v.State != health.OK && of.kind == health.ICloudRoute && !y.outage.Since.IsZero() {
			hold := y.outage
			v.Hold = &hold
		}
		r.Devices = append(r.Devices, v)
	}
	if y.trouble == health.NoTrouble {
		y.read = clock
	} else {
		r.Obstacles = []health.Obstacle{{Code: health.FullDiskAccess, Path: "/backups", Title: "Nine Lives may not read the backups", Remedy: "Switch Full Disk Access on."}}
	}
	r.Sources = []health.SourceState{{Kind: health.SourceMobileSync, Where: "/backups", Trouble: y.trouble, ReadAt: y.read}}
	return r
}

func TestYear(t *testing.T) {
	zone := func(name string) *time.Location {
		z, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	berlin := zone("Europe/Berlin")
	y := newYear(berlin)
	coming := events(berlin, zone("Asia/Tokyo"), zone("America/New_York"))
	for end := at(berlin, 12, 31, 23); y.now.Before(end); y.now = y.now.Add(time.Hour) {
		for len(coming) > 0 && !coming[0].when.After(y.now) {
			fmt.Fprintf(&y.diary, "%s  - %s\n", y.now.Format("Mon 2006-01-02 15:04 -0700"), coming[0].text)
			if coming[0].do != nil {
				coming[0].do(y)
			}
			coming = coming[1:]
		}
		y.hour(t)
	}
	if len(coming) > 0 {
		t.Errorf("events left over: %v", coming[0].text)
	}
	t.Log("\n" + y.diary.String())
	golden(t, "year.diary", y.diary.String())
}

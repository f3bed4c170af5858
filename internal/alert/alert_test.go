package alert_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ninelives/internal/alert"
	"ninelives/internal/health"
)

// step is one round, a time after the one before. do runs before it.
type step struct {
	after   time.Duration
	devices []dev
	source  *health.SourceState
	do      func(l *teller, now time.Time)
	want    []string
}

func in(after time.Duration, devices ...dev) step { return step{after: after, devices: devices} }

func (s step) says(lines ...string) step                    { s.want = lines; return s }
func (s step) first(do func(l *teller, now time.Time)) step { s.do = do; return s }
func (s step) with(t health.Trouble, readAt time.Time) step {
	src := place(time.Time{}, t, readAt)
	s.source = &src
	return s
}
func (s step) of(kind health.SourceKind, t health.Trouble) step {
	s = s.with(t, time.Time{})
	s.source.Kind = kind
	return s
}
func (s step) readable() step { return s.with(health.NoTrouble, time.Time{}) }

func snooze(id string, d time.Duration) func(*teller, time.Time) {
	return func(l *teller, now time.Time) { l.memory = l.memory.Snooze(id, now.Add(d), now) }
}
func snoozeToBackup(id string) func(*teller, time.Time) {
	return func(l *teller, now time.Time) { l.memory = l.memory.Snooze(id, backup(), now) }
}
func unsnooze(id string) func(*teller, time.Time) {
	return func(l *teller, _ time.Time) { l.memory = l.memory.Unsnooze(id) }
}
func fates(f fate) func(*teller, time.Time) { return func(l *teller, _ time.Time) { l.fate = f } }
func silent(on bool) func(*teller, time.Time) {
	return func(l *teller, _ time.Time) { l.policy.Silent = on }
}
func repeat(gaps ...time.Duration) func(*teller, time.Time) {
	return func(l *teller, _ time.Time) { l.policy.Repeat = gaps }
}
func quiet(from, to time.Duration) func(*teller, time.Time) {
	return func(l *teller, _ time.Time) { l.policy.Quiet = health.Quiet{Start: from, End: to} }
}

type story struct {
	name  string
	steps []step
}

func changes() []story {
	a7, a15 := 7*day+time.Hour, 15*day
	return []story{
		{"nothing is said while all is well", []step{
			in(0, ok("a"), ok("b")), in(6*time.Hour, ok("a"), ok("b")),
		}},
		{"a device that becomes late is said once", []step{
			in(0, ok("a")),
			in(6*time.Hour, warn("a", a7)).says("changed a warning"),
			in(6*time.Hour, warn("a", a7+6*time.Hour)),
			in(6*time.Hour, warn("a", a7+12*time.Hour)),
		}},
		{"a device that is late at first sight is said", []step{
			in(0, crit("a", a15)).says("changed a critical"),
		}},
		{"several that change in one round are one message, worst first", []step{
			in(0, warn("b", a7), ok("c"), crit("a", a15)).says("changed a critical, b warning"),
		}},
		{"changes of two rounds are two messages", []step{
			in(0, crit("a", a15), ok("b")).says("changed a critical"),
			in(time.Hour, crit("a", a15), warn("b", a7)).says("changed b warning"),
		}},
		{"a late device that gets critical is news", []step{
			in(0, warn("a", a7)).says("changed a warning"),
			in(6*time.Hour, crit("a", a15)).says("changed a critical"),
		}},
		{"another reason, another fix and another age are no news", []step{
			in(0, warn("a", a7)).says("changed a warning"),
			in(time.Hour, dev{id: "a", state: health.Warning, age: 8 * day, why: "Something else.", fixes: []health.Opinion{{Code: health.WiFi}}}),
		}},
		{"critical that becomes warning without a backup is no news, nor is its way back", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Hour, warn("a", a15+time.Hour)),
			in(time.Hour, crit("a", a15+2*time.Hour)),
		}},
		{"after a newer backup that is late too, getting worse again is news", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Hour, warn("a", a7)),
			in(time.Hour, crit("a", a15)).says("changed a critical"),
		}},
		{"a device without any backup is said", []step{
			in(0, crit("a", -1)).says("changed a critical"),
			in(time.Hour, crit("a", -1)),
		}},
		{"an ignored device counts for nothing", []step{
			in(0, dev{id: "a", state: health.Critical, age: a15, ignored: true}, warn("b", a7)).says("changed b warning"),
		}},
		{"a device that is ignored is forgotten, and told anew when it is not any more", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Hour, dev{id: "a", state: health.Critical, age: a15, ignored: true}),
			in(time.Hour, crit("a", a15)).says("changed a critical"),
			in(time.Hour, dev{id: "a", state: health.Critical, age: a15, ignored: true}),
			in(time.Hour, ok("a")),
		}},
		{"a device that is gone from the report is silent", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(2 * day), in(7 * day),
		}},
		{"a device that comes back unchanged within a month is not told anew", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Hour),
			in(time.Hour, crit("a", a15+2*time.Hour)),
			in(time.Hour),
			in(3*day, crit("a", a15+4*day)).says("still a critical"),
		}},
		{"a device that comes back after more than a month is new", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(day, ok("b")),
			in(31*day, ok("b")),
			in(time.Hour, crit("a", 60*day), ok("b")).says("changed a critical"),
		}},
	}
}

func reminders() []story {
	a7, a15 := 7*day+time.Hour, 15*day
	return []story{
		{"reminders come 1, 3 and 7 days after the first message, then weekly", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(day-time.Second, crit("a", a15)), in(time.Second, crit("a", a15)).says("still a critical"),
			in(2*day-time.Second, crit("a", a15)), in(time.Second, crit("a", a15)).says("still a critical"),
			in(4*day-time.Second, crit("a", a15)), in(time.Second, crit("a", a15)).says("still a critical"),
			in(7*day-time.Second, crit("a", a15)), in(time.Second, crit("a", a15)).says("still a critical"),
			in(7*day-time.Second, crit("a", a15)), in(time.Second, crit("a", a15)).says("still a critical"),
		}},
		{"devices whose reminders fall due in the same round share one", []step{
			in(0, crit("a", a15), ok("b")).says("changed a critical"),
			in(time.Hour, crit("a", a15), warn("b", a7)).says("changed b warning"),
			in(day, crit("a", a15), warn("b", a7)).says("still a critical, b warning"),
		}},
		{"a change takes the reminders along that are due", []step{
			in(0, warn("a", a7), ok("b")).says("changed a warning"),
			in(day, warn("a", a7+day), crit("b", a15)).says("changed b critical, a warning (still)"),
			in(time.Hour, warn("a", a7+day), crit("b", a15)),
			in(day, warn("a", a7+2*day), crit("b", a15)).says("still b critical"),
		}},
		{"getting worse starts the reminders anew", []step{
			in(0, warn("a", 13*day)).says("changed a warning"),
			in(23*time.Hour, crit("a", a15)).says("changed a critical"),
			in(time.Hour, crit("a", a15)),
			in(23*time.Hour, crit("a", a15)).says("still a critical"),
		}},
		{"reminders that were slept through are one", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(30*day, crit("a", a15+30*day)).says("still a critical"),
			in(time.Minute, crit("a", a15+30*day)),
		}},
		{"a reminder just before a step takes its place", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(6*day+20*time.Hour, crit("a", 20*day)).says("still a critical"),
			in(4*time.Hour, crit("a", 20*day)),
			in(7*day, crit("a", 20*day)).says("still a critical"),
		}},
		{"a reminder half the smallest step before the next is enough", []step{
			in(0, crit("a", a15)).says("changed a critical").first(repeat(2*day, 3*day)),
			in(2*day, crit("a", a15)).says("still a critical"),
			in(day, crit("a", a15)).says("still a critical"),
		}},
		{"reminders by another rule follow it at once", []step{
			in(0, crit("a", a15)).says("changed a critical").first(repeat(2 * day)),
			in(day, crit("a", a15)),
			in(day, crit("a", a15)).says("still a critical"),
			in(2*day, crit("a", a15)).says("still a critical"),
			in(day, crit("a", a15)).says("still a critical").first(repeat(day)),
		}},
		{"without a rule there are no reminders", []step{
			in(0, crit("a", a15)).says("changed a critical").first(repeat()),
			in(300*day, crit("a", a15)),
		}},
		{"lengths of nothing or less are no rule", []step{
			in(0, crit("a", a15)).says("changed a critical").first(repeat(0, -day)),
			in(300*day, crit("a", a15)),
		}},
	}
}

func solutions() []story {
	a7, a15 := 7*day+time.Hour, 15*day
	return []story{
		{"what was told is answered by one fresh again", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Hour, ok("a")).says("solved a ok"),
			in(time.Hour, ok("a")),
		}},
		{"several that are fresh again share one message", []step{
			in(0, crit("a", a15), warn("b", a7)).says("changed a critical, b warning"),
			in(time.Hour, ok("a"), ok("b")).says("solved a ok, b ok"),
		}},
		{"a bad and a good message can stand in one round", []step{
			in(0, crit("a", a15), ok("b")).says("changed a critical"),
			in(time.Hour, ok("a"), warn("b", a7)).says("changed b warning", "solved a ok"),
		}},
		{"late again after fresh again is news", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Hour, ok("a")).says("solved a ok"),
			in(8*day, warn("a", a7)).says("changed a warning"),
		}},
		{"what could not be delivered is withdrawn when solved", []step{
			in(0, crit("a", a15)).says("changed a critical").first(fates(failed)),
			in(time.Hour, ok("a")),
		}},
		{"a failed message stays due, and comes once a round", []step{
			in(0, crit("a", a15)).says("changed a critical").first(fates(failed)),
			in(time.Hour, crit("a", a15)).says("changed a critical"),
			in(time.Hour, crit("a", a15)).says("changed a critical").first(fates(delivered)),
			in(time.Hour, crit("a", a15)),
		}},
		{"a failed reminder stays due", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(day, crit("a", a15)).says("still a critical").first(fates(failed)),
			in(time.Hour, crit("a", a15)).says("still a critical").first(fates(delivered)),
			in(time.Hour, crit("a", a15)),
		}},
		{"a failed word after a snooze stays due", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Minute, crit("a", a15)).first(snooze("a", time.Hour)),
			in(time.Hour, crit("a", a15)).says("still a critical").first(fates(failed)),
			in(time.Hour, crit("a", a15)).says("still a critical").first(fates(delivered)),
			in(time.Hour, crit("a", a15)),
		}},
		{"a failed fresh again stays due", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Hour, ok("a")).says("solved a ok").first(fates(failed)),
			in(time.Hour, ok("a")).says("solved a ok").first(fates(delivered)),
			in(time.Hour, ok("a")),
		}},
		{"a kill after the delivery repeats nothing, and the reminder comes by its rule", []step{
			in(0, crit("a", a15)).says("changed a critical").first(fates(killed)),
			in(time.Minute, crit("a", a15)),
			in(day, crit("a", a15)).says("still a critical"),
			in(time.Minute, crit("a", a15)),
			in(time.Hour, ok("a")).says("solved a ok"),
			in(time.Minute, ok("a")),
		}},
		{"a message that was not announced counts when it was delivered", []step{
			in(0, crit("a", a15)).says("changed a critical").first(fates(unnoted)),
			in(time.Minute, crit("a", a15)),
			in(time.Minute, ok("a")).says("solved a ok"),
			in(time.Minute, ok("a")),
		}},
	}
}

func silences() []story {
	a7, a15 := 7*day+time.Hour, 15*day
	return []story{
		{"in quiet hours nothing is said, and what is due comes after them as one message", []step{
			in(0, ok("a"), ok("b")).first(quiet(9*time.Hour, 17*time.Hour)),
			in(time.Hour, warn("a", a7), ok("b")),
			in(time.Hour, crit("a", a15), warn("b", a7)),
			in(6*time.Hour, crit("a", a15), warn("b", a7)).says("changed a critical, b warning"),
		}},
		{"late and fresh again within quiet hours is never mentioned", []step{
			in(0, ok("a")).first(quiet(9*time.Hour, 17*time.Hour)),
			in(time.Hour, crit("a", a15)),
			in(time.Hour, ok("a")),
			in(12*time.Hour, ok("a")),
		}},
		{"fresh and late again within quiet hours is news only for the new backup", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Hour, ok("a")).first(quiet(9*time.Hour, 17*time.Hour)),
			in(time.Hour, warn("a", a7)),
			in(12*time.Hour, warn("a", a7)).says("changed a warning").first(repeat(30 * day)),
		}},
		{"fine for a moment without a backup, in quiet hours, is no news", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Hour, dev{id: "a", state: health.OK, age: a15 + time.Hour}).first(quiet(9*time.Hour, 17*time.Hour)),
			in(time.Hour, crit("a", a15+2*time.Hour)),
			in(12*time.Hour, crit("a", a15+14*time.Hour)),
		}},
		{"fresh again is kept for the end of quiet hours", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Hour, ok("a")).first(quiet(9*time.Hour, 17*time.Hour)),
			in(12*time.Hour, ok("a")).says("solved a ok"),
		}},
		{"switched off, nothing is said and nothing counts as said", []step{
			in(0, crit("a", a15)).first(silent(true)),
			in(10*day, crit("a", a15)),
			in(time.Minute, crit("a", a15)).says("changed a critical").first(silent(false)),
		}},
		{"nothing is said in the first minute after a start at login", []step{
			in(0, crit("a", a15)).first(func(l *teller, now time.Time) { l.policy.SilentUntil = now.Add(time.Minute) }),
			in(59*time.Second, crit("a", a15)),
			in(time.Second, crit("a", a15)).says("changed a critical"),
		}},
	}
}

func snoozes() []story {
	a7, a15 := 7*day+time.Hour, 15*day
	return []story{
		{"a snoozed device is silent, and said once when it is no better at the end", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Minute, crit("a", a15)).first(snooze("a", 7*day)),
			in(day, crit("a", a15)), in(3*day, crit("a", a15)),
			in(3*day, crit("a", a15)).says("still a critical"),
			in(time.Minute, crit("a", a15)),
		}},
		{"a snooze of a day is answered although no reminder is due", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(day, crit("a", a15)).says("still a critical"),
			in(time.Minute, crit("a", a15)).first(snooze("a", day)),
			in(day, crit("a", a15)).says("still a critical"),
			in(time.Minute, crit("a", a15)),
		}},
		{"a snooze leaves the others alone", []step{
			in(0, crit("a", a15), warn("b", a7)).says("changed a critical, b warning"),
			in(day, crit("a", a15), warn("b", a7)).says("still b warning").first(snooze("a", 7*day)),
		}},
		{"a device that gets worse in its snooze is news at the end", []step{
			in(0, warn("a", a7)).says("changed a warning"),
			in(7*day-time.Second, crit("a", a15)).first(snooze("a", 7*day)),
			in(7*day, crit("a", a15)).says("changed a critical"),
			in(time.Minute, crit("a", a15)),
		}},
		{"fresh within a snooze ends it, and is said because the late one was", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Hour, ok("a")).says("solved a ok").first(snooze("a", 7*day)),
			in(6*day, warn("a", a7)).says("changed a warning"),
		}},
		{"fresh within a snooze is not said when nothing had been", []step{
			in(0, crit("a", a15)).first(snooze("a", 7*day)),
			in(time.Hour, ok("a")),
			in(8*day, ok("a")),
		}},
		{"a snooze until the next backup lasts", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Minute, crit("a", a15+time.Minute)).first(snoozeToBackup("a")),
			in(100*day, crit("a", 116*day)), in(day, crit("a", 117*day)),
		}},
		{"a snooze until the next backup ends with it, late as it may be", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Minute, crit("a", a15+time.Minute)).first(snoozeToBackup("a")),
			in(5*day, warn("a", a7)).says("still a warning"),
			in(time.Minute, warn("a", a7+time.Minute)),
		}},
		{"a snooze until the next backup ends when the device is fresh", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Minute, crit("a", a15+time.Minute)).first(snoozeToBackup("a")),
			in(5*day, ok("a")).says("solved a ok"),
			in(8*day, warn("a", a7)).says("changed a warning"),
		}},
		{"a snooze set before the first sight holds", []step{
			in(0, crit("a", a15)).first(snoozeToBackup("a")),
			in(day, crit("a", a15+day)),
		}},
		{"a snooze outlives a drive that is away", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Hour).first(snoozeToBackup("a")),
			in(5 * day), in(5*day, crit("a", a15+10*day+time.Hour)),
		}},
		{"a snooze that is taken back owes nothing but the next reminder", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Hour, crit("a", a15)).first(snooze("a", 7*day)),
			in(time.Hour, crit("a", a15)).first(unsnooze("a")),
			in(22*time.Hour, crit("a", a15)).says("still a critical"),
		}},
		{"a snooze of no length is none", []step{
			in(0, crit("a", a15)).says("changed a critical").first(snooze("a", 0)),
		}},
		{"to take back a snooze that never was is nothing", []step{
			in(0, ok("a")).first(unsnooze("nobody")),
		}},
		{"the end of a snooze waits for the end of quiet hours", []step{
			in(0, crit("a", a15)).says("changed a critical").first(quiet(10*time.Hour, 17*time.Hour)),
			in(time.Minute, crit("a", a15)).first(snooze("a", 2*time.Hour)),
			in(3*time.Hour, crit("a", a15)),
			in(6*time.Hour, crit("a", a15)).says("still a critical"),
		}},
	}
}

func blindness() []story {
	a7, a15 := 7*day+time.Hour, 15*day
	return []story{
		{"unknown is silent at first and said once after its limit", []step{
			in(0, unknown("a")), in(6*day, unknown("a")), in(day, unknown("a")),
			in(time.Second, unknown("a")).says("changed a unknown"),
			in(day, unknown("a")), in(30*day, unknown("a")),
		}},
		{"unknown counts from the last proof, but not before a day", []step{
			in(0, dev{id: "a", state: health.OK, age: 6 * day}),
			in(day, unknown("a")),
			in(23*time.Hour, unknown("a")),
			in(time.Hour, unknown("a")).says("changed a unknown"),
		}},
		{"unknown now and then is never said while there is proof in between", []step{
			in(0, ok("a")), in(6*time.Hour, unknown("a")), in(6*time.Hour, ok("a")),
			in(3*day, unknown("a")), in(2*day, ok("a")),
		}},
		{"unknown solves nothing: what was late is reminded of", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Hour, unknown("a")),
			in(day, unknown("a")).says("still a unknown"),
			in(time.Hour, crit("a", a15+day)),
		}},
		{"late after unknown is news", []step{
			in(0, unknown("a")), in(8*day, unknown("a")).says("changed a unknown"),
			in(time.Hour, warn("a", a7)).says("changed a warning"),
		}},
		{"fresh after an unknown that was told is said", []step{
			in(0, unknown("a")), in(8*day, unknown("a")).says("changed a unknown"),
			in(time.Hour, ok("a")).says("solved a ok"),
		}},
		{"a place that stops being readable is said once, in the second round an hour later", []step{
			in(0, ok("a")).readable(),
			in(6*time.Hour, ok("a")).with(health.NoPermission, monday()),
			in(time.Minute, ok("a")).with(health.NoPermission, monday()),
			in(6*time.Hour, ok("a")).with(health.NoPermission, monday()).says("changed /backups unknown"),
			in(6*time.Hour, ok("a")).with(health.NoPermission, monday()),
			in(30*day, ok("a")).with(health.NoPermission, monday()),
		}},
		{"a place that refuses for one round only is not mentioned", []step{
			in(0, ok("a")).readable(),
			in(6*time.Hour, ok("a")).with(health.NoPermission, monday()),
			in(6*time.Hour, ok("a")).readable(),
			in(6*time.Hour, ok("a")).with(health.NoPermission, monday()),
			in(6*time.Hour, ok("a")).readable(),
		}},
		{"a place that is readable again is said once", []step{
			in(0, ok("a")).readable(),
			in(6*time.Hour, ok("a")).with(health.NoPermission, monday()),
			in(6*time.Hour, ok("a")).with(health.NoPermission, monday()).says("changed /backups unknown"),
			in(6*time.Hour, ok("a")).readable().says("solved /backups ok"),
			in(6*time.Hour, ok("a")).readable(),
		}},
		{"a place that never was readable is said once after a day", []step{
			in(0).with(health.NoPermission, time.Time{}),
			in(23*time.Hour).with(health.NoPermission, time.Time{}),
			in(time.Hour).with(health.NoPermission, time.Time{}).says("changed /backups unknown"),
			in(7*day).with(health.NoPermission, time.Time{}),
		}},
		{"an absent volume is normal", []step{
			in(0, ok("a")).readable(),
			in(6*time.Hour, ok("a")).with(health.Offline, monday()), in(2*day, ok("a")).with(health.Offline, monday()),
			in(6*time.Hour, ok("a")).with(health.NotFound, monday()), in(2*day, ok("a")).with(health.NotFound, monday()),
			in(6*time.Hour, ok("a")).with(health.TimedOut, monday()), in(2*day, ok("a")).with(health.TimedOut, monday()),
			in(6*time.Hour, ok("a")).with(health.Off, monday()), in(2*day, ok("a")).with(health.Off, monday()),
		}},
		{"a feed or a phone that cannot be asked is never mentioned", []step{
			in(0, ok("a")).of(health.SourceAppleStatus, health.Failed), in(2*day, ok("a")).of(health.SourceAppleStatus, health.Failed),
			in(0, ok("a")).of(health.SourcePhone, health.NoPermission), in(2*day, ok("a")).of(health.SourcePhone, health.NoPermission),
		}},
		{"a newer date that proves nothing does not end the reminders", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(time.Hour, dev{id: "a", age: time.Hour}),
			in(day, dev{id: "a", age: day}).says("still a unknown"),
		}},
		{"a volume that is away after it refused changes nothing", []step{
			in(0, ok("a")).readable(),
			in(6*time.Hour, ok("a")).with(health.NoPermission, monday()),
			in(6*time.Hour, ok("a")).with(health.NoPermission, monday()).says("changed /backups unknown"),
			in(6*time.Hour, ok("a")).with(health.Offline, monday()),
			in(6*time.Hour, ok("a")).with(health.NoPermission, monday()),
		}},
		{"devices in a place that refuses are not mentioned beside it", []step{
			in(0, dev{id: "a", age: -1, refused: true}, unknown("b")).with(health.NoPermission, time.Time{}),
			in(2*day, dev{id: "a", age: -1, refused: true}, unknown("b")).with(health.NoPermission, time.Time{}).says("changed /backups unknown"),
			in(6*day, dev{id: "a", age: -1, refused: true}, unknown("b")).with(health.NoPermission, time.Time{}).says("changed b unknown"),
		}},
		{"late devices stand before a place, and a place before unknown devices", []step{
			in(0, unknown("b")).with(health.NoPermission, time.Time{}).first(silent(true)),
			in(8*day, unknown("b"), crit("a", a15)).with(health.NoPermission, time.Time{}).first(silent(false)).
				says("changed a critical, /backups unknown, b unknown"),
		}},
	}
}

func outages() []story {
	a7 := 7*day + time.Hour
	start := monday().Add(-6 * time.Hour)
	return []story{
		{"an outage at Apple holds a message back until it has passed", []step{
			in(0, warn("a", a7).held(start, time.Time{})),
			in(day, warn("a", a7+day).held(start, time.Time{})),
			in(day, warn("a", a7+2*day).held(start, monday().Add(3*day))),
			in(day, warn("a", a7+3*day).held(start, monday().Add(3*day))).says("changed a warning"),
			in(time.Hour, warn("a", a7+3*day)),
		}},
		{"a device that is fresh after the outage is never mentioned", []step{
			in(0, warn("a", a7).held(start, time.Time{})),
			in(day, ok("a")),
		}},
		{"an outage holds reminders back too", []step{
			in(0, warn("a", a7)).says("changed a warning"),
			in(day, warn("a", a7+day).held(start, time.Time{})),
			in(day, warn("a", a7+2*day)).says("still a warning"),
		}},
		{"an outage holds nothing back of the other devices", []step{
			in(0, warn("a", a7).held(start, time.Time{}), warn("b", a7)).says("changed b warning"),
		}},
		{"fresh again is said during an outage", []step{
			in(0, warn("a", a7)).says("changed a warning"),
			in(time.Hour, dev{id: "a", state: health.OK, age: 0, hold: &health.Hold{Since: start}}).says("solved a ok"),
		}},
	}
}

func clocks() []story {
	a15 := 15 * day
	return []story{
		{"a clock set back brings no burst and no endless silence", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(-400*day, crit("a", a15)),
			in(time.Minute, crit("a", a15)),
			in(day, crit("a", a15)).says("still a critical"),
			in(time.Minute, crit("a", a15)),
		}},
		{"a clock that jumps ahead brings at most one message", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(4000*day, crit("a", a15)).says("still a critical"),
			in(-4000*day, crit("a", a15)),
			in(time.Hour, crit("a", a15)),
		}},
		{"a snooze that was set in a wrong future keeps its length", []step{
			in(0, crit("a", a15)).says("changed a critical"),
			in(400*day, crit("a", a15)).first(snooze("a", day)),
			in(-400*day, crit("a", a15)),
			in(23*time.Hour, crit("a", a15)),
			in(time.Hour, crit("a", a15)).says("still a critical"),
		}},
	}
}

func TestDecide(t *testing.T) {
	for _, chapter := range [][]story{changes(), reminders(), solutions(), silences(), snoozes(), blindness(), outages(), clocks()} {
		for _, s := range chapter {
			t.Run(s.name, s.run)
		}
	}
}

func (s story) run(t *testing.T) {
	l := teller{policy: health.DefaultPolicy()}
	now := monday()
	for i, step := range s.steps {
		now = now.Add(step.after)
		if step.do != nil {
			step.do(&l, now)
		}
		r := report(now, step.devices...)
		if step.source != nil {
			src := place(now, step.source.Trouble, step.source.ReadAt)
			src.Kind = step.source.Kind
			r.Sources = []health.SourceState{src}
		}
		got := said(l.round(t, r, now))
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Fatalf("step %d, %s: (-want +got)\n%s\nmemory %s", i, now.Format(time.RFC3339), diff, dump(l.memory))
		}
	}
}

func TestTheZeroMemoryAndTheEmptyReportSayNothing(t *testing.T) {
	m, msgs := alert.Decide(alert.Memory{}, health.Report{}, health.Policy{}, time.Time{})
	if len(msgs) > 0 || len(m.Devices) > 0 || len(m.Places) > 0 {
		t.Errorf("got %v and %v", m, msgs)
	}
}

func TestSnoozedNamesTheEnds(t *testing.T) {
	var m alert.Memory
	until := monday().Add(day)
	m = m.Snooze("a", until, monday()).Snooze("b", backup(), monday()).Snooze("c", until, monday()).Unsnooze("c")
	want := map[string]time.Time{"a": until, "b": backup()}
	if diff := cmp.Diff(want, m.Snoozed()); diff != "" {
		t.Error(diff)
	}
}

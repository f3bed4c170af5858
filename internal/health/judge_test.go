package health

import (
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return noon.Add(-d) }

const days = Day

// anna is a device for the tables.
var anna = Device{ID: "aaaaaaaa", Name: "Anna's iPhone", ProductType: "iPhone14,5", OSVersion: "18.1"}

func complete(d Device, age time.Duration) Backup {
	return Backup{Device: d, Path: "/backups/" + d.ID, Phase: PhaseComplete, LastGood: ago(age), Attempt: ago(age), Encrypted: Yes}
}

func place(backups ...Backup) Reading[[]Backup] {
	return Reading[[]Backup]{Value: backups, Where: "/backups", GoodAt: ago(time.Minute), TriedAt: ago(time.Minute)}
}

func quietFeed(age time.Duration) Reading[Feed] {
	return Reading[Feed]{
		Value: Feed{Listed: []Service{ICloudBackup}}, Where: "feed", GoodAt: ago(age), TriedAt: ago(age),
	}
}

func TestTheVerdictFollowsTheLadder(t *testing.T) {
	with := func(change func(*Backup)) Backup {
		b := complete(anna, 2*days)
		change(&b)
		return b
	}
	tests := []struct {
		name    string
		backup  Backup
		trouble Trouble
		state   State
		route   RouteState
		good    bool // a last good date is shown
	}{
		{"a young proven backup is ok", complete(anna, 2*days), "", OK, RouteFresh, true},
		{"exactly at the limit is still ok", complete(anna, 7*days), "", OK, RouteFresh, true},
		{"older than the first limit warns", complete(anna, 7*days+time.Second), "", Warning, RouteStale, true},
		{"older than the second limit is critical", complete(anna, 14*days+time.Second), "", Critical, RouteStale, true},
		{"a date ahead within a day counts as no age", complete(anna, -20*time.Hour), "", OK, RouteFresh, true},
		{"weak evidence never gives green", with(func(b *Backup) { b.Weak = StatusMissing }), "", Unknown, RouteFresh, true},
		{"weak evidence that is old warns", with(func(b *Backup) { b.Weak, b.LastGood = StatusMissing, ago(9*days) }), "", Warning, RouteStale, true},
		{"weak evidence that is very old is critical", with(func(b *Backup) { b.Weak, b.LastGood = StatusMissing, ago(90*days) }), "", Critical, RouteStale, true},
		{"no usable date at all is unknown", with(func(b *Backup) { b.Weak, b.LastGood = StatusDate, time.Time{} }), "", Unknown, RouteUnknown, false},
		{"an increment running over a young backup is ok", with(func(b *Backup) { b.Phase, b.ActiveAt = PhaseUploading, ago(10*time.Minute) }), "", OK, RouteRunning, true},
		{"an increment that broke off over a young backup is ok", with(func(b *Backup) { b.Phase, b.ActiveAt = PhaseUploading, ago(31*time.Minute) }), "", OK, RouteUnfinished, true},
		{"an increment that broke off over an old backup is late", with(func(b *Backup) { b.Phase, b.LastGood = PhaseUploading, ago(15*days) }), "", Critical, RouteUnfinished, true},
		{"a first run under way warns", with(func(b *Backup) { b.Phase, b.LastGood, b.ActiveAt = PhaseUploading, time.Time{}, ago(time.Minute) }), "", Warning, RouteRunning, false},
		{"a first run that broke off is critical", with(func(b *Backup) { b.Phase, b.LastGood = PhaseUploading, time.Time{} }), "", Critical, RouteUnfinished, false},
		{"a swap under way without proof warns", with(func(b *Backup) { b.Phase, b.LastGood, b.ActiveAt = PhaseMoving, time.Time{}, ago(time.Minute) }), "", Warning, RouteRunning, false},
		{"a swap that broke off is damage", with(func(b *Backup) { b.Phase, b.LastGood = PhaseMoving, time.Time{} }), "", Critical, RouteDamaged, false},
		{"a placeholder is unfinished", with(func(b *Backup) { b.Phase, b.LastGood = PhaseUnfinished, time.Time{} }), "", Critical, RouteUnfinished, false},
		{"damage is critical", with(func(b *Backup) { b.Phase, b.LastGood, b.Flaw = PhaseDamaged, time.Time{}, DatabaseMissing }), "", Critical, RouteDamaged, false},
		{"a folder that may not be read is unknown", with(func(b *Backup) { b.Phase, b.LastGood = PhaseNoPermission, time.Time{} }), "", Unknown, RouteNoPermission, false},
		{"a link to an absent volume is unknown", with(func(b *Backup) { b.Phase, b.LastGood = PhaseOffline, time.Time{} }), "", Unknown, RouteOffline, false},
		{"a link to an absent volume keeps what was proven", with(func(b *Backup) { b.Phase = PhaseOffline }), "", OK, RouteOffline, true},
		{"what was proven on an absent volume goes stale on its day", with(func(b *Backup) { b.Phase, b.LastGood = PhaseOffline, ago(8*days) }), "", Warning, RouteOffline, true},
		{"an absent place keeps what was proven", complete(anna, 2*days), Offline, OK, RouteOffline, true},
		{"a place that hangs keeps what was proven", complete(anna, 8*days), TimedOut, Warning, RouteOffline, true},
		{"a place that may not be read keeps what was proven", complete(anna, 2*days), NoPermission, OK, RouteNoPermission, true},
		{"a deleted backup is critical", with(func(b *Backup) { b.Phase, b.LastGood, b.History = PhaseGone, time.Time{}, ago(3*days) }), "", Critical, RouteNever, false},
		{"the zero backup is unknown, never fine", Backup{Device: anna}, "", Unknown, RouteUnknown, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := place(tt.backup)
			p.Trouble = tt.trouble
			r := Judge(Facts{Backups: []Reading[[]Backup]{p}}, DefaultPolicy(), noon)
			if len(r.Devices) != 1 || len(r.Devices[0].Routes) != 1 {
				t.Fatalf("want one device with one route, got %+v", r.Devices)
			}
			d := r.Devices[0]
			if d.State != tt.state || r.State != tt.state {
				t.Errorf("state = %v (report %v), want %v; why: %s", d.State, r.State, tt.state, d.Why)
			}
			if got := d.Routes[0].State; got != tt.route {
				t.Errorf("route = %v, want %v", got, tt.route)
			}
			if got := !d.LastGood.IsZero(); got != tt.good {
				t.Errorf("last good shown = %v, want %v", got, tt.good)
			}
			if d.Why == "" || d.Routes[0].Why == "" {
				t.Error("a verdict without a reason")
			}
			if wantFixes := 0; d.State == OK && len(d.Fixes) != wantFixes {
				t.Errorf("%d fixes for a device that is fine", len(d.Fixes))
			}
			if d.State != OK && len(d.Fixes) != 9 {
				t.Errorf("%d fixes, want all nine", len(d.Fixes))
			}
		})
	}
}

func TestOverSeveralDevicesAndRoutes(t *testing.T) {
	ben := Device{ID: "bbbbbbbb", Name: "Ben's iPad"}
	weak := complete(anna, 1*days)
	weak.Weak, weak.Path = StatusMissing, "/elsewhere/a"
	stale := complete(anna, 9*days)
	running := complete(anna, 0)
	running.Phase, running.LastGood, running.ActiveAt, running.Path = PhaseUploading, time.Time{}, ago(time.Minute), "/elsewhere/a"
	absent := complete(anna, 0)
	absent.Phase, absent.LastGood, absent.Path = PhaseOffline, time.Time{}, "/elsewhere/a"
	archive := complete(anna, 3*days)
	archive.Archive, archive.Path = true, "/backups/a-20261117-120000"
	oldArchive := archive
	oldArchive.LastGood = ago(400 * days)

	tests := []struct {
		name   string
		places []Reading[[]Backup]
		policy Policy
		state  State
		first  string // ID of the first device
		routes int    // of the first device
	}{
		{"nothing at all is unknown, not ok", nil, DefaultPolicy(), Unknown, "", 0},
		{"a place that was never read keeps the others from being green", []Reading[[]Backup]{place(complete(anna, 1*days)), {Where: "/nas", Trouble: NoPermission, TriedAt: noon}}, DefaultPolicy(), Unknown, anna.ID, 1},
		{"a place on an absent drive that was read before does not", []Reading[[]Backup]{place(complete(anna, 1*days)), {Where: "/nas", Trouble: Offline, GoodAt: ago(days), TriedAt: noon}}, DefaultPolicy(), OK, anna.ID, 1},
		{"a usual place that does not exist does not", []Reading[[]Backup]{place(complete(anna, 1*days)), {Where: "/other", Trouble: NotFound, TriedAt: noon}}, DefaultPolicy(), OK, anna.ID, 1},
		{"an empty place is unknown, not ok", []Reading[[]Backup]{place()}, DefaultPolicy(), Unknown, "", 0},
		{"a young backup of one never hides an old one of another", []Reading[[]Backup]{place(complete(anna, 1*days), complete(ben, 20*days))}, DefaultPolicy(), Critical, ben.ID, 1},
		{"any fresh route makes a device safe", []Reading[[]Backup]{place(stale), place(complete(anna, 1*days))}, DefaultPolicy(), OK, anna.ID, 2},
		{"a young weak route beside a stale proven one is unknown", []Reading[[]Backup]{place(stale), place(weak)}, DefaultPolicy(), Unknown, anna.ID, 2},
		{"an absent drive never hides a stale backup", []Reading[[]Backup]{place(stale), place(absent)}, DefaultPolicy(), Warning, anna.ID, 2},
		{"a first run elsewhere never hides a stale backup", []Reading[[]Backup]{place(complete(anna, 30*days)), place(running)}, DefaultPolicy(), Critical, anna.ID, 2},
		{"an archive is a backup of its device", []Reading[[]Backup]{place(archive)}, DefaultPolicy(), OK, anna.ID, 1},
		{"a newer archive keeps its own line", []Reading[[]Backup]{place(stale, archive)}, DefaultPolicy(), OK, anna.ID, 2},
		{"an old archive beside the current backup is not shown", []Reading[[]Backup]{place(stale, oldArchive)}, DefaultPolicy(), Warning, anna.ID, 1},
		{"ignored devices count for nothing", []Reading[[]Backup]{place(complete(anna, 1*days), complete(ben, 20*days))}, Policy{Devices: map[string]DevicePolicy{ben.ID: {Ignore: true}}}, OK, anna.ID, 1},
		{"with every device ignored nothing is known", []Reading[[]Backup]{place(complete(ben, 1*days))}, Policy{Devices: map[string]DevicePolicy{ben.ID: {Ignore: true}}}, Unknown, ben.ID, 1},
		{"a limit of a device's own wins", []Reading[[]Backup]{place(complete(ben, 20*days))}, Policy{Devices: map[string]DevicePolicy{ben.ID: {Limits: Limits{WarnAfter: 30 * days, CriticalAfter: 60 * days}}}}, OK, ben.ID, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := Judge(Facts{Backups: tt.places}, tt.policy, noon)
			if r.State != tt.state {
				t.Errorf("state = %v, want %v (%s)", r.State, tt.state, r.Summary())
			}
			if tt.first == "" {
				if len(r.Devices) != 0 {
					t.Errorf("devices out of nothing: %+v", r.Devices)
				}
				return
			}
			if r.Devices[0].ID != tt.first || len(r.Devices[0].Routes) != tt.routes {
				t.Errorf("first device %s with %d routes, want %s with %d", r.Devices[0].ID, len(r.Devices[0].Routes), tt.first, tt.routes)
			}
		})
	}
}

func TestADateFarAheadOfTheClockProvesNothing(t *testing.T) {
	ahead := complete(anna, -400*days)
	absent := ahead
	absent.Phase = PhaseOffline
	for name, b := range map[string]Backup{"on disk": ahead, "remembered of an absent drive": absent} {
		r := Judge(Facts{Backups: []Reading[[]Backup]{place(b)}}, DefaultPolicy(), noon)
		if r.State != Unknown || !r.Devices[0].LastGood.IsZero() {
			t.Errorf("%s: %v, last good %v; want unknown, none", name, r.State, r.Devices[0].LastGood)
		}
	}
	feed := quietFeed(-400 * days)
	v := Judge(Facts{Backups: []Reading[[]Backup]{place(complete(anna, 9*days))}, Feed: feed}, DefaultPolicy(), noon).Devices[0]
	for _, o := range v.Fixes {
		if o.Code == AppleStatus && o.Odds != CannotTell {
			t.Errorf("a feed read in the future: %v, %s", o.Odds, o.Why)
		}
	}
}

func TestTheLimitsShownAreThoseOfTheRouteThatDecides(t *testing.T) {
	phone := Phone{Device: anna, At: ago(time.Hour), CloudAt: ago(time.Hour), CloudBackup: Yes, LastCloudBackup: ago(4 * days)}
	facts := Facts{
		Backups: []Reading[[]Backup]{place(complete(anna, 5*days))},
		Phones:  Reading[[]Phone]{Value: []Phone{phone}, GoodAt: ago(time.Hour)},
	}
	d := Judge(facts, DefaultPolicy(), noon).Devices[0]
	if d.State != OK || d.LastGood != ago(5*days) || d.Limits != DefaultPolicy().Computer {
		t.Errorf("got %v, %v, %v; the computer backup is within its limit and decides", d.State, d.LastGood, d.Limits)
	}
}

func TestCarryKeepsWhatWasProven(t *testing.T) {
	before := complete(anna, 3*days)
	t.Run("a drive that is absent today keeps yesterday's date", func(t *testing.T) {
		now := Backup{Device: Device{ID: anna.ID}, Path: before.Path, Phase: PhaseOffline}
		got := Carry([]Backup{before}, []Backup{now})
		if len(got) != 1 || got[0].LastGood != before.LastGood || got[0].Device.Name != anna.Name || got[0].Phase != PhaseOffline {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("a deleted backup leaves its device behind as gone", func(t *testing.T) {
		ben := complete(Device{ID: "bbbbbbbb"}, 1*days)
		got := Carry([]Backup{before, ben}, []Backup{ben})
		if len(got) != 2 || got[1].Phase != PhaseGone || !got[1].LastGood.IsZero() || got[1].History != before.LastGood {
			t.Errorf("got %+v", got)
		}
		if again := Carry(got, []Backup{ben}); len(again) != 2 || again[1] != got[1] {
			t.Errorf("the second look changed it: %+v", again)
		}
	})
	t.Run("where all disappeared, an empty mount point is no proof either way", func(t *testing.T) {
		got := Carry([]Backup{before}, nil)
		if again := Carry(got, nil); len(again) != 1 || again[0] != got[0] {
			t.Errorf("the second look changed it: %+v", again)
		}
		for age, want := range map[time.Duration]State{0: Unknown, 5 * days: Warning, 12 * days: Critical} {
			r := Judge(Facts{Backups: []Reading[[]Backup]{place(got...)}}, DefaultPolicy(), noon.Add(age))
			if r.State != want || r.Devices[0].Routes[0].State != RouteUnknown {
				t.Errorf("%v later: %v, route %v; want %v, unknown", age, r.State, r.Devices[0].Routes[0].State, want)
			}
		}
		if back := Carry(got, []Backup{before}); len(back) != 1 || back[0] != before {
			t.Errorf("mounted again: %+v", back)
		}
	})
	t.Run("a deleted archive of a device that has another folder is no loss", func(t *testing.T) {
		archive := before
		archive.Path, archive.Archive = "/backups/old", true
		if got := Carry([]Backup{before, archive}, []Backup{before}); len(got) != 1 {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("another device under the same path inherits nothing", func(t *testing.T) {
		now := Backup{Device: Device{ID: "cccccccc"}, Path: before.Path, Phase: PhaseOffline}
		got := Carry([]Backup{before}, []Backup{now})
		if len(got) != 2 || !got[0].LastGood.IsZero() {
			t.Errorf("got %+v", got)
		}
	})
}

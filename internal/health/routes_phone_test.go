package health

import (
	"strings"
	"testing"
	"time"
)

// heard is Anna's phone as it answered some time ago, with iCloud Backup on.
func heard(at time.Duration, change func(*Phone)) Reading[[]Phone] {
	t := ago(at)
	p := Phone{
		Device: anna, SeenAt: t, At: t, Transport: ByCable, Cloud: Told, CloudAt: t, ClockAt: t,
		CloudBackup: Yes, LastCloudBackup: t.Add(-8 * time.Hour),
	}
	if change != nil {
		change(&p)
	}
	return Reading[[]Phone]{Value: []Phone{p}, Where: "usbmuxd", GoodAt: t, TriedAt: t}
}

// TestTheRoutesThatOnlyThePhoneKnows is the law of the house at the phone: no
// green that nothing proves, no alarm because nobody asked.
func TestTheRoutesThatOnlyThePhoneKnows(t *testing.T) {
	folder := func(age time.Duration, change func(*Backup)) []Reading[[]Backup] {
		b := complete(anna, age)
		if change != nil {
			change(&b)
		}
		return []Reading[[]Backup]{place(b)}
	}
	with := func(places []Reading[[]Backup], change func(*Reading[[]Backup])) []Reading[[]Backup] {
		change(&places[0])
		return places
	}
	last := func(age time.Duration) func(*Phone) {
		return func(p *Phone) { p.LastCloudBackup = ago(age) }
	}
	off := func(p *Phone) { p.CloudBackup, p.LastCloudBackup = No, time.Time{} }
	computer := func(age time.Duration) func(*Phone) {
		return func(p *Phone) { off(p); p.LastComputerBackup = ago(age) }
	}
	clock := func(ahead time.Duration, age time.Duration) func(*Phone) {
		return func(p *Phone) { p.ClockOff, p.LastCloudBackup = ahead, ago(age) }
	}
	tests := []struct {
		name    string
		backups []Reading[[]Backup]
		phones  Reading[[]Phone]
		state   State
		routes  string // kind and state of each
		why     string // a part of the verdict's sentence or of a route's
	}{
		{"fresh in iCloud, a year old here", folder(365*days, nil), heard(2*time.Hour, nil), OK, "computer stale, icloud fresh", "told by the device at 10:00"},
		{"a device that only the phone tells of", nil, heard(2*time.Hour, nil), OK, "icloud fresh", ""},
		{"seen at 07:00, still proof at 22:00", nil, heard(15*time.Hour, nil), OK, "icloud fresh", ""},
		{"late in iCloud by today's word", nil, heard(time.Hour, last(4*days)), Warning, "icloud stale", "Last iCloud backup 4 days ago; the limit is 3 days"},
		{"late, and the device itself is full", nil, heard(time.Hour, func(p *Phone) { p.LastCloudBackup, p.FreeBytes = ago(4*days), 120_000_000 }), Warning, "icloud stale", "Only 120 MB are free on the device itself."},
		{"very late in iCloud by today's word", nil, heard(time.Hour, last(9*days)), Critical, "icloud stale", ""},
		{"not seen for three weeks, in time when last heard", nil, heard(21*days, nil), Unknown, "icloud unknown", "not been heard since"},
		{"not seen for three weeks, late when last heard", nil, heard(21*days, last(25*days)), Warning, "icloud stale", "not been heard since"},
		{"not seen for three weeks excuses an older backup here", folder(60*days, nil), heard(21*days, nil), Unknown, "computer stale, icloud unknown", ""},
		{"but not a newer one here that is late: this is the one that people keep", folder(10*days, nil), heard(21*days, nil), Warning, "computer stale, icloud unknown", "Last complete backup 10 days ago"},
		{"on, and no backup named: nothing is proven, nothing is wrong", nil, heard(time.Hour, func(p *Phone) { p.LastCloudBackup = time.Time{} }), Unknown, "icloud unknown", "named no backup yet"},
		{"refused", nil, heard(time.Hour, func(p *Phone) { p.Cloud, p.CloudAt, p.LastCloudBackup = Refused, time.Time{}, time.Time{} }), Unknown, "icloud unknown", "refused"},
		{"refused over a stale backup here", folder(10*days, nil), heard(time.Hour, func(p *Phone) { p.Cloud, p.CloudAt, p.LastCloudBackup = Refused, time.Time{}, time.Time{} }), Warning, "computer stale, icloud unknown", ""},
		{"off, and nothing else", nil, heard(time.Hour, off), Critical, "icloud never", "iCloud Backup is off"},
		{"off, and backed up here", folder(2*days, nil), heard(time.Hour, off), OK, "computer fresh, icloud never", ""},
		{"off with a young date: who deletes the backup switches it off", nil, heard(time.Hour, func(p *Phone) { p.CloudBackup = No }), Unknown, "icloud fresh", "switch on “Back Up This iPhone”"},
		{"off with an old date", nil, heard(time.Hour, func(p *Phone) { p.CloudBackup, p.LastCloudBackup = No, ago(9*days) }), Critical, "icloud stale", "so it may be gone"},
		{"in time when told, late a night later: nobody asked since", nil, heard(20*time.Hour, last(3*days+time.Hour)), Unknown, "icloud unknown", ""},
		{"a date that was told before its day proves nothing when that comes", nil, heard(25*days, last(time.Hour)), Unknown, "icloud unknown", ""},
		{"nor does one of a computer", nil, heard(25*days, computer(time.Hour)), Critical, "icloud never", ""},
		{"nor when the phone goes on naming it", nil, heard(time.Hour, func(p *Phone) { p.LastCloudBackup, p.CloudAhead = ago(2*days), ago(2*days) }), Unknown, "icloud fresh", "before that day had come"},

		{"backed up to another computer", folder(60*days, nil), heard(time.Hour, computer(2*days)), OK, "computer stale, icloud never, computer fresh", "Backed up to another computer on 18 Nov"},
		{"the one here is the one that the phone tells of", folder(2*days, nil), heard(time.Hour, computer(2*days+time.Hour)), OK, "computer fresh, icloud never", ""},
		{"the one here was deleted: the phone does not know", folder(2*days, func(b *Backup) { *b = b.disappeared(false) }), heard(time.Hour, computer(2*days)), Critical, "computer never, icloud never", ""},
		{"the one here is damaged: the phone does not know", folder(2*days, func(b *Backup) { b.Phase, b.LastGood, b.History = PhaseDamaged, time.Time{}, ago(2*days) }), heard(time.Hour, computer(2*days)), Critical, "computer damaged, icloud never", ""},
		{"the folder claims a backup that the phone never made", folder(2*days, nil), heard(time.Hour, computer(20*days)), Unknown, "computer unfinished, icloud never", "knows of none to a computer after 31 Oct"},
		{"nor does its drive being away make it true", folder(2*days, func(b *Backup) { b.Phase = PhaseOffline }), heard(time.Hour, computer(20*days)), Unknown, "computer offline, icloud never", "knows of none to a computer after 31 Oct"},
		{"nor a new run over it", folder(2*days, func(b *Backup) { b.Phase, b.ActiveAt = PhaseUploading, ago(time.Minute) }), heard(time.Hour, computer(20*days)), Unknown, "computer running, icloud never", ""},
		{"nor one that broke off", folder(2*days, func(b *Backup) { b.Phase = PhaseUploading }), heard(time.Hour, computer(20*days)), Unknown, "computer unfinished, icloud never", ""},
		{"a failed run here hides no backup elsewhere", folder(60*days, func(b *Backup) { b.Attempt, b.Failed = ago(2*days), true }), heard(time.Hour, computer(3*days)), OK, "computer stale, icloud never, computer fresh", "Backed up to another computer on 17 Nov"},
		{"a run here that may be it makes it doubtful", folder(60*days, func(b *Backup) { b.Attempt = ago(2 * days) }), heard(time.Hour, computer(2*days)), Unknown, "computer stale, icloud never, computer fresh", "that may be this one"},
		{"a phone that was asked before it cannot dispute it", folder(2*days, nil), heard(3*days, computer(20*days)), OK, "computer fresh, icloud never", ""},
		{"a place that was never read may be where it is", []Reading[[]Backup]{{Where: "/backups", Trouble: NoPermission, TriedAt: noon}}, heard(time.Hour, computer(2*days)), Unknown, "icloud never, computer fresh", "that may be this one"},
		{"nor proves it what stands in a folder here that cannot be read", folder(2*days, func(b *Backup) {
			b.Phase, b.LastGood, b.Attempt, b.Flaw = PhaseDamaged, time.Time{}, time.Time{}, FolderUnreadable
		}), heard(time.Hour, computer(time.Hour)), Unknown, "computer damaged, icloud never, computer fresh", "that may be this one"},
		{"nor what may have come since onto a drive that is away now", with(folder(9*days, nil), func(p *Reading[[]Backup]) { p.Trouble = Offline }), heard(time.Hour, computer(time.Hour)), Unknown, "computer offline, icloud never, computer fresh", "that may be this one"},
		{"nor one that was here and is gone", folder(9*days, func(b *Backup) { *b = b.disappeared(false) }), heard(time.Hour, computer(time.Hour)), Unknown, "computer never, icloud never, computer fresh", "that may be this one"},
		{"nor one on a drive that is away", folder(9*days, func(b *Backup) { b.Phase, b.LastGood, b.Attempt = PhaseOffline, time.Time{}, time.Time{} }), heard(time.Hour, computer(time.Hour)), Unknown, "computer offline, icloud never, computer fresh", ""},

		{"a clock a few hours off changes nothing", nil, heard(time.Hour, clock(-3*time.Hour, 2*days)), OK, "icloud fresh", ""},
		{"a clock that somebody set ahead today makes no backup old", nil, heard(time.Hour, clock(40*days, 9*time.Hour)), Unknown, "icloud fresh", "Date & Time"},
		{"a phone whose clock is behind proves no youth", nil, heard(time.Hour, clock(-40*days, 2*days)), Unknown, "icloud fresh", "behind that of this computer"},
		{"a phone whose clock is ahead is read by its own", nil, heard(time.Hour, clock(40*days, -35*days)), Warning, "icloud stale", "ahead of that of this computer"},
		{"a date ahead of both clocks is none", nil, heard(time.Hour, clock(0, -5*days)), Unknown, "icloud unknown", ""},

		{"a phone that never answered is nobody's", nil, heard(time.Minute, func(p *Phone) { *p = Phone{Device: Device{ID: anna.ID}, SeenAt: p.SeenAt, Trouble: NotPaired} }), Unknown, "", ""},
		{"a television is no phone", nil, heard(time.Minute, func(p *Phone) { p.Device.ProductType = "AppleTV14,1" }), Unknown, "", ""},
		{"a frozen word of iCloud is history", folder(10*days, func(b *Backup) { b.Frozen = Frozen{Yes, ago(11 * days)} }), Reading[[]Phone]{}, Warning, "computer stale, icloud unknown", "names an iCloud backup on 9 Nov"},
		{"a frozen word gives way to the phone's", folder(10*days, func(b *Backup) { b.Frozen = Frozen{No, time.Time{}} }), heard(time.Hour, nil), OK, "computer stale, icloud fresh", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := Judge(Facts{Backups: tt.backups, Phones: tt.phones}, DefaultPolicy(), noon)
			var routes, words []string
			for _, d := range r.Devices {
				words = append(words, d.Why, d.Step)
				for _, route := range d.Routes {
					routes = append(routes, string(route.Kind)+" "+string(route.State))
					words = append(words, route.Why)
				}
			}
			got := strings.Join(routes, ", ")
			if len(r.Devices) > 0 && r.Devices[0].State != tt.state || got != tt.routes {
				t.Errorf("%v, routes %q; want %v, %q", r.State, got, tt.state, tt.routes)
			}
			if all := strings.Join(words, "\n"); !strings.Contains(all, tt.why) {
				t.Errorf("nothing says %q:\n%s", tt.why, all)
			}
		})
	}
}

func TestAPhoneKeepsWhatItSaid(t *testing.T) {
	zone := time.FixedZone("here", 3600)
	night := time.Date(2026, 11, 20, 3, 0, 0, 0, zone)
	yesterday := Phone{
		Device: anna, SeenAt: night.Add(-Day), WiFiAt: night.Add(-Day), At: night.Add(-Day), Transport: ByWiFi,
		Cloud: Told, CloudAt: night.Add(-Day), CloudBackup: Yes, LastCloudBackup: night.Add(-25 * time.Hour),
		PowerAt: night.Add(-Day), Power: No, BatteryPercent: 40, WiFiSync: Yes, Boot: "a", BootAt: night.Add(-Day), SameBootSince: night.Add(-9 * Day),
		Nights: []Night{{Of: "2026-11-18", WiFi: true}},
	}
	carry := func(now Phone) Phone {
		now.Device.ID = anna.ID
		got := CarryPhones([]Phone{yesterday}, []Phone{now}, night)
		if len(got) != 1 {
			t.Fatalf("got %d phones", len(got))
		}
		return got[0]
	}
	t.Run("asleep, it keeps all of it with its time", func(t *testing.T) {
		got := carry(Phone{SeenAt: night, WiFiAt: night, Trouble: Asleep})
		if got.At != yesterday.At || got.CloudAt != yesterday.CloudAt || got.LastCloudBackup != yesterday.LastCloudBackup || got.Boot != "a" || got.Device.Name != anna.Name {
			t.Errorf("got %+v", got)
		}
		if got.SeenAt != night || got.Trouble != Asleep || got.WiFiAt != night {
			t.Errorf("the new sight is lost: %+v", got)
		}
	})
	t.Run("away, it stays as it was", func(t *testing.T) {
		if got := CarryPhones([]Phone{yesterday}, nil, night); len(got) != 1 || got[0].SeenAt != yesterday.SeenAt {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("a stranger's phone is forgotten when it goes", func(t *testing.T) {
		if got := CarryPhones([]Phone{{Device: Device{ID: "x"}, SeenAt: night, Trouble: NotPaired}}, nil, night); len(got) != 0 {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("what it denies now is not kept", func(t *testing.T) {
		got := carry(Phone{At: night, SeenAt: night, Cloud: Told, CloudAt: night, CloudBackup: No})
		if !got.LastCloudBackup.IsZero() || got.CloudBackup != No {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("what is known of its clock holds when it goes before it told the time", func(t *testing.T) {
		yesterday := yesterday
		yesterday.ClockAt, yesterday.ClockOff = night.Add(-Day), 40*Day
		got := CarryPhones([]Phone{yesterday}, []Phone{{Device: anna, At: night, SeenAt: night, Cloud: Told, CloudAt: night, Trouble: Asleep}}, night)[0]
		if !got.wrongClock() || !got.CloudAt.Equal(night) {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("a new boot session is a restart after the last time it was heard", func(t *testing.T) {
		got := carry(Phone{At: night, SeenAt: night, Boot: "b", BootAt: night})
		if got.SameBootSince != night || got.RestartAfter != yesterday.BootAt {
			t.Errorf("got %+v", got)
		}
		same := carry(Phone{At: night, SeenAt: night, Boot: "a", BootAt: night})
		if same.SameBootSince != yesterday.SameBootSince || !same.RestartAfter.IsZero() {
			t.Errorf("got %+v", same)
		}
	})
	t.Run("on a cable at night it has power, and what Wi-Fi told of it stays", func(t *testing.T) {
		got := carry(Phone{At: night, SeenAt: night, Transport: ByCable})
		want := Night{Of: "2026-11-19", Powered: true}
		if got.PowerAt != yesterday.PowerAt || len(got.Nights) != 2 || got.Nights[1] != want {
			t.Errorf("got %+v", got.Nights)
		}
	})
	t.Run("an afternoon is no night", func(t *testing.T) {
		noon := night.Add(10 * time.Hour)
		if got := carry(Phone{At: noon, SeenAt: noon, PowerAt: noon, Power: Yes, Transport: ByWiFi}); len(got.Nights) != 1 {
			t.Errorf("got %+v", got.Nights)
		}
	})
	t.Run("the same answers again change nothing", func(t *testing.T) {
		fresh := Phone{Device: anna, At: night, SeenAt: night, PowerAt: night, Power: Yes, Transport: ByWiFi, WiFiAt: night, Boot: "b", BootAt: night}
		once := carry(fresh)
		twice := CarryPhones([]Phone{once}, []Phone{fresh}, night.Add(5*time.Minute))[0]
		if once.Boot != twice.Boot || once.RestartAfter != twice.RestartAfter || len(once.Nights) != len(twice.Nights) || once.SameBootSince != twice.SameBootSince {
			t.Errorf("once %+v\ntwice %+v", once, twice)
		}
	})
}

func TestAPhoneAheadOfTheClockSaysNothing(t *testing.T) {
	r := Judge(Facts{Phones: heard(-400*days, nil)}, DefaultPolicy(), noon)
	if r.State != Unknown || len(r.Devices) != 0 {
		t.Errorf("%v with %+v; a reading of next year was made by a wrong clock", r.State, r.Devices)
	}
}

func TestWhatAWrongClockLeftBehindIsForgotten(t *testing.T) {
	ahead := Phone{
		Device: anna, SeenAt: noon.Add(30 * days), WiFiAt: noon.Add(30 * days), At: ago(days), CloudAt: ago(days), LastCloudBackup: ago(5 * days), CloudBackup: Yes,
		Boot: "a", BootAt: noon.Add(30 * days), Nights: []Night{{Of: "2026-12-18", WiFi: true, Dark: true}, {Of: "2026-11-18", WiFi: true}},
	}
	now := Phone{Device: anna, SeenAt: noon, WiFiAt: noon, At: noon, Transport: ByWiFi, Boot: "a", BootAt: noon}
	got := CarryPhones([]Phone{ahead}, []Phone{now}, noon)[0]
	if !got.WiFiAt.Equal(noon) || len(got.Nights) != 1 || got.Nights[0].Of != "2026-11-18" {
		t.Errorf("got %+v", got)
	}
	told := Phone{Device: anna, At: noon, SeenAt: noon, Cloud: Told, CloudAt: noon, CloudBackup: Yes, LastCloudBackup: noon.Add(9 * days)}
	first := CarryPhones(nil, []Phone{told}, noon)
	later := told
	later.At, later.SeenAt, later.CloudAt = noon.Add(10*days), noon.Add(10*days), noon.Add(10*days)
	if _, weak := CarryPhones(first, []Phone{later}, later.At)[0].cloud(); !weak {
		t.Error("a date that was told nine days early has become proof")
	}
	facts := Facts{Phones: Reading[[]Phone]{Value: []Phone{told}, GoodAt: noon}}.Tried(anna.ID, Trial{Fix: WiFi, At: ago(time.Hour)})
	if got := facts.Prune(facts, noon); len(got.Trials) != 1 {
		t.Error("a date in the future answers what was tried")
	}
}

func TestAPhoneThatIsNeverHeardAgainIsForgotten(t *testing.T) {
	sold := heard(89*days, nil).Value
	if got := CarryPhones(sold, nil, noon); len(got) != 1 {
		t.Error("forgotten too early")
	}
	if got := CarryPhones(sold, nil, noon.Add(2*days)); len(got) != 0 {
		t.Error("remembered for ever")
	}
	r := Judge(Facts{Phones: heard(30*days, nil)}, DefaultPolicy(), noon)
	if !strings.Contains(r.Devices[0].Step, "ignore it") || !r.Devices[0].NothingPoints() {
		t.Errorf("after a month: %q, %v", r.Devices[0].Step, r.Devices[0].Fixes[0])
	}
}

func TestAMorningWithAFullBatteryIsNoNightWithoutPower(t *testing.T) {
	at := func(hour int, power Answer, battery int) Night {
		when := time.Date(2026, 11, 20, hour, 30, 0, 0, time.UTC)
		nights := Phone{At: when, PowerAt: when, Power: power, BatteryPercent: battery, Transport: ByWiFi}.nights(nil, time.UTC)
		if len(nights) != 1 {
			t.Fatalf("%d nights at %d:30", len(nights), hour)
		}
		return nights[0]
	}
	if n := at(7, No, 60); n.Dark {
		t.Error("picked up in the morning counts as a night without power")
	}
	if n := at(2, No, 99); !n.Powered {
		t.Error("a full battery at night was not on power")
	}
	if n := at(2, No, 60); !n.Dark || n.Powered {
		t.Errorf("half past two without power: %+v", n)
	}
}

func TestTheRoomOnTheDisk(t *testing.T) {
	const gb = gigabyte
	tests := []struct {
		name       string
		age        time.Duration
		size, free int64
		seen       time.Duration
		obstacle   bool
		word       string
	}{
		{"plenty", 1 * days, 40 * gb, 100 * gb, 0, false, ""},
		{"less than a whole backup is a word", 1 * days, 40 * gb, 30 * gb, 0, false, "Only 30.0 GB are free on its disk; this backup takes 40.0 GB."},
		{"less than a tenth stands in the way", 1 * days, 40 * gb, 3 * gb, 0, true, "Only 3.0 GB"},
		{"less than 1 GB does, too, whatever its size", 10 * days, 0, gb / 2, 0, true, "Only 500 MB are free on its disk."},
		{"an old look does not count", 10 * days, 0, gb / 2, 2 * days, false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := complete(anna, tt.age)
			b.Size = tt.size
			volumes := Reading[[]Volume]{Value: []Volume{{Path: "/backups", Free: tt.free, Total: 500 * gb}, {Path: "/back", Free: 1}}, GoodAt: ago(tt.seen)}
			r := Judge(Facts{Backups: []Reading[[]Backup]{place(b)}, Volumes: volumes}, DefaultPolicy(), noon)
			if got := len(r.Obstacles) == 1 && r.Obstacles[0].Code == DiskFull; got != tt.obstacle {
				t.Errorf("obstacles %+v, want one: %v", r.Obstacles, tt.obstacle)
			}
			if why := r.Devices[0].Routes[0].Why; !strings.Contains(why, tt.word) || tt.word == "" && strings.Contains(why, "free") {
				t.Errorf("%q, want %q", why, tt.word)
			}
		})
	}
	t.Run("a disk that does not tell its size is not full, and archives need no room", func(t *testing.T) {
		archive := complete(anna, 1*days)
		archive.Archive = true
		for _, f := range []Facts{
			{Backups: []Reading[[]Backup]{place(complete(anna, 1*days))}, Volumes: Reading[[]Volume]{Value: []Volume{{Path: "/backups"}}, GoodAt: noon}},
			{Backups: []Reading[[]Backup]{place(archive)}, Volumes: Reading[[]Volume]{Value: []Volume{{Path: "/backups", Free: 1, Total: 5}}, GoodAt: noon}},
		} {
			if r := Judge(f, DefaultPolicy(), noon); len(r.Obstacles) != 0 {
				t.Errorf("%+v", r.Obstacles)
			}
		}
	})
	t.Run("of a device that is safe in iCloud it is no obstacle", func(t *testing.T) {
		volumes := Reading[[]Volume]{Value: []Volume{{Path: "/backups", Free: 1, Total: 9}}, GoodAt: noon}
		r := Judge(Facts{Backups: []Reading[[]Backup]{place(complete(anna, 365*days))}, Phones: heard(time.Hour, nil), Volumes: volumes}, DefaultPolicy(), noon)
		if r.State != OK || len(r.Obstacles) != 0 {
			t.Errorf("%v, %+v", r.State, r.Obstacles)
		}
	})
}

func TestLostTrustStandsInTheWayOnlyOfWhatIsNotSafe(t *testing.T) {
	lost := func(p *Phone) { p.Trouble, p.SeenAt, p.LastCloudBackup = NotTrusted, ago(time.Minute), ago(10*days) }
	r := Judge(Facts{Phones: heard(5*days, lost)}, DefaultPolicy(), noon)
	if len(r.Obstacles) != 1 || r.Obstacles[0].Code != PairingExpired || r.State != Warning {
		t.Errorf("%v, %+v", r.State, r.Obstacles)
	}
	r = Judge(Facts{Phones: heard(5*days, lost), Backups: []Reading[[]Backup]{place(complete(anna, 1*days))}}, DefaultPolicy(), noon)
	if len(r.Obstacles) != 0 || r.State != OK {
		t.Errorf("a device with a young backup: %v, %+v", r.State, r.Obstacles)
	}
}

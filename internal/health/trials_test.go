package health

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func tried(fix Code, age time.Duration) Trial { return Trial{Fix: fix, At: ago(age), Failed: true} }
func done(fix Code, age time.Duration) Trial  { return Trial{Fix: fix, At: ago(age)} }

func withTrials(f Facts, trials ...Trial) Facts {
	f.Trials = map[string][]Trial{anna.ID: trials}
	return f
}

func TestWhatWasTriedInVainStepsBack(t *testing.T) {
	late := Facts{Backups: []Reading[[]Backup]{place(complete(anna, 11*days))}}
	quiet := late
	quiet.Feed = quietFeed(time.Minute)
	outage := late
	outage.Feed = quietFeed(time.Minute)
	outage.Feed.Value.Incidents = []Incident{{Service: ICloudBackup, Kind: KindOutage, Status: Ongoing, Start: ago(time.Hour)}}
	hint := outage
	hint.Feed.Value.Incidents = []Incident{{Service: ICloudBackup, Status: Ongoing, Start: ago(time.Hour)}}
	little := late
	little.Quota = Reading[Quota]{Value: Quota{Remaining: 100}, GoodAt: noon}
	gentle := []Trial{tried(ICloudSettings, 1*days), tried(WiFi, 1*days), tried(Power, 1*days), tried(AppleStatus, 1*days), tried(Restart, 1*days), tried(UpdateIOS, 1*days)}

	tests := []struct {
		name  string
		facts Facts
		want  string
	}{
		{"nothing tried", late, "icloud-settings wifi power apple-status restart update-ios icloud-storage sign-out reset-settings"},
		{"one that did not help comes after all that were not tried", withTrials(late, tried(ICloudSettings, 1*days)), "wifi power apple-status restart update-ios icloud-storage sign-out reset-settings icloud-settings"},
		{"and before what is ruled out", withTrials(quiet, tried(ICloudSettings, 1*days)), "wifi power restart update-ios icloud-storage sign-out reset-settings icloud-settings apple-status"},
		{"one that is ruled out stays there, tried or not", withTrials(quiet, tried(AppleStatus, 1*days)), "icloud-settings wifi power restart update-ios icloud-storage sign-out reset-settings apple-status"},
		{"several that did not help keep their order by odds", withTrials(little, tried(Power, 1*days), tried(StorageSpace, 2*days), tried(WiFi, 3*days)), "icloud-settings apple-status restart update-ios sign-out reset-settings icloud-storage wifi power"},
		{"one that was just done waits in its place for the night", withTrials(late, done(ICloudSettings, 2*time.Hour)), "icloud-settings wifi power apple-status restart update-ios icloud-storage sign-out reset-settings"},
		{"a night later it has not helped", withTrials(late, done(ICloudSettings, 1*days)), "wifi power apple-status restart update-ios icloud-storage sign-out reset-settings icloud-settings"},
		{"done again after it did not help is a new try", withTrials(late, tried(ICloudSettings, 3*days), done(ICloudSettings, 2*time.Hour)), "icloud-settings wifi power apple-status restart update-ios icloud-storage sign-out reset-settings"},
		{"the newest trial counts, wherever it stands", withTrials(late, done(ICloudSettings, 2*time.Hour), tried(ICloudSettings, 3*days)), "icloud-settings wifi power apple-status restart update-ios icloud-storage sign-out reset-settings"},
		{"tries before the last backup are history", withTrials(late, tried(ICloudSettings, 12*days)), "icloud-settings wifi power apple-status restart update-ios icloud-storage sign-out reset-settings"},
		{"an outage that is certain leads though waiting has not helped yet", withTrials(outage, tried(AppleStatus, 1*days)), "apple-status icloud-settings wifi power restart update-ios icloud-storage sign-out reset-settings"},
		{"trouble that is only likely does not", withTrials(hint, tried(AppleStatus, 1*days)), "icloud-settings wifi power restart update-ios icloud-storage sign-out reset-settings apple-status"},
		{"when all the gentle ones were tried, resetting is worth a thought", withTrials(late, gentle...), "reset-settings icloud-storage sign-out icloud-settings wifi power apple-status restart update-ios"},
		{"but not while Apple is down", withTrials(outage, gentle...), "apple-status icloud-storage sign-out icloud-settings wifi power restart update-ios reset-settings"},
		{"nor before the last of them was given its night", withTrials(late, append(gentle[:5:5], done(UpdateIOS, time.Hour))...), "update-ios icloud-storage sign-out reset-settings icloud-settings wifi power apple-status restart"},
		{"tries on another device count for that one", Facts{Backups: late.Backups, Trials: map[string][]Trial{"bbbbbbbb": gentle}}, "icloud-settings wifi power apple-status restart update-ios icloud-storage sign-out reset-settings"},
		{"a date ahead of the clock counts as now", withTrials(late, done(ICloudSettings, -400*days)), "icloud-settings wifi power apple-status restart update-ios icloud-storage sign-out reset-settings"},
		{"a fix that nobody knows is nothing", withTrials(late, tried("prayer", 1*days)), "icloud-settings wifi power apple-status restart update-ios icloud-storage sign-out reset-settings"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, o := range Judge(tt.facts, DefaultPolicy(), noon).Devices[0].Fixes {
				got = append(got, string(o.Code))
				if said := strings.Contains(o.Why, "Tried on") || strings.Contains(o.Why, "Done on"); (o.Tried != nil) != said {
					t.Errorf("%s: tried %+v, but it says %q", o.Code, o.Tried, o.Why)
				}
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("\n got %s\nwant %s", s, tt.want)
			}
		})
	}
}

func TestNothingThatWasTriedInVainComesFirst(t *testing.T) {
	late := Facts{Backups: []Reading[[]Backup]{place(complete(anna, 11*days))}}
	quiet, outage := late, late
	quiet.Feed, outage.Feed = quietFeed(time.Minute), quietFeed(time.Minute)
	outage.Feed.Value.Incidents = []Incident{{Service: ICloudBackup, Kind: KindOutage, Status: Ongoing, Start: ago(time.Hour)}}
	var all []Trial
	for _, r := range rules {
		all = append(all, tried(r.code, 1*days))
	}
	if top := Judge(withTrials(late, all...), DefaultPolicy(), noon).Devices[0].Fixes[0].Code; top != ICloudSettings {
		t.Errorf("starting over begins with %s, which costs more than others", top)
	}
	tests := []struct {
		name  string
		facts Facts
		first Code
		spent bool
	}{
		{"nothing tried", late, ICloudSettings, false},
		{"the first one tried", withTrials(late, tried(ICloudSettings, 1*days)), WiFi, false},
		{"all nine tried", withTrials(late, all...), "", true},
		{"all tried but what is ruled out", withTrials(quiet, slices.DeleteFunc(slices.Clone(all), func(t Trial) bool { return t.Fix == AppleStatus })...), "", true},
		{"one of them done anew", withTrials(late, append(slices.Clone(all), done(Restart, time.Hour))...), Restart, false},
		{"all tried, and Apple is down", withTrials(outage, all...), AppleStatus, false},
		{"no device in need", Facts{Backups: []Reading[[]Backup]{place(complete(anna, time.Hour))}}, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := Judge(tt.facts, DefaultPolicy(), noon).Devices[0]
			first, found := v.First()
			if first.Code != tt.first || found != (tt.first != "") || v.AllTried() != tt.spent {
				t.Errorf("first is %q (%v), all tried %v", first.Code, found, v.AllTried())
			}
		})
	}
	v := Verdict{Fixes: []Opinion{{Odds: RuledOut, Tried: &Trial{Failed: true}}}}
	if _, found := v.First(); found || v.AllTried() {
		t.Error("what is ruled out is neither first nor tried")
	}
}

func TestTheEvidenceStandsAloneToo(t *testing.T) {
	late := Facts{Backups: []Reading[[]Backup]{place(complete(anna, 11*days))}}
	plain, after := Judge(late, DefaultPolicy(), noon).Devices[0].Fixes, Judge(withTrials(late, tried(WiFi, 1*days)), DefaultPolicy(), noon).Devices[0].Fixes
	evidence := map[Code]string{}
	for _, o := range plain {
		evidence[o.Code] = o.Why
		if o.Evidence != "" {
			t.Errorf("%s was not tried, but its evidence is told apart: %q", o.Code, o.Evidence)
		}
	}
	for _, o := range after {
		if o.Code == WiFi && (o.Evidence != evidence[WiFi] || !strings.HasPrefix(o.Why, o.Evidence+" Tried on")) {
			t.Errorf("evidence %q of %q", o.Evidence, o.Why)
		}
	}
}

func TestWhatWasDoneHasAWholeNight(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no zone data on this system")
	}
	at := func(s string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	tests := []struct {
		name, done, now string
		open            bool
	}{
		{"the same evening", "2026-11-20 18:00", "2026-11-20 23:00", true},
		{"in the night", "2026-11-20 18:00", "2026-11-21 07:59", true},
		{"not in the morning", "2026-11-20 18:00", "2026-11-21 08:00", false},
		{"done at night, the rest of it is not a whole one", "2026-11-20 23:00", "2026-11-21 12:00", true},
		{"done after midnight, likewise", "2026-11-21 02:00", "2026-11-21 12:00", true},
		{"until the morning after", "2026-11-21 02:00", "2026-11-22 08:00", false},
		{"a night in which the clock goes back is one night", "2026-10-24 18:00", "2026-10-25 07:59", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := at(tt.now)
			f := Facts{
				Backups: []Reading[[]Backup]{{Value: []Backup{{Device: anna, Phase: PhaseComplete, LastGood: now.Add(-20 * days)}}}},
				Trials:  map[string][]Trial{anna.ID: {{Fix: WiFi, At: at(tt.done).UTC()}}},
			}
			for _, o := range Judge(f, DefaultPolicy(), now).Devices[0].Fixes {
				if o.Code == WiFi && o.Tried.Failed == tt.open {
					t.Errorf("counts as failed: %v; %s", o.Tried.Failed, o.Why)
				}
			}
		})
	}
}

func TestJudgingLeavesTheTrialsAlone(t *testing.T) {
	f := withTrials(Facts{Backups: []Reading[[]Backup]{place(complete(anna, 11*days))}}, done(WiFi, 3*days))
	r := Judge(f, DefaultPolicy(), noon)
	for _, o := range r.Devices[0].Fixes {
		if o.Tried != nil {
			o.Tried.Fix = "changed"
		}
	}
	if got := f.Trials[anna.ID]; !reflect.DeepEqual(got, []Trial{done(WiFi, 3*days)}) {
		t.Errorf("the facts have become %+v", got)
	}
}

func TestATrialReplacesTheOneBefore(t *testing.T) {
	var f Facts
	one := f.Tried(anna.ID, done(WiFi, 3*days))
	two := one.Tried(anna.ID, done(Power, 2*days))
	three := two.Tried(anna.ID, tried(WiFi, 1*days))
	for _, c := range []struct {
		facts Facts
		want  []Trial
	}{
		{f, nil},
		{one, []Trial{done(WiFi, 3*days)}},
		{two, []Trial{done(WiFi, 3*days), done(Power, 2*days)}},
		{three, []Trial{done(Power, 2*days), tried(WiFi, 1*days)}},
		{three.Tried(anna.ID, tried("prayer", 0)), []Trial{done(Power, 2*days), tried(WiFi, 1*days)}},
	} {
		if got := c.facts.Trials[anna.ID]; !slices.Equal(got, c.want) {
			t.Errorf("got %+v, want %+v", got, c.want)
		}
	}
}

func TestANewBackupAnswersTheTrials(t *testing.T) {
	known := Facts{Backups: []Reading[[]Backup]{place(complete(anna, 11*days))}}
	with := func(change func(*Backup)) Facts {
		b := complete(anna, 11*days)
		change(&b)
		return Facts{Backups: []Reading[[]Backup]{place(b)}}
	}
	cloud := known
	cloud.Phones = Reading[[]Phone]{Value: []Phone{{Device: anna, CloudAt: noon, LastCloudBackup: ago(time.Hour)}}}
	never := with(func(b *Backup) { b.LastGood = time.Time{} })
	other := known
	other.Backups = []Reading[[]Backup]{place(complete(anna, 11*days), complete(Device{ID: "bbbbbbbb"}, 0))}
	tests := []struct {
		name          string
		before, after Facts
		trials        int
	}{
		{"no new backup, no answer", known, known, 2},
		{"a backup after all trials", known, with(func(b *Backup) { b.LastGood = ago(time.Hour) }), 0},
		{"a backup made before the click is one as well", known, with(func(b *Backup) { b.LastGood = ago(4 * days) }), 0},
		{"a backup in between that was known already answers the earlier one", with(func(b *Backup) { b.LastGood = ago(60 * time.Hour) }), with(func(b *Backup) { b.LastGood = ago(60 * time.Hour) }), 1},
		{"one that is not proven is no answer", known, with(func(b *Backup) { b.LastGood, b.Weak = ago(time.Hour), StatusMissing }), 2},
		{"one over iCloud is", known, cloud, 0},
		{"the first one ever is", never, with(func(b *Backup) { b.LastGood = ago(4 * days) }), 0},
		{"one of another device is not", known, other, 2},
		{"a drive that is away is no answer", known, with(func(b *Backup) { b.Phase = PhaseOffline }), 2},
		{"a backup that was deleted is none", known, with(func(b *Backup) { b.Phase, b.LastGood = PhaseGone, time.Time{} }), 2},
		{"a folder that is seen for the first time tells nothing new", Facts{}, known, 2},
		{"a device that is not in sight keeps its trials", known, Facts{}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			after := withTrials(tt.after, tried(WiFi, 3*days), done(Power, 2*days))
			got := after.Prune(tt.before, noon)
			if n := len(got.Trials[anna.ID]); n != tt.trials {
				t.Errorf("%d trials are left, want %d: %+v", n, tt.trials, got.Trials)
			}
			if tt.trials == 0 && got.Trials != nil {
				t.Errorf("an empty map is left: %v", got.Trials)
			}
			if len(after.Trials[anna.ID]) != 2 {
				t.Error("the facts before have changed")
			}
		})
	}
	t.Run("a date ahead of the clock becomes now", func(t *testing.T) {
		got := withTrials(known, done(Power, -400*days)).Prune(known, noon).Trials[anna.ID]
		if len(got) != 1 || got[0].At != noon {
			t.Errorf("got %+v", got)
		}
	})
}

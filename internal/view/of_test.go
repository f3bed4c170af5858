package view

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ninelives/internal/health"
)

func TestThePictureOfEveryStateAndFirstFix(t *testing.T) {
	ages := map[health.State]time.Duration{health.Unknown: 2 * days, health.Warning: 12 * days, health.Critical: 15 * days}
	for state, age := range ages {
		for _, code := range codes {
			t.Run(fmt.Sprintf("%s-%s", state, code), func(t *testing.T) {
				late := with(device("Ben's iPhone", state, age), func(v *health.Verdict) { v.Fixes = opinions(code) })
				r := report(late, device("Anna's iPhone", health.OK, 3*time.Hour))
				golden(t, "states/"+state.String()+"-"+string(code)+".txt", picture(r, session()))
			})
		}
	}
	golden(t, "states/ok.txt", picture(report(device("Anna's iPhone", health.OK, 3*time.Hour)), session()))
}

// picture is the screen and the terminal, of one report.
func picture(r health.Report, s Session) string {
	return screen(Of(r, s, now)) + "\ncheck:\n" + Text(r, now, TextStyle{})
}

func TestThePictureOfEveryStory(t *testing.T) {
	bens := func() health.Verdict { return device("Ben's iPhone", health.Warning, 12*days) }
	annas := func() health.Verdict { return device("Anna's iPhone", health.OK, 3*time.Hour) }
	ben, anna := bens(), annas()
	many := func(n int, name string, state health.State, age time.Duration) (all []health.Verdict) {
		for i := range n {
			all = append(all, device(fmt.Sprintf("%s %02d", name, i+1), state, age))
		}
		return all
	}
	stories := []struct {
		name    string
		report  health.Report
		session Session
	}{
		{"just started", health.Report{}, Session{}},
		{"the first round is under way", health.Report{}, Session{Checking: true}},
		{"a later round is under way and the icon stays", report(anna), with(session(), func(s *Session) { s.Checking = true })},
		{"no backups anywhere", report(), session()},
		{"the backups may not be read", with(report(), func(r *health.Report) {
			r.Sources[0].Trouble, r.Sources[0].ReadAt, r.Sources[0].Detail = health.NoPermission, time.Time{}, "open /backups: operation not permitted"
			r.Obstacles = []health.Obstacle{{Code: health.FullDiskAccess, Path: "/backups", Title: "Nine Lives may not read the backups on this computer", Remedy: "Open System Settings > Privacy & Security > Full Disk Access, switch Nine Lives on, then quit it and start it again."}}
		}), session()},
		{"many obstacles fold", with(report(ben), func(r *health.Report) {
			for i := range 8 {
				r.Obstacles = append(r.Obstacles, health.Obstacle{Code: health.DamagedBackup, Device: fmt.Sprint(i), Path: "/backups/x", Title: fmt.Sprintf("The backup of iPad %d on this computer is damaged", i), Remedy: "Rename the folder."})
			}
		}), with(session(), func(s *Session) { s.OS = "linux" })},
		{"bad settings and a full disk are said first", report(anna), with(session(), func(s *Session) {
			s.Notices = []string{"config.toml, line 3: check_every is \"soon\"; want a duration such as 6h, or a cron line of five fields. The settings before stay.", "What was said cannot be remembered: the disk is full"}
		})},
		{"settings written by hand have a row", report(anna), with(session(), func(s *Session) {
			s.CheckEvery, s.WarnAfter, s.AtLogin, s.OS = "0 9,21 * * *", "10d", health.No, "windows"
		})},
		{"snoozed for a week", report(ben, anna), with(session(), func(s *Session) {
			s.Snoozed = map[string]time.Time{ben.ID: now.Add(6 * days), anna.ID: ageOf(time.Hour)}
		})},
		{"snoozed until the next backup", report(ben), with(session(), func(s *Session) {
			s.Snoozed = map[string]time.Time{ben.ID: UntilBackup}
		})},
		{"an outage explains it", report(with(bens(), func(v *health.Verdict) {
			v.Hold = &health.Hold{Since: ageOf(8 * time.Hour)}
			v.Fixes = opinions(health.AppleStatus)
		})), session()},
		{"an ignored device can be brought back", report(anna, with(bens(), func(v *health.Verdict) { v.Ignored = true })), session()},
		{"every device is ignored", report(with(bens(), func(v *health.Verdict) { v.Ignored = true })), session()},
		{"fifty fine devices fold", report(many(50, "iPhone", health.OK, time.Hour)...), session()},
		{"twenty late devices fold", report(append(many(20, "iPad", health.Critical, 20*days), many(20, "iPhone", health.OK, time.Hour)...)...), session()},
		{"a device without any proven backup", report(with(bens(), func(v *health.Verdict) {
			v.State, v.LastGood, v.Why = health.Critical, time.Time{}, "The first backup never finished."
			v.Routes = []health.Route{{Kind: health.ComputerRoute, State: health.RouteUnfinished, LastAttempt: ageOf(3 * days), Path: "/backups/b", Limits: v.Limits, Why: "Only a placeholder."}}
		})), session()},
		{"nothing points to a cause", report(with(bens(), func(v *health.Verdict) { v.Fixes = opinions("") })), session()},
		{"no fix is left", report(with(bens(), func(v *health.Verdict) {
			v.Fixes = opinions("")
			for i := range v.Fixes {
				v.Fixes[i].Odds = health.RuledOut
			}
		})), session()},
		{"all that fits was tried", report(with(bens(), func(v *health.Verdict) { v.Fixes = allTried() })), session()},
		{"all was tried and nothing can be read", report(with(bens(), func(v *health.Verdict) { v.Fixes, v.Step = allTried(), "" })), session()},
		{"two routes and a drive that is away", report(with(annas(), func(v *health.Verdict) {
			v.Routes[0].State, v.Routes[0].Weak, v.Routes[0].Encrypted = health.RouteOffline, true, health.No
			v.Routes = append(v.Routes, health.Route{Kind: health.ICloudRoute, State: health.RouteFresh, LastGood: v.LastGood, Limits: health.DefaultPolicy().ICloud, Why: "Last iCloud backup on 20 Nov, told by the device 1 hour ago."})
		})), session()},
		{"Apple cannot be asked", with(report(anna), func(r *health.Report) {
			r.Sources[1].Trouble, r.Sources[1].ReadAt, r.Sources[1].Detail = health.Offline, ageOf(30*time.Hour), "dial tcp: no route to host"
		}), session()},
	}
	for _, story := range stories {
		t.Run(story.name, func(t *testing.T) {
			golden(t, "stories/"+strings.ReplaceAll(story.name, " ", "-")+".txt", picture(story.report, story.session))
		})
	}
}

func TestTheIconNeverShowsGreenWithoutProof(t *testing.T) {
	for name, r := range map[string]health.Report{
		"no report":                        {},
		"no devices":                       {At: now},
		"a report that says ok of nothing": {At: now, State: health.OK},
		"an ok device without a date":      report(with(device("x", health.OK, 0), func(v *health.Verdict) { v.LastGood, v.Routes = time.Time{}, nil })),
		"an ok device without limits":      report(with(device("x", health.OK, 0), func(v *health.Verdict) { v.Limits, v.Routes = health.Limits{}, nil })),
		"a date far ahead of the clock":    report(device("x", health.OK, -3*days)),
		"all devices ignored":              report(with(device("x", health.OK, 0), func(v *health.Verdict) { v.Ignored = true })),
		"a report worse than its devices":  with(report(device("x", health.OK, 0)), func(r *health.Report) { r.State = health.Unknown }),
	} {
		t.Run(name, func(t *testing.T) {
			for _, checking := range []bool{false, true} {
				v := Of(r, Session{Checking: checking, NextCheck: now.Add(time.Hour)}, now)
				if v.Icon == IconOK {
					t.Errorf("checking %v: the icon is green", checking)
				}
			}
		})
	}
}

func TestTheTooltipFitsTheNarrowestHost(t *testing.T) {
	for _, name := range []string{"Ben", strings.Repeat("Ä", 5000), strings.Repeat("👨‍👩‍👧‍👦", 40), strings.Repeat("😀", 40), "a\nb\x00c"} {
		for _, state := range []health.State{health.Unknown, health.Warning, health.Critical} {
			got := Of(report(device(name, state, 2000*days), device("y", health.OK, days)), session(), now).Tooltip
			if n := units(got); n > tooltipUnits {
				t.Errorf("%d units: %q", n, got)
			}
			if !strings.HasPrefix(got, "Nine Lives: 1 of 2 devices") {
				t.Errorf("no state in words: %q", got)
			}
		}
	}
}

package view

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ninelives/internal/health"
)

func TestWelcomeLeadsOn(t *testing.T) {
	source := func(trouble health.Trouble) health.Report {
		r := report()
		r.Sources[0].Trouble = trouble
		return r
	}
	for _, c := range []struct {
		name   string
		report health.Report
		os     string
		access health.Answer
		needed bool
		title  string
		does   string // the actions of its steps
	}{
		{"just started", health.Report{}, "darwin", health.DontKnow, true, "Nine Lives has not looked yet", "check-now"},
		{"a Mac that keeps it out", source(health.NoPermission), "darwin", health.No, true, "One permission is missing", "open-obstacle"},
		{"a folder that may not be read", source(health.NoPermission), "linux", health.No, true, "One permission is missing", "open-obstacle check-now"},
		{"no folder on Linux", source(health.NotFound), "linux", health.DontKnow, true, "No backup found on this computer yet", "/settings#folders check-now"},
		{"no folder on a Mac", source(health.NotFound), "darwin", health.DontKnow, true, "No backup found on this computer yet", "/settings#folders check-now"},
		{"an empty folder on Windows", report(), "windows", health.Yes, true, "No backup found on this computer yet", "/settings#folders check-now"},
		{"a drive that is away is not the same as none", source(health.Offline), "darwin", health.DontKnow, true, "The backups on this computer could not be read", "/sources check-now"},
		{"granted", report(device("x", health.OK, 0)), "darwin", health.Yes, false, "Nine Lives can see your backups", ""},
		{"granted, and all ignored", report(with(device("x", health.OK, 0), func(v *health.Verdict) { v.Ignored = true })), "darwin", health.Yes, false, "Nine Lives can see your backups", ""},
		{"one of two places is locked", with(report(device("x", health.OK, 0)), func(r *health.Report) {
			r.Sources = append(r.Sources, health.SourceState{Kind: health.SourceMobileSync, Where: "/b", Trouble: health.NoPermission})
		}), "darwin", health.No, false, "One permission is missing", "open-obstacle"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := PageOf(c.report, Session{OS: c.os}, now).Welcome
			var does []string
			for _, s := range w.Steps {
				if s.Action.Label != "" {
					does = append(does, string(s.Action.Command.Verb)+s.Action.Link)
				}
			}
			if w.Access != c.access || w.Needed != c.needed || w.Title != c.title || strings.Join(does, " ") != c.does {
				t.Errorf("got %q %v %q %q", w.Access, w.Needed, w.Title, does)
			}
		})
	}
	if steps := welcomeOf(source(health.NoPermission), Session{OS: "darwin"}, now).Steps; len(steps) != 3 {
		t.Errorf("%d steps to Full Disk Access", len(steps))
	}
}

func TestAFirstStartAsksNothingTwice(t *testing.T) {
	for at, want := range map[health.Answer]string{health.Yes: "off", health.No: "on", health.DontKnow: ""} {
		first := PageOf(report(device("x", health.OK, 0)), Session{OS: "linux", AtLogin: at}, now).Welcome.First
		if len(first) != 3 || first[0].Action.Label != "" || first[1].Action.Command.Verb != TestNotice {
			t.Fatalf("%+v", first)
		}
		if login := first[2]; login.Done != at || login.Action.Command.Arg != want || (at == health.DontKnow) != (login.Action.Label == "") {
			t.Errorf("start at login %q: %+v", at, login)
		}
	}
}

func TestNamelessHidesNamesAndPaths(t *testing.T) {
	ben := device("Ben's iPhone", health.Warning, 12*days)
	short := device("e", health.Warning, 12*days)
	alike := device("iPhone 1", health.OK, 0)
	other := with(device("Mum", health.OK, 0), func(v *health.Verdict) { v.ProductType = "" })
	r := report(ben, short, alike, other)
	r.Obstacles = []health.Obstacle{
		{Code: health.DamagedBackup, Device: ben.ID, Path: "/home/mum/b", Title: "The backup of Ben's iPhone on this computer is damaged", Remedy: "Rename the folder /home/mum/b, then connect Ben's iPhone."},
		{Code: health.UnfinishedBackup, Device: short.ID, Title: "The last backup of e to this computer never finished"},
	}
	r.Sources[0].Where, r.Sources[0].Trouble, r.Sources[0].Detail = "/home/mum", health.Failed, "open /home/mum: no"
	s := session()
	s.HideNames = true
	s.Notices = []string{"/home/mum/config.toml, line 3: (~/x) “Ben's iPhone” is not known", `C:\Users\mum: no`}
	p := PageOf(r, s, now)
	all := fmt.Sprintf("%+v", p)
	for _, name := range []string{"Ben", "Mum", "mum", "/home"} {
		if strings.Contains(all, name) {
			t.Errorf("%q is still there", name)
		}
	}
	if got := p.Obstacles[0].Remedy; !strings.HasPrefix(got, "Rename the folder [hidden folder], then connect iPhone ") {
		t.Errorf("remedy: %s", got)
	}
	if got := p.Obstacles[1].Title; !strings.HasPrefix(got, "The last backup of iPhone ") || !strings.HasSuffix(got, " to this computer never finished") {
		t.Errorf("a name of one letter: %s", got)
	}
	names := map[string]bool{}
	for _, c := range p.Cards {
		if names[c.Name] {
			t.Errorf("two devices are called %s", c.Name)
		}
		names[c.Name] = true
	}
	if before := r.Devices[0].Name; before != "Ben's iPhone" {
		t.Errorf("the report itself was changed: %s", before)
	}
	better := report(alike, other, short, with(ben, func(v *health.Verdict) { v.State = health.OK }))
	if a, b := p.Cards[0].Name, PageOf(better, s, now).Cards[3].Name; a != b {
		t.Errorf("the name changes with the state: %s, %s", a, b)
	}
}

func TestReplaceWhole(t *testing.T) {
	for _, c := range []struct{ text, name, want string }{
		{"a bad day, a", "a", "X bad day, X"}, {"aa a", "a", "aa X"}, {"", "a", ""}, {"a", "", "a"}, {"“Ü” Üb", "Ü", "“X” Üb"}, {"no", "yes", "no"},
	} {
		if got := replaceWhole(c.text, c.name, "X"); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestObstaclesHaveTheActionThatHelps(t *testing.T) {
	for _, c := range []struct {
		code   health.ObstacleCode
		device string
		os     string
		want   string
	}{
		{health.FullDiskAccess, "", "darwin", "/welcome"},
		{health.FullDiskAccess, "", "linux", "open-obstacle full-disk-access"},
		{health.DamagedBackup, "3f2a9c01", "darwin", "show-folder 3f2a9c01"},
		{health.VolumeOffline, "3f2a9c01", "darwin", "check-now"},
		{health.UnfinishedBackup, "3f2a9c01", "windows", "check-now"},
		{health.DiskFull, "", "darwin", "check-now"},
	} {
		a := pageAction(health.Obstacle{Code: c.code, Device: c.device, Path: "/b"}, c.os)
		if got := strings.TrimSpace(a.Link + string(a.Command.Verb) + " " + a.Command.Arg); got != c.want || a.Label == "" {
			t.Errorf("%s on %s: %q", c.code, c.os, got)
		}
	}
}

func TestTheCardsOfManyAreBrief(t *testing.T) {
	full := func(n int) int {
		var all []health.Verdict
		for i := range n {
			all = append(all, device(fmt.Sprint("iPhone ", i), health.Warning, 12*days))
		}
		brief := 0
		for _, c := range PageOf(report(all...), session(), now).Cards {
			if c.Brief {
				brief++
			}
		}
		return n - brief
	}
	if full(fullCards) != fullCards || full(fullCards+1) != worstCards || full(50) != worstCards {
		t.Errorf("in full: %d of %d, %d of 50", full(fullCards), fullCards, full(50))
	}
}

func TestWhatWasTriedIsSaid(t *testing.T) {
	v := device("x", health.Warning, 12*days)
	v.Fixes[0].Tried = &health.Trial{At: ageOf(2 * time.Hour)}
	v.Fixes[2].Tried, v.Fixes[2].Evidence = &health.Trial{At: ageOf(3 * days), Failed: true}, "Why, and no more."
	c, ok := PageOf(report(v), session(), now).CardOf(v.ID)
	if !ok || c.Fixes[0].Tried != "Done today 08:00: no new backup has shown since; give it a night." || c.Fixes[2].Tried != "Tried Tue 17 Nov, 10:00: it did not help." {
		t.Errorf("%q, %q", c.Fixes[0].Tried, c.Fixes[2].Tried)
	}
	if c.Fixes[2].Why != "Why, and no more." || c.Fixes[0].Why != v.Fixes[0].Why {
		t.Errorf("what came of trying is said twice: %q, %q", c.Fixes[2].Why, c.Fixes[0].Why)
	}
	if c.Fixes[1].Next.Link != "" {
		t.Error("a fix that was tried in vain is next in line")
	}
	if c.Fixes[2].Next.Link != "/device/"+v.ID+"/fix/"+c.Fixes[0].Code {
		t.Errorf("a fix that was tried in vain leads to %q, not to the first", c.Fixes[2].Next.Link)
	}
	if c.Fixes[0].Next.Link != "/device/"+v.ID+"/fix/"+c.Fixes[1].Code || c.Fixes[8].Next.Link != "" {
		t.Error("the next fix is not the one that follows")
	}
	if f, ok := c.FixOf("power"); !ok || f.Says != "Speaks for it" {
		t.Errorf("%v %q", ok, f.Says)
	}
	if _, ok := c.FixOf("pray"); ok {
		t.Error("there is no such fix")
	}
}

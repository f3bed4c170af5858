package main

import (
	"fmt"
	"strings"
	"time"

	"ninelives/internal/health"
	"ninelives/internal/view"
)

// state is one page in one state.
type state struct {
	name string // of its file
	page string // of its template
	site view.Site
}

const token = "0123456789abcdef0123456789abcdef"

// site is what a page is made of.
func site(r health.Report, s view.Session, path string) view.Site {
	page := view.Of(r, s, now).Page
	return view.Site{Page: page, Welcome: page.Welcome, Token: token, Path: path, Revision: 7}
}

// states are every page in every state that looks different.
func states() []state {
	var all []state
	add := func(name, page string, site view.Site) { all = append(all, state{name, page, site}) }
	for _, s := range overviews() {
		add("overview-"+s.name, "overview", site(s.report, s.session, "/"))
	}
	for _, s := range starts() {
		add("welcome-"+s.name, "welcome", site(s.report, s.session, "/welcome"))
	}
	all = append(all, devices()...)
	all = append(all, fixPages()...)
	all = append(all, settingsPages()...)
	add("sources-fine", "sources", site(household(), session(), "/sources"))
	for _, s := range phoneStories() {
		add("sources-"+s.name, "sources", site(s.report, s.session, "/sources"))
	}
	add("sources-troubled", "sources", site(troubled(), session(), "/sources"))
	add("sources-none", "sources", site(health.Report{}, view.Session{OS: "linux"}, "/sources"))
	add("sources-hostile", "sources", site(hostile(), session(), "/sources"))
	add("sources-names-hidden", "sources", site(troubled(), with(session(), func(s *view.Session) { s.HideNames = true }), "/sources"))
	gone := site(household(), session(), "/")
	gone.Notice = view.NoSuchPage
	add("message", "message", gone)
	return all
}

// story is a report in words that a person remembers.
type story struct {
	name    string
	report  health.Report
	session view.Session
}

// with changes a copy of a value.
func with[T any](v T, change func(*T)) T {
	change(&v)
	return v
}

func overviews() []story {
	all := []story{
		{"household", household(), session()},
		{"all-fine", report(anna()), session()},
		{"checking", household(), with(session(), func(s *view.Session) { s.Checking = true })},
		{"first-day", report(anna()), with(session(), func(s *view.Session) {
			s.History = map[string][]health.DayRecord{anna().ID: history(3)[89:]}
		})},
		{"obstacles-and-notices", blocked(), with(session(), func(s *view.Session) {
			s.Notices = []string{"The settings file is not taken over: /Users/anna/Library/Application Support/Nine Lives/config.toml, line 3: check_every is \"soon\"; want a duration such as 6h, or a cron line of five fields. The settings before stay."}
		})},
		{"snoozed-and-ignored", report(ben(), kim(), with(anna(), func(v *health.Verdict) { v.Ignored = true })), with(session(), func(s *view.Session) {
			s.Snoozed = map[string]time.Time{ben().ID: now.Add(6 * day), kim().ID: view.UntilBackup}
		})},
		{"all-ignored", report(with(anna(), func(v *health.Verdict) { v.Ignored = true })), session()},
		{"waiting-for-apple", waiting(), session()},
		{"tried", tried(), session()},
		{"all-tried", allTried(), session()},
		{"nothing-fits", report(with(kim(), func(v *health.Verdict) {
			for i := range v.Fixes {
				v.Fixes[i].Odds = health.RuledOut
			}
		})), session()},
		{"names-hidden", blocked(), with(session(), func(s *view.Session) {
			s.HideNames = true
			s.Notices = []string{"/Users/anna/config.toml, line 3: nothing is known of “Ben's iPad”."}
		})},
		{"hostile", hostile(), with(session(), func(s *view.Session) { s.Notices = []string{nasty} })},
		{"fifty", fifty(), fiftyDays()},
	}
	return append(append(all, phoneStories()...), starts()...)
}

// starts are the states that lead on.
func starts() []story {
	on := func(goos string) view.Session {
		return view.Session{LastCheck: now, NextCheck: now.Add(6 * time.Hour), OS: goos}
	}
	places := map[string]string{
		"darwin": "/Users/anna/Library/Application Support/MobileSync/Backup", "linux": "/home/anna/.local/share/MobileSync/Backup",
		"windows": `C:\Users\Anna\Apple\MobileSync\Backup`,
	}
	all := []story{
		{"not-looked", health.Report{}, view.Session{OS: "darwin"}},
		{"looking", health.Report{}, view.Session{OS: "darwin", Checking: true}},
		{"ready", household(), session()},
	}
	for _, goos := range []string{"darwin", "linux", "windows"} {
		locked, empty := report(), report()
		locked.Sources[0] = health.SourceState{Kind: health.SourceMobileSync, Where: places[goos], Trouble: health.NoPermission, Detail: "open: operation not permitted"}
		locked.Obstacles = []health.Obstacle{{Code: health.FullDiskAccess, Path: places[goos], Title: "Nine Lives may not read the backups on this computer", Remedy: "Give your user account the right to read " + places[goos] + ", then check again."}}
		empty.Sources[0] = health.SourceState{Kind: health.SourceMobileSync, Where: places[goos], Trouble: health.NotFound}
		all = append(all, story{"no-permission-" + goos, locked, on(goos)}, story{"nothing-" + goos, empty, on(goos)})
	}
	away := report()
	away.Sources[0] = health.SourceState{Kind: health.SourceMobileSync, Where: "/Volumes/Backups", Trouble: health.Offline}
	away.Obstacles = []health.Obstacle{{Code: health.VolumeOffline, Path: "/Volumes/Backups", Title: "The drive with the backups is not connected", Remedy: "Connect the drive that /Volumes/Backups leads to; what was seen on it before stays valid for its age."}}
	return append(all, story{"drive-away", away, on("darwin")})
}

// blocked has every kind of obstacle.
func blocked() health.Report {
	r := household()
	b := ben()
	r.Obstacles = []health.Obstacle{
		{Code: health.FullDiskAccess, Path: "/Users/anna/Library/Application Support/MobileSync/Backup", Title: "Nine Lives may not read the backups on this computer", Remedy: "Open System Settings > Privacy & Security > Full Disk Access, switch Nine Lives on, then quit it and start it again: macOS grants this only at the start."},
		{Code: health.UnfinishedBackup, Device: b.ID, Path: b.Routes[0].Path, Title: "The last backup of Ben's iPad to this computer never finished", Remedy: "Connect it by cable, choose it in Finder and click Back Up Now, and keep it unlocked until the passcode was entered and the backup has started."},
		{Code: health.DamagedBackup, Device: b.ID, Path: b.Routes[0].Path, Title: "The backup of Ben's iPad on this computer is damaged", Remedy: "Rename the folder " + b.Routes[0].Path + ", do not delete it, then connect the device by cable and choose it in Finder and click Back Up Now."},
	}
	return r
}

// troubled has every kind of trouble.
func troubled() health.Report {
	r := blocked()
	for _, t := range []health.Trouble{health.NotFound, health.NoPermission, health.Offline, health.Malformed, health.TimedOut, health.Failed} {
		r.Sources = append(r.Sources, health.SourceState{Kind: health.SourceMobileSync, Where: "/Volumes/" + string(t), Trouble: t, ReadAt: ago(2 * day), Detail: "open /Volumes/" + string(t) + ": it went wrong"})
	}
	for _, t := range []health.Trouble{health.Off, health.Offline, health.Malformed} {
		r.Sources = append(r.Sources, health.SourceState{Kind: health.SourceAppleStatus, Where: "https://www.apple.com/", Trouble: t})
	}
	return r
}

func waiting() health.Report {
	v := kim()
	v.Hold = &health.Hold{Since: ago(8 * time.Hour)}
	v.Fixes[0] = health.Opinion{Number: 5, Code: health.AppleStatus, Odds: health.Certain, Why: "Apple's status, read 1 minute ago, shows an outage with iCloud Backup since 02:00."}
	v.Fixes[8] = health.Opinion{Number: 3, Code: health.Power, Odds: health.RuledOut, Why: "The device was on power 3 hours ago."}
	r := report(v)
	r.Sources[1].Detail = "iCloud Backup: outage since 02:00"
	return r
}

func tried() health.Report {
	v := ben()
	v.Fixes[0].Tried = &health.Trial{Fix: health.Power, At: ago(2 * time.Hour)}
	v.Fixes[1].Tried = &health.Trial{Fix: health.WiFi, At: ago(3 * day), Failed: true}
	return report(v)
}

// allTried has a device for which nothing is left to try.
func allTried() health.Report {
	v := kim()
	for i := range v.Fixes {
		if v.Fixes[i].Odds != health.RuledOut {
			v.Fixes[i].Tried = &health.Trial{Fix: v.Fixes[i].Code, At: ago(3 * day), Failed: true}
		}
	}
	return report(v)
}

const nasty = `<script>alert(1)</script> "><img src=x onerror=alert(1)> {{.Token}} ' onclick='x &lt;b&gt; ]]> <!-- javascript:x`

// hostile has markup wherever foreign text comes from.
func hostile() health.Report {
	v := ben()
	v.Name, v.Model, v.OSVersion, v.Why, v.Step = nasty, nasty, nasty, nasty, nasty
	v.Routes[0].Why = nasty
	v.Fixes[0].Why = nasty
	long := kim()
	long.Name = strings.Repeat("<b>Ä</b>", 600)
	long.Model = "\u05d0\u05d9\u05d9\u05e4\u05d5\u05df \u0634\u062e\u0635"
	r := report(v, long)
	r.Obstacles = []health.Obstacle{{Code: health.DamagedBackup, Device: v.ID, Path: nasty, Title: nasty, Remedy: nasty}}
	r.Sources[0].Where, r.Sources[1].Detail = strings.Repeat(nasty+"/", 30), nasty
	return r
}

// fifty devices, most of them late.
func fifty() health.Report {
	var all []health.Verdict
	for i := range 50 {
		v := []func() health.Verdict{ben, ben, kim, anna}[min(i/10, 3)]()
		v.Name = fmt.Sprintf("%s %d", v.Name, i+1)
		v.ID = health.IDOf(v.Name)
		all = append(all, v)
	}
	return report(all...)
}

func fiftyDays() view.Session {
	s := session()
	for i, v := range fifty().Devices {
		s.History[v.ID] = history(min(i/10, 3))
	}
	return s
}

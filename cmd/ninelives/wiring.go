package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"ninelives/internal/applestatus"
	"ninelives/internal/health"
	"ninelives/internal/host"
	"ninelives/internal/iosrelease"
	"ninelives/internal/mobilesync"
	"ninelives/internal/monitor"
	"ninelives/internal/phone"
	"ninelives/internal/store"
	"ninelives/internal/view"
)

// sources keeps the readers from one settings to the next: they remember what
// has not changed on disk.
type sources struct {
	places map[string]*mobilesync.Place
	feed   *applestatus.Source
	phones *phone.Source
	newest *iosrelease.Source
	quota  *host.Quota
	room   *host.Volumes
	log    *slog.Logger // nil: nothing is logged

	patience time.Duration   // for one phone; zero: the usual
	counting context.Context // how long sizes of backups are counted; nil: they are not

	watched atomic.Pointer[[]*mobilesync.Place] // those of the settings now
	known   health.Facts                        // what an earlier run read: the feed is settled against it
}

// setup makes of the world what the monitor needs.
func (w *world) setup(s *sources) monitor.Setup {
	out := monitor.Setup{
		Policy: w.settings.Policy(), OS: w.goos, FeedName: w.flags.feedURL,
		Schedule: schedule(w.settings),
		Session:  view.Session{CheckEvery: w.settings.CheckEvery(), WarnAfter: w.settings.WarnAfter(), HideNames: w.settings.HideNames()},
	}
	if s.places == nil {
		s.places = map[string]*mobilesync.Place{}
	}
	for _, dir := range w.backupDirs() {
		if s.places[dir] == nil {
			s.places[dir] = mobilesync.New(dir, w.now)
			if s.counting != nil {
				s.places[dir].CountSizes(s.counting)
			}
		}
		out.Places = append(out.Places, s.places[dir])
	}
	if !w.flags.offline && w.settings.FeedEnabled() {
		if s.feed == nil {
			s.feed = applestatus.New(w.flags.feedURL, userAgent())
			s.feed.Now = w.now
			if known := s.known.Feed; known.Known() && known.Where == s.feed.Where() {
				s.feed.Seed(known.Value, known.GoodAt)
			}
		}
		out.Feed = s.feed
	}
	w.setupPhones(s, &out)
	w.setupReleases(s, &out)
	w.setupHost(s, &out)
	return out
}

// setupPhones adds the phones, as far as they may be asked. Their source is kept
// even while they may not be: it knows when each was asked last.
func (w *world) setupPhones(s *sources, out *monitor.Setup) {
	if s.phones == nil {
		s.phones = phone.New(phone.Options{GOOS: w.goos, Getenv: w.env, Now: w.now, Log: s.log, SessionLimit: s.patience})
		s.phones.Seed(s.known.Phones.Value)
	}
	out.PhonesName = s.phones.Where()
	if !w.flags.offline && w.settings.PhonesEnabled() {
		out.Phones = s.phones
	}
}

// setupReleases adds the list of iOS versions, as far as it may be read.
func (w *world) setupReleases(s *sources, out *monitor.Setup) {
	if s.newest == nil {
		s.newest = iosrelease.New(w.flags.releasesURL, userAgent())
		s.newest.Now = w.now
		if known := s.known.Releases; known.Known() && known.Where == s.newest.Where() {
			s.newest.Seed(known.Value, known.GoodAt)
		}
	}
	out.ReleasesName = s.newest.Where()
	if !w.flags.offline && w.settings.ReleasesEnabled() {
		out.Releases = s.newest
	}
}

// setupHost adds what this computer itself can tell.
func (w *world) setupHost(s *sources, out *monitor.Setup) {
	if s.quota == nil {
		s.quota = host.NewQuota(w.goos)
		s.room = host.NewVolumes(s.folders)
	}
	if w.goos == "darwin" && !w.flags.offline {
		out.Quota = s.quota
	}
	if !w.flags.offline {
		out.Online = host.Online
	}
	var watched []*mobilesync.Place
	for _, dir := range w.backupDirs() {
		watched = append(watched, s.places[dir])
	}
	s.watched.Store(&watched)
	out.Volumes = s.room
}

// folders are those whose disk matters: the places, and the device folders in
// them that are links to elsewhere.
func (s *sources) folders() []string {
	var all []string
	for _, place := range *s.watched.Load() {
		all = append(all, place.Where())
		all = append(all, place.Links()...)
	}
	return all
}

// userAgent names the program to Apple's servers, and nothing else.
func userAgent() string { return "NineLives/" + thisBuild().version }

// schedule turns check_every, which the settings have checked, into one.
func schedule(s store.Settings) monitor.Schedule {
	if d := s.Interval(); d > 0 {
		return monitor.Every(d)
	}
	at, err := monitor.At(s.CheckEvery())
	if err != nil {
		return monitor.Schedule{} // the default interval
	}
	return at
}

// backupDirs are the places to read: those of the flags, else the usual ones
// of this system and those of the settings, each once.
func (w *world) backupDirs() []string {
	if len(w.flags.backupDirs) > 0 {
		return unique(w.flags.backupDirs)
	}
	return unique(append(existing(mobilesync.Usual(w.goos, w.getenv)), w.settings.Folders()...))
}

// getenv knows the home folder under the names that the usual places use.
func (w *world) getenv(name string) string {
	if v := w.env(name); v != "" {
		return v
	}
	if name == "HOME" || name == "USERPROFILE" {
		return w.home
	}
	return ""
}

// existing leaves out usual places that are not there, as long as one is: a
// Windows computer has three candidates and uses one or two.
func existing(dirs []string) []string {
	var there []string
	for _, dir := range dirs {
		if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
			there = append(there, dir)
		}
	}
	if len(there) == 0 && len(dirs) > 0 {
		return dirs[:1]
	}
	return there
}

func unique(dirs []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, d := range dirs {
		if !seen[d] {
			seen[d] = true
			out = append(out, d)
		}
	}
	return out
}

// remembered reads what an earlier run saw and said. A memory that cannot be
// read is an empty one; the error says so.
func (w *world) remembered() (*store.Memory, store.Remembered, error) {
	memory := store.OpenMemory(w.places.DataDir)
	kept, err := memory.Load()
	return memory, kept, err
}

// checkPatience is for a phone that sleeps, where something waits for the answer
// of a single round: what watches servers gives up after ten seconds.
const checkPatience = 4 * time.Second

// once runs a single round that shows, tells and keeps nothing.
func (w *world) once(ctx context.Context, known health.Facts) health.Report {
	m := monitor.New(w.setup(&sources{known: known, patience: checkPatience}), monitor.Options{Now: w.now, Facts: known, Log: quietLog()})
	ctx, cancel := within(ctx, time.Minute)
	defer cancel()
	return m.Check(ctx)
}

// known reads what an earlier run saw, and changes nothing on disk. Without it
// the round is judged by what is there now.
func (w *world) known() store.Remembered {
	if w.places.DataDir == "" {
		return store.Remembered{}
	}
	kept, err := store.OpenMemory(w.places.DataDir).Peek()
	if err != nil {
		fmt.Fprintln(w.err, "ninelives:", err)
	}
	return kept
}

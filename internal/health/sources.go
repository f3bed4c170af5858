package health

import (
	"fmt"
	"strings"
	"time"
)

// sourceStates lists what was read, in the order of the facts.
func sourceStates(f Facts, now time.Time) []SourceState {
	var all []SourceState
	for _, place := range f.Backups {
		s := sourceOf(SourceMobileSync, place, placeWords(place.Value))
		s.Devices = devicesIn(place.Value)
		all = append(all, s)
	}
	if feed := f.Feed; feed.used() {
		all = append(all, sourceOf(SourceAppleStatus, feed, feedWords(feed.Value, now)))
	}
	if phones := f.Phones; phones.used() {
		s := sourceOf(SourcePhone, phones, phoneWords(phones, now))
		for _, p := range phones.Value {
			if !p.At.IsZero() {
				s.Devices++
			}
			if p.barred() && phones.GoodAt.Sub(p.SeenAt) <= reading {
				s.Barred++
			}
		}
		all = append(all, s)
	}
	if releases := f.Releases; releases.used() {
		all = append(all, sourceOf(SourceReleases, releases, count(len(releases.Value), "version")+" on offer"))
	}
	if quota := f.Quota; quota.used() && quota.Trouble != NotFound {
		all = append(all, sourceOf(SourceQuota, quota, bytes(quota.Value.Remaining)+" left in this computer's account"))
	}
	return all
}

// used reports whether a source exists at all here.
func (r Reading[T]) used() bool { return r.Known() || r.Trouble != NoTrouble }

func sourceOf[T any](kind SourceKind, r Reading[T], words string) SourceState {
	s := SourceState{Kind: kind, Where: r.Where, Trouble: r.Trouble, ReadAt: r.GoodAt, Detail: words}
	if r.Trouble != NoTrouble {
		s.Detail = r.Detail
	}
	return s
}

func placeWords(backups []Backup) string {
	n := 0
	for _, b := range backups {
		if b.here() {
			n++
		}
	}
	if n == 0 {
		return "no backups"
	}
	return count(n, "backup") + " of " + count(devicesIn(backups), "device")
}

func devicesIn(backups []Backup) int {
	devices := map[string]bool{}
	for _, b := range backups {
		if b.here() {
			devices[b.Device.ID] = true
		}
	}
	return len(devices)
}

func (b Backup) here() bool { return b.Phase != PhaseGone && b.Phase != PhaseEmptied }

// reading is how long a look at all phones may take: what was listed in it is
// there now.
const reading = time.Minute

// phoneWords says which phones are there now, how they are reached and when
// they told of iCloud; and how many are away.
func phoneWords(r Reading[[]Phone], now time.Time) string {
	var here []string
	away := 0
	for _, p := range r.Value {
		if r.GoodAt.Sub(p.SeenAt) > reading {
			away++
			continue
		}
		here = append(here, p.words(now))
	}
	words := "no phone is there now"
	switch len(here) {
	case 0:
	case 1:
		words = "1 phone, " + here[0]
	default:
		words = count(len(here), "phone") + ": one " + strings.Join(here, "; one ")
	}
	if away > 0 {
		words += fmt.Sprintf("; %d away", away)
	}
	return words
}

// words says how one phone that is there is reached, and what came of it.
func (p Phone) words(now time.Time) string {
	by := "by cable"
	if p.WiFiAt.Equal(p.SeenAt) && (p.Trouble != "" || p.Transport == ByWiFi) {
		by = "by Wi-Fi"
	}
	switch {
	case p.Trouble != "":
		return by + ", " + troubleWords(p.Trouble)
	case p.CloudAt.IsZero():
		return by + ", trusted, says nothing of iCloud backups"
	default:
		return fmt.Sprintf("%s, trusted, iCloud backup read %s", by, moment(p.CloudAt, now))
	}
}

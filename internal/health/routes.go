package health

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// runningFor is how long after the last change in a folder a run still counts
// as under way: a phone may be silent for long while it prepares.
const runningFor = 30 * time.Minute

// latest gives the later of two times.
func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// computerRoutes makes the lines of one device at one place: the folder that
// is renewed and, where it proves more, the newest archive.
func computerRoutes(folders []Backup, trouble Trouble, limits Limits, now time.Time) []Route {
	var current, archive *Route
	for _, b := range folders {
		r := computerRoute(b, trouble, limits, now)
		best := &current
		if b.Archive {
			best = &archive
		}
		if *best == nil || betterRoute(r, **best, now) < 0 {
			*best = &r
		}
	}
	switch {
	case archive == nil:
		return []Route{*current}
	case current == nil:
		return []Route{*archive}
	case betterRoute(*archive, *current, now) < 0 && !archive.LastGood.IsZero():
		return []Route{*current, *archive}
	default:
		return []Route{*current}
	}
}

// computerRoute judges one folder.
func computerRoute(b Backup, trouble Trouble, limits Limits, now time.Time) Route {
	r := Route{
		Kind: ComputerRoute, LastGood: b.LastGood, LastAttempt: latest(b.Attempt, b.LastGood),
		Weak: b.Weak != NoFlaw, Encrypted: b.Encrypted, Path: b.Path, Limits: limits,
	}
	r.State = folderState(b, trouble, limits, now)
	r.Why = routeWords(b, r, trouble, now)
	return r
}

// folderState gives the state of a route from the phase of its folder and from
// whether the place could be read at all.
func folderState(b Backup, trouble Trouble, limits Limits, now time.Time) RouteState {
	switch trouble {
	case NoTrouble:
	case NoPermission:
		return RouteNoPermission
	case Offline, NotFound, TimedOut:
		return RouteOffline
	default:
		return RouteUnknown
	}
	running := !b.ActiveAt.IsZero() && age(b.ActiveAt, now) <= runningFor
	switch b.Phase {
	case PhaseComplete:
		return dateState(b.LastGood, limits, now)
	case PhaseUploading, PhaseMoving:
		switch {
		case running:
			return RouteRunning
		case b.Phase == PhaseMoving:
			return RouteDamaged
		default:
			return RouteUnfinished
		}
	case PhaseUnfinished:
		return RouteUnfinished
	case PhaseDamaged:
		return RouteDamaged
	case PhaseOffline:
		return RouteOffline
	case PhaseNoPermission:
		return RouteNoPermission
	case PhaseGone:
		return RouteNever
	default:
		return RouteUnknown
	}
}

// dateState is fresh or stale by age; without a date nothing can be said.
func dateState(lastGood time.Time, limits Limits, now time.Time) RouteState {
	switch {
	case lastGood.IsZero():
		return RouteUnknown
	case limits.state(age(lastGood, now)) == OK:
		return RouteFresh
	default:
		return RouteStale
	}
}

// urgency is what a route would make of its device if it were the only one.
func (r Route) urgency(now time.Time) State {
	switch {
	case !r.LastGood.IsZero():
		s := r.ByAge(now)
		if r.Weak && s == OK {
			return Unknown
		}
		return s
	case r.State == RouteRunning:
		return Warning
	case r.State == RouteOffline, r.State == RouteNoPermission, r.State == RouteUnknown:
		return Unknown
	default:
		return Critical
	}
}

// betterRoute orders routes by how much they prove: one with a date before
// one without, then the calmer one, then the newer one. Without any date a
// first run under way comes before what cannot be read, and that before what
// is known to hold nothing.
func betterRoute(a, b Route, now time.Time) int {
	if c := cmp.Compare(rankOfDate(a), rankOfDate(b)); c != 0 {
		return c
	}
	ua, ub := a.urgency(now), b.urgency(now)
	if a.LastGood.IsZero() {
		return cmp.Compare(rankWithoutDate(ua), rankWithoutDate(ub))
	}
	return cmp.Or(cmp.Compare(ua.urgency(), ub.urgency()), b.LastGood.Compare(a.LastGood))
}

func rankOfDate(r Route) int {
	if r.LastGood.IsZero() {
		return 1
	}
	return 0
}

func rankWithoutDate(s State) int { return slices.Index([]State{Warning, Unknown, Critical}, s) }

// routeWords says in one sentence how we know.
func routeWords(b Backup, r Route, trouble Trouble, now time.Time) string {
	if trouble != NoTrouble || b.Phase == PhaseOffline || b.Phase == PhaseNoPermission {
		return unreadableWords(b, r, now)
	}
	switch r.State {
	case RouteRunning:
		return "A backup is running." + beneath(b, now)
	case RouteUnfinished:
		if b.Attempt.IsZero() {
			return "A backup was prepared and never finished." + beneath(b, now)
		}
		return fmt.Sprintf("A backup was started on %s and did not finish.%s", day(b.Attempt, now), beneath(b, now))
	case RouteDamaged:
		return damageWords(b, now)
	case RouteNever:
		return goneWords(b, now)
	case RouteUnknown:
		if b.Phase == PhaseEmptied {
			return fmt.Sprintf("Its folder held a backup of %s and is empty now: is its drive not mounted, or was it deleted?", day(b.LastGood, now))
		}
		return "It cannot be told when this backup was made: " + flawWords(b.Weak) + "."
	default:
		return dateWords(b, r, now)
	}
}

// dateWords says how old the backup is, and how sure that is.
func dateWords(b Backup, r Route, now time.Time) string {
	words := fmt.Sprintf("Complete backup of %s, %s old.", day(r.LastGood, now), Age(age(r.LastGood, now)))
	if r.Weak {
		words = fmt.Sprintf("Probably complete, from %s, but not proven: %s.", day(r.LastGood, now), flawWords(b.Weak))
	}
	if b.Failed && b.Attempt.After(r.LastGood) {
		words += fmt.Sprintf(" A run was started on %s and did not finish.", day(b.Attempt, now))
	}
	return words
}

// beneath says what a run that has not finished leaves to restore from.
func beneath(b Backup, now time.Time) string {
	switch {
	case b.LastGood.IsZero() && b.History.IsZero():
		return " There is no complete one before it."
	case b.LastGood.IsZero():
		return fmt.Sprintf(" The one of %s cannot be restored until it is done.", day(b.History, now))
	case b.Weak != NoFlaw:
		return fmt.Sprintf(" The one of %s beneath it is probably complete, but not proven: %s.", day(b.LastGood, now), flawWords(b.Weak))
	default:
		return fmt.Sprintf(" The one of %s beneath it is complete.", day(b.LastGood, now))
	}
}

func unreadableWords(b Backup, r Route, now time.Time) string {
	var why string
	switch r.State {
	case RouteNoPermission:
		why = "The backup may not be read"
	case RouteOffline:
		why = "The drive with the backup is not connected"
	default:
		why = "The backup could not be read"
	}
	switch {
	case r.LastGood.IsZero() && !b.History.IsZero():
		return fmt.Sprintf("%s; it once held a complete one of %s.", why, day(b.History, now))
	case r.LastGood.IsZero():
		return why + ", and nothing is known of it from before."
	case r.Weak:
		return fmt.Sprintf("%s; when last seen it was probably complete, from %s.", why, day(r.LastGood, now))
	default:
		return fmt.Sprintf("%s; when last seen it was complete, from %s.", why, day(r.LastGood, now))
	}
}

func damageWords(b Backup, now time.Time) string {
	words := "The backup is damaged: " + flawWords(b.Flaw) + "."
	if !b.History.IsZero() {
		words += fmt.Sprintf(" It once held a complete one of %s.", day(b.History, now))
	}
	return words
}

func goneWords(b Backup, now time.Time) string {
	if b.History.IsZero() {
		return "Its backup folder was here and is gone."
	}
	return fmt.Sprintf("The backup of %s was here and is gone.", day(b.History, now))
}

// flawWords says what is wrong with the evidence, as the end of a sentence.
func flawWords(f Flaw) string {
	words := map[Flaw]string{
		StatusMissing:       "Status.plist, which says that a backup finished, is missing",
		StatusUnreadable:    "Status.plist, which says that a backup finished, cannot be read",
		StatusState:         "Status.plist names a state that is not known",
		StatusDate:          "the date in Status.plist is missing or impossible",
		ManifestMissing:     "Manifest.plist is missing",
		ManifestEmpty:       "Manifest.plist is empty",
		ManifestUnreadable:  "Manifest.plist cannot be read",
		ManifestDate:        "Manifest.plist has no usable date, so that of Info.plist was taken",
		DatabaseMissing:     "Manifest.db, the list of its files, is missing",
		DatabaseEmpty:       "Manifest.db, the list of its files, is empty",
		DatabaseNotSQLite:   "Manifest.db, the list of its files, is not a database",
		DecryptedCopy:       "it is a decrypted copy of an encrypted backup",
		FolderUnreadable:    "nothing in the folder can be read",
		BrokeOffWhileMoving: "the last run broke off while it was being put in place",
		PlaceEmptied:        "its folder is empty now",
	}
	if w, ok := words[f]; ok {
		return w
	}
	return "the evidence is incomplete"
}

package mobilesync

import (
	"time"

	"ninelives/internal/health"
)

// lateInfo is how much younger than Status.plist an Info.plist must be to tell
// of another run. Finder writes it some minutes after a run; idevicebackup2
// before, and the phone then waits half an hour for its passcode.
const lateInfo = time.Hour

// attempt tells when the last run was started, as far as known, and whether it
// is known not to have finished. The time of the file Info.plist tells of a run
// that never got as far as Status.plist; the date inside is not asked, for some
// tools write it in local time.
func (e evidence) attempt(b health.Backup, now time.Time) (at time.Time, failed bool) {
	at = b.LastGood
	switch b.Phase {
	case health.PhaseUploading, health.PhaseMoving, health.PhaseDamaged:
		at = e.statusTime(now)
	case health.PhaseUnfinished:
		at = e.statusTime(now)
		if e.placeholder() {
			at, _ = believed(e.status.at, now) // the date inside is the host's, often in local time
		}
	default: // the last run is the one that finished
	}
	began, ok := believed(e.info.at, now)
	if ok && !e.status.at.IsZero() && began.Sub(e.status.at) > lateInfo {
		// Of an upload the judge decides by what goes on in the folder.
		return began, b.Phase != health.PhaseUploading
	}
	return at, false
}

// statusTime is when a Status.plist that can be read was written: by the
// device's word, else by the file's time.
func (e evidence) statusTime(now time.Time) time.Time {
	if e.status.piece != readable {
		return time.Time{}
	}
	if at, ok := believed(time.Time(e.status.value.Date), now); ok {
		return at
	}
	at, _ := believed(e.status.at, now)
	return at
}

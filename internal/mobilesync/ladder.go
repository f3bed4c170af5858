package mobilesync

import (
	"time"

	"ninelives/internal/health"
)

// backup judges the evidence of a folder, from the best proof down to the
// weakest. It fills all but the device, the path, and when something was last
// active in it: whether a run still goes on is not decided here.
func (e evidence) backup(now time.Time) health.Backup {
	switch e.closed() {
	case denied:
		return health.Backup{Phase: health.PhaseNoPermission}
	case absent:
		return health.Backup{Phase: health.PhaseOffline}
	default: // weighed below
	}
	b := e.climb(now)
	b.Encrypted = e.encrypted()
	b.Attempt, b.Failed = e.attempt(b, now)
	return b
}

// closed tells why nothing in the folder speaks: neither the device's word nor
// its manifest may or can be read. One of them alone is only unreadable; what
// the other says still counts.
func (e evidence) closed() piece {
	status, manifest := e.status.piece, e.manifest.piece
	switch {
	case status == absent || manifest == absent:
		return absent
	case status == readable || manifest == readable:
		return readable
	case status == denied || manifest == denied:
		return denied
	default:
		return readable
	}
}

// climb goes by what the device said last of its run.
func (e evidence) climb(now time.Time) health.Backup {
	switch e.status.piece {
	case readable:
	case missing:
		return e.withoutStatus(health.StatusMissing, now)
	default:
		return e.withoutStatus(health.StatusUnreadable, now)
	}
	switch e.status.value.SnapshotState {
	case finished, removing:
		return e.finished(now)
	case uploading:
		return e.uploading(now)
	case moving:
		return health.Backup{Phase: health.PhaseMoving, Flaw: health.BrokeOffWhileMoving, History: e.manifestDate(now)}
	default:
		return e.withoutStatus(health.StatusState, now)
	}
}

// finished: the device has everything in place, as far as it knows.
func (e evidence) finished(now time.Time) health.Backup {
	date, ok := believed(time.Time(e.status.value.Date), now)
	damage, weak := e.flaws()
	switch {
	case damage != health.NoFlaw && e.placeholder():
		return health.Backup{Phase: health.PhaseUnfinished, Flaw: damage}
	case damage != health.NoFlaw:
		return health.Backup{Phase: health.PhaseDamaged, Flaw: damage, History: date}
	case !ok:
		return e.withoutStatus(health.StatusDate, now)
	default:
		return health.Backup{Phase: health.PhaseComplete, LastGood: date, Weak: weak}
	}
}

// placeholder reports whether the host, not the device, wrote "finished", as
// some tools do before the first byte has come. A device that has finished
// always says false to IsFullBackup.
func (e evidence) placeholder() bool {
	if e.status.value.SnapshotState != finished {
		return false
	}
	return e.manifest.piece == empty ||
		e.manifest.piece == missing && e.database.piece == missing && e.status.value.IsFullBackup == flag(health.Yes)
}

// uploading: a run is under way or broke off. What it has brought so far lies
// apart; the backup before it, if there is one, is still whole.
func (e evidence) uploading(now time.Time) health.Backup {
	if e.status.value.BackupState == "empty" {
		return health.Backup{Phase: health.PhaseUploading}
	}
	damage, weak := e.flaws()
	switch {
	case e.manifest.piece != readable:
		return health.Backup{Phase: health.PhaseUnfinished, Flaw: damage}
	case damage != health.NoFlaw:
		return health.Backup{Phase: health.PhaseUploading, Flaw: damage, History: e.manifestDate(now)}
	case e.status.value.BackupState != "new":
		weak = health.StatusState
	}
	if _, ok := believed(time.Time(e.status.value.Date), now); !ok && weak == health.NoFlaw {
		weak = health.StatusDate
	}
	date := e.manifestDate(now)
	if date.IsZero() {
		date, weak = e.dateBeforeRun(now), health.ManifestDate
	}
	if date.IsZero() {
		weak = health.NoFlaw
	}
	return health.Backup{Phase: health.PhaseUploading, LastGood: date, Weak: weak}
}

// dateBeforeRun gives the date in Info.plist, unless it may be that of the very
// run that is being uploaded: some hosts write it before they begin, some in
// local time.
func (e evidence) dateBeforeRun(now time.Time) time.Time {
	date := e.infoDate(now)
	start, ok := believed(time.Time(e.status.value.Date), now)
	if !ok || date.After(start.Add(-health.Day)) {
		return time.Time{}
	}
	return date
}

// withoutStatus: the device's word is missing or worthless, and flaw says why.
// What is in place may be whole all the same; that is weak evidence.
func (e evidence) withoutStatus(flaw health.Flaw, now time.Time) health.Backup {
	damage, _ := e.flaws()
	manifest, info := e.manifestDate(now), e.infoDate(now)
	switch {
	case e.nothing():
		return health.Backup{Phase: health.PhaseDamaged, Flaw: health.FolderUnreadable}
	case damage != health.NoFlaw:
		return health.Backup{Phase: health.PhaseDamaged, Flaw: damage, History: manifest}
	case !manifest.IsZero():
		return health.Backup{Phase: health.PhaseComplete, LastGood: manifest, Weak: flaw}
	case !info.IsZero():
		return health.Backup{Phase: health.PhaseComplete, LastGood: info, Weak: health.ManifestDate}
	default:
		return health.Backup{Phase: health.PhaseUnknown, Weak: flaw, Flaw: health.ManifestDate}
	}
}

func (e evidence) manifestDate(now time.Time) time.Time {
	date, _ := believed(time.Time(e.manifest.value.Date), now)
	return date
}

func (e evidence) infoDate(now time.Time) time.Time {
	date, _ := believed(time.Time(e.info.value.LastBackup), now)
	return date
}

package mobilesync

import (
	"errors"
	"io/fs"
	"path/filepath"
	"time"

	"ninelives/internal/health"
)

// folder is a device folder and what is remembered of it.
type folder struct {
	path     string
	id       string // by its name
	archive  bool
	status   kept[statusFile]
	manifest kept[manifestFile]
	info     kept[infoFile]
	database kept[database]
	old      kept[database]
	cloud    cloud
	device   health.Device // as last identified; empty before the first look
	proof    proof
}

// proof is the last word of the device that proved the backup in place.
type proof struct {
	status   found[statusFile]
	manifest fs.FileInfo
	database fs.FileInfo
}

// look reads the folder. unsettled reports that something in it is being
// written right now, so that what was read may be only half the truth; gone,
// that there is no such folder any more.
func (f *folder) look(d disk, link bool, now time.Time) (b health.Backup, unsettled, gone bool) {
	if link {
		refused, gone := f.follow(d)
		if gone || refused != health.PhaseUnknown {
			return f.named(health.Backup{Phase: refused}), false, gone
		}
	}
	f.renew(d, now)
	e := f.evidence()
	b = e.backup(now)
	b.ActiveAt = f.newestFile(now)
	switch {
	case b.Phase == health.PhaseOffline || b.Phase == health.PhaseNoPermission:
		return f.named(b), false, false
	case b.Phase != health.PhaseComplete || b.Weak != health.NoFlaw:
		dir, err := d.stat(f.path) // of a link: the folder it leads to
		switch {
		case errors.Is(err, fs.ErrNotExist) && link:
			return f.named(health.Backup{Phase: health.PhaseOffline}), false, false
		case errors.Is(err, fs.ErrNotExist):
			return b, false, true
		}
		b.ActiveAt = latest(b.ActiveAt, f.activity(d, dir, now))
		// Of a folder that is being removed only its own time tells.
		active := latest(b.ActiveAt, dir.ModTime())
		unsettled = e.halfWritten(b) && now.Sub(active) < rewriting
	default:
		f.proof = proof{f.status.found, f.manifest.seen, f.database.seen}
	}
	f.device = e.device(f.id, f.device)
	b.Frozen = f.frozen(d, b, now)
	return f.named(b), unsettled, false
}

// rewriting is how long after a change a file may still be found half written:
// hosts delete and write anew what the device sends.
const rewriting = 10 * time.Second

// again is a second look, after a pause, at what was unsettled. While the
// device's word is still being rewritten, the one before it holds, as long as
// the backup that it proved has not been touched.
func (f *folder) again(d disk, link bool, now time.Time) (b health.Backup, gone bool) {
	b, unsettled, gone := f.look(d, link, now)
	if gone || !unsettled || !f.proofHolds() {
		return b, gone
	}
	e := f.evidence()
	e.status = f.proof.status
	before := e.backup(now)
	before.ActiveAt, before.Frozen = b.ActiveAt, b.Frozen
	return f.named(before), false
}

// follow looks where a link leads. A volume that is not connected, or a folder
// that may not be entered, is a phase of its own; a link to something else than
// a folder is no backup.
func (f *folder) follow(d disk) (refused health.Phase, gone bool) {
	info, err := d.stat(f.path)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return health.PhaseNoPermission, false
	case err != nil:
		if _, err := d.lstat(f.path); errors.Is(err, fs.ErrNotExist) {
			return health.PhaseUnknown, true
		}
		return health.PhaseOffline, false
	case !info.IsDir():
		return health.PhaseUnknown, true
	default:
		return health.PhaseUnknown, false
	}
}

// halfWritten reports whether the evidence may look as it does only because it
// is being written at this moment.
func (e evidence) halfWritten(b health.Backup) bool {
	return e.status.piece != readable || b.Phase != health.PhaseUploading && b.Phase != health.PhaseMoving
}

// renew reads again what has changed.
func (f *folder) renew(d disk, now time.Time) {
	in := f.path + string(filepath.Separator)
	f.status.renew(d, in+statusName, now, document[statusFile](d, maxPlist))
	f.manifest.renew(d, in+manifestName, now, document[manifestFile](d, maxPlist))
	f.info.renew(d, in+infoName, now, document[infoFile](d, maxInfo))
	f.database.renew(d, in+databaseName, now, header(d))
	f.old = kept[database]{}
	if f.database.piece == missing || f.database.piece == empty {
		f.old.renew(d, in+oldDatabaseName, now, oldHeader)
	}
}

func (f *folder) evidence() evidence {
	e := evidence{status: f.status.found, manifest: f.manifest.found, info: f.info.found, database: f.database.found}
	if f.old.piece == readable {
		e.database = f.old.found
	}
	return e
}

// named puts the device and the place to what was found in the folder.
func (f *folder) named(b health.Backup) health.Backup {
	b.Device, b.Path, b.Archive = f.device, f.path, f.archive
	if b.Device.ID == "" {
		b.Device.ID = f.id
	}
	return b
}

// proofHolds reports whether the device's word is only missing for the moment:
// its file is gone or empty, and all else is as it was when it was proved.
func (f *folder) proofHolds() bool {
	return (f.status.piece == missing || f.status.piece == empty) &&
		same(f.proof.manifest, f.manifest.seen) && same(f.proof.database, f.database.seen)
}

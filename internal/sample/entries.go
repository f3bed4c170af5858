package sample

import (
	"cmp"
	"errors"
	"os"
	"time"
)

// entry is a file or folder to write, named from the backup folder, and its
// file time. A folder stands before what it holds.
type entry struct {
	name   string
	folder bool
	data   []byte
	zeros  int64 // how many zeros follow data; they are not written, only claimed
	at     time.Time
}

// write makes the file at a place behind the fence.
func (e entry) write(fence *os.Root, at string) error {
	f, err := fence.Create(at)
	if err != nil {
		return err
	}
	_, err = f.Write(e.data)
	if e.zeros > 0 {
		err = errors.Join(err, f.Truncate(int64(len(e.data))+e.zeros))
	}
	return errors.Join(err, f.Close())
}

// finderDelay is how long after the end of a backup Finder rewrites
// Info.plist, as measured over USB.
const finderDelay = 150 * time.Second

// told gives the folder with the story filled in: what was left zero.
func (f Folder) told() Folder {
	f.Status = cmp.Or(f.Status, Finished)
	f.BackupState = cmp.Or(f.BackupState, "new")
	f.Name = cmp.Or(f.Name, "Sample")
	f.ProductType = cmp.Or(f.ProductType, "iPhone14,5")
	f.OSVersion = cmp.Or(f.OSVersion, "18.1")
	f.StatusAt = cmp.Or(f.StatusAt, f.Date, f.ManifestDate, f.ActiveAt, f.InfoAt,
		time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))
	if f.ManifestDate.IsZero() {
		f.ManifestDate = f.StatusAt.Add(-7 * time.Second)
		if f.Status == Uploading {
			f.ManifestDate = f.StatusAt.AddDate(0, 0, -1)
		}
	}
	if f.InfoDate.IsZero() {
		f.InfoDate = f.ManifestDate
		if f.firstRun() {
			f.InfoDate = f.StatusAt.Add(-time.Minute) // idevicebackup2 writes it before it begins
		}
	}
	if f.InfoAt.IsZero() {
		f.InfoAt = f.InfoDate
		if !f.firstRun() {
			f.InfoAt = f.ManifestDate.Add(finderDelay)
		}
	}
	return f
}

// firstRun reports whether no backup was ever completed in the folder.
func (f Folder) firstRun() bool { return f.BackupState == "empty" }

// hasSnapshot reports whether a run is under way, or broke off.
func (f Folder) hasSnapshot() bool {
	return f.Status == Uploading || f.Status == Moving || f.Status == Removing
}

// entries lists all of the folder, itself first.
func (f Folder) entries() ([]entry, error) {
	f = f.told()
	top := entry{name: ".", folder: true, at: f.StatusAt}
	if !f.hasSnapshot() {
		top.at = cmp.Or(f.ActiveAt, f.StatusAt)
	}
	all := []entry{top}
	for _, add := range []func() ([]entry, error){f.status, f.info, f.manifest, f.database} {
		some, err := add()
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	blobs, err := f.backedUp()
	if err != nil {
		return nil, err
	}
	all = append(all, blobs...)
	if f.hasSnapshot() {
		active := cmp.Or(f.ActiveAt, f.StatusAt)
		all = append(all, entry{name: "Snapshot", folder: true, at: active})
		all = append(all, f.sharded("Snapshot/", f.noisy("Snapshot/", 2), active)...)
	}
	return all, nil
}

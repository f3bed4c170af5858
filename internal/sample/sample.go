// Package sample makes sample backups and bodies of Apple's status feed, for
// the demo and for tests.
//
// It writes folders as a device and a host leave them behind (binary
// Status.plist and Manifest.plist, XML Info.plist, Manifest.db), with file
// times that fit the story; the same input gives the same bytes. It knows
// nothing of the packages that read them, so that a mistake in a reader cannot
// hide in the fixtures. All names, numbers and contents are invented.
package sample

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// The words for [Folder.Status]. The first four are Apple's own SnapshotState;
// any other word is written into Status.plist as it stands.
const (
	Finished  = "finished"
	Uploading = "uploading"
	Moving    = "moving"
	Removing  = "removing"

	NoStatus      = "none"       // there is no Status.plist
	GarbageStatus = "garbage"    // Status.plist is not a plist
	EmptyStatus   = "empty-file" // Status.plist has 0 bytes
)

// The words for [Folder.Database].
const (
	SQLite = "sqlite" // plain SQLite, whatever Encrypted says
	Noise  = "noise"  // random bytes, whatever Encrypted says
	MBDB   = "mbdb"   // Manifest.mbdb in place of Manifest.db, as until iOS 9
)

// The words for [Folder.CloudBackup].
const (
	CloudOn  = "on"
	CloudOff = "off"
)

// Folder describes a backup folder. What is left zero is chosen so that
// Folder{UDID: …, Date: …} is a whole, unencrypted backup of that time.
type Folder struct {
	UDID        string
	Name        string
	ProductType string // such as "iPhone14,5"
	ProductName string // such as "iPhone 13"; empty: not written, as idevicebackup2 does not
	OSVersion   string

	Archive     time.Time // put aside then: "-YYYYMMDD-HHMMSS" is added to the folder's name
	Status      string    // one of the words above; empty: Finished
	BackupState string    // "empty" (a first run: nothing in the root yet), "old", "new"; empty: "new"
	Date        time.Time // inside Status.plist: the end when finished, else the start; zero: no date in it
	Encrypted   bool
	Database    string // one of the words above; empty: what fits Encrypted

	ManifestDate time.Time // inside Manifest.plist; zero: just before Date, or a day before it while uploading
	InfoDate     time.Time // Last Backup Date inside Info.plist; zero: the last complete backup's
	NoInfoDate   bool      // no Last Backup Date at all, as pymobiledevice3 leaves it

	NoManifest, EmptyManifest, GarbageManifest bool
	NoDatabase, EmptyDatabase                  bool
	NoInfo, EmptyInfo, GarbageInfo             bool

	StatusAt time.Time // file time of Status.plist; zero: Date
	InfoAt   time.Time // file time of Info.plist; zero: as Finder, minutes after the last complete backup
	ActiveAt time.Time // file times in Snapshot, or of the folder if there is none; zero: StatusAt

	CloudBackup     string    // what the device wrote of iCloud Backup being on: CloudOn, CloudOff; empty: nothing
	LastCloudBackup time.Time // the last successful iCloud backup that it wrote of; zero: nothing

	Blobs    []int64 // bytes of further files of the backup, all zeros, which take no room on most disks
	Prefixes bool    // all of the 256 folders 00 to ff, and in Snapshot too
	Artwork  int     // bytes of app icons in Info.plist, before base64 makes a third more of them
	Absent   bool    // only a link, to a volume that is not connected
}

// goodUDID is every form that Apple has used: 40 hex digits, 8-16, and 24.
// Nothing of it can lead out of a folder.
var goodUDID = regexp.MustCompile(`^([0-9A-Fa-f]{40}|[0-9A-Fa-f]{8}-[0-9A-Fa-f]{16}|[0-9A-Fa-f]{24})$`)

// Path gives the full path of the folder in root.
func (f Folder) Path(root string) string {
	name := f.UDID
	if !f.Archive.IsZero() {
		name += f.Archive.Format("-20060102-150405")
	}
	return filepath.Join(root, name)
}

// Write makes the folder in root, which is made too if need be, and gives its
// path. It refuses a UDID of another form than Apple's, and never touches what
// is there already: that is an error that is fs.ErrExist.
func (f Folder) Write(root string) (path string, err error) {
	if !goodUDID.MatchString(f.UDID) {
		return "", fmt.Errorf("sample: %q does not have the form of a UDID", f.UDID)
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		return "", fmt.Errorf("sample: %w", err)
	}
	fence, err := os.OpenRoot(root)
	if err != nil {
		return "", fmt.Errorf("sample: %w", err)
	}
	defer func() { _ = fence.Close() }()
	path = f.Path(root)
	if f.Absent {
		return path, f.link(fence, path)
	}
	entries, err := f.entries()
	if err != nil {
		return "", fmt.Errorf("sample: %s: %w", path, err)
	}
	if err := put(fence, filepath.Base(path), entries); err != nil {
		return "", fmt.Errorf("sample: %s: %w", path, err)
	}
	return path, nil
}

// link makes the link of a device whose backups lie on a drive that is not
// connected. It leads to a place under root itself, where nothing is.
func (f Folder) link(fence *os.Root, path string) error {
	root, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("sample: %w", err)
	}
	target := filepath.Join(root, "absent volume", filepath.Base(path))
	if err := fence.Symlink(target, filepath.Base(path)); err != nil {
		return fmt.Errorf("sample: %w", err)
	}
	return nil
}

// put writes the entries into a new folder of that name. Their times come last:
// writing into a folder changes its own.
func put(fence *os.Root, name string, entries []entry) error {
	for _, e := range entries {
		at := filepath.Join(name, filepath.FromSlash(e.name))
		var err error
		if e.folder {
			err = fence.Mkdir(at, 0o755)
		} else {
			err = e.write(fence, at)
		}
		if err != nil {
			return err
		}
	}
	for _, e := range entries {
		at := filepath.Join(name, filepath.FromSlash(e.name))
		if err := fence.Chtimes(at, e.at, e.at); err != nil {
			return err
		}
	}
	return nil
}

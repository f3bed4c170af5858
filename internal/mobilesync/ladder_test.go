package mobilesync

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ninelives/internal/health"
)

var (
	manifestAt = finishAt.Add(-7 * time.Second)
	infoAt     = finishAt.Add(2 * time.Minute) // the date inside
	nextYear   = at("2057-11-18T21:30:00Z")
	epoch      = at("1970-01-01T00:00:00Z")
)

// rungs are the rows of the design's table and its rulings.
var rungs = []struct {
	name   string
	change func(m made)
	want   health.Backup // without device, path, archive and activity
}{
	{"a finished run with all its pieces is proof", func(made) {},
		health.Backup{Phase: health.PhaseComplete, LastGood: finishAt, Attempt: finishAt, Encrypted: health.Yes}},
	{"an unencrypted one with an SQLite database is proof", func(m made) {
		m.manifest(doc{"IsEncrypted": false})
		m.database(sqliteHead + "rest")
	}, health.Backup{Phase: health.PhaseComplete, LastGood: finishAt, Attempt: finishAt, Encrypted: health.No}},
	{"an old backup with a Manifest.mbdb is proof", func(m made) {
		m.remove(databaseName)
		m.put(oldDatabaseName, []byte("mbdb\x05\x00"), finishAt)
		m.manifest(doc{"IsEncrypted": false})
	}, health.Backup{Phase: health.PhaseComplete, LastGood: finishAt, Attempt: finishAt, Encrypted: health.No}},
	{"an empty Manifest.db beside a Manifest.mbdb does not count", func(m made) {
		m.database("")
		m.put(oldDatabaseName, []byte("mbdb\x05\x00"), finishAt)
	}, health.Backup{Phase: health.PhaseComplete, LastGood: finishAt, Attempt: finishAt, Encrypted: health.Yes}},
	{"cleaning up after a run counts as finished", func(m made) { m.status(doc{"SnapshotState": "removing"}) },
		health.Backup{Phase: health.PhaseComplete, LastGood: finishAt, Attempt: finishAt, Encrypted: health.Yes}},
	{"without IsEncrypted the database is not looked into", func(m made) {
		m.manifest(doc{"IsEncrypted": nil})
	}, health.Backup{Phase: health.PhaseComplete, LastGood: finishAt, Attempt: finishAt}},

	{"an increment keeps the backup beneath it", func(m made) {
		m.status(doc{"SnapshotState": "uploading", "Date": now.Add(-time.Hour)})
	}, health.Backup{Phase: health.PhaseUploading, LastGood: manifestAt, Attempt: now.Add(-time.Hour), Encrypted: health.Yes}},
	{"an increment without a date of its own is weak, and was started when its file was written", func(m made) {
		m.status(doc{"SnapshotState": "uploading", "Date": nil})
	}, health.Backup{Phase: health.PhaseUploading, LastGood: manifestAt, Weak: health.StatusDate, Attempt: finishAt, Encrypted: health.Yes}},
	{"a first run has nothing yet", func(m made) {
		m.status(doc{"SnapshotState": "uploading", "BackupState": "empty"})
		m.remove(manifestName)
		m.remove(databaseName)
	}, health.Backup{Phase: health.PhaseUploading, Attempt: finishAt}},
	{"an increment over a missing Manifest.plist is unfinished", func(m made) {
		m.status(doc{"SnapshotState": "uploading"})
		m.remove(manifestName)
	}, health.Backup{Phase: health.PhaseUnfinished, Flaw: health.ManifestMissing, Attempt: finishAt}},
	{"an increment over an empty Manifest.plist is unfinished", func(m made) {
		m.status(doc{"SnapshotState": "uploading"})
		m.put(manifestName, nil, finishAt)
	}, health.Backup{Phase: health.PhaseUnfinished, Flaw: health.ManifestEmpty, Attempt: finishAt}},
	{"an increment over a lost database proves nothing", func(m made) {
		m.status(doc{"SnapshotState": "uploading"})
		m.remove(databaseName)
	}, health.Backup{Phase: health.PhaseUploading, Flaw: health.DatabaseMissing, History: manifestAt, Attempt: finishAt, Encrypted: health.Yes}},
	{"an increment in an unknown BackupState is weak", func(m made) {
		m.status(doc{"SnapshotState": "uploading", "BackupState": "old"})
	}, health.Backup{Phase: health.PhaseUploading, LastGood: manifestAt, Weak: health.StatusState, Attempt: finishAt, Encrypted: health.Yes}},
	{"beneath an increment the date of Info.plist stands in, weakly", func(m made) {
		m.status(doc{"SnapshotState": "uploading", "Date": now})
		m.manifest(doc{"Date": nextYear})
	}, health.Backup{Phase: health.PhaseUploading, LastGood: infoAt, Weak: health.ManifestDate, Attempt: now, Encrypted: health.Yes}},
	{"the date of Info.plist may be the increment's own", func(m made) {
		m.status(doc{"SnapshotState": "uploading"})
		m.manifest(doc{"Date": nil})
	}, health.Backup{Phase: health.PhaseUploading, Attempt: finishAt, Encrypted: health.Yes}},

	{"nor may one of a few hours before it stand in: some hosts write local time", func(m made) {
		m.status(doc{"SnapshotState": "uploading"})
		m.manifest(doc{"Date": nil})
		m.info(doc{"Last Backup Date": finishAt.Add(-8 * time.Hour)})
	}, health.Backup{Phase: health.PhaseUploading, Attempt: finishAt, Encrypted: health.Yes}},

	{"a swap cannot be restored, and was a backup once", func(m made) { m.status(doc{"SnapshotState": "moving"}) },
		health.Backup{Phase: health.PhaseMoving, Flaw: health.BrokeOffWhileMoving, History: manifestAt, Attempt: finishAt, Encrypted: health.Yes}},

	{"an empty Manifest.plist marks a placeholder", func(m made) {
		m.put(manifestName, nil, finishAt)
		m.status(doc{"IsFullBackup": true, "Date": finishAt.Add(2 * time.Hour)}) // local time as UTC
	}, health.Backup{Phase: health.PhaseUnfinished, Flaw: health.ManifestEmpty, Attempt: finishAt}},
	{"a full run that says finished and brought nothing is a placeholder", func(m made) {
		m.status(doc{"IsFullBackup": true})
		m.remove(manifestName)
		m.remove(databaseName)
	}, health.Backup{Phase: health.PhaseUnfinished, Flaw: health.ManifestMissing, Attempt: finishAt}},
	{"an increment that says finished without a Manifest.plist is damaged", func(m made) {
		m.remove(manifestName)
		m.remove(databaseName)
	}, health.Backup{Phase: health.PhaseDamaged, Flaw: health.ManifestMissing, History: finishAt, Attempt: finishAt}},
	{"a full one with a database but no Manifest.plist is damaged", func(m made) {
		m.status(doc{"IsFullBackup": true})
		m.remove(manifestName)
	}, health.Backup{Phase: health.PhaseDamaged, Flaw: health.ManifestMissing, History: finishAt, Attempt: finishAt}},
	{"an unreadable Manifest.plist is damage", func(m made) { m.put(manifestName, []byte("bplist00 cut"), finishAt) },
		health.Backup{Phase: health.PhaseDamaged, Flaw: health.ManifestUnreadable, History: finishAt, Attempt: finishAt}},
	{"a Manifest.plist of foreign keys is unreadable", func(m made) {
		m.put(manifestName, m.encode(doc{"count": 42, "foo": "bar"}), finishAt)
	}, health.Backup{Phase: health.PhaseDamaged, Flaw: health.ManifestUnreadable, History: finishAt, Attempt: finishAt}},
	{"a lost database is damage", func(m made) { m.remove(databaseName) },
		health.Backup{Phase: health.PhaseDamaged, Flaw: health.DatabaseMissing, History: finishAt, Attempt: finishAt, Encrypted: health.Yes}},
	{"a folder in the database's place is none", func(m made) {
		m.remove(databaseName)
		m.put(databaseName+"/x", []byte("x"), finishAt)
	}, health.Backup{Phase: health.PhaseDamaged, Flaw: health.DatabaseMissing, History: finishAt, Attempt: finishAt, Encrypted: health.Yes}},
	{"an empty database is damage", func(m made) { m.database("") },
		health.Backup{Phase: health.PhaseDamaged, Flaw: health.DatabaseEmpty, History: finishAt, Attempt: finishAt, Encrypted: health.Yes}},
	{"an unencrypted database without its header is damage", func(m made) { m.manifest(doc{"IsEncrypted": false}) },
		health.Backup{Phase: health.PhaseDamaged, Flaw: health.DatabaseNotSQLite, History: finishAt, Attempt: finishAt, Encrypted: health.No}},
	{"an unencrypted database that is cut off in its header is damage", func(m made) {
		m.manifest(doc{"IsEncrypted": false})
		m.database(sqliteHead[:9])
	}, health.Backup{Phase: health.PhaseDamaged, Flaw: health.DatabaseNotSQLite, History: finishAt, Attempt: finishAt, Encrypted: health.No}},
	{"a plain database in an encrypted backup is a decrypted copy", func(m made) { m.database(sqliteHead) },
		health.Backup{Phase: health.PhaseComplete, LastGood: finishAt, Weak: health.DecryptedCopy, Attempt: finishAt, Encrypted: health.Yes}},
	{"iOS 10.0 left the database plain", func(m made) {
		m.database(sqliteHead)
		m.manifest(doc{"Lockdown": doc{"ProductVersion": "10.0.2"}})
	}, health.Backup{Phase: health.PhaseComplete, LastGood: finishAt, Attempt: finishAt, Encrypted: health.Yes}},

	{"without Status.plist the rest is weak evidence", func(m made) { m.remove(statusName) },
		health.Backup{Phase: health.PhaseComplete, LastGood: manifestAt, Weak: health.StatusMissing, Attempt: manifestAt, Encrypted: health.Yes}},
	{"an empty Status.plist is unreadable", func(m made) { m.put(statusName, nil, finishAt) },
		health.Backup{Phase: health.PhaseComplete, LastGood: manifestAt, Weak: health.StatusUnreadable, Attempt: manifestAt, Encrypted: health.Yes}},
	{"a Status.plist of foreign keys is unreadable", func(m made) {
		m.put(statusName, m.encode(doc{"count": 42, "foo": "bar"}), finishAt)
	}, health.Backup{Phase: health.PhaseComplete, LastGood: manifestAt, Weak: health.StatusUnreadable, Attempt: manifestAt, Encrypted: health.Yes}},
	{"a folder named Status.plist is unreadable", func(m made) {
		m.remove(statusName)
		m.put(statusName+"/x", []byte("x"), finishAt)
		m.touch(statusName, finishAt)
	}, health.Backup{Phase: health.PhaseComplete, LastGood: manifestAt, Weak: health.StatusUnreadable, Attempt: manifestAt, Encrypted: health.Yes}},
	{"a Status.plist that is a link leads out of the folder", func(m made) {
		if err := os.Rename(filepath.Join(m.dir, statusName), filepath.Join(m.dir, "other")); err != nil {
			m.t.Fatal(err)
		}
		if err := os.Symlink("other", filepath.Join(m.dir, statusName)); err != nil {
			m.t.Skipf("no links here: %v", err)
		}
	}, health.Backup{Phase: health.PhaseComplete, LastGood: manifestAt, Weak: health.StatusUnreadable, Attempt: manifestAt, Encrypted: health.Yes}},
	{"a SnapshotState of a wrong type is unreadable", func(m made) { m.status(doc{"SnapshotState": 3}) },
		health.Backup{Phase: health.PhaseComplete, LastGood: manifestAt, Weak: health.StatusUnreadable, Attempt: manifestAt, Encrypted: health.Yes}},
	{"an unknown SnapshotState is weak", func(m made) { m.status(doc{"SnapshotState": "Finished"}) },
		health.Backup{Phase: health.PhaseComplete, LastGood: manifestAt, Weak: health.StatusState, Attempt: manifestAt, Encrypted: health.Yes}},
	{"finished without a Date is weak", func(m made) { m.status(doc{"Date": nil}) },
		health.Backup{Phase: health.PhaseComplete, LastGood: manifestAt, Weak: health.StatusDate, Attempt: manifestAt, Encrypted: health.Yes}},
	{"finished in 1970 is weak", func(m made) { m.status(doc{"Date": epoch}) },
		health.Backup{Phase: health.PhaseComplete, LastGood: manifestAt, Weak: health.StatusDate, Attempt: manifestAt, Encrypted: health.Yes}},
	{"finished 31 years ahead is weak", func(m made) { m.status(doc{"Date": nextYear}) },
		health.Backup{Phase: health.PhaseComplete, LastGood: manifestAt, Weak: health.StatusDate, Attempt: manifestAt, Encrypted: health.Yes}},
	{"a date of a wrong type is none", func(m made) { m.status(doc{"Date": "yesterday"}) },
		health.Backup{Phase: health.PhaseComplete, LastGood: manifestAt, Weak: health.StatusDate, Attempt: manifestAt, Encrypted: health.Yes}},
	{"a day ahead is still a date", func(m made) { m.status(doc{"Date": now.Add(health.Day)}) },
		health.Backup{Phase: health.PhaseComplete, LastGood: now.Add(health.Day), Attempt: now.Add(health.Day), Encrypted: health.Yes}},
	{"a second more is none", func(m made) { m.status(doc{"Date": now.Add(health.Day + time.Second)}) },
		health.Backup{Phase: health.PhaseComplete, LastGood: manifestAt, Weak: health.StatusDate, Attempt: manifestAt, Encrypted: health.Yes}},
	{"without any other date that of Info.plist counts", func(m made) {
		m.remove(statusName)
		m.manifest(doc{"Date": nil})
	}, health.Backup{Phase: health.PhaseComplete, LastGood: infoAt, Weak: health.ManifestDate, Attempt: infoAt, Encrypted: health.Yes}},
	{"impossible dates everywhere leave the folder unknown", func(m made) {
		m.status(doc{"Date": epoch})
		m.manifest(doc{"Date": nextYear})
		m.info(doc{"Last Backup Date": nextYear})
	}, health.Backup{Phase: health.PhaseUnknown, Weak: health.StatusDate, Flaw: health.ManifestDate, Encrypted: health.Yes}},
	{"neither Status nor database is damage", func(m made) {
		m.remove(statusName)
		m.remove(databaseName)
	}, health.Backup{Phase: health.PhaseDamaged, Flaw: health.DatabaseMissing, History: manifestAt, Encrypted: health.Yes}},
	{"an empty Status.plist and no database is damage, without an attempt", func(m made) {
		m.put(statusName, nil, finishAt)
		m.remove(databaseName)
	}, health.Backup{Phase: health.PhaseDamaged, Flaw: health.DatabaseMissing, History: manifestAt, Encrypted: health.Yes}},
	{"a database alone is damage", func(m made) {
		m.remove(statusName)
		m.remove(manifestName)
	}, health.Backup{Phase: health.PhaseDamaged, Flaw: health.ManifestMissing}},
	{"a weak one without its SQLite header is damage", func(m made) {
		m.remove(statusName)
		m.manifest(doc{"IsEncrypted": false})
	}, health.Backup{Phase: health.PhaseDamaged, Flaw: health.DatabaseNotSQLite, History: manifestAt, Encrypted: health.No}},
	{"a folder with nothing in it is damage", func(m made) {
		for _, name := range []string{statusName, manifestName, infoName, databaseName} {
			m.remove(name)
		}
	}, health.Backup{Phase: health.PhaseDamaged, Flaw: health.FolderUnreadable}},
	{"a missing Info.plist costs no proof", func(m made) { m.remove(infoName) },
		health.Backup{Phase: health.PhaseComplete, LastGood: finishAt, Attempt: finishAt, Encrypted: health.Yes}},
	{"an empty Info.plist costs no proof", func(m made) { m.put(infoName, nil, finishAt.Add(time.Minute)) },
		health.Backup{Phase: health.PhaseComplete, LastGood: finishAt, Attempt: finishAt, Encrypted: health.Yes}},

	{"an Info.plist written an hour later tells of a failed run", func(m made) {
		m.touch(infoName, finishAt.Add(time.Hour+time.Second))
	}, health.Backup{Phase: health.PhaseComplete, LastGood: finishAt, Attempt: finishAt.Add(time.Hour + time.Second), Failed: true, Encrypted: health.Yes}},
	{"an Info.plist written within the hour does not", func(m made) {
		m.touch(infoName, finishAt.Add(time.Hour))
	}, health.Backup{Phase: health.PhaseComplete, LastGood: finishAt, Attempt: finishAt, Encrypted: health.Yes}},
	{"a file time that cannot be tells nothing", func(m made) {
		m.touch(infoName, nextYear)
	}, health.Backup{Phase: health.PhaseComplete, LastGood: finishAt, Attempt: finishAt, Encrypted: health.Yes}},
	{"of a later run over an upload the judge decides", func(m made) {
		m.status(doc{"SnapshotState": "uploading"})
		m.touch(infoName, finishAt.Add(2*time.Hour))
	}, health.Backup{Phase: health.PhaseUploading, LastGood: manifestAt, Attempt: finishAt.Add(2 * time.Hour), Encrypted: health.Yes}},
	{"a run that failed over a damaged folder is told as well", func(m made) {
		m.remove(databaseName)
		m.touch(infoName, finishAt.Add(2*time.Hour))
	}, health.Backup{Phase: health.PhaseDamaged, Flaw: health.DatabaseMissing, History: finishAt, Attempt: finishAt.Add(2 * time.Hour), Failed: true, Encrypted: health.Yes}},
}

func TestLadder(t *testing.T) {
	for encoding, encode := range encodings {
		for _, name := range []string{modernUDID, modernUDID + "-20261119-101500"} {
			for _, rung := range rungs {
				t.Run(encoding+"/"+name+"/"+rung.name, func(t *testing.T) {
					root := t.TempDir()
					m := complete(t, root, name, encode)
					rung.change(m)
					m.rest()
					got := readOne(t, New(root, clock))
					if got.Path != filepath.Join(root, name) || got.Archive != (name != modernUDID) {
						t.Errorf("path %s, archive %t", got.Path, got.Archive)
					}
					if got.Device.ID != health.IDOf(modernUDID) {
						t.Errorf("device %+v, want the ID of %s", got.Device, modernUDID)
					}
					got.Device, got.Path, got.Archive, got.ActiveAt = health.Device{}, "", false, time.Time{}
					if diff := cmp.Diff(rung.want, got); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
					}
				})
			}
		}
	}
}

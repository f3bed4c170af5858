package mobilesync

import (
	"path/filepath"
	"time"

	"ninelives/internal/health"
)

// The file in which the device notes its iCloud backups, under the name that it
// has in a backup: the SHA-1 of "HomeDomain-Library/Preferences/" and
// "com.apple.mobile.ldbackup.plist".
const (
	cloudName  = "2f771621fd3c627d0db75fe173f3dae8ce50e98b"
	cloudShard = "2f"     // the folder it lies in since iOS 10
	maxCloud   = 64 << 10 // bytes; eight short keys are all that was ever seen in it
)

// cloudFile is what we need of it.
type cloudFile struct {
	Enabled    flag   `plist:"CloudBackupEnabled"`
	LastBackup moment `plist:"LastCloudBackupDate"`
}

func (f cloudFile) genuine() bool { return f != cloudFile{} }
func (cloudFile) needs() needs    { return needs{levels: 3, numbers: true} }

// cloud is that file as it was read last, and of which backup.
type cloud struct {
	kept[cloudFile]
	of edition
}

// frozen tells what the device knew of its iCloud backups when it made the
// backup in place, b. An encrypted backup has the file, but nobody can read it,
// and a file there that can be read is not the device's. What cannot be read
// says nothing, whatever the reason.
func (f *folder) frozen(d disk, b health.Backup, now time.Time) health.Frozen {
	whole := b.Phase == health.PhaseComplete || b.Phase == health.PhaseUploading && !b.LastGood.IsZero()
	if !whole || b.Encrypted != health.No {
		return health.Frozen{}
	}
	f.renewCloud(d, now)
	last, _ := believed(time.Time(f.cloud.value.LastBackup), now)
	return health.Frozen{CloudBackup: health.Answer(f.cloud.value.Enabled), LastCloudBackup: last}
}

// renewCloud reads the file again if it may have changed; while the backup is
// the same, that need not even be asked.
func (f *folder) renewCloud(d disk, now time.Time) {
	if f.cloud.seen != nil && f.cloud.settled && f.cloud.of.same(f.edition()) {
		return
	}
	path := filepath.Join(f.path, cloudName)
	if f.old.piece != readable {
		shard := filepath.Join(f.path, cloudShard)
		// A link would lead out of the backup.
		if info, err := d.lstat(shard); err != nil || !info.IsDir() {
			f.cloud = cloud{}
			return
		}
		path = filepath.Join(shard, cloudName)
	}
	f.cloud.renew(d, path, now, document[cloudFile](d, maxCloud))
	f.cloud.of = f.edition()
}

package mobilesync

import (
	"io/fs"
	"path/filepath"
	"time"

	"ninelives/internal/health"
)

// maxShards bounds the subfolders of Snapshot that are looked at; a device
// makes 256.
const maxShards = 512

// activity gives the newest time of the folder, of Snapshot in it and of its
// subfolders; never of the blobs in them. A run may be silent for long, and
// only this tells that it goes on.
func (f *folder) activity(d disk, dir fs.FileInfo, now time.Time) time.Time {
	newest := timeOf(dir, now)
	snapshot := filepath.Join(f.path, snapshotName)
	info, err := d.lstat(snapshot)
	if err != nil || !info.IsDir() {
		return newest
	}
	newest = latest(newest, timeOf(info, now))
	shards, err := d.list(snapshot)
	if err != nil {
		return newest
	}
	for _, shard := range shards[:min(len(shards), maxShards)] {
		if !shard.IsDir() {
			continue
		}
		if info, err := d.lstat(filepath.Join(snapshot, shard.Name())); err == nil {
			newest = latest(newest, timeOf(info, now))
		}
	}
	return newest
}

// newestFile gives the newest time of the files that were read.
func (f *folder) newestFile(now time.Time) time.Time {
	newest := time.Time{}
	for _, at := range []time.Time{f.status.at, f.manifest.at, f.info.at, f.database.at, f.old.at} {
		newest = latest(newest, fileTime(at, now))
	}
	return newest
}

// maxSkew is how far the clock of a file server may be ahead of ours.
const maxSkew = time.Hour

// fileTime gives a file's time, or zero if it cannot be: a run would seem to go
// on until that day.
func fileTime(at, now time.Time) time.Time {
	at, _ = believed(at, now.Add(maxSkew-health.Day))
	return at
}

func timeOf(info fs.FileInfo, now time.Time) time.Time {
	if info == nil {
		return time.Time{}
	}
	return fileTime(info.ModTime(), now)
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

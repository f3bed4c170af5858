package sample

import (
	"crypto/sha1"
	"fmt"
	"time"

	"howett.net/plist"
)

// backedUp gives the files that the device has backed up, under the names that
// it gives them; none before the first run is complete.
func (f Folder) backedUp() ([]entry, error) {
	if f.firstRun() {
		return f.sharded("", nil, f.StatusAt), nil
	}
	blobs := f.noisy("", 3)
	for n, size := range f.Blobs {
		blobs = append(blobs, entry{name: fmt.Sprintf("%x", noise(fmt.Sprint(f.UDID, "sized", n), 20)), zeros: size})
	}
	cloud, err := f.cloud()
	switch {
	case err != nil:
		return nil, err
	case f.Database == MBDB: // before iOS 10 all lay in the root
		return append(f.sharded("", blobs, f.ManifestDate), cloud...), nil
	default:
		return f.sharded("", append(blobs, cloud...), f.ManifestDate), nil
	}
}

// noisy gives a number of small files for a place; nothing can be read in them.
func (f Folder) noisy(place string, number int) []entry {
	var blobs []entry
	for n := range number {
		name := fmt.Sprintf("%x", noise(fmt.Sprint(f.UDID, place, n), 20))
		blobs = append(blobs, entry{name: name, data: noise(name, 64)})
	}
	return blobs
}

// sharded gives the folders 00 to ff in a place, or those that are needed, and
// each file in the one that its name begins with.
func (f Folder) sharded(place string, blobs []entry, at time.Time) []entry {
	in := map[string][]entry{}
	for _, blob := range blobs {
		in[blob.name[:2]] = append(in[blob.name[:2]], blob)
	}
	var all []entry
	for prefix := range 256 {
		shard := fmt.Sprintf("%02x", prefix)
		if in[shard] == nil && !f.Prefixes {
			continue
		}
		all = append(all, entry{name: place + shard, folder: true, at: at})
		for _, blob := range in[shard] {
			blob.name, blob.at = place+shard+"/"+blob.name, at
			all = append(all, blob)
		}
	}
	return all
}

// cloud is the file in which the device notes its iCloud backups, named, as
// all of a backup, by the SHA-1 of its domain and path on the device.
func (f Folder) cloud() ([]entry, error) {
	const where = "HomeDomain-Library/Preferences/com.apple.mobile.ldbackup.plist"
	if f.CloudBackup == "" && f.LastCloudBackup.IsZero() {
		return nil, nil
	}
	file := entry{name: fmt.Sprintf("%x", sha1.Sum([]byte(where))), at: f.ManifestDate}
	if f.Encrypted {
		file.data = noise(f.UDID+"cloud", 256)
		return []entry{file}, nil
	}
	content := dict{"Version": "2.0"}
	if f.CloudBackup != "" {
		content["CloudBackupEnabled"] = f.CloudBackup == CloudOn
	}
	if !f.LastCloudBackup.IsZero() {
		epoch := time.Date(2001, time.January, 1, 0, 0, 0, 0, time.UTC)
		content["LastCloudBackupDate"] = uint64(f.LastCloudBackup.Sub(epoch) / time.Second)
		content["LastCloudBackupTZ"] = "GMT+1"
	}
	return file.plist(content, plist.BinaryFormat)
}

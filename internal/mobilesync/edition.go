package mobilesync

import "io/fs"

// edition is what tells one backup of a folder from the one before it, at no
// further cost: the two files that every run writes anew.
type edition struct{ status, manifest fs.FileInfo }

func (f *folder) edition() edition { return edition{f.status.seen, f.manifest.seen} }

// same reports whether both files were there, then and now, and are the same.
func (e edition) same(now edition) bool {
	return same(e.status, now.status) && same(e.manifest, now.manifest)
}

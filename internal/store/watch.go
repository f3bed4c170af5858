package store

import (
	"io/fs"
	"os"
)

// Stamp is what a file looked like at some moment. The zero value is a file
// that was not there.
type Stamp struct{ info fs.FileInfo }

// Changed looks at a file, without reading it, and reports whether it is
// another one than last time: by size, time of change and identity. A file
// that cannot be looked at counts as not there.
func Changed(path string, last Stamp) (Stamp, bool) {
	info, err := os.Stat(path)
	if err != nil {
		return Stamp{}, last.info != nil
	}
	now := Stamp{info}
	if last.info == nil {
		return now, true
	}
	same := os.SameFile(info, last.info) && info.Size() == last.info.Size() && info.ModTime().Equal(last.info.ModTime())
	return now, !same
}

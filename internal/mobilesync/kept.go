package mobilesync

import (
	"bytes"
	"io/fs"
	"os"
	"runtime"
	"time"

	"ninelives/internal/health"
)

// kept is a file as it was read last.
type kept[T any] struct {
	found[T]
	seen    fs.FileInfo // as it was just before it was read; nil: not there, or it must be tried again
	settled bool        // seen tells for sure whether it has changed since
}

// settles is how old a file must be for its time to tell of a later change: a
// file of the same size may be written twice within the grain of a file time.
const settles = 3 * time.Second

// renew reads the file at path again if it has changed.
func (k *kept[T]) renew(d disk, path string, now time.Time, read func(path string, info fs.FileInfo) (T, error)) {
	info, err := d.lstat(path)
	if err != nil {
		*k = kept[T]{found: found[T]{piece: pieceOf(err)}}
		return
	}
	if k.seen != nil && k.settled && unchanged(k.seen, info) {
		return
	}
	value, err := read(path, info)
	*k = kept[T]{found: found[T]{piece: pieceOf(err), at: info.ModTime(), value: value}, seen: info}
	k.settled = now.Sub(info.ModTime()) > settles
	if err != nil && !saysNothingNew(err) {
		k.seen = nil // what the disk refused today it may give tomorrow
	}
}

// unchanged compares size, time and, where asking for it costs no further call,
// the identity of a file.
func unchanged(before, now fs.FileInfo) bool {
	return before.Size() == now.Size() && before.Mode() == now.Mode() && before.ModTime().Equal(now.ModTime()) &&
		(runtime.GOOS == "windows" || os.SameFile(before, now))
}

// same reports whether a file was there both times and did not change.
func same(before, now fs.FileInfo) bool {
	return before != nil && now != nil && unchanged(before, now)
}

// genuine is a document that knows whether it holds a key that a real one has.
type genuine interface {
	selective
	genuine() bool
}

// document makes the reader of a property list of at most limit bytes.
func document[T genuine](d disk, limit int64) func(string, fs.FileInfo) (T, error) {
	return func(path string, info fs.FileInfo) (T, error) {
		var none T
		raw, err := d.content(path, info, limit)
		if err != nil {
			return none, err
		}
		doc, err := decode[T](raw)
		if err == nil && !doc.genuine() {
			return none, errForeign
		}
		return doc, err
	}
}

// header reads as much of a Manifest.db as tells whether it is encrypted. It is
// never opened as a database: that would leave files beside it.
func header(d disk) func(string, fs.FileInfo) (database, error) {
	const magic = "SQLite format 3\x00"
	return func(path string, info fs.FileInfo) (database, error) {
		if err := fitDatabase(info); err != nil {
			return database{}, err
		}
		raw, err := d.head(path, len(magic))
		if err != nil {
			return database{}, err
		}
		return database{SQLite: health.AnswerOf(bytes.Equal(raw, []byte(magic)))}, nil
	}
}

// oldHeader takes a Manifest.mbdb as it is.
func oldHeader(_ string, info fs.FileInfo) (database, error) {
	return database{}, fitDatabase(info)
}

// fitDatabase refuses an empty database; what is no file at all is none.
func fitDatabase(info fs.FileInfo) error {
	switch {
	case !info.Mode().IsRegular():
		return fs.ErrNotExist
	case info.Size() == 0:
		return errEmpty
	default:
		return nil
	}
}

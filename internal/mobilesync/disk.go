package mobilesync

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"syscall"
)

// disk is all that is ever asked of the file system: reading, nothing else.
type disk struct {
	lstat  func(path string) (fs.FileInfo, error)
	stat   func(path string) (fs.FileInfo, error)
	list   func(path string) ([]fs.DirEntry, error)
	open   func(path string) (fs.File, error)
	folder func(path string) (fs.ReadDirFile, error) // for one that is too large to be listed at once
}

func theDisk() disk {
	return disk{lstat: os.Lstat, stat: os.Stat, list: os.ReadDir, open: openGently, folder: openFolder}
}

// openGently, in open_windows.go and open_other.go, opens a file for reading
// so that whoever writes the backup can still replace it meanwhile. openFolder,
// beside it, opens a folder for listing; where the system can, it refuses all
// else, such as a pipe that would block.

// absentCodes, in absent_windows.go and absent_other.go, are the error codes of
// a volume that is not there (any more).

// isAbsent reports whether an error says that the volume is not connected.
func isAbsent(err error) bool {
	var code syscall.Errno
	return errors.As(err, &code) && slices.Contains(absentCodes(), code)
}

// isLink reports whether something leads elsewhere. Windows junctions count as
// irregular files.
func isLink(mode fs.FileMode) bool { return mode&(fs.ModeSymlink|fs.ModeIrregular) != 0 }

// content reads a file whole, in one go. What is not a regular file (a pipe
// would block, a link would lead out of the folder), empty or larger than limit
// bytes is not read.
func (d disk) content(path string, info fs.FileInfo, limit int64) ([]byte, error) {
	if err := fitToRead(info, limit); err != nil {
		return nil, err
	}
	f, err := d.open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	if info, err = f.Stat(); err != nil {
		return nil, err
	}
	if err := fitToRead(info, limit); err != nil {
		return nil, err
	}
	raw := make([]byte, info.Size())
	n, err := io.ReadFull(f, raw)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	return raw[:n], nil
}

func fitToRead(info fs.FileInfo, limit int64) error {
	switch {
	case !info.Mode().IsRegular():
		return errNotFile
	case info.Size() == 0:
		return errEmpty
	case info.Size() > limit:
		return errTooLarge
	default:
		return nil
	}
}

// head reads the first n bytes of a file, or fewer if it has no more.
func (d disk) head(path string, n int) ([]byte, error) {
	f, err := d.open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	raw := make([]byte, n)
	got, err := io.ReadFull(f, raw)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	return raw[:got], nil
}

// withoutPath gives an error of the file system without the path in it.
func withoutPath(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

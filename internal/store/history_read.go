package store

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// mostHistory is the largest file that is read: many times of what ten devices
// need in five years.
const mostHistory = 16 << 20

// load reads the file, once, and again after somebody else has changed it.
func (h *History) load() {
	there, moved := Changed(h.path, h.stamp)
	if h.loaded && !moved {
		h.anew = h.anew || there == Stamp{}
		return
	}
	h.unread, h.torn = false, false
	h.anew = h.loaded // what is known must be in the file that is there now
	h.loaded = true
	h.stamp = there
	err := h.read()
	switch {
	case err == nil:
	case errors.Is(err, fs.ErrNotExist):
		h.anew = true
	case errors.Is(err, errDamaged) || errors.Is(err, ErrNewer):
		h.putAside(err)
	default:
		h.unread, h.anew = true, true
		h.problem = fmt.Errorf("store: %s cannot be read: %w: make it readable for you, or name another place with --data-dir", h.path, cause(err))
	}
}

// putAside makes way for a new file; it tells so with the next note.
func (h *History) putAside(reason error) {
	to, why := moveAside(h.path, h.now(), reason)
	h.anew, h.unread = true, to == ""
	h.stamp, _ = Changed(h.path, Stamp{})
	h.problem = fmt.Errorf("store: %s: %w", h.path, why)
	switch {
	case to == "":
	case h.lines > 0:
		h.problem = fmt.Errorf("%w; it was set aside as %s; what could be read of it is kept", h.problem, filepath.Base(to))
	default:
		h.problem = fmt.Errorf("%w; it was set aside as %s; an empty history is used", h.problem, filepath.Base(to))
	}
}

// read adds what is in the file to what is known.
func (h *History) read() error {
	h.lines = 0
	file, err := openRegular(h.path, mostHistory)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // only read from
	text := bufio.NewReaderSize(file, 32<<10)
	first, err := text.ReadSlice('\n')
	switch {
	case errors.Is(err, io.EOF) && len(first) == 0:
		h.anew = true // nothing was ever in it
		return nil
	case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull):
		return err
	}
	damage := checkHeader(first)
	if errors.Is(damage, ErrNewer) {
		return damage
	}
	return errors.Join(damage, h.readLines(text))
}

// checkHeader looks at the first line of the file.
func checkHeader(line []byte) error {
	number, ours := strings.CutPrefix(string(line), historyName)
	number, whole := strings.CutSuffix(number, "\n")
	version, err := strconv.Atoi(number)
	switch {
	case !ours || !whole || err != nil || version < historyVersion:
		return fmt.Errorf("%w: its first line is not one of a history", errDamaged)
	case version > historyVersion:
		return fmt.Errorf("%w: its form is %d", ErrNewer, version)
	default:
		return nil
	}
}

// readLines adds up the lines of the file. A damaged one, or one that was cut
// off at the end, costs itself.
func (h *History) readLines(text *bufio.Reader) error {
	read := map[string]*timeline{}
	defer h.take(read)
	for {
		line, err := text.ReadSlice('\n')
		switch {
		case err == nil:
			h.lines += readLine(read, line[:len(line)-1])
		case errors.Is(err, bufio.ErrBufferFull): // no line of ours, nor is the rest of it
		case errors.Is(err, io.EOF):
			h.torn = len(line) > 0
			return nil
		default:
			return err
		}
	}
}

// readLine collects one line, and counts it if it is one.
func readLine(read map[string]*timeline, line []byte) int {
	device, day, m, ok := parseLine(line)
	if !ok {
		return 0
	}
	days := read[string(device)]
	if days == nil {
		days = &timeline{}
		read[string(device)] = days
	}
	*days = append(*days, knownDay{int32(day), m})
	return 1
}

// take adds what was read to what is known.
func (h *History) take(read map[string]*timeline) {
	for device, days := range read {
		h.devices[device] = append(h.devices[device], *days...).sorted()
	}
}

// openRegular opens a file that is not larger than most bytes.
func openRegular(path string, most int64) (*os.File, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%w: not a regular file", errDamaged)
	case info.Size() > most:
		return nil, fmt.Errorf("%w: more than %d MiB", errDamaged, most>>20)
	}
	return os.Open(path)
}

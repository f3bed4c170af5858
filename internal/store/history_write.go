package store

import (
	"bytes"
	"cmp"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// save writes what is not in the file yet.
func (h *History) save() error {
	switch {
	case h.anew && len(h.devices) > 0:
		return h.rewrite()
	case len(h.unsaved) == 0:
		return nil
	}
	var text []byte
	if h.torn {
		text = append(text, "~\n"...) // so that what is left of a line is none
	}
	squares := slices.SortedFunc(maps.Keys(h.unsaved), func(a, b square) int {
		return cmp.Or(cmp.Compare(a.day, b.day), strings.Compare(a.device, b.device))
	})
	for _, s := range squares {
		text = appendLine(text, s.device, s.day, h.devices[s.device].at(s.day))
	}
	err := h.add(h.path, text)
	h.stamp, _ = Changed(h.path, Stamp{})
	h.torn = err != nil
	if err != nil {
		return writeError(h.path, err, "--data-dir")
	}
	h.lines += len(squares)
	clear(h.unsaved)
	return nil
}

// appendTo adds text to the end of a file and waits until it is on the disk.
func appendTo(path string, text []byte) (err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	defer func() {
		if e := file.Close(); err == nil {
			err = e
		}
	}()
	if _, err := file.Write(text); err != nil {
		return err
	}
	return file.Sync()
}

// rewrite puts a new file in place of the old one, with each day once.
func (h *History) rewrite() error {
	if err := h.replace(); err != nil {
		return writeError(h.path, err, "--data-dir")
	}
	h.anew, h.torn = false, false
	clear(h.unsaved)
	return nil
}

func (h *History) replace() error {
	if err := os.MkdirAll(filepath.Dir(h.path), 0o700); err != nil {
		return err
	}
	if h.unread {
		if to, err := moveAside(h.path, h.now(), fs.ErrPermission); to == "" {
			return err
		}
		h.unread = false
	}
	sweep(h.path, h.now())
	text := bytes.NewBufferString(historyHeader)
	lines := 0
	for _, device := range slices.Sorted(maps.Keys(h.devices)) {
		for _, k := range h.devices[device] {
			text.Write(appendLine(text.AvailableBuffer(), device, int(k.day), k.marks))
			lines++
		}
	}
	if err := h.write(h.path, text.Bytes()); err != nil {
		return err
	}
	h.lines = lines
	h.stamp, _ = Changed(h.path, Stamp{})
	return nil
}

// What makes a file worth writing anew.
const (
	tooOld      = 31   // days beyond those that are kept
	tooMany     = 1000 // lines that others have outdated, and as many as those that count
	clockIsSane = 30   // days of a device that must be known within the years that are kept
)

// tidy drops days that are too old, and writes the file anew when that, or the
// lines that say nothing any more, are worth it.
func (h *History) tidy(today int) error {
	oldest := today - keepDays + 1
	due, recent, live := false, 0, 0
	for _, days := range h.devices {
		due = due || int(days[0].day) < oldest-tooOld
		from, _ := slices.BinarySearchFunc(days, int32(oldest), byDay)
		to, _ := slices.BinarySearchFunc(days, int32(today+1), byDay)
		recent = max(recent, to-from)
		live += len(days)
	}
	due = due && recent >= clockIsSane // a clock years ahead must not cost the history
	if due {
		h.drop(oldest)
	}
	if due || h.lines > 2*live+tooMany {
		return h.rewrite()
	}
	return nil
}

// drop forgets all days before one.
func (h *History) drop(oldest int) {
	for device, days := range h.devices {
		i, _ := slices.BinarySearchFunc(days, int32(oldest), byDay)
		h.devices[device] = slices.Clone(days[i:])
		if i == len(days) {
			delete(h.devices, device)
		}
	}
}

package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// version is the form of the file; changes that old programs would misread
// raise it.
const version = 1

// ErrNewer is why a file is set aside that a later version of the program has
// written.
var ErrNewer = errors.New("written by a newer version of Nine Lives")

var errDamaged = errors.New("damaged")

// onDisk is the form of the file.
type onDisk struct {
	Version int `json:"version"`
	Remembered
}

// encode gives the content of the file. Facts that JSON cannot hold, such as a
// date after the year 9999 in a hostile backup, are left out and reported:
// they must not keep what was said from being remembered.
func encode(r Remembered) (content []byte, omitted error) {
	content, err := json.Marshal(onDisk{version, r})
	if err != nil {
		omitted = fmt.Errorf("store: what was read cannot be remembered: %w", err)
		content, err = json.Marshal(onDisk{version, Remembered{Alerts: r.Alerts}})
	}
	if err != nil {
		return nil, fmt.Errorf("store: what was said cannot be remembered: %w", err)
	}
	return append(content, '\n'), omitted
}

// read reads one file of the memory.
func read(path string) (Remembered, []byte, error) {
	content, err := readLimited(path)
	if err != nil {
		return Remembered{}, nil, err
	}
	var head struct{ Version int }
	if err := json.Unmarshal(content, &head); err != nil {
		return Remembered{}, nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	if head.Version > version {
		return Remembered{}, nil, fmt.Errorf("%w: its form is %d", ErrNewer, head.Version)
	}
	var whole onDisk
	if err := json.Unmarshal(content, &whole); err != nil {
		return Remembered{}, nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	if whole.Version != version {
		return Remembered{}, nil, fmt.Errorf("%w: no version", errDamaged)
	}
	return whole.Remembered, content, nil
}

// readLimited refuses what cannot be a memory before it fills ours.
func readLimited(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: not a regular file", errDamaged)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read from
	const most = 64 << 20
	content, err := io.ReadAll(io.LimitReader(file, most+1))
	if len(content) > most {
		return nil, fmt.Errorf("%w: more than 64 MiB", errDamaged)
	}
	return content, err
}

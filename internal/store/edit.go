package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Set changes one key in the settings file and leaves every other byte alone.
//
// The key is dotted (icloud.warn_after, device.3f2a9c01.ignore); the value is
// as people type it (7d, true, 1d,3d) or as TOML. The file is made when it is
// missing, with a comment on every key. Nothing is written unless the file was
// good before and is good afterwards: a bad key, value or file is a
// [*SettingsError].
func Set(path, key, value string) error {
	return edit(path, func(text []byte) ([]byte, error) {
		if text == nil {
			text = newFile()
		}
		s, err := readDocument(path, text)
		if err != nil {
			return nil, err
		}
		_, literal, problem := s.with(key, value)
		if problem != nil {
			return nil, problem
		}
		keys, _, _ := findKey(key)
		return changeText(path, text, keys, literal)
	})
}

// Unset takes one key out of the settings file, so that its default holds
// again. A key that is not there, or a file that is missing, is no error.
func Unset(path, key string) error {
	return edit(path, func(text []byte) ([]byte, error) {
		keys, _, problem := findKey(key)
		if problem != nil {
			return nil, problem
		}
		if _, err := readDocument(path, text); err != nil {
			return nil, err
		}
		return changeText(path, text, keys, "")
	})
}

// changeText sets or, with an empty literal, removes a key, and looks whether
// that and nothing else has changed.
func changeText(path string, text []byte, keys []string, literal string) ([]byte, error) {
	before, _ := parseText(text)
	after := before.remove(keys)
	if literal != "" {
		after = before.insert(keys, literal)
	}
	changed, problem := parseText(after)
	if problem != nil || !slices.Equal(before.values(keys), changed.values(keys)) || changed.literal(keys) != literal {
		return nil, &SettingsError{File: path, Line: before.line(keys), Key: keyName(keys), Value: literal,
			Want: "this change made by hand: the file is written in a way that cannot be changed safely"}
	}
	if bytes.HasPrefix(text, byteOrderMark) {
		after = append(slices.Clone(byteOrderMark), after...)
	}
	return after, nil
}

// values gives all keys but one, with their values as written.
func (d *document) values(but []string) []string {
	var all []string
	for _, e := range d.entries {
		if !slices.Equal(e.path, but) {
			all = append(all, fmt.Sprintf("%q = %s", e.path, d.string(e.value)))
		}
	}
	slices.Sort(all)
	return all
}

// edit changes a file by a function of its text, nil for a missing one. When
// somebody else changes the file meanwhile, it starts again from what is there.
func edit(path string, change func(text []byte) ([]byte, error)) error {
	target, err := follow(path)
	if err != nil {
		return readError(path, err)
	}
	if info, err := os.Stat(target); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o200 == 0 {
		return fmt.Errorf("store: settings %s cannot be changed: the file is write-protected: allow writing to it, or change it where it comes from", path)
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return writeError(path, err, "--config")
	}
	unlock, err := lockBeside(target)
	if errors.Is(err, context.DeadlineExceeded) {
		return errBusy(path)
	}
	if err != nil {
		return writeError(path, err, "--config")
	}
	defer unlock()
	sweep(target, time.Now())
	const tries = 10
	for range tries {
		stamp, _ := Changed(target, Stamp{})
		text, err := readText(target)
		if errors.Is(err, fs.ErrNotExist) {
			text, err = nil, nil
		}
		if err != nil {
			return err
		}
		after, err := change(text)
		if err != nil || bytes.Equal(text, after) {
			return err
		}
		if _, moved := Changed(target, stamp); moved {
			continue
		}
		if err := replaceFile(target, after); err != nil {
			return writeError(path, err, "--config")
		}
		return nil
	}
	return errBusy(path)
}

func errBusy(path string) error {
	return fmt.Errorf("store: settings %s are being changed by another program: try again", path)
}

// follow gives the file that a path leads to through symbolic links, which
// need not exist yet: the link stays, its target is written.
func follow(path string) (string, error) {
	const longest = 40 // links, as in Linux
	for range longest {
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode()&fs.ModeSymlink == 0 {
			return path, nil
		}
		if err != nil {
			return "", err
		}
		next, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(next) {
			next = filepath.Join(filepath.Dir(path), next)
		}
		path = next
	}
	return "", errors.New("its symbolic links lead nowhere")
}

package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"howett.net/plist"
)

// readForcedFile reads one property list. A missing file forces nothing.
func readForcedFile(file string) (map[string]forcedValue, error) {
	text, err := readForcedText(file)
	if err != nil || text == nil {
		return nil, err
	}
	values, err := decodeForced(text)
	if err != nil {
		return nil, fmt.Errorf("store: forced settings %s: %w: ask your administrator to look at the profile", file, err)
	}
	return values, nil
}

// mostForced bounds a file of forced settings, in bytes. A list that is nested
// as deep as these allow costs the decoder some time and memory, and no more.
const mostForced = 256 << 10

func readForcedText(file string) ([]byte, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("store: forced settings: %w", err)
	}
	defer func() { _ = f.Close() }() // only read from
	text, err := io.ReadAll(io.LimitReader(f, mostForced+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("store: forced settings: %w", err)
	case len(text) > mostForced:
		return nil, fmt.Errorf("store: forced settings %s: more than %d bytes", file, mostForced)
	}
	return text, nil
}

func decodeForced(text []byte) (values map[string]forcedValue, err error) {
	defer func() {
		if p := recover(); p != nil { // the decoder panics on some damaged files
			err = fmt.Errorf("not a property list: %v", p)
		}
	}()
	format, err := plist.Unmarshal(text, &values)
	if err == nil && format != plist.XMLFormat && format != plist.BinaryFormat {
		err = errors.New("not a property list") // of an empty file too
	}
	return values, err
}

// forcedValue takes only what a setting can be: text, yes or no, or a list of
// texts. Of anything else it holds nothing, which no setting allows.
type forcedValue struct{ value any }

// UnmarshalPlist implements plist.Unmarshaler.
func (v *forcedValue) UnmarshalPlist(decode func(any) error) error {
	var text string
	var on bool
	var list []string
	switch {
	case decode(&text) == nil:
		v.value = text
	case decode(&on) == nil:
		v.value = on
	case decode(&list) == nil:
		items := make([]any, len(list))
		for i, item := range list {
			items[i] = item
		}
		v.value = items
	}
	return nil
}

package mobilesync

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"howett.net/plist"
)

// The limits of a property list. The largest Info.plist seen had 58 MB, nearly
// all of it artwork; the largest of the others half a megabyte.
const (
	maxInfo  = 64 << 20 // bytes of an Info.plist
	maxPlist = 16 << 20 // bytes of any other
	maxSlim  = 4 << 20  // bytes of an XML one without what is not needed
	maxDepth = 512      // collections within collections
)

// Why a file is not taken as a property list.
var (
	errNotFile  = errors.New("not a regular file")
	errEmpty    = errors.New("empty")
	errTooLarge = errors.New("too large")
	errNotPlist = errors.New("not a property list")
	errTooDeep  = errors.New("nested too deeply")
	errBroken   = errors.New("cut off or broken")
	errForeign  = errors.New("holds none of the keys it should")
)

// saysNothingNew reports whether an error lies in the content of a file, so that
// reading the same file again would only say the same.
func saysNothingNew(err error) bool {
	return slices.ContainsFunc([]error{errNotFile, errEmpty, errTooLarge, errNotPlist, errTooDeep, errBroken, errForeign},
		func(kind error) bool { return errors.Is(err, kind) })
}

// needs says what a document takes of a property list.
type needs struct {
	levels  int  // how deep its elements lie: the plist element, the root dictionary in it, its values, and so on
	numbers bool // whether integers and reals are among them
}

// selective is a document that knows what it needs.
type selective interface{ needs() needs }

// decode reads a property list, XML or binary, into a struct of lenient fields.
// It may scribble over raw. The library behind it takes an empty file for a
// document, dies of deep nesting and panics on absurd counts, so everything is
// looked over first and panics are caught.
func decode[T selective](raw []byte) (doc T, err error) {
	defer func() {
		if r := recover(); r != nil {
			var none T
			doc, err = none, fmt.Errorf("%w: %v", errBroken, r)
		}
	}()
	if raw, err = guarded(raw, doc.needs()); err != nil {
		return doc, err
	}
	decoder := plist.NewDecoder(bytes.NewReader(raw))
	if err := decoder.Decode(&doc); err != nil {
		var none T
		return none, fmt.Errorf("%w: %w", errBroken, err)
	}
	if decoder.Format != plist.XMLFormat && decoder.Format != plist.BinaryFormat {
		var none T
		return none, errNotPlist
	}
	return doc, nil
}

// guarded gives what is safe to decode.
func guarded(raw []byte, wanted needs) ([]byte, error) {
	if bytes.HasPrefix(raw, []byte("bplist0")) {
		if len(raw) > maxPlist {
			return nil, errTooLarge
		}
		return raw, checkBinary(raw)
	}
	raw = bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\ufeff")), " \t\r\n")
	switch {
	case len(raw) == 0:
		return nil, errEmpty
	case raw[0] != '<':
		return nil, errNotPlist
	}
	raw, err := slim(raw, wanted)
	if err != nil {
		return nil, err
	}
	if len(raw) > maxSlim {
		return nil, errTooLarge
	}
	return legible(raw), nil
}

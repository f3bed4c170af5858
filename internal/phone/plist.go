package phone

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"howett.net/plist"
)

// mostMarkup bounds the tags of a message, and so how deep they can lie in each
// other: the library goes down into them by recursion, and Go cannot be saved
// from a stack that is too deep. 300 phones are listed with fewer.
const mostMarkup = 1 << 14

func encode(message any) ([]byte, error) {
	body, err := plist.Marshal(message, plist.XMLFormat)
	if err != nil {
		return nil, fmt.Errorf("write a message: %w", err)
	}
	return body, nil
}

// decode reads a message, which is always XML: usbmuxd and lockdown answer in
// the form in which they are asked. It may scribble over raw. The errors of the
// library quote what they stumbled over, so none of them is passed on.
func decode(raw []byte, into any) error {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	switch {
	case !bytes.HasPrefix(raw, []byte("<")):
		return fmt.Errorf("%w: not an XML property list", errGarbled)
	case bytes.Count(raw, []byte("<")) > mostMarkup:
		return fmt.Errorf("%w: a property list of too many elements", errGarbled)
	}
	return unmarshal(legible(raw), plist.XMLFormat, into)
}

// unmarshal decodes one of the formats that are fine. The library takes nearly
// everything for an old text format, and panics on absurd binary ones.
func unmarshal(raw []byte, fine int, into any) (err error) {
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("%w: a property list that makes no sense", errGarbled)
		}
	}()
	format, err := plist.Unmarshal(raw, into)
	if err != nil || format != fine {
		return fmt.Errorf("%w: a property list that is cut off or broken", errGarbled)
	}
	return nil
}

// legible replaces, in place, what XML does not allow: a phone's system writes
// a control character in a name as it is, and the library would refuse the
// whole message for it.
func legible(raw []byte) []byte {
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size == 1 || r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			for n := range size {
				raw[i+n] = '?'
			}
		}
		i += size
	}
	return raw
}

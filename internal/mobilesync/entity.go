package mobilesync

import (
	"bytes"
	"strconv"
	"strings"
)

// startsEntity reports whether raw begins with an entity that XML knows by
// itself, such as &amp; or &#38;, and that stands for a character it allows.
func startsEntity(raw []byte) bool {
	const longest = len("&#x10FFFF;")
	end := bytes.IndexByte(raw[:min(len(raw), longest)], ';')
	if end < 0 {
		return false
	}
	name := string(raw[1:end])
	switch name {
	case "amp", "lt", "gt", "quot", "apos":
		return true
	}
	digits, numeric := strings.CutPrefix(name, "#")
	if !numeric {
		return false
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	code, err := strconv.ParseUint(digits, base, 21)
	return err == nil && isXML(rune(code))
}

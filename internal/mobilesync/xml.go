package mobilesync

import (
	"bytes"
	"unicode/utf8"
)

// slimmer copies an XML property list onto itself and leaves out what is not
// needed: the artwork above all, collections that lie too deep to be of use,
// numbers of no use, comments, declarations, attributes and whatever follows
// the root. What it lets through has just the nesting that it counted.
type slimmer struct {
	in      []byte // still to be read
	out     []byte // what is kept, in the same memory: it never overtakes in
	needs   needs
	depth   int
	dropped int // depth of the element that is being left out; 0: none
	value   int // where in out the date or number under way starts; -1: none is
}

// slim gives an XML property list without what is not needed. It must have a
// root that is closed again: a file that was cut off is refused.
func slim(raw []byte, wanted needs) ([]byte, error) {
	s := slimmer{in: raw, out: raw[:0], needs: wanted, value: -1}
	for {
		i := bytes.IndexByte(s.in, '<')
		if i < 0 {
			return nil, errBroken
		}
		s.keep(i)
		done, err := s.markup()
		if done || err != nil {
			return s.out, err
		}
	}
}

// keep moves n bytes on, and into out if they are inside the root and wanted.
func (s *slimmer) keep(n int) {
	if s.depth > 0 && s.dropped == 0 {
		s.out = append(s.out, s.in[:n]...)
	}
	s.in = s.in[n:]
}

// markup reads one piece of markup and reports whether the root ended with it.
func (s *slimmer) markup() (done bool, err error) {
	switch {
	case bytes.HasPrefix(s.in, []byte("<!--")):
		return false, s.skip("-->")
	case bytes.HasPrefix(s.in, []byte("<![CDATA[")):
		end := bytes.Index(s.in, []byte("]]>"))
		if end < 0 {
			return false, errBroken
		}
		s.keep(end + len("]]>"))
		return false, nil
	case bytes.HasPrefix(s.in, []byte("<?")):
		return false, s.skip("?>")
	case bytes.HasPrefix(s.in, []byte("<!")):
		return false, s.skipDeclaration()
	default:
		return s.tag()
	}
}

// skip moves behind the next end.
func (s *slimmer) skip(end string) error {
	i := bytes.Index(s.in, []byte(end))
	if i < 0 {
		return errBroken
	}
	s.in = s.in[i+len(end):]
	return nil
}

// skipDeclaration moves behind a <!DOCTYPE …>, also one with a subset in
// brackets. Entities declared there are never expanded.
func (s *slimmer) skipDeclaration() error {
	end := bytes.IndexByte(s.in, '>')
	if subset := bytes.IndexByte(s.in, '['); subset >= 0 && subset < end {
		if err := s.skip("]"); err != nil {
			return err
		}
	}
	return s.skip(">")
}

// tag reads <name …>, <name …/> or </name>.
func (s *slimmer) tag() (done bool, err error) {
	end := bytes.IndexByte(s.in, '>')
	if end < 0 {
		return false, errBroken
	}
	inner := s.in[1:end]
	s.in = s.in[end+1:]
	closing := len(inner) > 0 && inner[0] == '/'
	if closing {
		return s.closeTag(bytes.TrimRight(inner[1:], " \t\r\n"))
	}
	alone := len(inner) > 0 && inner[len(inner)-1] == '/'
	name := inner
	if i := bytes.IndexAny(inner, " \t\r\n/"); i >= 0 {
		name = inner[:i]
	}
	switch {
	case len(name) == 0:
		return false, errBroken
	case s.depth == 0 && string(name) != "plist" && string(name) != "dict":
		return false, errNotPlist
	}
	return s.openTag(name, alone)
}

// openTag opens an element. One that is not needed becomes <data/>, which no
// field of ours takes.
func (s *slimmer) openTag(name []byte, alone bool) (done bool, err error) {
	if s.depth++; s.depth > maxDepth {
		return false, errTooDeep
	}
	switch {
	case s.dropped > 0:
	case s.unwanted(name, alone):
		if s.dropped = s.depth; alone {
			s.endDropped()
		}
	default:
		if checked(name) {
			s.value = len(s.out)
		}
		s.out = append(append(s.out, '<'), name...)
		if alone {
			s.out = append(s.out, '/')
		}
		s.out = append(s.out, '>')
	}
	if alone {
		s.depth--
	}
	return s.depth == 0, nil
}

// endDropped puts <data/> in the place of an element, at its end: only then is
// there room for it.
func (s *slimmer) endDropped() {
	s.out = append(s.out, "<data/>"...)
	s.dropped = 0
}

// unwanted reports whether no field of ours could take an element.
func (s *slimmer) unwanted(name []byte, alone bool) bool {
	switch string(name) {
	case "data":
		return true
	case "integer", "real":
		return alone || !s.needs.numbers
	case "dict", "array":
		return s.depth >= s.needs.levels && s.depth > 1
	case "date":
		return alone
	default:
		return false
	}
}

func (s *slimmer) closeTag(name []byte) (done bool, err error) {
	if s.depth == 0 {
		return false, errNotPlist
	}
	value, wanted := "", s.dropped == 0 // asked now: out may soon lie upon the name
	if wanted && checked(name) {
		value = string(name)
	}
	switch {
	case s.dropped == s.depth:
		s.endDropped()
	case wanted:
		s.out = append(append(append(s.out, "</"...), name...), '>')
	}
	s.depth--
	if value != "" {
		return false, s.settle(value)
	}
	return s.depth == 0, nil
}

// legible replaces, in place, what would make the library refuse the whole
// file: bytes that are not UTF-8, control characters, and ampersands that
// begin no entity. One odd app name must not cost the device's.
func legible(raw []byte) []byte {
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		broken := r == utf8.RuneError && size == 1 || !isXML(r) || r == '&' && !startsEntity(raw[i:])
		for range size {
			if broken {
				raw[i] = '?'
			}
			i++
		}
	}
	return raw
}

// isXML reports whether XML 1.0 allows a character.
func isXML(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xD7FF ||
		r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}

package store

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// find gives the index of a key's entry, or -1.
func (d *document) find(path []string) int {
	return slices.IndexFunc(d.entries, func(e entry) bool { return slices.Equal(e.path, path) })
}

// line gives where a key stands, 0 for nowhere.
func (d *document) line(path []string) int {
	if i := d.find(path); i >= 0 {
		return d.entries[i].line
	}
	return 0
}

// literal gives a key's value as written, empty for a key that is not there.
func (d *document) literal(path []string) string {
	if i := d.find(path); i >= 0 {
		return d.string(d.entries[i].value)
	}
	return ""
}

// splice gives the text with a piece replaced.
func (d *document) splice(s span, by string) []byte {
	return slices.Concat(d.text[:s.start], []byte(by), d.text[s.end:])
}

// insert gives the text with a key set: in its place, else where a reader
// would look for it.
func (d *document) insert(path []string, literal string) []byte {
	if i := d.find(path); i >= 0 {
		return d.splice(d.entries[i].value, literal)
	}
	in := d.home(path)
	if in < 0 {
		return d.appendTable(path, literal)
	}
	line := dotted(path[len(d.tables[in].path):]) + " = " + literal
	if d.tables[in].inline {
		return d.insertInline(in, line)
	}
	return d.insertLine(in, path, line)
}

// home gives the table that a new key must be written in, -1 for a new one:
// braces that already hold its table, the table itself, or the one in which
// its neighbours are written with dotted keys.
func (d *document) home(path []string) int {
	parent := path[:len(path)-1]
	best := -1
	for i, t := range d.tables {
		if t.inline && hasPrefix(path, t.path) || slices.Equal(t.path, parent) {
			best = i
		}
	}
	for _, e := range d.entries {
		if best < 0 && len(parent) > 0 && hasPrefix(e.path, parent) {
			best = e.table
		}
	}
	return best
}

func hasPrefix(path, prefix []string) bool {
	return len(path) > len(prefix) && slices.Equal(path[:len(prefix)], prefix)
}

// insertInline writes between braces, after the last key.
func (d *document) insertInline(in int, line string) []byte {
	at := -1
	for _, e := range d.entries {
		if e.table == in {
			at = e.span.end
		}
	}
	for _, t := range d.tables {
		if t.inline && len(t.path) == len(d.tables[in].path)+1 && hasPrefix(t.path, d.tables[in].path) {
			at = max(at, t.span.end+1)
		}
	}
	if at >= 0 {
		return d.splice(span{at, at}, ", "+line)
	}
	start := d.tables[in].span.start
	return d.splice(span{start, start}, " "+line)
}

// insertLine writes a line into a table: under the comment that shows its
// default, else after the last key.
func (d *document) insertLine(in int, path []string, line string) []byte {
	newline := d.newline()
	at, indent := d.lineFor(in, path)
	before := ""
	if at > 0 && d.text[at-1] != '\n' {
		before = newline
	}
	return d.splice(span{at, at}, before+indent+line+newline)
}

// lineFor gives where a new line of a table starts, and its indent.
func (d *document) lineFor(in int, path []string) (at int, indent string) {
	t := d.tables[in]
	shown := regexp.MustCompile(`(?m)^[ \t]*#[ \t]*` + regexp.QuoteMeta(dotted(path[len(t.path):])) + `[ \t]*=.*$`)
	for _, hit := range shown.FindAllIndex(d.text[t.span.start:t.span.end], -1) {
		if at := t.span.start + hit[0]; !d.inValue(at) {
			return lineEnd(d.text, at), ""
		}
	}
	last := -1
	for i, e := range d.entries {
		if e.table == in {
			last = i
		}
	}
	if last >= 0 {
		e := d.entries[last]
		start := bytes.LastIndexByte(d.text[:e.span.start], '\n') + 1
		return lineEnd(d.text, e.span.end), string(d.text[start:e.span.start])
	}
	if in == 0 {
		return d.topEnd(), ""
	}
	return t.span.start, ""
}

// topEnd gives the end of the lines before the first [table], without the
// comment that stands right above it.
func (d *document) topEnd() int {
	at := d.tables[0].span.end
	if at == len(d.text) {
		return at
	}
	for at > 0 {
		start := bytes.LastIndexByte(d.text[:at-1], '\n') + 1
		if !bytes.HasPrefix(bytes.TrimSpace(d.text[start:at]), []byte("#")) || d.inValue(start) {
			break
		}
		at = start
	}
	return at
}

// inValue reports whether a place is inside a value that goes over lines.
func (d *document) inValue(at int) bool {
	inside := func(s span) bool { return s.start < at && at < s.end }
	return slices.ContainsFunc(d.entries, func(e entry) bool { return inside(e.span) }) ||
		slices.ContainsFunc(d.tables, func(t table) bool { return t.inline && inside(t.span) })
}

// appendTable writes a new table at the end of the file.
func (d *document) appendTable(path []string, literal string) []byte {
	newline := d.newline()
	var gap string
	switch {
	case len(d.text) == 0:
	case !bytes.HasSuffix(d.text, []byte("\n")):
		gap = newline + newline
	default:
		gap = newline
	}
	last := len(path) - 1
	end := span{len(d.text), len(d.text)}
	return d.splice(end, gap+"["+dotted(path[:last])+"]"+newline+path[last]+" = "+literal+newline)
}

// newline gives how lines end in this file.
func (d *document) newline() string {
	if i := bytes.IndexByte(d.text, '\n'); i > 0 && d.text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// dotted writes a key path in TOML. The id of a device is quoted as in the
// documentation, although not all need that.
func dotted(path []string) string {
	parts := slices.Clone(path)
	for i, part := range parts {
		if isID(part) {
			parts[i] = quote(part)
		}
	}
	return strings.Join(parts, ".")
}

package store

import "bytes"

// remove gives the text without a key. A comment behind it stays, as a line
// of its own.
func (d *document) remove(path []string) []byte {
	i := d.find(path)
	if i < 0 {
		return d.text
	}
	e := d.entries[i]
	if d.tables[e.table].inline {
		return d.splice(d.withComma(e.span), "")
	}
	end := lineEnd(d.text, e.span.end)
	if behind := bytes.IndexByte(d.text[e.span.end:end], '#'); behind >= 0 {
		return d.splice(span{e.span.start, e.span.end + behind}, "")
	}
	start := bytes.LastIndexByte(d.text[:e.span.start], '\n') + 1
	return d.splice(span{start, end}, "")
}

// withComma widens the place of a key between braces by one comma, the one
// behind it or else the one before.
func (d *document) withComma(s span) span {
	const blank = " \t\r\n"
	behind := bytes.TrimLeft(d.text[s.end:], blank)
	if bytes.HasPrefix(behind, []byte(",")) {
		s.end = len(d.text) - len(bytes.TrimLeft(behind[1:], " \t"))
		return s
	}
	before := bytes.TrimRight(d.text[:s.start], blank)
	if bytes.HasSuffix(before, []byte(",")) {
		s.start = len(before) - 1
	}
	return s
}

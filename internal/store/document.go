package store

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// document is a settings file with the place of everything in it. It is read
// with the syntax parser of the TOML package, because the decoder keeps no
// places of values, which both the errors and [Set] need.
type document struct {
	text    []byte
	tables  []table // the first is the top of the file
	entries []entry
}

// table is the top of the file, a [table], a [[list of tables]] or an
// { inline = "table" }.
type table struct {
	path   []string
	span   span // what belongs to it: lines after its header, or what is between the braces
	line   int
	inline bool
	list   bool
}

// entry is one key with its value.
type entry struct {
	path   []string
	table  int // index of the table that it is written in
	line   int
	span   span // key and value, without what follows
	value  span
	parsed any // string, bool, []any of them, or nil for what no setting is
}

// span is a piece of the text.
type span struct{ start, end int }

func (d *document) string(s span) string { return string(d.text[s.start:s.end]) }

func (d *document) lineOf(offset int) int {
	return bytes.Count(d.text[:offset], []byte("\n")) + 1
}

// parse reads a text as far as it is TOML. The error, if any, says where that
// ends; what stands before is in the document.
func parse(text []byte) (*document, *SettingsError) {
	d := &document{text: text, tables: []table{{line: 1, span: span{0, len(text)}}}}
	var parser unstable.Parser
	parser.Reset(text)
	for parser.NextExpression() {
		if node := parser.Expression(); node.Kind == unstable.KeyValue {
			d.addEntry(node, d.openTable())
		} else {
			d.addTable(node)
		}
	}
	return d, d.syntaxError()
}

// syntaxError asks the decoder, which also knows of keys that stand twice.
func (d *document) syntaxError() *SettingsError {
	var whole map[string]any
	err := toml.Unmarshal(d.text, &whole)
	if err == nil {
		return nil
	}
	trouble := &SettingsError{Line: 1, Want: "valid TOML: " + strings.TrimPrefix(err.Error(), "toml: ")}
	var at *toml.DecodeError
	if errors.As(err, &at) {
		trouble.Line, _ = at.Position()
		lines := strings.Split(string(d.text), "\n")
		trouble.Value = strings.TrimSpace(lines[min(trouble.Line, len(lines))-1])
	}
	return trouble
}

func (d *document) addTable(node *unstable.Node) {
	path, first, last := keyOf(node)
	start := bytes.LastIndexByte(d.text[:first], '\n') + 1
	end := lineEnd(d.text, last)
	d.tables[d.openTable()].span.end = start
	d.tables = append(d.tables, table{
		path: path,
		span: span{end, len(d.text)},
		line: d.lineOf(first),
		list: node.Kind == unstable.ArrayTable,
	})
}

// openTable is the index of the table that lines are in.
func (d *document) openTable() int {
	last := len(d.tables) - 1
	for d.tables[last].inline {
		last--
	}
	return last
}

// addEntry notes a key with its value; the keys of an inline table are notes
// of their own, as far as settings may stand there.
func (d *document) addEntry(node *unstable.Node, in int) {
	own, first, last := keyOf(node)
	whole := span{first, int(node.Raw.Offset + node.Raw.Length)}
	e := entry{
		path:  append(slices.Clip(d.tables[in].path), own...),
		table: in,
		line:  d.lineOf(first),
		span:  whole,
		value: span{last + 1 + bytes.IndexByte(d.text[last:], '='), whole.end},
	}
	for d.text[e.value.start] == ' ' || d.text[e.value.start] == '\t' {
		e.value.start++
	}
	value := node.Value()
	if value.Kind != unstable.InlineTable || !isTable(e.path) {
		e.parsed = valueOf(value)
		d.entries = append(d.entries, e)
		return
	}
	d.tables = append(d.tables, table{path: e.path, line: e.line, inline: true, span: span{e.value.start + 1, e.value.end - 1}})
	index := len(d.tables) - 1
	for children := value.Children(); children.Next(); {
		d.addEntry(children.Node(), index)
	}
}

// keyOf gives the parts of a key and where it starts and ends.
func keyOf(node *unstable.Node) (path []string, start, end int) {
	for keys := node.Key(); keys.Next(); {
		key := keys.Node()
		if path == nil {
			start = int(key.Raw.Offset)
		}
		path = append(path, string(key.Data))
		end = int(key.Raw.Offset + key.Raw.Length)
	}
	return path, start, end
}

// valueOf gives strings, bools and flat lists; nil for all else, which is no
// value of any setting.
func valueOf(node *unstable.Node) any {
	switch node.Kind {
	case unstable.String:
		return string(node.Data)
	case unstable.Bool:
		return string(node.Data) == "true"
	case unstable.Array:
		list := []any{}
		for items := node.Children(); items.Next(); {
			var item any
			if items.Node().Kind != unstable.Array {
				item = valueOf(items.Node())
			}
			list = append(list, item)
		}
		return list
	default:
		return nil
	}
}

// lineEnd gives the start of the next line.
func lineEnd(text []byte, offset int) int {
	if i := bytes.IndexByte(text[offset:], '\n'); i >= 0 {
		return offset + i + 1
	}
	return len(text)
}

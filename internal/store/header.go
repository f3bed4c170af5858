package store

import "strings"

// newFile gives the text of a settings file that sets nothing and explains
// every key, from the same rows that help and errors are made of.
func newFile() []byte {
	var b strings.Builder
	b.WriteString("# Settings of Nine Lives. A line that starts with # shows a default and does\n" +
		"# nothing. Durations are as in 90m, 36h, 7d or 1w. Changes count at once.\n")
	table := ""
	for _, r := range rows {
		name := r.Name
		if dot := strings.LastIndex(name, "."); dot >= 0 {
			if name[:dot] != table {
				table = name[:dot]
				b.WriteString("\n" + header(table) + "\n")
			}
			name = name[dot+1:]
		}
		b.WriteString("\n# " + r.Meaning + "\n# " + name + " = " + example(r.Key) + "\n")
	}
	return []byte(b.String())
}

// header writes the line above the keys of a table; for a device it is only
// an example, since nobody has that id.
func header(table string) string {
	if strings.HasPrefix(table, "device.") {
		return "# One such table for each device that has settings of its own; its id is in\n" +
			"# \"ninelives check --json\".\n# [device.\"3f2a9c01\"]"
	}
	return "[" + table + "]"
}

// example gives a value to show: the default, or a likely one.
func example(k Key) string {
	switch {
	case k.Default != "":
		return k.Default
	case strings.HasSuffix(k.Name, "critical_after"):
		return `"60d"`
	default:
		return `"30d"`
	}
}

package desktop

import (
	"strconv"
	"strings"
	"unicode"
)

// How much of a text is shown, in runes. Desktops show less; a Windows toast
// of more than 5 kB is refused. A body is what alert writes: at most five
// lines, each with room for a sentence or two.
const (
	titleRunes = 120
	lineRunes  = 240
	bodyRunes  = 5 * lineRunes
)

// markup escapes what notification services take for Pango-like markup.
var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// CleanTitle makes a text fit to be the title of a notification on goos: one
// line of valid UTF-8 without controls, of bounded length, that no program on
// the way takes for an option, an escape or code. Device names in it are
// foreign text.
func CleanTitle(goos, text string) string {
	return guard(goos, shorten(line(goos, text), titleRunes))
}

// CleanBody does the same for the body. On Linux it may have several lines
// (elsewhere they are joined) and is still plain text: [EscapeBody] comes
// after it. An endless name costs its own line its middle, and not the lines
// after it their place.
func CleanBody(goos, text string) string {
	var lines []string
	for _, l := range strings.FieldsFunc(text, isLineEnd) {
		if l = line(goos, l); l != "" {
			lines = append(lines, shorten(l, lineRunes))
		}
	}
	between := " "
	if goos == linux {
		between = "\n"
	}
	return guard(goos, clamp(strings.Join(lines, between), bodyRunes))
}

// EscapeBody turns a cleaned body into the markup that Linux notification
// services read, so that "&" and "<" of a device name stay what they are.
func EscapeBody(text string) string { return markup.Replace(text) }

func isLineEnd(r rune) bool { return r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' }

// line is the text as one line of runes that goos can bear, blanks collapsed.
func line(goos, text string) string {
	text = strings.Map(func(r rune) rune { return mapRune(goos, r) }, strings.ToValidUTF8(text, "\uFFFD"))
	text = strings.Join(strings.Fields(text), " ")
	if goos == windows {
		// The toast is XML with the text in CDATA: its end mark must not occur.
		// Runes are dropped before this, never after, or the mark could grow again.
		text = strings.ReplaceAll(text, "]]>", "]] >")
	}
	return text
}

// mapRune is the rune itself, a blank, or -1 to drop it.
func mapRune(goos string, r rune) rune {
	switch {
	case r == 0, isReordering(r), isNoncharacter(r):
		return -1
	case unicode.IsSpace(r), unicode.IsControl(r):
		return ' '
	case goos == mac && !strconv.IsPrint(r):
		// beeep quotes for AppleScript as Go does, and AppleScript does not know
		// Go's escapes: what Go would escape must not come (joiners of emoji do).
		return -1
	case goos == windows && (r == '$' || r == '`'):
		// beeep's last resort pastes the text into an expandable PowerShell
		// string, where $(…) would run.
		return -1
	}
	return r
}

// isReordering tells whether the rune changes the direction of the words that
// follow, which would let a device name turn our own words around.
func isReordering(r rune) bool {
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}

// isNoncharacter tells whether Unicode keeps the rune out of interchange; XML
// and old message buses refuse it.
func isNoncharacter(r rune) bool { return r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF }

// shorten cuts the middle out of a line: names stand in front, what is said
// of them behind.
func shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	head := most / 3
	tail := most - head - 1
	return strings.TrimRight(string(runes[:head]), " ") + "…" + string(runes[len(runes)-tail:])
}

// clamp cuts the end off.
func clamp(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return strings.TrimRight(string(runes[:most-1]), " \n") + "…"
}

// guard puts a dot before a first character that a program on the way would
// misread: notify-send takes "-…" for an option, terminal-notifier also takes
// "[", "(", "{", "<" and a quote for the start of a property list.
func guard(goos, text string) string {
	misread := map[string]string{linux: "-", mac: "-[({<\""}[goos]
	if text != "" && strings.Contains(misread, text[:1]) {
		return "· " + text
	}
	return text
}

// cleanApp keeps of the program's name what every system can take as an
// identifier: Windows pastes it between single quotes.
func cleanApp(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == ' ' || r == '.' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, name)
	if name = strings.Trim(name, " -"); name == "" {
		return "Nine Lives"
	}
	return name
}

// cleanIcon is the icon's path, or "" where the path itself cannot be passed
// on: Windows puts it unquoted into XML and PowerShell.
func cleanIcon(goos, path string) string {
	if goos == windows && strings.ContainsAny(path, "&<>\"'$`\r\n") {
		return ""
	}
	return strings.ToValidUTF8(path, "")
}

package view

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// terminalRunes is the most that one piece of foreign text may take; a path is
// the longest that makes sense.
const terminalRunes = 1024

// marks is how many combining marks in a row are believed to be a language.
const marks = 4

// Terminal makes foreign text harmless for a terminal and a log: one line, no
// control characters, so no escape sequences, no invisible signs and none that
// turn the direction of what follows, valid UTF-8, and of limited length.
// Emoji that are joined stay joined.
func Terminal(s string) string {
	var b strings.Builder
	space, combining, n := true, 0, 0
	for _, r := range s {
		if unicode.In(r, unicode.Mn, unicode.Me) {
			combining++
		} else {
			combining = 0
		}
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			if !space {
				b.WriteByte(' ')
				n++
			}
			space = true
			continue
		case r == utf8.RuneError:
			r = '\ufffd'
		case r == '\u200c' || r == '\u200d':
			// Joiners belong to emoji and to several scripts.
		case unicode.In(r, unicode.Cf, unicode.Cs, unicode.Co) || !unicode.IsGraphic(r) || combining > marks:
			continue
		}
		if n++; n > terminalRunes {
			return strings.TrimSpace(b.String()) + "…"
		}
		b.WriteRune(r)
		space = false
	}
	return strings.TrimSpace(b.String())
}

// cells is how many columns of a terminal a text takes; the printer's own
// styles take none.
func cells(s string) int {
	n, styled := 0, false
	for _, r := range s {
		switch {
		case styled:
			styled = r != 'm'
		case r == '\x1b':
			styled = true
		case r == '\u200c' || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case wide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// wide reports whether a terminal draws a rune two columns wide: the East Asian
// scripts and the pictures.
func wide(r rune) bool {
	switch {
	case r < 0x1100:
		return false
	case r <= 0x115f, r >= 0x2e80 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3, r >= 0xf900 && r <= 0xfaff,
		r >= 0xfe30 && r <= 0xfe6f, r >= 0xff00 && r <= 0xff60, r >= 0xffe0 && r <= 0xffe6,
		r >= 0x1f300 && r <= 0x1faff, r >= 0x20000 && r <= 0x3fffd:
		return true
	default:
		return false
	}
}

// wrap breaks text into lines of at most width columns, between words where it
// can; a word longer than a line, such as a path, is kept whole: it is there to
// be copied.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case cells(line)+1+cells(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

package tray

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
)

const (
	maxLabel       = 80   // runes; longer lines make a menu as wide as the screen
	maxTooltip     = 250  // runes
	maxWindowsTip  = 127  // UTF-16 units: the field of NOTIFYICONDATA, less its NUL
	maxBytes       = 4096 // of the beginning and of the end of a text that are looked at
	maxGraphemeish = 16   // runes that may belong to one character, at a cut
)

const (
	zwnj = '\u200c' // needed in Persian
	zwj  = '\u200d' // joins emoji
	lrm  = '\u200e' // says that a line runs from left to right
	lri  = '\u2066' // the first of the three that open an isolate, up to fsi
	fsi  = '\u2068'
	pdi  = '\u2069' // closes one
)

// Label makes any text fit for a menu line of the OS (as runtime.GOOS). Device
// names are foreign text: one bad byte in them would leave a Linux host without
// the whole menu, a NUL would end a program on macOS.
func Label(os, s string) string {
	s = tidy(s, maxLabel)
	switch os {
	case "linux":
		return strings.ReplaceAll(s, "_", "__") // dbusmenu marks the access key so
	case "windows":
		return strings.ReplaceAll(s, "&", "&&")
	default:
		return s
	}
}

// Tooltip makes any text fit for the tooltip of the icon.
func Tooltip(os, s string) string {
	if os != "windows" {
		return tidy(s, maxTooltip)
	}
	for runes := maxWindowsTip; ; runes-- {
		if tip := tidy(s, runes); len(utf16.Encode([]rune(tip))) <= maxWindowsTip {
			return tip
		}
	}
}

// tidy gives valid text of one line and at most limit runes, in which nothing
// turns the direction of what follows.
func tidy(s string, limit int) string {
	if len(s) > 2*maxBytes {
		s = s[:maxBytes] + "…" + s[len(s)-maxBytes:]
	}
	runes := []rune(strings.Map(harmless, strings.ToValidUTF8(s, "\ufffd")))
	mark := ""
	if slices.ContainsFunc(runes, rightToLeft) {
		runes = shortened(runes, limit-1)
		if slices.ContainsFunc(runes, rightToLeft) { // and not only in what was left out
			// A name written from the right must not take our words with it: menus
			// choose the direction of a line by its first letter.
			mark = string(lrm)
		}
	}
	return mark + strings.TrimRight(string(balanced(shortened(runes, limit))), " ")
}

func rightToLeft(r rune) bool {
	return unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam)
}

// harmless drops what is invisible or would not be taken, and turns every kind
// of line break into a space.
func harmless(r rune) rune {
	switch {
	case strings.ContainsRune("\t\n\v\f\r\u0085\u2028\u2029", r):
		return ' '
	case r == zwj, r == zwnj, isolates(r), r == pdi:
		return r
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Noncharacter_Code_Point):
		return -1 // Cf holds the marks that turn text around
	default:
		return r
	}
}

func isolates(r rune) bool { return r >= lri && r <= fsi }

// shortened leaves out the middle, since a line begins with a name and ends
// with the state of the device.
func shortened(runes []rune, limit int) []rune {
	if len(runes) <= limit {
		return runes
	}
	head := (limit - 1) * 3 / 5
	tail := len(runes) - (limit - 1 - head)
	head = border(runes, head, -1)
	tail = border(runes, tail, +1)
	return append(append(runes[:head:head], '…'), runes[tail:]...)
}

// border moves a cut to where it does not tear a character apart, or leaves it
// in a text that is one endless character.
func border(runes []rune, cut, by int) int {
	for i := cut; i > 0 && i < len(runes) && i != cut+by*maxGraphemeish; i += by {
		if !holdsTogether(runes[:i], runes[i]) {
			return i
		}
	}
	return cut
}

// holdsTogether reports whether the next rune belongs to the last character: a
// mark, a joined emoji, a shade of skin or the second letter of a flag.
func holdsTogether(before []rune, next rune) bool {
	switch {
	case next == zwj, next == zwnj, before[len(before)-1] == zwj, unicode.Is(unicode.M, next):
		return true
	case next >= 0x1f3fb && next <= 0x1f3ff:
		return true
	default:
		return isFlagLetter(next) && flagLetters(before)%2 == 1
	}
}

func isFlagLetter(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

func flagLetters(before []rune) (n int) {
	for n < len(before) && isFlagLetter(before[len(before)-1-n]) {
		n++
	}
	return n
}

// balanced drops each isolate that has no end and each end that has no
// beginning.
func balanced(runes []rune) []rune {
	var open []int // places of the isolates that wait for their end
	drop := map[int]bool{}
	for i, r := range runes {
		switch {
		case isolates(r):
			open = append(open, i)
		case r == pdi && len(open) > 0:
			open = open[:len(open)-1]
		case r == pdi:
			drop[i] = true
		}
	}
	for _, i := range open {
		drop[i] = true
	}
	kept := make([]rune, 0, len(runes))
	for i, r := range runes {
		if !drop[i] {
			kept = append(kept, r)
		}
	}
	return kept
}

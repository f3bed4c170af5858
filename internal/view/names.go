package view

import (
	"strings"
	"unicode"

	"ninelives/internal/health"
)

// nameRunes keeps a name short enough for its state to stand beside it in one
// line of a menu.
const nameRunes = 32

// nameOf gives a device's name, or what else it can be called by, clamped. It
// is still foreign text: the outlet cleans it.
func nameOf(v health.Verdict) string {
	switch {
	case strings.TrimSpace(v.Name) != "":
		return clamp(strings.TrimSpace(v.Name), nameRunes)
	case v.Model != "":
		return clamp(v.Model, nameRunes) + " " + v.ID
	default:
		return "Device " + v.ID
	}
}

// isolated keeps a name that is written from right to left, or that tries to
// turn what follows, from reordering the words beside it.
func isolated(name string) string {
	const first, pop = "\u2068", "\u2069"
	turns := func(r rune) bool {
		return r > 0x58f && unicode.In(r, rightToLeft...) || unicode.In(r, unicode.Bidi_Control)
	}
	if !strings.ContainsFunc(name, turns) {
		return name
	}
	inside := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Bidi_Control) {
			return -1
		}
		return r
	}, name)
	return first + inside + pop
}

// rightToLeft are the scripts in use that are written so.
var rightToLeft = []*unicode.RangeTable{unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam}

// clamp cuts s to n runes, the last of which says that something is missing. It
// does not cut in the middle of a joined emoji.
func clamp(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	end := n - 1
	for end > 0 && (joins(runes[end]) || joins(runes[end-1])) {
		end--
	}
	if end == 0 {
		end = n - 1
	}
	return strings.TrimSpace(string(runes[:end])) + "…"
}

// joins reports whether a rune belongs to its neighbours.
func joins(r rune) bool {
	return r == '\u200d' || unicode.In(r, unicode.Mn, unicode.Me, unicode.Variation_Selector)
}

// modelWords says what a device is: "iPhone 13, iOS 18.1".
func modelWords(v health.Verdict) string {
	var parts []string
	for _, p := range []string{v.Model, osWords(v.ProductType, v.OSVersion)} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

func osWords(productType, version string) string {
	switch {
	case version == "":
		return ""
	case strings.HasPrefix(productType, "iPad"):
		return "iPadOS " + version
	default:
		return "iOS " + version
	}
}

package health

import (
	"slices"
	"strconv"
	"strings"
)

// Buttons says which buttons a device has, as far as switching it off goes.
// The values are those that the steps of a fix are chosen by. The zero value
// is "don't know": steps that need no button are shown then.
type Buttons string

// The arrangements of buttons.
const (
	ButtonsUnknown Buttons = ""
	HomeAndSide    Buttons = "home-side" // a home button, and the side button switches it off
	HomeAndTop     Buttons = "home-top"  // a home button, and the top button switches it off
	NoHome         Buttons = "no-home"   // the side button (iPad: the top one) with a volume button
)

// Kind gives the family that a ProductType belongs to, in Apple's spelling:
// "iPhone", "iPad" or "iPod touch"; "" for anything else.
func Kind(productType string) string {
	kind, _, _ := parseType(productType)
	return kind
}

// ButtonsOf gives the buttons of a ProductType. Models that are newer than
// this program are taken to go on as the last ones did: without a home button.
func ButtonsOf(productType string) Buttons {
	kind, major, minor := parseType(productType)
	switch kind {
	case "iPhone":
		return iPhoneButtons(major, minor)
	case "iPad":
		return iPadButtons(major, minor)
	case "iPod touch":
		return HomeAndTop
	default:
		return ButtonsUnknown
	}
}

func iPhoneButtons(major, minor int) Buttons {
	switch {
	case major <= 6, major == 8 && minor == 4: // up to iPhone 5s, and iPhone SE
		return HomeAndTop
	case major == 10 && (minor == 3 || minor == 6): // iPhone X
		return NoHome
	case major <= 10, major == 12 && minor == 8, major == 14 && minor == 6: // up to iPhone 8, iPhone SE 2 and 3
		return HomeAndSide
	default:
		return NoHome
	}
}

// iPadButtons knows the families of identifiers: 8 are the first iPad Pro
// without a home button, 11 and 12 still had one, 13 and later never.
func iPadButtons(major, minor int) Buttons {
	switch {
	case major == 8, major >= 13:
		return NoHome
	case major == 9, major == 10: // were never used
		return ButtonsUnknown
	default:
		return HomeAndTop
	}
}

// parseType takes a ProductType apart: "iPhone14,5" is an iPhone, 14 and 5.
func parseType(productType string) (kind string, major, minor int) {
	families := []struct{ prefix, kind string }{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"iPod", "iPod touch"}}
	i := slices.IndexFunc(families, func(f struct{ prefix, kind string }) bool {
		return strings.HasPrefix(productType, f.prefix)
	})
	if i < 0 {
		return "", 0, 0
	}
	before, after, _ := strings.Cut(strings.TrimPrefix(productType, families[i].prefix), ",")
	major, errMajor := strconv.Atoi(before)
	minor, errMinor := strconv.Atoi(after)
	if errMajor != nil || errMinor != nil || major < 1 || minor < 1 {
		return "", 0, 0
	}
	return families[i].kind, major, minor
}

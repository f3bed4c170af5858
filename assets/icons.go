package assets

import (
	"embed"
	"slices"
)

//go:embed icons
var icons embed.FS

// iconNames are the states that have an icon; they differ in outline.
var iconNames = [...]string{"ok", "attention", "problem", unknownIcon, "checking"}

const unknownIcon = "unknown"

// IconNames lists the states that have an icon of their own.
func IconNames() []string { return slices.Clone(iconNames[:]) }

// Icon gives the tray icon of a state in the form that the system wants: on
// "darwin" a template PNG of 32 pixels (black and clear, to be shown at 16
// points), on "windows" an ICO of 16 to 48 pixels, elsewhere a PNG of 64. dark
// says that the panel is dark; a Mac colours the template itself. A name
// nobody knows gets the icon of "unknown".
func Icon(goos, state string, dark bool) []byte {
	if !slices.Contains(iconNames[:], state) {
		state = unknownIcon
	}
	panel := "on-light"
	if dark {
		panel = "on-dark"
	}
	switch goos {
	case "darwin":
		return mustRead("icons/darwin/" + state + ".png")
	case "windows":
		return mustRead("icons/windows/" + panel + "/" + state + ".ico")
	default:
		return mustRead("icons/linux/" + panel + "/" + state + ".png")
	}
}

// IconSVG gives the icon of a state as a drawing in the colour of the text
// around it (currentColor), for a page that puts it inline.
func IconSVG(state string) []byte {
	if !slices.Contains(iconNames[:], state) {
		state = unknownIcon
	}
	return mustRead("icons/svg/" + state + ".svg")
}

// AppIcon gives the picture of the program itself, a PNG of 256 pixels.
func AppIcon() []byte { return mustRead("icons/app.png") }

// mustRead reads an embedded file. That one is missing is a broken build,
// which the tests of this package find first.
func mustRead(name string) []byte {
	content, err := icons.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return content
}

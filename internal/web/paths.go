package web

import "strings"

// The addresses that are no pages.
const (
	enterPath  = "/enter"
	eventsPath = "/events"
	actPath    = "/act"
	staticPath = "/static/"
	// oldIconPath is what browsers ask for by themselves where they have not read the page yet.
	oldIconPath = "/favicon.ico"
)

// place is a page: its template and what it is about.
type place struct {
	template     string
	device, code string
}

// placeOf finds the page of a path. Whether the device exists is another
// question.
func placeOf(path string) (place, bool) {
	switch path {
	case "/":
		return place{template: "overview"}, true
	case "/settings", "/sources", "/welcome":
		return place{template: path[1:]}, true
	}
	rest, ok := strings.CutPrefix(path, "/device/")
	if !ok {
		return place{}, false
	}
	device, code, fix := strings.Cut(rest, "/fix/")
	if !isName(device) || fix && !isName(code) {
		return place{}, false
	}
	if fix {
		return place{template: "fix", device: device, code: code}, true
	}
	return place{template: "device", device: device}, true
}

// isName tells whether a text looks like the id of a device or the code of a
// fix.
func isName(s string) bool {
	return s != "" && len(s) <= 64 && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-'
	})
}

// wayBack gives where to go after a click: a page of ours, at an element of it
// perhaps, else the overview.
func wayBack(back string) string {
	path, element, _ := strings.Cut(back, "#")
	if _, known := placeOf(path); !known {
		return "/"
	}
	if isName(element) {
		return path + "#" + element
	}
	return path
}

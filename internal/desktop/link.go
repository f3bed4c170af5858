package desktop

import (
	"errors"
	"fmt"
	"strings"

	"ninelives/internal/alert"
)

// A click on a notice of Windows opens a link of a scheme of our own, which
// starts this program with it. Anybody can make such a link, a web page too:
// it names a page and nothing else, and is refused unless it does just that.
const (
	linkScheme = "ninelives"
	linkStart  = linkScheme + ":open/"
	linkMost   = 64 // bytes
)

// overviewLink opens the overview. The starter passes it when it is given nothing.
const overviewLink = linkStart + "overview"

// ErrLink is a link of our scheme that no notice of ours has.
var ErrLink = errors.New("not a link of a notice of Nine Lives")

// IsLink tells whether a word is meant as a link of our scheme.
func IsLink(word string) bool { return strings.HasPrefix(word, linkScheme+":") }

// PageOf is the page that a link names: "overview", a device, or a device and
// a fix as "3f2a9c01/power". Whether there is such a page is not its business.
func PageOf(link string) (string, error) {
	page, ours := strings.CutPrefix(link, linkStart)
	if !ours || page == "" || len(link) > linkMost || strings.ContainsFunc(page, notInPages) {
		return "", fmt.Errorf("desktop: %q: %w", clamp(line(windows, link), linkMost), ErrLink)
	}
	return page, nil
}

// notInPages is what no page's name has; neither a quote nor a percent sign,
// nor anything else that a shell might take for its own.
func notInPages(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '/'
}

// linkOf is the link that a click on the message's notice opens.
func linkOf(m alert.Message) string {
	switch {
	case m.Device == "":
		return overviewLink
	case m.Fix == "":
		return linkStart + m.Device
	}
	return linkStart + m.Device + "/" + string(m.Fix)
}

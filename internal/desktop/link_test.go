package desktop

import (
	"errors"
	"strings"
	"testing"

	"ninelives/internal/alert"
)

func TestLinkLeadsBackToItsPage(t *testing.T) {
	for want, m := range map[string]alert.Message{
		"overview":       {},
		"3f2a9c01":       {Device: "3f2a9c01"},
		"3f2a9c01/power": {Device: "3f2a9c01", Fix: "power"},
	} {
		link := linkOf(m)
		if page, err := PageOf(link); page != want || err != nil || !IsLink(link) {
			t.Errorf("%s: %q, %v", link, page, err)
		}
	}
	if page, err := PageOf(overviewLink); page != "overview" || err != nil {
		t.Errorf("the first link: %q, %v", page, err)
	}
}

func TestHostileLinksAreRefused(t *testing.T) {
	for _, link := range []string{
		"", "overview", "ninelives:", "ninelives:open", "ninelives:open/", "ninelives:quit", "NINELIVES:open/overview", " ninelives:open/overview",
		"ninelives://open/overview", "ninelives:open/../../etc", "ninelives:open/%2e%2e", "ninelives:open/a b", "ninelives:open/a\"", "ninelives:open/a\\",
		"ninelives:open/a?x=1", "ninelives:open/a#b", "ninelives:open/a\n", "ninelives:open/a\x00", "ninelives:open/ä", "ninelives:open/\xff", "ninelives:open/A",
		"ninelives:open/a:b", "ninelives:open/a&b", "ninelives:open/$(x)", "http://open/overview", "ninelives:open/" + strings.Repeat("a", 64),
	} {
		page, err := PageOf(link)
		if !errors.Is(err, ErrLink) || page != "" {
			t.Errorf("%q: %q, %v", link, page, err)
		}
		if err != nil && (len(err.Error()) > 200 || strings.ContainsAny(err.Error(), "\n\x00")) {
			t.Errorf("the error carries the link on: %q", err)
		}
	}
}

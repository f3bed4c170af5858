package feed

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
)

const mostRedirect = 5

// newClient makes a client that keeps nothing between two reads, hours apart:
// no cookie, no open connection.
func newClient(site string) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DisableKeepAlives:      true,
			MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(next *http.Request, before []*http.Request) error {
			return checkRedirect(site, next, before)
		},
	}
}

var errElsewhere = errors.New("redirected to another site, as the login pages of public networks do")

// checkRedirect follows a feed within its own site over https; and an address
// that is not on it, such as a test's, to itself.
func checkRedirect(site string, next *http.Request, before []*http.Request) error {
	if len(before) > mostRedirect {
		return errors.New("redirected too often")
	}
	first := before[0].URL // if this is on the site, so is the same host
	sameHost := strings.EqualFold(next.URL.Host, first.Host) &&
		(next.URL.Scheme == first.Scheme || next.URL.Scheme == "https")
	if isOn(site, next.URL) || sameHost {
		return nil
	}
	return errElsewhere
}

func isOn(site string, u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	return u.Scheme == "https" && site != "" && (host == site || strings.HasSuffix(host, "."+site))
}

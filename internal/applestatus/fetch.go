package applestatus

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"ninelives/internal/health"
)

const (
	patience     = 15 * time.Second // for the whole of a read, redirects and body included
	largestBody  = 2 << 20          // bytes, unpacked; recorded bodies have up to 42 KB
	mostRedirect = 5
)

// newClient makes a client that keeps nothing between two reads, hours apart:
// no cookie, no open connection.
func newClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DisableKeepAlives:      true,
			MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: checkRedirect,
	}
}

var errElsewhere = errors.New("redirected to another site, as the login pages of public networks do")

// checkRedirect follows Apple over https; and an address that is not Apple's,
// such as a test's, to itself.
func checkRedirect(next *http.Request, before []*http.Request) error {
	if len(before) > mostRedirect {
		return errors.New("redirected too often")
	}
	first := before[0].URL // if this is Apple's, the same site is Apple's too
	sameSite := strings.EqualFold(next.URL.Host, first.Host) &&
		(next.URL.Scheme == first.Scheme || next.URL.Scheme == "https")
	if isApple(next.URL) || sameSite {
		return nil
	}
	return errElsewhere
}

func isApple(u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	return u.Scheme == "https" && (host == "apple.com" || strings.HasSuffix(host, ".apple.com"))
}

// fetch gives the body at the address.
func (s *Source) fetch(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.address, nil)
	if err != nil {
		return nil, withoutAddress(err)
	}
	request.Header.Set("User-Agent", s.userAgent)
	answer, err := s.client.Do(request)
	if err != nil {
		return nil, kindOf(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the answer is HTTP %d %s", answer.StatusCode, http.StatusText(answer.StatusCode))
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, largestBody+1))
	switch {
	case err != nil:
		return nil, kindOf(err)
	case len(body) > largestBody:
		return nil, malformed("longer than 2 MiB")
	}
	return body, nil
}

// kindOf finds out what an error of the network means here.
func kindOf(err error) error {
	err = withoutAddress(err)
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: %w", health.ErrTimedOut, err)
	case isDialing(err):
		return fmt.Errorf("%w: %w", health.ErrOffline, err)
	case isInsecure(err):
		return fmt.Errorf("no secure connection (a wrong clock, or a network that listens in?): %w", err)
	case isCutOff(err):
		return fmt.Errorf("%w: the answer is cut off or packed wrongly: %w", health.ErrMalformed, err)
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Errorf("%w: %w", health.ErrTimedOut, err)
	}
	return err
}

// withoutAddress takes the address out of an error: whoever wraps it names the
// address without the password it may hold.
func withoutAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// isDialing reports whether no connection came about at all.
func isDialing(err error) bool {
	var name *net.DNSError
	if errors.As(err, &name) {
		return true
	}
	var op *net.OpError
	for errors.As(err, &op) {
		if op.Op == "dial" || op.Op == "proxyconnect" {
			return true
		}
		err = op.Err
	}
	return false
}

// isInsecure reports whether TLS failed: a certificate that we refuse, or a
// handshake that either side broke off.
func isInsecure(err error) bool {
	var certificate *tls.CertificateVerificationError
	var op *net.OpError
	return errors.As(err, &certificate) ||
		errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error")
}

func isCutOff(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, gzip.ErrHeader) ||
		errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt)
}

package feed

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"

	"ninelives/internal/health"
)

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

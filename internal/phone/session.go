package phone

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"ninelives/internal/health"
)

// What a phone's lockdown is asked. There are other requests, that pair, write
// and start services; this client must never send them.
const (
	startSession = "StartSession"
	getValue     = "GetValue"
	stopSession  = "StopSession"
)

// mostRequests is how many requests reach a phone in one reading at most; the
// session's start and stop are two of them.
const mostRequests = 10

// farewell is how long a phone may take to say that it ended the session.
const farewell = time.Second

// lockdownRequest is a question to the phone.
type lockdownRequest struct {
	Label      string
	Request    string
	Domain     string `plist:",omitempty"`
	Key        string `plist:",omitempty"`
	HostID     string `plist:",omitempty"`
	SystemBUID string `plist:",omitempty"`
	SessionID  string `plist:",omitempty"`
}

// lockdownAnswer is what the phone says. It repeats the request; what does not
// is no answer.
type lockdownAnswer struct {
	Request          text
	Error            text
	SessionID        text
	EnableSessionSSL flag
	Value            part
}

// session is a trusted talk with one phone.
type session struct {
	conn     net.Conn
	id       text
	requests int
	trusted  bool // the phone has answered within it
}

// start opens a session on a connection to the phone. by decides how strictly
// its certificate is looked at; other reports that it is not the record's.
func start(ctx context.Context, conn net.Conn, record pairRecord, by health.Transport) (s *session, other bool, err error) {
	config, differs, err := record.tlsConfig(by == health.ByWiFi)
	if err != nil {
		return nil, false, err
	}
	s = &session{conn: conn}
	answer := lockdownAnswer{}
	said, err := s.exchange(lockdownRequest{
		Request: startSession, HostID: string(record.secret.HostID), SystemBUID: string(record.secret.SystemBUID),
	}, &answer)
	switch {
	case err != nil:
		return nil, false, err
	case said != "":
		return nil, false, fmt.Errorf("%s: %w", startSession, refusal{said})
	}
	if answer.SessionID == "" || answer.EnableSessionSSL.answer != health.Yes {
		// Every phone since iOS 5 wants TLS. Whoever does not, proves nothing.
		return nil, false, fmt.Errorf("%s: %w: no secure session", startSession, errGarbled)
	}
	secured := tls.Client(conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, *differs, handshakeError(err)
	}
	s.conn, s.id = secured, answer.SessionID
	return s, *differs, nil
}

// handshakeError says what a failed handshake means. A phone that has dropped
// the pairing hangs up in the middle of it, or complains of our certificate.
func handshakeError(err error) error {
	var kind error
	var op *net.OpError
	switch {
	case errors.Is(err, errNotTrusted), errors.As(err, &op) && op.Op == "remote error":
		kind = errNotTrusted
	case isCutOff(err):
		kind = errHungUp
	case isLate(err):
		kind = context.DeadlineExceeded
	default:
		kind = errGarbled
	}
	return fmt.Errorf("secure the session: %w", kind)
}

// exchange sends one request to the phone and reads the answer, or the word by
// which it refuses one.
func (s *session) exchange(request lockdownRequest, answer *lockdownAnswer) (word, error) {
	s.requests++
	request.Label = program
	if err := writeLockdown(s.conn, request); err != nil {
		return "", s.broken(request, err)
	}
	if err := readLockdown(s.conn, answer); err != nil {
		return "", s.broken(request, err)
	}
	if string(answer.Request) != request.Request {
		return "", fmt.Errorf("%s: %w: the answer to another request", request.Request, errGarbled)
	}
	return wordOf(answer.Error), nil
}

// broken says what the end of a connection means. With TLS 1.3 a phone looks at
// our certificate when we believe that the handshake is over, so hanging up
// then still is a matter of trust.
func (s *session) broken(request lockdownRequest, err error) error {
	var op *net.OpError
	alert := errors.As(err, &op) && op.Op == "remote error"
	if s.id != "" && !s.trusted {
		switch {
		case alert:
			err = errNotTrusted
		case isCutOff(err):
			err = errHungUp
		}
	}
	return fmt.Errorf("%s: %w", request.Request, err)
}

// get asks for one value, or for all of a domain, and reads it into the struct
// or field that into points to. An error is one that ends the session.
func (s *session) get(domain, key string, into any) (health.Saying, error) {
	answer := lockdownAnswer{Value: part{into: into}}
	said, err := s.exchange(lockdownRequest{Request: getValue, Domain: domain, Key: key}, &answer)
	if err != nil {
		return health.NotAsked, err
	}
	s.trusted = true
	if _, ends := sessionWords[said]; ends {
		return health.NotAsked, fmt.Errorf("%s: %w", getValue, refusal{said})
	}
	switch {
	case said == missingValue || said == "" && !answer.Value.there:
		return health.Absent, nil
	case said != "":
		return health.Refused, nil
	}
	return health.Told, nil
}

// stop ends the session. Whether the phone heard it does not matter: it ends
// with the connection, too.
func (s *session) stop() {
	if s.conn.SetDeadline(time.Now().Add(farewell)) == nil {
		_, _ = s.exchange(lockdownRequest{Request: stopSession, SessionID: string(s.id)}, &lockdownAnswer{})
	}
}

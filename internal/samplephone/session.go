package samplephone

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
)

// sessionID of every session; real ones are random.
const sessionID = "5E551000-FA4E-4B1D-A11A-000000000001"

// start begins a session, if the phone knows who asks, and goes over to TLS.
func (l *lockdown) start(p *Phone, request map[string]any) error {
	if refusal := l.refusal(p, request); refusal != "" {
		return l.say(StartSession, p, "StartSession", map[string]any{"Error": refusal})
	}
	secure := !p.PlainSession
	err := l.say(StartSession, p, "StartSession", map[string]any{"SessionID": sessionID, "EnableSessionSSL": secure})
	if err != nil {
		return err
	}
	l.session = sessionID
	if !secure {
		return nil
	}
	return l.handshake(p)
}

// refusal is the error for StartSession, or nothing.
func (l *lockdown) refusal(p *Phone, request map[string]any) string {
	known := text(request["HostID"]) == p.hostID() && text(request["SystemBUID"]) == buid
	switch {
	case l.session != "":
		return "SessionActive"
	case p.LockedSinceBoot:
		return "PasswordProtected"
	case !known, p.Trust == Dropped, p.Trust == NotPaired:
		return "InvalidHostID"
	}
	return ""
}

// handshake makes the connection secure from here on.
func (l *lockdown) handshake(p *Phone) error {
	if f, bad := l.tally.next(Handshake, l.daemon.faultsOf(p)); bad {
		return l.spoilHandshake(f)
	}
	if p.Trust == DroppedEarly {
		_, _ = l.Read(make([]byte, 512)) // some of the hello, so that it hangs up within the handshake
		return errSpoilt
	}
	config, err := p.tls()
	if err != nil {
		return err
	}
	secured := tls.Server(l.Conn, config)
	if err := secured.Handshake(); err != nil {
		return fmt.Errorf("samplephone: handshake: %w", err)
	}
	l.Conn, l.secure = secured, true
	l.note(Request{Of: "tls", Name: tls.VersionName(secured.ConnectionState().Version)})
	return nil
}

// spoilHandshake does something else than a handshake.
func (l *lockdown) spoilHandshake(f Fault) error {
	switch f.How {
	case HangUp:
		_, _ = l.Read(make([]byte, 512))
	case Silence:
		return l.silence()
	default:
		_, _ = l.Write(bytes.Repeat([]byte("no TLS "), 64))
	}
	return errSpoilt
}

// stop ends the session. Without TLS the conversation goes on outside of it.
// With it a real phone goes on without TLS; this one hangs up at the next word,
// since no client is known to say one.
func (l *lockdown) stop(p *Phone, request map[string]any) error {
	if l.session == "" || text(request["SessionID"]) != l.session {
		return l.say(StopSession, p, "StopSession", map[string]any{"Error": "SessionInactive"})
	}
	if err := l.say(StopSession, p, "StopSession", map[string]any{}); err != nil {
		return err
	}
	l.session = ""
	if !l.secure {
		return nil
	}
	_, _ = l.Read(make([]byte, 1))
	return io.EOF
}

// tls is how the phone secures a session. It wants to see one of the two
// certificates of the pair record that clients are known to show: that of the
// host, or, as libimobiledevice does, that of the root.
func (p *Phone) tls() (*tls.Config, error) {
	ours, err := identities()
	if err != nil {
		return nil, err
	}
	shown := ours.device
	if p.WrongCertificate {
		others, err := strangers()
		if err != nil {
			return nil, err
		}
		shown = others.device
	}
	return &tls.Config{
		Certificates: []tls.Certificate{shown.certificate()},
		MinVersion:   cmp.Or(p.MinTLS, tls.VersionTLS12),
		MaxVersion:   cmp.Or(p.MaxTLS, tls.VersionTLS13),
		ClientAuth:   tls.RequireAnyClientCert,
		VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
			if bytes.Equal(raw[0], ours.host.der) || bytes.Equal(raw[0], ours.root.der) {
				return nil
			}
			return errors.New("samplephone: a certificate that is not of the pair record")
		},
	}, nil
}

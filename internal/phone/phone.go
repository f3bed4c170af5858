// Package phone asks the iPhones and iPads that this computer is paired with
// about their backups, through the computer's own usbmuxd.
//
// A reading lists the phones, and asks each of them once: the pair record is
// had from the daemon, a lockdown session is started with it and secured by
// TLS, a few named values are asked for, the session is stopped. At most
// [mostRequests] requests reach a phone in a reading. The client never pairs,
// never writes a value and never starts a service: it has no words for it.
//
// What is read is kept out of harm's way. A UDID becomes its short hash at
// once; the pair record, whose keys open the phone, lives for one handshake;
// and no error or log line repeats anything that was received, but for
// lockdown's own words for what went wrong.
//
// # How far the phone's certificate can be trusted
//
// Host and phone sign their certificates themselves when they are paired, so
// nothing but the pair record can tell whether it is the right phone that
// answers. Its certificate, or its public key, must be the record's
// DeviceCertificate, or it must be signed by the record's RootCertificate.
// Whoever passes that holds the private key of the pairing; it proves which
// phone it is, and not that the phone tells the truth.
//
// No real phone was asked whether that always holds. Therefore one that fails
// it counts as not trusted over Wi-Fi, where a stranger could answer in its
// place and make an old backup look young; on a cable, where the stranger would
// sit at the computer itself, it is believed, and the log says so.
package phone

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"sync"
	"time"
)

// Options says how to reach the daemon. The zero value of each field stands
// for the usual.
type Options struct {
	Address string              // in any form of USBMUXD_SOCKET_ADDRESS; "": as [Address] says
	GOOS    string              // as in runtime.GOOS
	Getenv  func(string) string // nil: no environment
	Now     func() time.Time    // nil: time.Now
	Log     *slog.Logger        // nil: nothing is logged

	SessionLimit time.Duration // for all that is talked with one phone; zero: 10 seconds
}

// Source is the phones that one daemon knows. It remembers in memory when it
// asked each of them, and what it said.
type Source struct {
	network, address string
	addressErr       error

	now     func() time.Time
	log     *slog.Logger
	dial    func(ctx context.Context) (net.Conn, error)
	session time.Duration // at most, with one phone

	turn chan struct{} // holds one token while a Read is under way: one connection per phone

	mu     sync.Mutex
	anew   bool              // somebody asked: the next Read minds no earlier one
	visits map[string]*visit // by health.Device.ID
}

// New makes a source. An address that cannot be understood is said by Read.
func New(o Options) *Source {
	getenv := o.Getenv
	if getenv == nil {
		getenv = func(string) string { return "" }
	}
	s := &Source{
		now: o.Now, log: o.Log, session: cmp.Or(o.SessionLimit, sessionLimit),
		turn: make(chan struct{}, 1), visits: map[string]*visit{},
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if o.Address != "" {
		s.network, s.address, s.addressErr = parseAddress(o.Address)
	} else {
		s.network, s.address, s.addressErr = Address(o.GOOS, getenv)
	}
	s.dial = s.dialDaemon
	return s
}

// Where names the daemon and its address, such as "usbmuxd at
// /var/run/usbmuxd".
func (s *Source) Where() string {
	if s.addressErr != nil {
		return "usbmuxd"
	}
	return "usbmuxd at " + s.address
}

// Ask makes the next Read ask every phone anew, however lately it was asked.
func (s *Source) Ask() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.anew = true
}

// clock gives the time on the wall: the other one that Go keeps stands still
// while a computer sleeps, and a phone may be asked again after that.
func (s *Source) clock() time.Time { return s.now().Round(0) }

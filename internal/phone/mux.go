package phone

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// What the daemon is asked. There are other requests, that pair, or write a
// file where there is none; this client must never send them.
const (
	listDevices    = "ListDevices"
	readPairRecord = "ReadPairRecord"
	connectTo      = "Connect"
	listenFor      = "Listen"
)

const program = "ninelives"

// daemonLimit is how long the daemon may take to be reached, and to answer.
const daemonLimit = 3 * time.Second

// lockdownPort is lockdown's port 62078, with its bytes swapped: usbmuxd takes
// it in the order of the network.
const lockdownPort = 0x7EF2

// muxRequest is a question to the daemon.
type muxRequest struct {
	MessageType         string
	ClientVersionString string
	ProgName            string
	LibVersion          int    `plist:"kLibUSBMuxVersion"`
	PairRecordID        string `plist:",omitempty"`
	DeviceID            uint64 `plist:",omitempty"`
	PortNumber          uint64 `plist:",omitempty"`
}

// muxAnswer is what the daemon says; which of the fields are there tells what
// it means.
type muxAnswer struct {
	MessageType    text
	Number         number
	DeviceList     part // of []attached
	PairRecordData blob
	DeviceID       id
	Properties     properties
}

// attached is a phone in the daemon's list, under the number that it has for
// as long as it stays attached in this way.
type attached struct {
	DeviceID   id
	Properties properties
}

// UnmarshalPlist takes a dictionary.
func (a *attached) UnmarshalPlist(decode func(any) error) error {
	var fields struct {
		DeviceID   id
		Properties properties
	}
	if decode(&fields) == nil {
		*a = attached(fields)
	}
	return nil
}

type properties struct {
	SerialNumber   text
	ConnectionType text
}

// UnmarshalPlist takes a dictionary.
func (p *properties) UnmarshalPlist(decode func(any) error) error {
	var fields struct{ SerialNumber, ConnectionType text }
	if decode(&fields) == nil {
		*p = properties(fields)
	}
	return nil
}

// byWiFi reports how the phone is attached; some daemons do not name the cable.
func (p properties) byWiFi() bool { return p.ConnectionType == "Network" }

// dialDaemon makes a connection to the daemon. Whether there is one is found
// out by trying alone: the file of its socket says nothing.
func (s *Source) dialDaemon(ctx context.Context) (net.Conn, error) {
	if s.addressErr != nil {
		return nil, s.addressErr
	}
	return (&net.Dialer{Timeout: daemonLimit}).DialContext(ctx, s.network, s.address)
}

// with talks on a new connection to the daemon, which lasts no longer than ctx.
func (s *Source) with(ctx context.Context, talk func(net.Conn) error) error {
	conn, err := s.dial(ctx)
	if err != nil {
		return fmt.Errorf("reach usbmuxd: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if until, limited := ctx.Deadline(); limited {
		if err := conn.SetDeadline(until); err != nil {
			return fmt.Errorf("reach usbmuxd: %w", err)
		}
	}
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	return talk(conn)
}

// askMux sends one request to the daemon and reads the answer.
func askMux(conn net.Conn, request muxRequest) (muxAnswer, error) {
	const tag = 1
	answer := muxAnswer{DeviceList: part{into: new([]attached)}}
	request.ClientVersionString, request.ProgName, request.LibVersion = program, program, 3
	err := writeMux(conn, tag, request)
	if err != nil {
		return answer, fmt.Errorf("%s: %w", request.MessageType, err)
	}
	switch back, err := readMux(conn, &answer); {
	case err != nil:
		return answer, fmt.Errorf("%s: %w", request.MessageType, err)
	case back != tag:
		return answer, fmt.Errorf("%s: %w: the answer to another request", request.MessageType, errGarbled)
	}
	return answer, nil
}

// succeeded takes the answer to a request that is answered by a number alone.
func (a muxAnswer) succeeded() error {
	switch {
	case a.MessageType != "Result" || !a.Number.there:
		return fmt.Errorf("%w: no result", errGarbled)
	case a.Number.value != 0:
		return result(a.Number.value)
	}
	return nil
}

// list asks the daemon which phones are attached. Its errors are of the kinds
// that Read has.
func (s *Source) list(ctx context.Context) (list []attached, err error) {
	defer guard(&err)
	ctx, cancel := context.WithTimeout(ctx, daemonLimit)
	defer cancel()
	err = s.with(ctx, func(conn net.Conn) error {
		answer, err := askMux(conn, muxRequest{MessageType: listDevices})
		if err != nil {
			return err
		}
		list, err = answer.devices()
		return err
	})
	if err != nil {
		return nil, kindOf(err)
	}
	return list, nil
}

func (a muxAnswer) devices() ([]attached, error) {
	list, is := a.DeviceList.into.(*[]attached)
	if is && a.DeviceList.there {
		return *list, nil
	}
	if err := a.succeeded(); err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("%w: no list of phones", errGarbled)
}

// pairRecord asks the daemon for the pair record of a phone.
func (s *Source) pairRecord(ctx context.Context, u udid) (record pairRecord, err error) {
	ctx, cancel := context.WithTimeout(ctx, daemonLimit)
	defer cancel()
	err = s.with(ctx, func(conn net.Conn) error {
		answer, err := askMux(conn, muxRequest{MessageType: readPairRecord, PairRecordID: u.plain})
		if err != nil {
			return err
		}
		record, err = answer.record()
		return err
	})
	if isLate(err) {
		return pairRecord{}, errDaemonSilent
	}
	return record, err
}

func (a muxAnswer) record() (pairRecord, error) {
	if a.PairRecordData != nil {
		return readRecord(a.PairRecordData)
	}
	var no result
	switch err := a.succeeded(); {
	case errors.As(err, &no):
		return pairRecord{}, fmt.Errorf("%w: %w", errNotPaired, err)
	case err != nil:
		return pairRecord{}, err
	}
	return pairRecord{}, fmt.Errorf("%w: no pair record in the answer", errGarbled)
}

// connect makes of a connection to the daemon one to the phone's lockdown.
func connect(conn net.Conn, device id) error {
	answer, err := askMux(conn, muxRequest{MessageType: connectTo, DeviceID: uint64(device), PortNumber: lockdownPort})
	if err != nil {
		return err
	}
	if err := answer.succeeded(); err != nil {
		return fmt.Errorf("%s: %w", connectTo, err)
	}
	return nil
}

// guard turns a panic into an error: what others send must not end the program.
func guard(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%w: reading it failed badly", errGarbled)
	}
}

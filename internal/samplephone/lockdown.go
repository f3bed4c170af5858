package samplephone

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"

	"howett.net/plist"
)

// lockdown is one conversation with the service on the phone.
type lockdown struct {
	*wire
	daemon  *Daemon
	way     attachment
	number  int    // of the connection
	session string // its SessionID; empty outside
	secure  bool   // the session is in TLS
}

// serveLockdown answers on a connection that leads to a phone.
func serveLockdown(d *Daemon, conn net.Conn, way attachment, number int) {
	l := &lockdown{daemon: d, way: way, number: number}
	l.wire = &wire{Conn: conn, header: lockdownHeader, failure: failure, done: d.done}
	for {
		request, err := l.read()
		if err != nil {
			return
		}
		if err := l.handle(request); err != nil && !errors.Is(err, errInstead) {
			return
		}
	}
}

func lockdownHeader(size uint32) []byte { return binary.BigEndian.AppendUint32(nil, size) }

// failure is what the phone says for a [SayError].
func failure(f Fault, instead map[string]any) map[string]any {
	said := f.Error
	if said == "" {
		said = "InvalidRequest"
	}
	return map[string]any{"Request": instead["Request"], "Error": said}
}

func (l *lockdown) read() (map[string]any, error) {
	var head [4]byte
	if _, err := io.ReadFull(l.wire, head[:]); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(head[:])
	if size > biggestSaid {
		return nil, fmt.Errorf("samplephone: a request of %d bytes", size)
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(l.wire, body); err != nil {
		return nil, err
	}
	var request map[string]any
	if _, err := plist.Unmarshal(body, &request); err != nil {
		return nil, fmt.Errorf("samplephone: request: %w", err)
	}
	return request, nil
}

// refusals are the errors for what a reader must never ask. That the phone
// says just these to each was not observed.
var refusals = map[string]string{
	"Pair":         "UserDeniedPairing",
	"SetValue":     "SetProhibited",
	"RemoveValue":  "RemoveProhibited",
	"StartService": "InvalidService",
}

// handle answers one request. An error ends the conversation.
func (l *lockdown) handle(request map[string]any) error {
	p := l.daemon.phone(l.way.udid)
	name := text(request["Request"])
	l.note(Request{Of: "lockdown", Name: name, Domain: text(request["Domain"]), Key: text(request["Key"])})
	if p.Asleep {
		return l.silence()
	}
	if !l.wait(p.Delay) {
		return errSpoilt
	}
	switch name {
	case "QueryType":
		return l.say(QueryType, p, name, map[string]any{"Type": "com.apple.mobile.lockdown"})
	case "GetValue":
		return l.say(GetValue, p, name, l.value(p, request))
	case "StartSession":
		return l.start(p, request)
	case "StopSession":
		return l.stop(p, request)
	case "Goodbye":
		_ = l.say(AnyStep, p, name, map[string]any{"Result": "Success"})
		return io.EOF
	}
	refusal := refusals[name]
	if refusal == "" {
		refusal = "InvalidRequest"
	}
	return l.say(AnyStep, p, name, map[string]any{"Error": refusal})
}

// say answers a request with its name and what is added.
func (l *lockdown) say(step Step, p *Phone, request string, more map[string]any) error {
	more["Request"] = request
	return l.answer(step, l.daemon.faultsOf(p), more)
}

// note remembers a request, with what is known about the conversation.
func (l *lockdown) note(r Request) {
	r.UDID, r.WiFi = l.way.udid, l.way.wifi
	r.InSession, r.Connection = l.session != "", l.number
	l.daemon.note(r)
}

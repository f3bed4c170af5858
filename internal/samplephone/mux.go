package samplephone

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"net"
	"strings"

	"howett.net/plist"
)

// The Result numbers of the daemon; all but refused were seen on Debian's
// usbmuxd 1.1.1.
const (
	resultOK      = 0
	resultCommand = 1  // bad command
	resultDevice  = 2  // no such device, no such record
	resultRefused = 3  // the phone refused the connection
	resultVersion = 6  // bad version
	resultInvalid = 22 // something is missing in the message
)

const (
	headerSize  = 16
	plistType   = 8       // the only type of message that carries a plist
	biggestSaid = 1 << 20 // what a client may say at once
)

// mux is one conversation with the daemon.
type mux struct {
	*wire
	daemon *Daemon
	tag    uint32 // of the request that is being answered
	number int    // of the connection
}

// serveMux answers until the client hangs up, listens, or is connected to a
// phone and then hangs up.
func serveMux(d *Daemon, conn net.Conn, number int) {
	m := &mux{daemon: d, number: number}
	// A body of 2^32-1 bytes makes a length of 15: less than the header itself.
	m.wire = &wire{Conn: conn, header: m.header, less: math.MaxUint32, failure: m.failure, done: d.done}
	for {
		message, err := m.read()
		if err != nil {
			return
		}
		if err := m.handle(message); err != nil && !errors.Is(err, errInstead) {
			return
		}
	}
}

func (m *mux) header(size uint32) []byte {
	out := make([]byte, headerSize)
	for i, v := range []uint32{headerSize + size, 1, plistType, m.tag} {
		binary.LittleEndian.PutUint32(out[4*i:], v)
	}
	return out
}

// read takes the next message. A body that is no XML gets no answer at all
// from the genuine daemon, and so none here: nil. The older protocol, whose
// bodies are no plists, is not spoken.
func (m *mux) read() (map[string]any, error) {
	var head [headerSize]byte
	if _, err := io.ReadFull(m.wire, head[:]); err != nil {
		return nil, err
	}
	field := func(i int) uint32 { return binary.LittleEndian.Uint32(head[4*i:]) }
	size, version, kind := field(0), field(1), field(2)
	if size < headerSize || size > biggestSaid {
		return nil, fmt.Errorf("samplephone: a message of %d bytes", size)
	}
	body := make([]byte, size-headerSize)
	if _, err := io.ReadFull(m.wire, body); err != nil {
		return nil, err
	}
	m.tag = field(3)
	switch {
	case version > 1:
		return nil, m.oldResult(resultVersion)
	case kind != plistType:
		return nil, m.oldResult(resultCommand)
	}
	return xmlDict(body), nil
}

// oldResult answers in the older protocol, as the daemon does to a header that
// is not of this one: version 0, type 1, and the number as the body.
func (m *mux) oldResult(n uint32) error {
	var out []byte
	for _, v := range []uint32{headerSize + 4, 0, 1, m.tag, n} {
		out = binary.LittleEndian.AppendUint32(out, v)
	}
	_, err := m.Write(out)
	return err
}

// xmlDict reads an XML plist; nil when it is none.
func xmlDict(body []byte) map[string]any {
	var out map[string]any
	if !strings.HasPrefix(strings.TrimSpace(string(body)), "<") {
		return nil
	}
	if _, err := plist.Unmarshal(body, &out); err != nil {
		return nil
	}
	return out
}

// handle answers one message. An error ends the conversation.
func (m *mux) handle(message map[string]any) error {
	name := text(message["MessageType"])
	if name == "" {
		return nil // it is not answered either
	}
	m.daemon.note(Request{Of: "usbmuxd", Name: name, UDID: m.about(message), Connection: m.number})
	faults := m.daemon.faultsOf(nil)
	switch name {
	case "ListDevices":
		return m.answer(List, faults, map[string]any{"DeviceList": m.daemon.list()})
	case "ListListeners":
		return m.answer(AnyStep, faults, map[string]any{"ListenerList": m.daemon.listening()})
	case "Listen":
		if err := m.result(Listen, faults, resultOK); err != nil {
			return err
		}
		m.report(message)
		return io.EOF
	case "ReadBUID":
		return m.answer(AnyStep, faults, map[string]any{"BUID": buid})
	case "ReadPairRecord":
		return m.record(text(message["PairRecordID"]))
	case "Connect":
		return m.connect(message)
	}
	return m.result(AnyStep, faults, resultCommand)
}

// about is the UDID that a message is about, if it is about a phone.
func (m *mux) about(message map[string]any) string {
	if id, ok := number(message["DeviceID"]); ok {
		for _, a := range m.daemon.ways() {
			if uint64(a.id) == id {
				return a.udid
			}
		}
	}
	return text(message["PairRecordID"])
}

// result answers with a number. A fault may name another.
func (m *mux) result(step Step, faults []Fault, n uint64) error {
	return m.answer(step, faults, map[string]any{"MessageType": "Result", "Number": n})
}

// failure is what the daemon says for a [SayError].
func (m *mux) failure(f Fault, _ map[string]any) map[string]any {
	return map[string]any{"MessageType": "Result", "Number": cmp.Or(f.Number, resultCommand)}
}

// record answers ReadPairRecord. Only the UDID exactly as it was stored finds it.
func (m *mux) record(udid string) error {
	p := m.daemon.phone(udid)
	faults := m.daemon.faultsOf(p)
	if udid == "" {
		return m.result(Record, faults, resultInvalid)
	}
	if p == nil || p.Trust == NotPaired && p.PairRecord == nil {
		return m.result(Record, faults, resultDevice)
	}
	data, err := p.pairRecord()
	if err != nil {
		return err
	}
	return m.answer(Record, faults, map[string]any{"PairRecordData": data})
}

// connect leads the connection to a phone, which then answers on it.
func (m *mux) connect(message map[string]any) error {
	id, _ := number(message["DeviceID"])
	port, named := number(message["PortNumber"])
	if !named {
		return m.result(Connect, m.daemon.faultsOf(nil), resultCommand)
	}
	way, found := m.daemon.route(m.Conn, id)
	if !found {
		return m.result(Connect, m.daemon.faultsOf(nil), resultDevice)
	}
	p := m.daemon.phone(way.udid)
	faults := m.daemon.faultsOf(p)
	m.wait(p.Delay)
	if port > math.MaxUint16 || bits.ReverseBytes16(uint16(port)) != phonePort || p.Unreachable {
		return m.result(Connect, faults, resultRefused)
	}
	if err := m.result(Connect, faults, resultOK); err != nil {
		return err
	}
	serveLockdown(m.daemon, m.Conn, way, m.number)
	return io.EOF
}

// list is the DeviceList: a phone that is on both ways stands there twice.
func (d *Daemon) list() []map[string]any {
	all := []map[string]any{}
	for _, a := range d.ways() {
		all = append(all, a.message(d.phone(a.udid)))
	}
	return all
}

// text and number read a value of a message, whatever it is.
func text(v any) string {
	s, _ := v.(string)
	return s
}

func number(v any) (uint64, bool) {
	n, ok := v.(uint64)
	return n, ok
}

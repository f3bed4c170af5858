package samplephone

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"howett.net/plist"
)

// client is the least that can talk to the fake: it stands here so that the
// tests need no reader of ours.
type client struct {
	net.Conn
	t *testing.T
}

func dial(t *testing.T, d *Daemon) client {
	t.Helper()
	network, address := "tcp", d.Address()
	if path, ok := strings.CutPrefix(address, "UNIX:"); ok {
		network, address = "unix", path
	}
	conn, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	return client{conn, t}
}

func encoded(t *testing.T, message map[string]any, format int) []byte {
	t.Helper()
	body, err := plist.Marshal(message, format)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// sendMux sends a body with a header of this version and type, under the tag 9.
func (c client) sendMux(body []byte, version, kind uint32) {
	c.t.Helper()
	var head []byte
	for _, v := range []uint32{uint32(16 + len(body)), version, kind, 9} {
		head = binary.LittleEndian.AppendUint32(head, v)
	}
	if _, err := c.Write(append(head, body...)); err != nil {
		c.t.Fatal(err)
	}
}

// mux asks the daemon.
func (c client) mux(message map[string]any) map[string]any {
	c.t.Helper()
	c.sendMux(encoded(c.t, message, plist.XMLFormat), 1, 8)
	return c.heard(9)
}

// heard reads a message of the daemon.
func (c client) heard(tag uint32) map[string]any {
	c.t.Helper()
	var head [16]byte
	if _, err := io.ReadFull(c, head[:]); err != nil {
		c.t.Fatal(err)
	}
	field := func(i int) uint32 { return binary.LittleEndian.Uint32(head[4*i:]) }
	if field(1) != 1 || field(2) != 8 || field(3) != tag {
		c.t.Fatalf("header % x", head)
	}
	return c.body(field(0) - 16)
}

func (c client) body(size uint32) map[string]any {
	c.t.Helper()
	body := make([]byte, size)
	if _, err := io.ReadFull(c, body); err != nil {
		c.t.Fatal(err)
	}
	var out map[string]any
	if _, err := plist.Unmarshal(body, &out); err != nil {
		c.t.Fatal(err)
	}
	return out
}

// phone connects to the first phone that is listed.
func (c client) phone() client {
	c.t.Helper()
	if got := c.mux(map[string]any{"MessageType": "Connect", "DeviceID": 1, "PortNumber": 32498}); got["Number"] != uint64(0) {
		c.t.Fatalf("connect: %v", got)
	}
	return c
}

// framed is a request as lockdown reads it.
func framed(t *testing.T, request map[string]any) []byte {
	t.Helper()
	body := encoded(t, request, plist.XMLFormat)
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), body...)
}

// send and ask speak with lockdown.
func (c client) send(request map[string]any) {
	c.t.Helper()
	if _, err := c.Write(framed(c.t, request)); err != nil {
		c.t.Fatal(err)
	}
}

func (c client) ask(request map[string]any) map[string]any {
	c.t.Helper()
	c.send(request)
	var head [4]byte
	if _, err := io.ReadFull(c, head[:]); err != nil {
		c.t.Fatal(err)
	}
	return c.body(binary.BigEndian.Uint32(head[:]))
}

// quiet reports whether nothing comes for a while, though the connection is open.
func (c client) quiet() bool {
	_ = c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	defer func() { _ = c.SetDeadline(time.Now().Add(10 * time.Second)) }()
	_, err := c.Read(make([]byte, 1))
	return errors.Is(err, os.ErrDeadlineExceeded)
}

func result(n uint64) map[string]any { return map[string]any{"MessageType": "Result", "Number": n} }

// Debian's usbmuxd 1.1.1 was asked all this without a phone, on 2026-11-25, and
// gave these answers. To save a record it would have said yes.
func TestTheDaemonAnswersAsDebiansDoes(t *testing.T) {
	away := IOS18("Anna's iPhone")
	away.Cable = false
	d := playing(t, away)
	listener := dial(t, d)
	c := dial(t, d)
	for _, step := range []struct{ ask, want map[string]any }{
		{map[string]any{"MessageType": "ListDevices"}, map[string]any{"DeviceList": []any{}}},
		{map[string]any{"MessageType": "ReadPairRecord", "PairRecordID": "00008101-FFFFFFFFFFFFFFFF"}, result(2)},
		{map[string]any{"MessageType": "ReadPairRecord"}, result(22)},
		{map[string]any{"MessageType": "Connect", "DeviceID": 7, "PortNumber": 32498}, result(2)},
		{map[string]any{"MessageType": "Connect", "DeviceID": "7", "PortNumber": 32498}, result(2)},
		{map[string]any{"MessageType": "Connect", "PortNumber": 32498}, result(2)},
		{map[string]any{"MessageType": "Connect", "DeviceID": 7}, result(1)},
		{map[string]any{"MessageType": "NoSuch"}, result(1)},
		{map[string]any{"MessageType": "ListListeners"}, map[string]any{"ListenerList": []any{}}},
	} {
		if got := c.mux(step.ask); !reflect.DeepEqual(got, step.want) {
			t.Errorf("%v: %v, want %v", step.ask, got, step.want)
		}
	}
	if got := c.mux(map[string]any{"MessageType": "ReadBUID"}); got["BUID"] != buid {
		t.Errorf("%v", got)
	}
	if got := c.mux(map[string]any{"MessageType": "SavePairRecord", "PairRecordID": away.UDID}); !reflect.DeepEqual(got, result(1)) {
		t.Errorf("%v, and nothing may be saved", got)
	}
	hello := map[string]any{"MessageType": "Listen", "ProgName": "probe", "BundleID": "b.c", "kLibUSBMuxVersion": 3}
	if got := listener.mux(hello); !reflect.DeepEqual(got, result(0)) {
		t.Errorf("listen: %v", got)
	}
	want := map[string]any{
		"Blacklisted": false, "BundleID": "b.c", "ConnType": uint64(0), "ID String": "1-probe", "ProgName": "probe", "kLibUSBMuxVersion": uint64(3),
	}
	if got := c.mux(map[string]any{"MessageType": "ListListeners"}); !reflect.DeepEqual(got["ListenerList"], []any{want}) {
		t.Errorf("%v", got)
	}
	listener.sendMux(encoded(t, hello, plist.XMLFormat), 1, 8)
	if got, ended := listener.rest(); len(got) > 0 || !ended {
		t.Errorf("a listener that says more: %q, ended %v", got, ended)
	}
}

// So did it with these.
func TestTheDaemonDoesNotAnswerEverything(t *testing.T) {
	c := dial(t, playing(t))
	list := map[string]any{"MessageType": "ListDevices"}
	for name, body := range map[string][]byte{
		"a binary plist": encoded(t, list, plist.BinaryFormat),
		"no plist":       []byte("garbage"),
		"no message":     encoded(t, map[string]any{}, plist.XMLFormat),
	} {
		c.sendMux(body, 1, 8)
		if !c.quiet() {
			t.Errorf("%s is answered", name)
		}
		if got := c.mux(list); got["DeviceList"] == nil {
			t.Errorf("after %s: %v", name, got)
		}
	}
	c.sendMux(encoded(t, list, plist.XMLFormat), 0, 8)
	if got := c.heard(9); got["DeviceList"] == nil {
		t.Errorf("version 0: %v", got)
	}
	for number, said := range map[byte][2]uint32{resultVersion: {2, 8}, resultCommand: {1, 99}} {
		c.sendMux(nil, said[0], said[1])
		var got [20]byte
		if _, err := io.ReadFull(c, got[:]); err != nil || got != [20]byte{0: 20, 8: 1, 12: 9, 16: number} {
			t.Errorf("version %d, type %d: % x %v", said[0], said[1], got, err)
		}
	}
	for _, size := range []uint32{15, 1 << 30} {
		c := dial(t, playing(t))
		if _, err := c.Write(append(binary.LittleEndian.AppendUint32(nil, size), 1, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0)); err != nil {
			t.Fatal(err)
		}
		if got, ended := c.rest(); len(got) > 0 || !ended {
			t.Errorf("a length of %d: %q, ended %v", size, got, ended)
		}
	}
}

func TestAPhoneIsReachedOnlyAtItsPortAndFoundOnlyByItsUDID(t *testing.T) {
	p := IOS18("Anna's iPhone")
	p.Listed = strings.ReplaceAll(p.UDID, "-", "")
	p.WiFi = true
	d := playing(t, p)
	c := dial(t, d)
	list := c.mux(map[string]any{"MessageType": "ListDevices"})["DeviceList"].([]any)
	for i, kind := range []string{"USB", "Network"} {
		got := list[i].(map[string]any)["Properties"].(map[string]any)
		if got["ConnectionType"] != kind || got["SerialNumber"] != p.Listed || len(p.Listed) != 24 {
			t.Errorf("%v", got)
		}
	}
	if got := c.mux(map[string]any{"MessageType": "ReadPairRecord", "PairRecordID": p.Listed}); !reflect.DeepEqual(got, result(2)) {
		t.Errorf("by 24 characters: %v", got)
	}
	if got := c.mux(map[string]any{"MessageType": "ReadPairRecord", "PairRecordID": p.UDID}); len(got["PairRecordData"].([]byte)) < 5000 {
		t.Errorf("its record: %v", got)
	}
	if got := c.mux(map[string]any{"MessageType": "Connect", "DeviceID": 1, "PortNumber": 62078}); !reflect.DeepEqual(got, result(3)) {
		t.Errorf("a port that is not swapped: %v", got)
	}
	if got := c.phone().ask(map[string]any{"Request": "QueryType"}); got["Type"] != "com.apple.mobile.lockdown" {
		t.Errorf("%v", got)
	}
}

func TestListenersHearOfPhones(t *testing.T) {
	p := IOS18("Anna's iPhone")
	p.Trust = NotPaired
	d := playing(t, p)
	c := dial(t, d)
	c.mux(map[string]any{"MessageType": "Listen", "ProgName": "probe"})
	expect := func(kind string, id uint64) {
		t.Helper()
		if got := c.heard(0); got["MessageType"] != kind || got["DeviceID"] != id {
			t.Fatalf("%v, want %s %d", got, kind, id)
		}
	}
	change := func(change func(*Phone)) {
		t.Helper()
		if err := d.Change(p.UDID, change); err != nil {
			t.Fatal(err)
		}
	}
	expect("Attached", 1)
	change(func(p *Phone) { p.Trust = Trusted })
	expect("Paired", 1)
	change(func(p *Phone) { p.WiFi = true })
	expect("Attached", 2)

	other := dial(t, d).phone()
	if err := d.Unplug(p.UDID); err != nil {
		t.Fatal(err)
	}
	expect("Detached", 1)
	if _, err := other.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("over the cable that was pulled: %v", err)
	}
	if err := d.Plug(p.UDID); err != nil {
		t.Fatal(err)
	}
	expect("Attached", 3)
	if err := d.Plug("nobody"); err == nil {
		t.Error("plugged in a phone that is not there")
	}
}

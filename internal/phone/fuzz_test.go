package phone

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"howett.net/plist"

	"ninelives/internal/health"
)

// tape is a connection on which the other side has said all it will ever say.
type tape struct {
	net.Conn
	in *bytes.Reader
}

func playTape(said []byte) tape                 { return tape{in: bytes.NewReader(said)} }
func (t tape) Read(p []byte) (int, error)       { return t.in.Read(p) }
func (t tape) Write(p []byte) (int, error)      { return len(p), nil }
func (t tape) Close() error                     { return nil }
func (t tape) SetDeadline(time.Time) error      { return nil }
func (t tape) SetReadDeadline(time.Time) error  { return nil }
func (t tape) SetWriteDeadline(time.Time) error { return nil }

func muxFrames(t testing.TB, tag uint32, messages ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, m := range messages {
		if err := writeMux(&b, tag, m); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func lockdownFrames(t testing.TB, messages ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, m := range messages {
		if err := writeLockdown(&b, m); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

type dict = map[string]any

// framed makes frames of bodies that are separated by zeros, so that a mutant
// of a body is not lost to a header that does not fit any more.
func framed(bodies []byte, header func(length uint32) []byte) []byte {
	var out []byte
	for body := range bytes.SplitSeq(bodies, []byte{0}) {
		out = append(append(out, header(uint32(len(body)))...), body...)
	}
	return out
}

func muxHeaderOf(length uint32) []byte {
	out := []byte{}
	for _, n := range []uint32{muxHeader + length, 1, 8, 1} {
		out = binary.LittleEndian.AppendUint32(out, n)
	}
	return out
}

func lockdownHeaderOf(length uint32) []byte { return binary.BigEndian.AppendUint32(nil, length) }

// bodies is messages without their headers.
func bodies(t testing.TB, messages ...any) []byte {
	t.Helper()
	var all [][]byte
	for _, m := range messages {
		body, err := encode(m)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, body)
	}
	return bytes.Join(all, []byte{0})
}

// isKnown reports whether an error is of a kind that there should be.
func isKnown(err error) bool {
	var r result
	var no refusal
	return errors.Is(err, health.ErrMalformed) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, errNotPaired) || errors.Is(err, errNotTrusted) || errors.Is(err, errHungUp) || errors.As(err, &r) || errors.As(err, &no)
}

// FuzzMux lets a daemon say anything.
func FuzzMux(f *testing.F) {
	record, _, _ := madeRecord(f, plist.XMLFormat)
	packed, _, _ := madeRecord(f, plist.BinaryFormat)
	entry := dict{"DeviceID": 7, "MessageType": "Attached", "Properties": dict{"SerialNumber": someUDID, "ConnectionType": "USB", "DeviceID": 7}}
	wifi := dict{"DeviceID": 8, "MessageType": "Attached", "Properties": dict{"SerialNumber": someUDID, "ConnectionType": "Network", "NetworkAddress": []byte{1}}}
	f.Add(bodies(f, dict{"DeviceList": []any{entry, wifi}}), true)
	f.Add(bodies(f, dict{"DeviceList": []any{}}), true)
	f.Add(bodies(f, dict{"MessageType": "Result", "Number": 2}), true)
	f.Add(bodies(f, dict{"PairRecordData": record}), true)
	f.Add(bodies(f, dict{"PairRecordData": packed}), true)
	f.Add(bodies(f, entry, dict{"MessageType": "Paired", "DeviceID": 7}, dict{"MessageType": "Detached", "DeviceID": 7}, wifi), true)
	f.Add(muxFrames(f, 1, dict{"DeviceList": []any{entry}}), false)
	f.Add([]byte{16, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0}, false)
	f.Add(append([]byte{0, 0, 16, 0, 1, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0}, bytes.Repeat([]byte("<array>"), 1000)...), false)
	f.Fuzz(func(t *testing.T, said []byte, inFrames bool) {
		if inFrames {
			said = framed(said, muxHeaderOf)
		}
		answer, err := askMux(playTape(said), muxRequest{MessageType: listDevices})
		if err == nil {
			checkAnswer(t, answer)
		} else if !isKnown(err) {
			t.Error(err)
		}
		s := New(Options{})
		ear, in := &ear{source: s, heard: map[id]string{}}, bufio.NewReader(playTape(said))
		for {
			if _, err := ear.next(playTape(nil), in); err != nil {
				if !isKnown(err) {
					t.Error(err)
				}
				break
			}
		}
		for _, name := range ear.heard {
			if len(name) != 8 {
				t.Errorf("%q is no short hash", name)
			}
		}
	})
}

func checkAnswer(t *testing.T, answer muxAnswer) {
	t.Helper()
	list, err := answer.devices()
	if err != nil && !isKnown(err) {
		t.Error(err)
	}
	for _, h := range handsets(list) {
		if n, _ := h.way(); n == 0 || len(h.id()) != 8 || len(h.plain) != 25 && len(h.plain) != 40 {
			t.Errorf("%+v", h)
		}
	}
	record, err := answer.record()
	if err != nil && (!isKnown(err) || record.secret != nil) {
		t.Error(record, err)
	}
	if err == nil {
		_, _, _ = record.tlsConfig(true)
	}
	if err := answer.succeeded(); err != nil && !isKnown(err) {
		t.Error(err)
	}
}

// FuzzLockdown lets a phone say anything, within a session and at its start.
func FuzzLockdown(f *testing.F) {
	value := func(v any) dict { return dict{"Request": getValue, "Value": v} }
	whole := []any{
		value(dict{"CloudBackupEnabled": true, "LastCloudBackupDate": 800000000, "WillEncrypt": true, "Version": "2.0"}),
		value("18.4.1"), value("iPhone13,2"), value("Anna"), value(1763640000.5), value("BOOT"),
		value(dict{"EnableWifiConnections": true, "SupportsWifi": true}), value(uint64(41_300_000_000)),
	}
	f.Add(bodies(f, whole...), true, false)
	f.Add(bodies(f, append([]any{value(dict{}), value(true), value(noon)}, whole[1:6]...)...), true, false)
	whole[6] = value(dict{"BatteryCurrentCapacity": 86, "ExternalConnected": true})
	f.Add(bodies(f, whole...), true, true)
	f.Add(bodies(f, dict{"Request": getValue, "Error": "GetProhibited"}, dict{"Request": getValue, "Error": "SessionInactive"}), true, true)
	f.Add(append(lockdownFrames(f, dict{"Request": startSession, "SessionID": "S", "EnableSessionSSL": true}), "no TLS at all"...), false, false)
	f.Add(bodies(f, dict{"Request": startSession, "Error": "InvalidHostID"}), true, false)
	f.Add([]byte{0xff, 0xff, 0xff, 0xff}, false, false)
	raw, _, _ := madeRecord(f, plist.XMLFormat)
	record, err := readRecord(raw)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, said []byte, inFrames, wifi bool) {
		if inFrames {
			said = framed(said, lockdownHeaderOf)
		}
		by := health.ByCable
		if wifi {
			by = health.ByWiFi
		}
		phone := health.Phone{Transport: by, At: noon}
		talk := &session{conn: playTape(said), id: "S", requests: 1}
		err := (&interview{talk, func() time.Time { return noon }, &phone}).hold()
		if talk.requests >= mostRequests {
			t.Errorf("%d requests", talk.requests)
		}
		switch {
		case err != nil && !isKnown(err):
			t.Error(err)
		case err == nil:
			checkPhone(t, phone)
		}
		if !bytes.Contains(said, []byte(startSession)) {
			return // a handshake is dear, and not reached
		}
		if _, _, err := start(context.Background(), playTape(said), record, by); err == nil || !isKnown(err) {
			t.Errorf("a session with a tape: %v", err)
		}
	})
}

func checkPhone(t *testing.T, p health.Phone) {
	t.Helper()
	told := p.Cloud == health.Told
	for _, at := range []time.Time{p.LastCloudBackup, p.LastComputerBackup} {
		if !at.IsZero() && (at.Year() < 2007 || at.Year() >= 2100 || at.Location() != time.UTC || !told) {
			t.Errorf("a backup of %v", at)
		}
	}
	if told != !p.CloudAt.IsZero() || !told && (p.CloudBackup != "" || p.Encrypts != "") || p.Cloud == health.NotAsked {
		t.Errorf("%+v", p)
	}
	if p.BatteryPercent < 0 || p.BatteryPercent > 100 || p.FreeBytes < 0 || p.PowerAt.IsZero() && (p.Power != "" || p.BatteryPercent != 0) {
		t.Errorf("%+v", p)
	}
	if p.Transport == health.ByCable && !p.PowerAt.IsZero() || p.ClockAt.IsZero() && p.ClockOff != 0 || p.Boot != "" && len(p.Boot) != 16 {
		t.Errorf("%+v", p)
	}
	if len(p.Device.Name) > maxText || strings.ToValidUTF8(p.Device.Name, "") != p.Device.Name {
		t.Errorf("name %q", p.Device.Name)
	}
}

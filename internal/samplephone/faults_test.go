package samplephone

import (
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"howett.net/plist"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rest reads until nothing comes for a moment or the connection ends; a flood
// is cut at 8 MB.
func (c client) rest() (got []byte, ended bool) {
	buffer := make([]byte, 1<<16)
	for len(got) < 8<<20 {
		_ = c.SetReadDeadline(time.Now().Add(700 * time.Millisecond))
		n, err := c.Read(buffer)
		got = append(got, buffer[:n]...)
		if err != nil {
			return got, !errors.Is(err, os.ErrDeadlineExceeded)
		}
	}
	return got, false
}

func TestEveryFaultIsWhatItSays(t *testing.T) {
	right := func() []byte {
		c := dial(t, playing(t, IOS18("Anna's iPhone"))).phone()
		c.send(get(Root, "DeviceName"))
		got, _ := c.rest()
		return got
	}()
	size := func(got []byte) uint32 { return binary.BigEndian.Uint32(got) }
	for how, want := range map[How]func(got []byte, ended bool) bool{
		HangUp:     func(got []byte, ended bool) bool { return len(got) == 0 && ended },
		Silence:    func(got []byte, ended bool) bool { return len(got) == 0 && !ended },
		Oversized:  func(got []byte, ended bool) bool { return size(got) > 2e9 && len(got) == 20 && !ended },
		Flood:      func(got []byte, _ bool) bool { return size(got) > 2e9 && len(got) >= 8<<20 },
		Undersized: func(got []byte, ended bool) bool { return size(got) == 0 && len(got) == 4 && !ended },
		CutOff:     func(got []byte, ended bool) bool { return len(got) == len(right)/2 && ended },
		Garbage:    func(got []byte, _ bool) bool { return int(size(got)) == len(got)-4 && got[4] == 0xf1 },
		Deep: func(got []byte, _ bool) bool {
			return len(got) < 1<<20 && strings.Count(string(got), "<array>") == depth
		},
		WrongTypes: func(got []byte, _ bool) bool { return strings.Contains(string(got), "<key>Value</key><array>") },
		WrongShape: func(got []byte, _ bool) bool { return string(got) == string(right) }, // there is no shape in it
		Dribble:    func(got []byte, ended bool) bool { return string(got) == string(right) && !ended },
		SayError: func(got []byte, _ bool) bool {
			return strings.Contains(string(got), "<string>SessionInactive</string>")
		},
	} {
		t.Run(string(how), func(t *testing.T) {
			t.Parallel()
			p := IOS18("Anna's iPhone")
			p.Faults = []Fault{{At: GetValue, After: 1, How: how, Error: "SessionInactive", Pause: time.Microsecond}}
			c := dial(t, playing(t, p)).phone()
			if got := c.ask(get(Root, "DeviceName")); got["Value"] != p.Name {
				t.Fatalf("before: %v", got)
			}
			c.send(get(Root, "DeviceName"))
			if got, ended := c.rest(); !want(got, ended) {
				t.Errorf("%d bytes, ended %v: %.200q", len(got), ended, got)
			}
		})
	}
}

func TestAnErrorInsteadBeginsNothing(t *testing.T) {
	p := IOS18("Anna's iPhone")
	p.Faults = []Fault{{At: StartSession, How: SayError, Error: "PairingDialogResponsePending"}, {At: Connect, How: SayError}}
	d := playing(t, p)
	c := dial(t, d)
	connect := map[string]any{"MessageType": "Connect", "DeviceID": 1, "PortNumber": 32498}
	if got := c.mux(connect); got["Number"] != uint64(1) {
		t.Errorf("%v", got)
	}
	if got := c.mux(map[string]any{"MessageType": "ListDevices"}); got["DeviceList"] == nil {
		t.Errorf("connected all the same: %v", got)
	}
	if err := d.Change(p.UDID, func(p *Phone) { p.Faults = p.Faults[:1] }); err != nil {
		t.Fatal(err)
	}
	c.phone()
	if got := c.begin(p); got["Error"] != "PairingDialogResponsePending" {
		t.Errorf("%v", got)
	}
	if got := c.ask(get(Backup, "")); got["Error"] != "MissingValue" {
		t.Errorf("in a session all the same: %v", got)
	}
}

func TestEveryStepOfTheDaemonCanFail(t *testing.T) {
	p := IOS18("Anna's iPhone")
	d := playing(t, p)
	for step, ask := range map[Step]map[string]any{
		List:    {"MessageType": "ListDevices"},
		Listen:  {"MessageType": "Listen"},
		Record:  {"MessageType": "ReadPairRecord", "PairRecordID": p.UDID},
		Connect: {"MessageType": "Connect", "DeviceID": 1, "PortNumber": 32498},
	} {
		d.Fail(Fault{At: step, How: SayError, Number: 5})
		if got := dial(t, d).mux(ask); got["Number"] != uint64(5) {
			t.Errorf("%s: %v", step, got)
		}
		d.Fail(Fault{At: step, How: WrongTypes})
		got := dial(t, d).mux(ask)
		if n := got["Number"]; n != nil && n != "0" {
			t.Errorf("%s: %v", step, got)
		}
		d.Fail(Fault{At: step, How: Undersized})
		var head [4]byte
		c := dial(t, d)
		c.sendMux(encoded(t, ask, plist.XMLFormat), 1, 8)
		if _, err := io.ReadFull(c, head[:]); err != nil || binary.LittleEndian.Uint32(head[:]) != 15 {
			t.Errorf("%s: % x %v", step, head, err)
		}
	}
}

func TestAsleepAndSlow(t *testing.T) {
	p := IOS18("Anna's iPhone")
	p.Delay = 80 * time.Millisecond
	d := playing(t, p)
	c := dial(t, d).phone()
	start := time.Now()
	c.ask(map[string]any{"Request": "QueryType"})
	if took := time.Since(start); took < p.Delay {
		t.Errorf("answered after %v", took)
	}
	if err := d.Change(p.UDID, func(p *Phone) { p.Asleep = true }); err != nil {
		t.Fatal(err)
	}
	c.send(map[string]any{"Request": "QueryType"})
	if got, ended := c.rest(); len(got) != 0 || ended {
		t.Errorf("asleep: %q, ended %v", got, ended)
	}
}

// Whatever goes on, Close ends it at once, and goleak finds nothing after it.
func TestNothingIsLeftAfterClose(t *testing.T) {
	before := descriptors(t)
	for _, how := range Hows() {
		for _, step := range Steps() {
			p := IOS18("Anna's iPhone")
			p.Faults = []Fault{{At: step, How: how, Pause: time.Hour}}
			d, err := New(p)
			if err != nil {
				t.Fatal(err)
			}
			d.Fail(p.Faults...)
			conn, listening := dial(t, d), dial(t, d)
			listening.sendMux(encoded(t, map[string]any{"MessageType": "Listen"}, plist.XMLFormat), 1, 8)
			conn.sendMux(encoded(t, map[string]any{"MessageType": "Connect", "DeviceID": 1, "PortNumber": 32498}, plist.XMLFormat), 1, 8)
			for _, name := range []string{"QueryType", "GetValue", "StartSession"} {
				_, _ = conn.Write(framed(t, map[string]any{"Request": name, "HostID": p.hostID(), "SystemBUID": buid}))
			}
			time.Sleep(5 * time.Millisecond) // so that it is somewhere in it
			start := time.Now()
			if err := d.Close(); err != nil || time.Since(start) > 5*time.Second {
				t.Errorf("%s at %s: closed after %v: %v", how, step, time.Since(start), err)
			}
			if err := d.Close(); err != nil || d.Open() != 0 {
				t.Errorf("%s at %s: closed again: %v, %d open", how, step, err, d.Open())
			}
			if path, ok := strings.CutPrefix(d.Address(), "UNIX:"); ok {
				if _, err := os.Stat(filepath.Dir(path)); err == nil {
					t.Errorf("%s is still there", path)
				}
			}
			_, _ = conn.Close(), listening.Close()
		}
	}
	if after := descriptors(t); after > before {
		t.Errorf("%d descriptors, and before %d", after, before)
	}
}

// descriptors counts what this process has open, where that can be counted.
func descriptors(t *testing.T) int {
	t.Helper()
	if runtime.GOOS != "linux" {
		return 0
	}
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

func TestAPhoneMayChangeWhileManyAsk(t *testing.T) {
	p := IOS18("Anna's iPhone")
	d, err := NewTCP(p)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	var all sync.WaitGroup
	for range 4 {
		c := dial(t, d).phone()
		all.Go(func() {
			for range 50 {
				c.ask(get(Root, ""))
			}
		})
	}
	for i := range 50 {
		err := d.Change(p.UDID, func(p *Phone) {
			p.Set(Root, "DeviceColor", i)
			p.WiFi = !p.WiFi
			p.CloudBackup(time.Now())
		})
		if err != nil {
			t.Fatal(err)
		}
		_, _, _ = d.Requests(), d.Secrets(), d.Open()
	}
	all.Wait()
}

func TestPhonesAreOnesThatCanBe(t *testing.T) {
	for _, phones := range [][]Phone{{{}}, {IOS18("a"), IOS18("a")}} {
		if d, err := New(phones...); err == nil {
			t.Error("plays phones that cannot be told apart")
			_ = d.Close()
		}
	}
}

package phone

import (
	"context"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ninelives/internal/health"
	"ninelives/internal/samplephone"
)

// station is a daemon that is only listened to, in memory and in made-up time.
type station struct {
	t      *testing.T
	source *Source
	conns  chan net.Conn // those that listen, ready for messages
	dialed atomic.Int32
	away   atomic.Bool
	calls  atomic.Int32
}

func newStation(t *testing.T) *station {
	s := &station{t: t, source: New(Options{}), conns: make(chan net.Conn, 16)}
	s.source.dial = func(context.Context) (net.Conn, error) {
		s.dialed.Add(1)
		if s.away.Load() {
			return nil, &net.OpError{Op: "dial", Err: io.EOF}
		}
		ours, theirs := net.Pipe()
		go func() {
			var request map[string]any
			if _, err := readMux(theirs, &request); err != nil || request["MessageType"] != "Listen" {
				t.Errorf("%v, %v", request, err)
			}
			s.say(theirs, map[string]any{"MessageType": "Result", "Number": 0}, 1)
			s.conns <- theirs
		}()
		return ours, nil
	}
	return s
}

func (s *station) say(conn net.Conn, message map[string]any, tag uint32) {
	s.t.Helper()
	if err := writeMux(conn, tag, message); err != nil {
		s.t.Error(err)
	}
}

// attach says that a phone came. It returns when that was heard.
func (s *station) attach(conn net.Conn, number int, udid, how string) {
	s.t.Helper()
	s.say(conn, map[string]any{"MessageType": "Attached", "DeviceID": number,
		"Properties": map[string]any{"SerialNumber": udid, "ConnectionType": how}}, 0)
	synctest.Wait()
}

// asked notes that a phone was just asked, with nothing or all told.
func (s *station) asked(plain string, cable id, trouble health.PhoneTrouble) {
	phone := health.Phone{Device: health.Device{ID: udid{plain}.id()}, Trouble: trouble}
	s.source.remember(visit{at: s.source.clock(), cable: cable, phone: phone, told: trouble == ""})
}

// detach says that a phone went. It returns when that was heard.
func (s *station) detach(conn net.Conn, number int) {
	s.t.Helper()
	s.say(conn, map[string]any{"MessageType": "Detached", "DeviceID": number}, 0)
	synctest.Wait()
}

// watching runs a test while the station is listened to.
func watching(t *testing.T, do func(*station, net.Conn)) {
	synctest.Test(t, func(t *testing.T) {
		s := newStation(t)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); s.source.Watch(ctx, func() { s.calls.Add(1) }) }()
		conn := <-s.conns
		do(s, conn)
		cancel()
		<-done
		conn.Close()
	})
}

func (s *station) called(want int32) {
	s.t.Helper()
	time.Sleep(settle + time.Millisecond)
	synctest.Wait()
	if got := s.calls.Swap(0); got != want {
		s.t.Errorf("called %d times instead of %d", got, want)
	}
}

const (
	someUDID  = "00008101-000A1B2C3D4E5F02"
	otherUDID = "00008101-000A1B2C3D4E5F03"
)

func TestAPhoneThatComesIsReported(t *testing.T) {
	watching(t, func(s *station, conn net.Conn) {
		s.attach(conn, 1, someUDID, "USB")
		if s.calls.Load() != 0 {
			t.Error("called before it settled")
		}
		s.attach(conn, 2, otherUDID, "Network")
		s.attach(conn, 3, "nonsense", "USB")
		s.called(1)
	})
}

func TestAPhoneThatWasJustAskedIsLeftInPeace(t *testing.T) {
	watching(t, func(s *station, conn net.Conn) {
		s.asked(someUDID, 0, "")
		s.attach(conn, 1, someUDID, "USB")
		s.called(0)
		s.asked(someUDID, 0, health.Asleep)
		s.attach(conn, 2, someUDID, "Network")
		s.called(0)
		s.attach(conn, 3, someUDID, "USB")
		s.called(0)
		time.Sleep(pause)
		s.called(1)
		time.Sleep(again)
		s.attach(conn, 2, someUDID, "Network")
		s.called(1)
	})
}

func TestAPhoneThatWasJustPairedIsReported(t *testing.T) {
	watching(t, func(s *station, conn net.Conn) {
		h := handset{udid: udid{someUDID}, cable: 1}
		s.asked(someUDID, 1, health.NotPaired)
		s.attach(conn, 1, someUDID, "USB")
		s.called(0)
		s.say(conn, map[string]any{"MessageType": "Paired", "DeviceID": 1}, 0)
		s.called(1)
		if due, _ := s.source.due([]handset{h}, time.Now()); len(due) != 1 {
			t.Error("it is not asked again")
		}
		s.say(conn, map[string]any{"MessageType": "Detached", "DeviceID": 1}, 0)
		s.say(conn, map[string]any{"MessageType": "Paired", "DeviceID": 1}, 0)
		s.say(conn, map[string]any{"MessageType": "Something"}, 0)
		s.called(0)
	})
}

func TestADaemonThatComesAndGoesIsFoundAgain(t *testing.T) {
	watching(t, func(s *station, conn net.Conn) {
		s.asked(someUDID, 1, health.LockedBoot)
		s.away.Store(true)
		conn.Close()
		time.Sleep(time.Hour)
		if n := s.dialed.Swap(0); n < 50 || n > 62 {
			t.Errorf("dialed %d times in an hour", n)
		}
		s.away.Store(false)
		conn = <-s.conns
		// A new daemon counts from one again: it is another attachment.
		s.attach(conn, 1, someUDID, "USB")
		s.called(1)
		conn.Close()
	})
}

func TestAMessageThatStopsHalfWayEndsTheListening(t *testing.T) {
	watching(t, func(s *station, conn net.Conn) {
		time.Sleep(time.Hour) // silence between messages is fine
		if n := s.dialed.Load(); n != 1 {
			t.Errorf("dialed %d times", n)
		}
		if _, err := conn.Write(make([]byte, 5)); err != nil {
			t.Error(err)
		}
		conn = <-s.conns
		s.attach(conn, 1, someUDID, "USB")
		s.called(1)
		conn.Close()
	})
}

func TestADaemonThatSaysTooMuchIsNotListenedTo(t *testing.T) {
	watching(t, func(s *station, conn net.Conn) {
		for i := range mostHeard {
			s.attach(conn, i+1, someUDID, "USB")
		}
		s.attach(conn, mostHeard+1, someUDID, "USB")
		next := <-s.conns
		next.Close()
	})
}

// TestTheFakeIsListenedTo tries the same with sockets and a whole daemon.
func TestTheFakeIsListenedTo(t *testing.T) {
	p := anna()
	p.Cable = false
	d := newDesk(t, p)
	ctx, cancel := context.WithCancel(t.Context())
	appeared, done := make(chan struct{}, 8), make(chan struct{})
	go func() { defer close(done); d.source.Watch(ctx, func() { appeared <- struct{}{} }) }()
	defer func() { cancel(); <-done }()
	for d.daemon.Open() == 0 {
		time.Sleep(time.Millisecond)
	}
	if err := d.daemon.Plug(p.UDID); err != nil {
		t.Fatal(err)
	}
	select {
	case <-appeared:
	case <-time.After(10 * time.Second):
		t.Fatal("it was not noticed")
	}
	if got := d.one(); got.Trouble != "" {
		t.Errorf("%+v", got)
	}
}

func TestAQuarterOfAnHour(t *testing.T) {
	p := anna()
	p.WiFi = true
	d := newDesk(t, p)
	steps := []struct {
		name     string
		before   func()
		sessions int
	}{
		{"the first time", func() {}, 1},
		{"a while later", func() { d.wait(14 * time.Minute) }, 1},
		{"now it is over", func() { d.wait(time.Minute) }, 2},
		{"somebody asked", func() { d.source.Ask() }, 3},
		{"once", func() { d.wait(time.Minute) }, 3},
		{"onto the cable anew", func() {
			d.change(p.UDID, func(p *samplephone.Phone) { p.Cable = false })
			d.one()
			d.change(p.UDID, func(p *samplephone.Phone) { p.Cable = true })
		}, 3},
		{"a clock that was set back", func() { d.wait(-time.Hour) }, 4},
	}
	for _, s := range steps {
		s.before()
		got := d.one()
		if n := d.sessions(); n != s.sessions {
			t.Errorf("%s: %d sessions instead of %d", s.name, n, s.sessions)
		}
		if got.Trouble != "" || got.Cloud != health.Told || got.SeenAt != d.clock() || got.WiFiAt != d.clock() || got.At.After(d.clock()) {
			t.Errorf("%s: %+v", s.name, got)
		}
	}
}

func TestASleepingPhoneIsNotWokenInALoop(t *testing.T) {
	p := anna()
	p.Cable, p.WiFi, p.Asleep = false, true, true
	d := newDesk(t, p)
	for range 5 {
		got, err := d.readWithin(100 * time.Millisecond)
		if err != nil || len(got) != 1 || got[0].Trouble != health.Asleep || got[0].SeenAt != d.clock() {
			t.Errorf("%+v, %v", got, err)
		}
		d.wait(time.Minute)
	}
	if n := d.sessions(); n != 1 {
		t.Errorf("%d sessions", n)
	}
}

func TestWhenAPhoneInTroubleIsTriedAgain(t *testing.T) {
	p := anna()
	p.WiFi, p.Trust = true, samplephone.Dropped
	d := newDesk(t, p)
	for _, s := range []struct {
		name     string
		before   func()
		sessions int
	}{
		{"the first time", func() {}, 1},
		{"at once", func() {}, 1},
		{"off the cable", func() { d.change(p.UDID, func(p *samplephone.Phone) { p.Cable = false }) }, 1},
		{"onto the cable at once", func() { d.change(p.UDID, func(p *samplephone.Phone) { p.Cable = true }) }, 1},
		{"a minute later", func() { d.wait(time.Minute) }, 2},
		{"still on it", func() { d.wait(time.Minute) }, 2},
		{"after a quarter of an hour", func() { d.wait(again) }, 3},
	} {
		s.before()
		if got := d.one(); got.Trouble != health.NotTrusted {
			t.Errorf("%s: %+v", s.name, got)
		}
		if n := d.sessions(); n != s.sessions {
			t.Errorf("%s: %d sessions instead of %d", s.name, n, s.sessions)
		}
	}
	d.change(p.UDID, func(p *samplephone.Phone) { p.Trust, p.Cable, p.WiFi = samplephone.Trusted, false, false })
	d.wait(again)
	if got := d.read(); len(got) != 0 || len(d.source.visits) != 0 {
		t.Errorf("%+v, %d visits remembered", got, len(d.source.visits))
	}
	if !strings.Contains(d.log.String(), "trouble=not-trusted") {
		t.Error(d.log.String())
	}
}

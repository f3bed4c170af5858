package phone

import (
	"net"
	"testing"
	"testing/synctest"
	"time"

	"ninelives/internal/health"
	"ninelives/internal/samplephone"
)

// flap lets a phone come and go, two seconds and two, and does something, if
// there is something, whenever that is reported.
func (s *station) flap(conn net.Conn, number *int, by time.Duration, reported func()) (calls int) {
	s.t.Helper()
	for end := time.Now().Add(by); time.Now().Before(end); time.Sleep(2 * time.Second) {
		*number++
		s.attach(conn, *number, someUDID, "USB")
		time.Sleep(4 * time.Second)
		if n := int(s.calls.Swap(0)); n > 0 {
			calls += n
			reported()
		}
		s.detach(conn, *number)
	}
	return calls
}

func TestALooseCableDoesNotAskInALoop(t *testing.T) {
	watching(t, func(s *station, conn net.Conn) {
		number := 0
		failing := func() { s.asked(someUDID, id(number), health.NotTrusted) }
		if n := s.flap(conn, &number, again, failing); n != mostTries {
			t.Errorf("reported %d times in a quarter of an hour", n)
		}
		if n := s.flap(conn, &number, 2*again, failing); n != 2 {
			t.Errorf("reported %d times in the next half an hour", n)
		}
	})
}

// TestAPhoneThatIsGoneWhenLookedFor leaves no answer, and is not looked for in
// a loop either.
func TestAPhoneThatIsGoneWhenLookedFor(t *testing.T) {
	watching(t, func(s *station, conn net.Conn) {
		number := 0
		if n := s.flap(conn, &number, again, func() {}); n != mostTries {
			t.Errorf("reported %d times in a quarter of an hour", n)
		}
		time.Sleep(again)
		s.source.due(nil, s.source.clock())
		if n := len(s.source.visits); n != 0 {
			t.Errorf("%d phones are remembered that were never there", n)
		}
	})
}

func TestAPhoneThatDoesNotStayIsNotReported(t *testing.T) {
	watching(t, func(s *station, conn net.Conn) {
		s.attach(conn, 1, someUDID, "USB")
		s.attach(conn, 2, someUDID, "Network")
		s.detach(conn, 1)
		s.called(1) // it is still there in another way
		s.attach(conn, 3, otherUDID, "USB")
		s.detach(conn, 3)
		time.Sleep(again)
		s.called(0)
		if n := len(s.source.visits); n != 1 {
			t.Errorf("%d phones are remembered", n)
		}
	})
}

func TestThereIsOneCallAMinuteForAll(t *testing.T) {
	watching(t, func(s *station, conn net.Conn) {
		s.attach(conn, 1, someUDID, "USB")
		s.called(1)
		s.asked(someUDID, 1, "")
		s.attach(conn, 2, otherUDID, "USB")
		s.called(0)
		time.Sleep(pause)
		s.called(1)
	})
}

// TestTrustIsNotKeptWaiting: the first time that it is tapped. A daemon that
// says so all the time gets no more than a loose cable.
func TestTrustIsNotKeptWaiting(t *testing.T) {
	watching(t, func(s *station, conn net.Conn) {
		paired := func() { s.say(conn, map[string]any{"MessageType": "Paired", "DeviceID": 1}, 0); synctest.Wait() }
		s.attach(conn, 1, someUDID, "USB")
		s.called(1)
		for range mostTries {
			s.asked(someUDID, 1, health.NotPaired)
		}
		time.Sleep(time.Second)
		paired()
		s.called(1)
		if due, _ := s.source.due([]handset{{udid: udid{someUDID}, cable: 1}}, s.source.clock()); len(due) != 1 {
			t.Error("it is not asked")
		}
		s.asked(someUDID, 1, health.NotPaired)
		time.Sleep(time.Second)
		paired()
		time.Sleep(again / 2)
		s.called(0)
		time.Sleep(again / 2)
		s.called(1)
	})
}

// TestACableThatMovesWhileThePhoneIsAsked is another attachment, of which the
// question that failed knew nothing.
func TestACableThatMovesWhileThePhoneIsAsked(t *testing.T) {
	watching(t, func(s *station, conn net.Conn) {
		s.attach(conn, 1, someUDID, "USB")
		s.called(1)
		began := s.source.clock()
		time.Sleep(time.Second)
		s.detach(conn, 1)
		s.attach(conn, 2, someUDID, "USB")
		phone := health.Phone{Device: health.Device{ID: udid{someUDID}.id()}, Trouble: health.RefusedTalk}
		s.source.remember(visit{at: began, cable: 1, phone: phone})
		s.called(0)
		time.Sleep(pause)
		s.called(1)
	})
}

func TestAPhoneInTroubleIsTriedThriceInAQuarterOfAnHour(t *testing.T) {
	p := anna()
	p.Trust = samplephone.Dropped
	d := newDesk(t, p)
	replug := func() {
		d.change(p.UDID, func(p *samplephone.Phone) { p.Cable = false })
		d.change(p.UDID, func(p *samplephone.Phone) { p.Cable = true })
	}
	for range 10 * 60 / 4 {
		d.one()
		replug()
		d.wait(4 * time.Second)
	}
	if n := d.sessions(); n != mostTries {
		t.Errorf("%d sessions in ten minutes", n)
	}
	d.source.Ask()
	d.one()
	d.wait(again)
	if d.one(); d.sessions() != mostTries+2 {
		t.Errorf("%d sessions", d.sessions())
	}
	d.change(p.UDID, func(p *samplephone.Phone) { p.Trust = samplephone.Trusted })
	d.wait(again)
	d.one()
	d.change(p.UDID, func(p *samplephone.Phone) { p.Trust = samplephone.Dropped })
	d.wait(again)
	d.one()
	replug()
	d.wait(time.Minute)
	if d.one(); d.sessions() != mostTries+5 {
		t.Errorf("an answer does not begin the count anew: %d sessions", d.sessions())
	}
}

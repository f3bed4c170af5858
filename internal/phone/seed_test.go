package phone

import (
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"howett.net/plist"

	"ninelives/internal/health"
	"ninelives/internal/samplephone"
)

// another is a second process with the same daemon and clock.
func (d *desk) another() *Source {
	return New(Options{Address: d.daemon.Address(), Now: d.clock, SessionLimit: 4 * time.Second})
}

// TestASecondProcessKeepsTheQuarterOfAnHour polls as somebody's monitoring does.
func TestASecondProcessKeepsTheQuarterOfAnHour(t *testing.T) {
	for name, change := range map[string]func(*samplephone.Phone){
		"it told all":       func(*samplephone.Phone) {},
		"over Wi-Fi":        func(p *samplephone.Phone) { p.Cable, p.WiFi = false, true },
		"it was in trouble": func(p *samplephone.Phone) { p.Trust = samplephone.Dropped },
		"it went in the middle": func(p *samplephone.Phone) {
			p.Faults = []samplephone.Fault{{At: samplephone.GetValue, After: 3, How: samplephone.HangUp}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := anna()
			change(&p)
			d := newDesk(t, p)
			known := health.CarryPhones(nil, d.read(), d.clock())
			for range 14 {
				d.wait(time.Minute)
				d.source = d.another()
				d.source.Seed(known)
				want := known[0]
				want.SeenAt = d.clock()
				if p.WiFi {
					want.WiFiAt = d.clock()
				}
				if got := d.one(); !cmp.Equal(want, got) {
					t.Fatal(cmp.Diff(want, got))
				}
			}
			if n := d.sessions(); n != 1 {
				t.Errorf("%d sessions", n)
			}
			d.wait(time.Minute)
			d.source = d.another()
			d.source.Seed(known)
			if d.one(); d.sessions() != 2 {
				t.Errorf("%d sessions after a quarter of an hour", d.sessions())
			}
		})
	}
}

func TestWhatMayNotBeBelievedIsNotTaken(t *testing.T) {
	p := anna()
	d := newDesk(t, p)
	fresh := d.one()
	for name, change := range map[string]func(*health.Phone){
		"listed ahead of now":     func(p *health.Phone) { p.SeenAt = noon.Add(time.Hour) },
		"told ahead of now":       func(p *health.Phone) { p.At = noon.Add(time.Hour) },
		"its backups, too":        func(p *health.Phone) { p.CloudAt = noon.Add(time.Hour) },
		"it was never asked":      func(p *health.Phone) { p.At = time.Time{} },
		"there was no time":       func(p *health.Phone) { p.Trouble = health.NotReached },
		"a quarter of an hour":    func(p *health.Phone) { p.At = noon.Add(-again) },
		"listed now, told before": func(p *health.Phone) { p.At = noon.Add(-time.Hour) },
	} {
		remembered := fresh
		change(&remembered)
		d.daemon.Forget()
		d.source = d.another()
		d.source.Seed([]health.Phone{remembered})
		if d.one(); d.sessions() != 1 {
			t.Errorf("%s: %d sessions", name, d.sessions())
		}
	}
	d.source.Seed([]health.Phone{{Device: fresh.Device, SeenAt: noon, Trouble: health.Asleep}})
	if got := d.one(); got.Trouble != "" {
		t.Errorf("what is remembered counts more than what was read: %+v", got)
	}
}

// TestAPhoneThatLostItsTrustStaysSo over a restart, when it only hangs up.
func TestAPhoneThatLostItsTrustStaysSo(t *testing.T) {
	p := anna()
	p.Cable, p.WiFi, p.Trust = false, true, samplephone.DroppedEarly
	d := newDesk(t, p)
	d.one()
	d.wait(again)
	known := d.read()
	d.wait(6 * time.Hour)
	d.source = d.another()
	d.source.Seed(known)
	if got := d.one(); got.Trouble != health.NotTrusted || d.sessions() != 3 {
		t.Errorf("%d sessions, %+v", d.sessions(), got)
	}
}

// TestASeededPhoneHasNotMoved only because its number was not known.
func TestASeededPhoneHasNotMoved(t *testing.T) {
	watching(t, func(s *station, conn net.Conn) {
		s.source.Seed([]health.Phone{{Device: health.Device{ID: udid{someUDID}.id()}, SeenAt: time.Now(), Trouble: health.NotTrusted}})
		time.Sleep(2 * pause)
		s.attach(conn, 1, someUDID, "USB")
		s.called(0)
		s.detach(conn, 1)
		s.attach(conn, 2, someUDID, "USB")
		s.called(1)
	})
}

func TestTheLimitOfASessionCanBeLess(t *testing.T) {
	raw, _, _ := madeRecord(t, plist.XMLFormat)
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{SessionLimit: 4 * time.Second})
		s.dial = silentAt(startSession, raw)
		began := time.Now()
		if _, err := s.Read(t.Context()); err != nil || time.Since(began) != 4*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		synctest.Wait()
	})
}

package phone

import (
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"ninelives/internal/health"
	"ninelives/internal/samplephone"
)

// TestWhatHangingUpMeansOverWiFi: once may be sleep, twice is an answer.
func TestWhatHangingUpMeansOverWiFi(t *testing.T) {
	for name, hangUp := range map[string]func(*samplephone.Phone){
		"in the handshake": func(p *samplephone.Phone) { p.Trust = samplephone.DroppedEarly },
		"right after it": func(p *samplephone.Phone) {
			p.Faults = []samplephone.Fault{{At: samplephone.GetValue, How: samplephone.HangUp}}
		},
		"in the first answer": func(p *samplephone.Phone) {
			p.Faults = []samplephone.Fault{{At: samplephone.GetValue, How: samplephone.CutOff}}
		},
		"in the handshake, 1.2": func(p *samplephone.Phone) { p.MaxTLS, p.Trust = 0x303, samplephone.DroppedEarly },
		"instead of a handshake": func(p *samplephone.Phone) {
			p.Faults = []samplephone.Fault{{At: samplephone.Handshake, How: samplephone.HangUp}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := anna()
			p.Cable, p.WiFi = false, true
			d := newDesk(t, p)
			for i, c := range []struct {
				change func(*samplephone.Phone)
				want   health.PhoneTrouble
			}{
				{hangUp, health.Asleep}, {hangUp, health.NotTrusted}, {hangUp, health.NotTrusted},
				{func(p *samplephone.Phone) { p.Trust, p.Faults = samplephone.Trusted, nil }, ""},
				{hangUp, health.Asleep},
			} {
				d.change(p.UDID, c.change)
				d.wait(again)
				if got := d.one(); got.Trouble != c.want {
					t.Errorf("%d: %q instead of %q", i, got.Trouble, c.want)
				}
			}
		})
	}
}

// TestAPhoneThatHungUpIsKnownWhenItComesBack: over Wi-Fi it is there for minutes
// a day, so that "twice" has to last.
func TestAPhoneThatHungUpIsKnownWhenItComesBack(t *testing.T) {
	p := anna()
	p.Cable, p.WiFi, p.Trust = false, true, samplephone.DroppedEarly
	d := newDesk(t, p)
	d.one()
	d.change(p.UDID, func(p *samplephone.Phone) { p.WiFi = false })
	d.wait(6 * time.Hour)
	d.read()
	d.change(p.UDID, func(p *samplephone.Phone) { p.WiFi = true })
	if got := d.one(); got.Trouble != health.NotTrusted {
		t.Errorf("%+v", got)
	}
	d.change(p.UDID, func(p *samplephone.Phone) { p.WiFi = false })
	d.wait(grudge)
	if d.read(); len(d.source.visits) != 0 {
		t.Error("it is remembered for ever")
	}
}

// TestWhatIsSureOverWiFiIsNotDoubted: the phone's word, and a TLS alert.
func TestWhatIsSureOverWiFiIsNotDoubted(t *testing.T) {
	p := anna()
	p.Cable, p.WiFi, p.Trust = false, true, samplephone.Dropped
	if got := newDesk(t, p).one(); got.Trouble != health.NotTrusted {
		t.Errorf("%+v", got)
	}
	alert := &net.OpError{Op: "remote error", Err: errors.New("tls: bad certificate")}
	young := session{id: "x"}
	for name, err := range map[string]error{
		"in the handshake": handshakeError(alert),
		"right after it":   young.broken(lockdownRequest{Request: getValue}, alert),
	} {
		if got := troubleOf(err, health.ByWiFi, false); got != health.NotTrusted {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := troubleOf(handshakeError(io.EOF), health.ByCable, false); got != health.NotTrusted {
		t.Errorf("by cable: %q", got)
	}
}

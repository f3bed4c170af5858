package phone

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"ninelives/internal/health"
	"ninelives/internal/samplephone"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func anna() samplephone.Phone {
	p := samplephone.IOS18("Anna's iPhone")
	p.CloudBackup(noon.Add(-9 * time.Hour))
	p.ComputerBackup(noon.Add(-240*time.Hour), true)
	return p
}

func TestAPhoneOnTheCableTellsAll(t *testing.T) {
	p := anna()
	p.Clock = 90 * time.Second
	d := newDesk(t, p)
	got := d.one()
	if len(got.Boot) != 16 {
		t.Errorf("boot session %q", got.Boot)
	}
	got.Boot = ""
	want := health.Phone{
		Device: health.Device{ID: health.IDOf(p.UDID), Name: "Anna's iPhone", ProductType: "iPhone13,2", OSVersion: "18.4.1"},
		SeenAt: noon, At: noon, Transport: health.ByCable,
		Cloud: health.Told, CloudAt: noon, CloudBackup: health.Yes, Encrypts: health.Yes,
		LastCloudBackup: noon.Add(-9 * time.Hour), LastComputerBackup: noon.Add(-240 * time.Hour),
		WiFiSync: health.Yes, ClockAt: noon, ClockOff: 90 * time.Second, FreeBytes: 41_300_000_000,
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b time.Duration) bool { return (a - b).Abs() < time.Millisecond })); diff != "" {
		t.Error(diff)
	}
}

func TestAPhoneOverWiFiTellsOfItsPower(t *testing.T) {
	p := anna()
	p.Cable, p.WiFi, p.Address = false, true, netip.Addr{}
	p.Set(samplephone.Battery, "ExternalConnected", false)
	d := newDesk(t, p)
	got := d.one()
	if got.Transport != health.ByWiFi || got.WiFiAt != noon || got.WiFiSync != health.Yes {
		t.Errorf("%+v", got)
	}
	if got.PowerAt != noon || got.Power != health.No || got.BatteryPercent != 86 {
		t.Errorf("%+v", got)
	}
	if got.FreeBytes == 0 || got.CloudBackup != health.Yes {
		t.Errorf("%+v", got)
	}
}

func TestOnePhoneInTwoWaysIsOne(t *testing.T) {
	p := anna()
	p.WiFi = true
	d := newDesk(t, p)
	got := d.one()
	if got.Transport != health.ByCable || got.WiFiAt != noon || !got.PowerAt.IsZero() {
		t.Errorf("%+v", got)
	}
	if n := d.sessions(); n != 1 {
		t.Errorf("%d sessions", n)
	}
}

func TestNoPhoneIsNoError(t *testing.T) {
	if got := newDesk(t).read(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestAUDIDWithoutItsDash(t *testing.T) {
	p := anna()
	p.Listed = strings.ReplaceAll(p.UDID, "-", "")
	if got := newDesk(t, p).one(); got.Trouble != "" || got.Device.ID != health.IDOf(p.UDID) {
		t.Errorf("%+v", got)
	}
}

func TestEveryGenerationIsUnderstood(t *testing.T) {
	for _, p := range []samplephone.Phone{
		samplephone.IOS12("12"), samplephone.IOS15("15"), samplephone.IOS18("18"), samplephone.IOS26("26"), samplephone.IOS27("27"), samplephone.IPad("iPad"),
	} {
		got := newDesk(t, p).one()
		if got.Trouble != "" || got.Cloud != health.Told || got.Device.OSVersion != p.OSVersion || got.Device.Name != p.Name {
			t.Errorf("%s: %+v", p.Name, got)
		}
	}
}

func TestWhyAPhoneDoesNotAnswer(t *testing.T) {
	broken := func(steps ...samplephone.Fault) func(*samplephone.Phone) {
		return func(p *samplephone.Phone) { p.Faults = steps }
	}
	wifi := func(change func(*samplephone.Phone)) func(*samplephone.Phone) {
		return func(p *samplephone.Phone) { p.Cable, p.WiFi = false, true; change(p) }
	}
	for _, c := range []struct {
		name   string
		change func(*samplephone.Phone)
		want   health.PhoneTrouble
	}{
		{"it was never paired", func(p *samplephone.Phone) { p.Trust = samplephone.NotPaired }, health.NotPaired},
		{"its pair record is broken", func(p *samplephone.Phone) { p.PairRecord = []byte("<plist><dict/></plist>") }, health.NotPaired},
		{"its pair record is empty", func(p *samplephone.Phone) { p.PairRecord = []byte{} }, health.NotPaired},
		{"it dropped the pairing", func(p *samplephone.Phone) { p.Trust = samplephone.Dropped }, health.NotTrusted},
		{"it dropped the pairing and hangs up", func(p *samplephone.Phone) { p.Trust = samplephone.DroppedEarly }, health.NotTrusted},
		{"it hangs up right after the handshake", broken(samplephone.Fault{At: samplephone.GetValue, How: samplephone.HangUp}), health.NotTrusted},
		{"another one answers over Wi-Fi", wifi(func(p *samplephone.Phone) { p.WrongCertificate = true }), health.NotTrusted},
		{"it was not unlocked since its start", func(p *samplephone.Phone) { p.LockedSinceBoot = true }, health.LockedBoot},
		{"it refuses the connection", func(p *samplephone.Phone) { p.Unreachable = true }, health.RefusedTalk},
		{"it is asleep", func(p *samplephone.Phone) { p.Asleep = true }, health.Asleep},
		{"it falls asleep in the handshake", broken(samplephone.Fault{At: samplephone.Handshake, How: samplephone.Silence}), health.Asleep},
		{"it does not want a secure session", func(p *samplephone.Phone) { p.PlainSession = true }, health.Garbled},
		{"it ends the session at once", broken(samplephone.Fault{At: samplephone.GetValue, How: samplephone.SayError, Error: "SessionInactive"}), health.RefusedTalk},
		{"it says what nobody knows", broken(samplephone.Fault{At: samplephone.StartSession, How: samplephone.SayError, Error: "Serial NLSER"}), health.RefusedTalk},
		{"it speaks something else", broken(samplephone.Fault{At: samplephone.GetValue, How: samplephone.Garbage}), health.Garbled},
		{"it nests without end", broken(samplephone.Fault{At: samplephone.GetValue, How: samplephone.Deep}), health.Garbled},
		{"it promises 2 GB", broken(samplephone.Fault{At: samplephone.GetValue, How: samplephone.Oversized}), health.Garbled},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := anna()
			c.change(&p)
			d := newDesk(t, p)
			limit := 15 * time.Second
			if c.want == health.Asleep {
				limit = time.Second
			}
			got, err := d.readWithin(limit)
			if err != nil || len(got) != 1 {
				t.Fatal(got, err)
			}
			want := health.Phone{Device: health.Device{ID: health.IDOf(p.UDID)}, SeenAt: noon, Trouble: c.want}
			if p.WiFi {
				want.WiFiAt = noon
			}
			if diff := cmp.Diff(want, got[0]); diff != "" {
				t.Error(diff, d.log.String())
			}
			if log := d.log.String(); !strings.Contains(log, "device="+want.Device.ID) || strings.Contains(log, "NLSER") {
				t.Errorf("log %q", log)
			}
		})
	}
}

func TestASecondPhoneDoesNotSufferFromTheFirst(t *testing.T) {
	ben := samplephone.IPad("Ben's iPad")
	ben.Asleep = true
	d := newDesk(t, anna(), ben)
	got, err := d.readWithin(2 * time.Second)
	if err != nil || len(got) != 2 {
		t.Fatal(got, err)
	}
	for _, p := range got {
		if awake := p.Device.ID == health.IDOf(anna().UDID); awake != (p.Trouble == "") {
			t.Errorf("%+v", p)
		}
	}
	if !slices.IsSortedFunc(got, func(a, b health.Phone) int { return strings.Compare(a.Device.ID, b.Device.ID) }) {
		t.Error("not in order")
	}
}

func TestAStrangeCertificateOnTheCableIsSaid(t *testing.T) {
	p := anna()
	p.WrongCertificate = true
	d := newDesk(t, p)
	if got := d.one(); got.Trouble != "" || got.Cloud != health.Told {
		t.Errorf("%+v", got)
	}
	if !strings.Contains(d.log.String(), "another certificate") {
		t.Errorf("log %q", d.log.String())
	}
	d = newDesk(t, anna())
	d.one()
	if log := d.log.String(); log != "" {
		t.Errorf("log %q", log)
	}
}

func TestEveryTLSIsSpoken(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS12, tls.VersionTLS13} {
		p := anna()
		p.MinTLS, p.MaxTLS = version, version
		if got := newDesk(t, p).one(); got.Trouble != "" {
			t.Errorf("%s: %+v", tls.VersionName(version), got)
		}
	}
}

func TestWhyTheDaemonCannotBeAsked(t *testing.T) {
	folder := t.TempDir()
	stale := filepath.Join(folder, "stale")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: stale, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	for _, c := range []struct {
		name, address string
		fault         samplephone.How
		want          error
	}{
		{"there is none", filepath.Join(folder, "none"), "", health.ErrNotFound},
		{"it left its socket behind", stale, "", health.ErrNotFound},
		{"nothing listens on the port", "127.0.0.1:1", "", health.ErrNotFound},
		{"its address makes no sense", "nonsense", "", health.ErrMalformed},
		{"it hangs up", "", samplephone.HangUp, health.ErrMalformed},
		{"it says nothing", "", samplephone.Silence, health.ErrTimedOut},
		{"it says garbage", "", samplephone.Garbage, health.ErrMalformed},
		{"it breaks off", "", samplephone.CutOff, health.ErrMalformed},
		{"it nests without end", "", samplephone.Deep, health.ErrMalformed},
		{"it promises 2 GB", "", samplephone.Oversized, health.ErrMalformed},
		{"it does not promise enough", "", samplephone.Undersized, health.ErrMalformed},
		{"its list is none", "", samplephone.WrongShape, health.ErrMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, anna())
			if c.address != "" {
				d.source = New(Options{Address: c.address})
			}
			if c.fault != "" {
				d.daemon.Fail(samplephone.Fault{At: samplephone.List, How: c.fault})
			}
			got, err := d.readWithin(500 * time.Millisecond)
			if !errors.Is(err, c.want) || got != nil {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}

func TestNoPermission(t *testing.T) {
	s := New(Options{})
	s.dial = func(context.Context) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", os.ErrPermission)}
	}
	if _, err := s.Read(t.Context()); !errors.Is(err, health.ErrNoPermission) {
		t.Error(err)
	}
}

// TestNothingThatGoesWrongHurts tries every fault at every step.
func TestNothingThatGoesWrongHurts(t *testing.T) {
	for _, step := range append(samplephone.Steps(), samplephone.AnyStep) {
		for _, how := range samplephone.Hows() {
			t.Run(string(step)+"/"+string(how), func(t *testing.T) {
				t.Parallel()
				p := anna()
				p.WiFi = true
				p.Faults = []samplephone.Fault{{At: step, How: how, Pause: time.Nanosecond}}
				d := newDesk(t, p)
				d.daemon.Fail(p.Faults...)
				started := time.Now()
				_, _ = d.readWithin(400 * time.Millisecond)
				if took := time.Since(started); took > 2*time.Second {
					t.Errorf("took %v", took)
				}
			})
		}
	}
}

func TestAReadingThatIsGivenUp(t *testing.T) {
	p := anna()
	p.Asleep = true
	d := newDesk(t, p)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if got, err := d.source.Read(ctx); !errors.Is(err, context.Canceled) || got != nil {
		t.Error(got, err)
	}
}

func TestReadingsDoNotOverlap(t *testing.T) {
	p := anna()
	p.Asleep = true
	d := newDesk(t, p)
	ctx, cancel := context.WithTimeout(t.Context(), 600*time.Millisecond)
	defer cancel()
	first := make(chan struct{})
	go func() { defer close(first); _, _ = d.source.Read(ctx) }()
	for d.sessions() == 0 {
		time.Sleep(time.Millisecond)
	}
	if _, err := d.readWithin(50 * time.Millisecond); !errors.Is(err, health.ErrTimedOut) {
		t.Error(err)
	}
	<-first
	if n := d.sessions(); n != 1 {
		t.Errorf("%d sessions", n)
	}
}

func TestAPanicStaysInside(t *testing.T) {
	d := newDesk(t, anna())
	dial, dialed := d.source.dial, 0
	d.source.dial = func(ctx context.Context) (net.Conn, error) {
		if dialed++; dialed == 2 {
			panic("while a phone is asked")
		}
		return dial(ctx)
	}
	if got := d.one(); got.Trouble != health.Garbled {
		t.Errorf("%+v", got)
	}
	d.source.dial = func(context.Context) (net.Conn, error) { panic("while the daemon is asked") }
	if _, err := d.source.Read(t.Context()); !errors.Is(err, health.ErrMalformed) {
		t.Error(err)
	}
}

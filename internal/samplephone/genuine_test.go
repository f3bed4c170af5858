package samplephone

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"crypto/tls"
	"crypto/x509"
	"encoding/pem"

	"howett.net/plist"
)

// run lets a client that is not ours ask the fake, and gives what it printed
// and its exit code.
func run(t *testing.T, d *Daemon, name string, args ...string) (out string, code int) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") == "true" && runtime.GOOS == "linux" {
			t.Fatalf("%s is needed here (Debian: libimobiledevice-utils)", name)
		}
		t.Skipf("the fake is not read by a genuine client: %s is missing (Debian: libimobiledevice-utils)", name)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), "USBMUXD_SOCKET_ADDRESS="+d.Address(), "HOME="+t.TempDir())
	said, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v", name, err)
	}
	return string(said), cmd.ProcessState.ExitCode()
}

// playing starts a fake that ends with the test.
func playing(t *testing.T, phones ...Phone) *Daemon {
	t.Helper()
	d, err := New(phones...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// asked lists the names of the requests of one kind.
func asked(d *Daemon, of string) []string {
	var names []string
	for _, r := range d.Requests() {
		if r.Of == of {
			names = append(names, r.Name)
		}
	}
	return names
}

func TestAGenuineClientListsThePhones(t *testing.T) {
	both, cable, away := IOS18("Anna's iPhone"), IOS12("Old"), IOS26("Away")
	both.WiFi, away.Cable = true, false
	d := playing(t, both, cable, away)
	for _, c := range []struct{ args, want string }{
		{"-l", both.UDID + "\n" + cable.UDID + "\n"},
		{"-n", both.UDID + "\n"},
	} {
		if out, code := run(t, d, "idevice_id", c.args); sorted(out) != sorted(c.want) || code != 0 {
			t.Errorf("idevice_id %s: %d %q, want %q", c.args, code, out, c.want)
		}
	}
}

func sorted(lines string) string {
	all := strings.Split(lines, "\n")
	slices.Sort(all)
	return strings.Join(all, "\n")
}

func TestAGenuineClientReadsEveryGeneration(t *testing.T) {
	for _, p := range []Phone{IOS12("a"), IOS15("b"), IOS18("c"), IOS26("d"), IOS27("e"), IPad("f")} {
		t.Run(p.OSVersion, func(t *testing.T) {
			p.ComputerBackup(time.Now(), true)
			d := playing(t, p)
			for _, domain := range []string{Root, Backup, Battery, Disk, Wireless, DataSync} {
				args := []string{"-x"}
				if domain != Root {
					args = append(args, "-q", domain)
				}
				out, code := run(t, d, "ideviceinfo", args...)
				var got map[string]any
				if _, err := plist.Unmarshal([]byte(out), &got); err != nil || code != 0 {
					t.Fatalf("%q: %d %v %s", domain, code, err, out)
				}
				want, _ := p.answers(domain)
				for key := range want {
					if _, ok := got[key]; !ok {
						t.Errorf("%q: %s is missing", domain, key)
					}
				}
				if len(got) != len(want) || len(want) == 0 {
					t.Errorf("%q: %d keys, want %d", domain, len(got), len(want))
				}
			}
			if !slices.Contains(asked(d, "tls"), "TLS 1.3") {
				t.Errorf("handshakes: %v", asked(d, "tls"))
			}
		})
	}
}

func TestAGenuineClientPrintsTheBackupDomain(t *testing.T) {
	p := IOS18("Anna's iPhone")
	p.CloudBackup(time.Date(2026, 11, 20, 3, 12, 0, 0, time.UTC))
	d := playing(t, p)
	const want = "CloudBackupEnabled: true\nLastCloudBackupDate: 816837120\nLastCloudBackupTZ: GMT+1\nRequiresEncryption: 0\nVersion: 2.0\nWillEncrypt: true\n"
	if out, code := run(t, d, "ideviceinfo", "-q", Backup); sorted(out) != sorted(want) || code != 0 {
		t.Errorf("%d %q", code, out)
	}
	if out, code := run(t, d, "ideviceinfo", "-q", Backup, "-k", "LastCloudBackupDate"); out != "816837120\n" || code != 0 {
		t.Errorf("%d %q", code, out)
	}
	d.Forget()
	if err := d.Change(p.UDID, (*Phone).CloudOff); err != nil {
		t.Fatal(err)
	}
	if out, _ := run(t, d, "ideviceinfo", "-q", Backup); !strings.Contains(out, "CloudBackupEnabled: false\n") {
		t.Errorf("switched off: %q", out)
	}
	recorded := []string{"QueryType", "GetValue", "StartSession", "GetValue", "StopSession"}
	if got := asked(d, "lockdown"); !slices.Equal(got, recorded) {
		t.Errorf("asked %v, and in the recording %v", got, recorded)
	}
}

func TestAGenuineClientWithoutASession(t *testing.T) {
	p := IOS18("Anna's iPhone")
	d := playing(t, p)
	out, code := run(t, d, "ideviceinfo", "-s")
	if code != 0 || !strings.Contains(out, "ProductVersion: 18.4.1\n") || !strings.Contains(out, "PasswordProtected: false\n") {
		t.Errorf("%d %q", code, out)
	}
	if lines := strings.Count(out, "\n"); lines != len(open)-1 { // no DevicePublicKey
		t.Errorf("%d lines, want %d: %s", lines, len(open)-1, out)
	}
	if out, code := run(t, d, "ideviceinfo", "-s", "-q", Backup); code != 0 || strings.TrimSpace(out) != "" {
		t.Errorf("the backup domain without a session: %d %q", code, out)
	}
	if got := asked(d, "lockdown"); slices.Contains(got, "StartSession") {
		t.Errorf("asked %v", got)
	}
}

func TestAGenuineClientMeetsTrouble(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Phone)
		says   string
		code   int
		simple bool // reads without a session all the same
	}{
		"no phone":                  {func(p *Phone) { p.Cable = false }, "No device found", 255, false},
		"no record":                 {func(p *Phone) { p.Trust = NotPaired }, "(-12)", 255, true},
		"dropped trust":             {func(p *Phone) { p.Trust = Dropped }, "(-21)", 255, true},
		"dropped, in the handshake": {func(p *Phone) { p.Trust = DroppedEarly }, "SSL error (-5)", 255, true},
		"locked since boot":         {func(p *Phone) { p.LockedSinceBoot = true }, "(-17)", 255, true},
		"refused connection":        {func(p *Phone) { p.Unreachable = true }, "Could not connect to lockdownd", 255, false},
		"hangs up in the handshake": {func(p *Phone) { p.Faults = []Fault{{At: Handshake, How: HangUp}} }, "SSL error (-5)", 255, true},
		"no TLS in the handshake":   {func(p *Phone) { p.Faults = []Fault{{At: Handshake, How: Garbage}} }, "SSL error (-5)", 255, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := IOS18("Anna's iPhone")
			c.change(&p)
			d := playing(t, p)
			if out, code := run(t, d, "ideviceinfo", "-q", Backup); code != c.code || !strings.Contains(out, c.says) {
				t.Errorf("%d %q, want %d and %q", code, out, c.code, c.says)
			}
			out, code := run(t, d, "ideviceinfo", "-s", "-k", "ProductVersion")
			if simple := code == 0 && out == "18.4.1\n"; simple != c.simple {
				t.Errorf("without a session: %d %q", code, out)
			}
		})
	}
}

func TestAGenuineClientOverEveryTLS(t *testing.T) {
	for name, change := range map[string]func(*Phone){
		"TLS 1.0": func(p *Phone) { p.MinTLS, p.MaxTLS = tls.VersionTLS10, tls.VersionTLS10 },
		"TLS 1.2": func(p *Phone) { p.MaxTLS = tls.VersionTLS12 },
		"TLS 1.3": func(p *Phone) { p.MinTLS = tls.VersionTLS13 },
		"":        func(p *Phone) { p.PlainSession = true },
	} {
		t.Run(name, func(t *testing.T) {
			p := IOS18("Anna's iPhone")
			change(&p)
			d := playing(t, p)
			if out, code := run(t, d, "ideviceinfo", "-k", "BuildVersion"); code != 0 || out != "22E252\n" {
				t.Errorf("%d %q", code, out)
			}
			if got := strings.Join(asked(d, "tls"), " "); got != name {
				t.Errorf("over %q", got)
			}
		})
	}
}

// What is not tried: answers that come byte by byte, which libimobiledevice does
// not put together, and a phone that falls silent, for which it waits too long.
func TestAGenuineClientMeetsOddPhones(t *testing.T) {
	for name, change := range map[string]func(*Phone){
		"24 characters": func(p *Phone) { p.Listed = strings.ReplaceAll(p.UDID, "-", "") },
		"slow":          func(p *Phone) { p.Delay = 50 * time.Millisecond },
		"locked":        func(p *Phone) { p.Locked = true },
		"refuses some":  func(p *Phone) { p.Refused = []string{"PhoneNumber"} },
	} {
		t.Run(name, func(t *testing.T) {
			p := IOS18("Anna's iPhone")
			change(&p)
			d := playing(t, p)
			out, code := run(t, d, "ideviceinfo")
			for key, want := range map[string]bool{
				"DeviceName: Anna's iPhone\n":     true,
				"SerialNumber: NLSER":             true,
				"PhoneNumber: ":                   len(p.Refused) == 0,
				"PasswordProtected: true\n":       p.Locked,
				"UniqueDeviceID: " + p.UDID:       true,
				"BootSessionID: " + p.BootSession: true,
			} {
				if strings.Contains(out, key) != want {
					t.Errorf("%q: %v, want %v in %s", key, !want, want, out)
				}
			}
			if code != 0 {
				t.Errorf("exit code %d", code)
			}
		})
	}
}

func TestAGenuineClientIsToldWhatIsRefused(t *testing.T) {
	p := IOS18("Anna's iPhone")
	p.Refused = []string{Backup + "/", "PhoneNumber"}
	p.Absent = []string{"TimeZone"}
	d := playing(t, p)
	for _, args := range [][]string{{"-q", Backup}, {"-k", "PhoneNumber"}, {"-k", "TimeZone"}} {
		if out, code := run(t, d, "ideviceinfo", args...); strings.TrimSpace(out) != "" || code != 0 {
			t.Errorf("%v: %d %q", args, code, out)
		}
	}
}

// libimobiledevice dials the address itself that the daemon names for a phone
// on the Wi-Fi. The test takes the place of that address, and leads to the fake
// as Apple's daemon would with Connect.
func TestAGenuineClientReadsOverWiFi(t *testing.T) {
	p := IOS18("Anna's iPhone")
	p.Cable, p.WiFi = false, true
	p.Address = netip.MustParseAddr("127.94.62.78")
	there, err := net.Listen("tcp", netip.AddrPortFrom(p.Address, phonePort).String())
	if err != nil {
		t.Skipf("no phone on the Wi-Fi: %v", err)
	}
	d := playing(t, p)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := there.Accept()
			if err != nil {
				return
			}
			all.Go(func() { join(conn, dial(t, d).phone()) })
		}
	})
	if out, code := run(t, d, "ideviceinfo", "-n", "-q", Backup, "-k", "CloudBackupEnabled"); out != "true\n" || code != 0 {
		t.Errorf("%d %q", code, out)
	}
	if out, code := run(t, d, "ideviceinfo", "-q", Backup); code != 255 {
		t.Errorf("by cable, where it is not: %d %q", code, out)
	}
	_ = there.Close()
	all.Wait()
	if last := d.Requests(); !slices.ContainsFunc(last, func(r Request) bool { return r.WiFi && r.InSession && r.Key == "CloudBackupEnabled" }) {
		t.Errorf("not noted as asked over Wi-Fi: %+v", last)
	}
}

// join passes on what either side says, until one hangs up.
func join(a, b net.Conn) {
	var both sync.WaitGroup
	for _, pair := range [][2]net.Conn{{a, b}, {b, a}} {
		both.Go(func() {
			_, _ = io.Copy(pair[0], pair[1])
			_, _ = pair[0].Close(), pair[1].Close()
		})
	}
	both.Wait()
}

func TestAGenuineClientThatPairsIsRefusedAndNoted(t *testing.T) {
	p := IOS18("Anna's iPhone")
	ours, err := identities()
	if err != nil {
		t.Fatal(err)
	}
	p.Trust = NotPaired
	p.Set(Root, "DevicePublicKey", publicPEM(ours.device))
	d := playing(t, p)
	if out, code := run(t, d, "ideviceinfo"); code != 255 || !strings.Contains(out, "(-18)") {
		t.Errorf("%d %q, want that the user denied it", code, out)
	}
	var forbidden []string
	for _, r := range d.Requests() {
		if r.Forbidden() {
			forbidden = append(forbidden, r.Name)
		}
	}
	if !slices.Contains(forbidden, "Pair") || !slices.Contains(forbidden, "ReadBUID") {
		t.Errorf("noted as forbidden: %v", forbidden)
	}
}

func publicPEM(i identity) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&i.key.PublicKey)})
}

package phone

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"howett.net/plist"

	"ninelives/internal/health"
)

// signer is a key with its certificate.
type signer struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

// newSigner makes a certificate for key, signed by another or by itself.
func newSigner(t testing.TB, by *signer, key *ecdsa.PrivateKey) *signer {
	t.Helper()
	var err error
	if key == nil {
		if key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			t.Fatal(err)
		}
	}
	s := &signer{key: key}
	form := &x509.Certificate{SerialNumber: big.NewInt(0), NotAfter: time.Now().AddDate(10, 0, 0)}
	if by == nil {
		by = &signer{key, form}
	}
	der, err := x509.CreateCertificate(rand.Reader, form, by.cert, &key.PublicKey, by.key)
	if err != nil {
		t.Fatal(err)
	}
	if s.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *signer) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.cert.Raw})
}

func (s *signer) keyPEM(t testing.TB) []byte {
	t.Helper()
	der, err := x509.MarshalECPrivateKey(s.key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})
}

// madeRecord is a pair record as a daemon keeps it.
func madeRecord(t testing.TB, format int) (raw []byte, root, device *signer) {
	t.Helper()
	root = newSigner(t, nil, nil)
	host := newSigner(t, root, nil)
	device = newSigner(t, root, nil)
	raw, err := plist.Marshal(map[string]any{
		"HostID": "HOST-OF-SECRETS", "SystemBUID": "BUID-OF-SECRETS", "HostCertificate": host.pem(), "HostPrivateKey": host.keyPEM(t),
		"RootCertificate": root.pem(), "RootPrivateKey": root.keyPEM(t), "DeviceCertificate": device.pem(),
		"EscrowBag": []byte("ESCROW-OF-SECRETS"), "WiFiMACAddress": "00:00:00:00:00:00",
	}, format)
	if err != nil {
		t.Fatal(err)
	}
	return raw, root, device
}

func TestWhomThePairRecordVouchesFor(t *testing.T) {
	for _, format := range []int{plist.XMLFormat, plist.BinaryFormat} {
		raw, root, device := madeRecord(t, format)
		r, err := readRecord(raw)
		if err != nil {
			t.Fatal(err)
		}
		stranger := newSigner(t, nil, nil)
		for name, c := range map[string]struct {
			shown []*x509.Certificate
			want  bool
		}{
			"the phone's own":                     {[]*x509.Certificate{device.cert}, true},
			"another one for the phone's key":     {[]*x509.Certificate{newSigner(t, stranger, device.key).cert}, true},
			"another one signed by the same root": {[]*x509.Certificate{newSigner(t, root, nil).cert}, true},
			"a stranger's":                        {[]*x509.Certificate{stranger.cert}, false},
			"a stranger's, with ours behind it":   {[]*x509.Certificate{stranger.cert, device.cert, root.cert}, false},
			"none":                                {nil, false},
		} {
			if got := r.vouchesFor(c.shown); got != c.want {
				t.Errorf("%s: %v", name, got)
			}
		}
		r.secret.DeviceCertificate, r.secret.RootCertificate = nil, []byte("no PEM")
		if r.vouchesFor([]*x509.Certificate{device.cert}) {
			t.Error("vouched for by nothing")
		}
	}
}

func TestPairRecordsThatCannotBeUsed(t *testing.T) {
	whole, _, _ := madeRecord(t, plist.XMLFormat)
	without := func(key string) []byte { return []byte(strings.Replace(string(whole), key, "Other", 1)) }
	for name, raw := range map[string][]byte{
		"empty": {}, "cut off": whole[:len(whole)/2], "too large": make([]byte, mostRecord+1), "an array": []byte("<plist><array/></plist>"),
		"binary, of nothing": []byte("bplist00"), "no host": without("HostID"), "no certificate": without("HostCertificate"), "no key": without("HostPrivateKey"),
	} {
		if _, err := readRecord(raw); !errors.Is(err, errNotPaired) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r, err := readRecord(whole)
	if err != nil {
		t.Fatal(err)
	}
	r.secret.HostPrivateKey = []byte("-----BEGIN KEY OF SECRETS-----")
	if _, _, err := r.tlsConfig(true); !errors.Is(err, errNotPaired) || strings.Contains(err.Error(), "SECRETS") {
		t.Error(err)
	}
}

func TestSecretsDoNotShowThemselves(t *testing.T) {
	raw, _, _ := madeRecord(t, plist.XMLFormat)
	r, err := readRecord(raw)
	if err != nil {
		t.Fatal(err)
	}
	u, _ := udidOf(someUDID)
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "record", r, "udid", u)
	said := fmt.Sprintf("%v %+v %#v %s | %v %+v %#v %s | %s", r, r, r, r, u, u, u, u, log.String())
	for _, secret := range []string{"SECRETS", "PRIVATE", "000A1B2C3D4E5F02"} {
		if strings.Contains(said, secret) {
			t.Errorf("%s is in %s", secret, said)
		}
	}
	if !strings.Contains(said, u.id()) || !strings.Contains(said, withheld) {
		t.Error(said)
	}
}

func TestWhatIsAUDID(t *testing.T) {
	for serial, want := range map[text]string{
		someUDID: someUDID, "00008101000A1B2C3D4E5F02": someUDID,
		"0123456789abcdef0123456789abcdef01234567": "0123456789abcdef0123456789abcdef01234567",
		"":      "",
		"short": "", "../../../../../../../etc": "", "0123456789abcdef0123456789abcdef0123456g": "",
	} {
		u, is := udidOf(serial)
		if u.plain != want || is != (want != "") {
			t.Errorf("%q: %q", serial, u.plain)
		}
	}
}

// TestHowLongOthersMayTake measures the limits in made-up time, with a daemon
// and a phone that never answer.
func TestHowLongOthersMayTake(t *testing.T) {
	raw, _, _ := madeRecord(t, plist.XMLFormat)
	for silent, want := range map[string]struct {
		after   time.Duration
		trouble health.PhoneTrouble
	}{
		listDevices: {daemonLimit, ""}, readPairRecord: {daemonLimit, health.RefusedTalk},
		connectTo: {sessionLimit, health.Asleep}, startSession: {sessionLimit, health.Asleep},
	} {
		t.Run(silent, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := New(Options{})
				s.dial = silentAt(silent, raw)
				began := time.Now()
				phones, err := s.Read(t.Context())
				if took := time.Since(began); took != want.after {
					t.Errorf("took %v instead of %v", took, want.after)
				}
				if silent == listDevices {
					if !errors.Is(err, health.ErrTimedOut) {
						t.Error(err)
					}
				} else if err != nil || len(phones) != 1 || phones[0].Trouble != want.trouble {
					t.Error(phones, err)
				}
				synctest.Wait()
			})
		})
	}
}

// silentAt reaches a daemon with one phone that goes silent at a request.
func silentAt(request string, record []byte) func(context.Context) (net.Conn, error) {
	return func(context.Context) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go answerUntil(theirs, request, record)
		return ours, nil
	}
}

// answerUntil plays a daemon with one phone that goes silent at a request.
func answerUntil(conn net.Conn, silent string, record []byte) {
	defer conn.Close()
	var request struct{ MessageType string }
	if _, err := readMux(conn, &request); err != nil {
		return
	}
	answers := map[string]map[string]any{
		listDevices:    {"DeviceList": []map[string]any{{"DeviceID": 1, "Properties": map[string]any{"SerialNumber": someUDID, "ConnectionType": "USB"}}}},
		readPairRecord: {"PairRecordData": record},
		connectTo:      {"MessageType": "Result", "Number": 0},
	}
	if request.MessageType != silent && writeMux(conn, 1, answers[request.MessageType]) != nil {
		return
	}
	_, _ = conn.Read(make([]byte, 1024)) // what the phone is asked, or the end
	_, _ = conn.Read(make([]byte, 1024))
}

package samplephone

import (
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"howett.net/plist"
)

// begin asks for a session as the pair record says.
func (c client) begin(p Phone) map[string]any {
	c.t.Helper()
	return c.ask(map[string]any{"Request": "StartSession", "HostID": p.hostID(), "SystemBUID": buid})
}

// secure goes over to TLS, showing the certificate of the host unless bare,
// and gives the certificate of the phone.
func (c client) secure(bare bool) (client, []byte, error) {
	c.t.Helper()
	ours, err := identities()
	if err != nil {
		c.t.Fatal(err)
	}
	config := &tls.Config{InsecureSkipVerify: true}
	if !bare {
		config.Certificates = []tls.Certificate{ours.host.certificate()}
	}
	conn := tls.Client(c.Conn, config)
	if err := conn.Handshake(); err != nil {
		return c, nil, err
	}
	return client{conn, c.t}, conn.ConnectionState().PeerCertificates[0].Raw, nil
}

func get(domain, key string) map[string]any {
	request := map[string]any{"Request": "GetValue"}
	if domain != "" {
		request["Domain"] = domain
	}
	if key != "" {
		request["Key"] = key
	}
	return request
}

func TestWhatIsGivenRefusedAndAbsent(t *testing.T) {
	p := IOS18("Anna's iPhone")
	p.PlainSession = true
	p.Refused = []string{"PhoneNumber", Battery + "/", Backup + "/WillEncrypt"}
	p.Absent = []string{"TimeZone", Backup + "/LastCloudBackupTZ"}
	p.ByName = []string{Wireless}
	p.Values["com.example.empty"] = map[string]any{}
	p.Set(Backup, "LastCloudBackupDate", "yesterday") // a wrong type is given as it stands
	d := playing(t, p)
	c := dial(t, d).phone()
	if got := c.ask(get(Backup, "")); got["Error"] != "MissingValue" {
		t.Errorf("the backup domain without a session: %v", got)
	}
	if got := c.begin(p); got["SessionID"] != sessionID || got["EnableSessionSSL"] != false {
		t.Fatalf("%v", got)
	}
	for _, want := range []struct {
		domain, key string
		answer      any // an error when it is a string that begins with "!"
	}{
		{Root, "DeviceName", "Anna's iPhone"},
		{Root, "PhoneNumber", "!GetProhibited"},
		{Root, "TimeZone", "!MissingValue"},
		{Root, "NoSuch", "!MissingValue"},
		{Battery, "", "!GetProhibited"},
		{Battery, "HasBattery", "!GetProhibited"},
		{Backup, "WillEncrypt", "!GetProhibited"},
		{Backup, "LastCloudBackupTZ", "!MissingValue"},
		{Backup, "", map[string]any{"CloudBackupEnabled": true, "LastCloudBackupDate": "yesterday", "RequiresEncryption": uint64(0), "Version": "2.0"}},
		{Wireless, "", map[string]any{}},
		{Wireless, "EnableWifiConnections", true},
		{"com.example.empty", "", map[string]any{}},
		{"com.example.unknown", "", "!MissingValue"},
	} {
		got := c.ask(get(want.domain, want.key))
		if failed, is := want.answer.(string); is && strings.HasPrefix(failed, "!") {
			if got["Error"] != failed[1:] || got["Value"] != nil {
				t.Errorf("%s %s: %v, want %s", want.domain, want.key, got, failed)
			}
		} else if !reflect.DeepEqual(got["Value"], want.answer) {
			t.Errorf("%s %s: %v, want %v", want.domain, want.key, got, want.answer)
		}
	}
}

func TestASessionEnds(t *testing.T) {
	p := IOS18("Anna's iPhone")
	d := playing(t, p)
	stop := map[string]any{"Request": "StopSession", "SessionID": sessionID}
	for _, plain := range []bool{true, false} {
		if err := d.Change(p.UDID, func(p *Phone) { p.PlainSession = plain }); err != nil {
			t.Fatal(err)
		}
		c := dial(t, d).phone()
		c.begin(p)
		if !plain {
			var err error
			if c, _, err = c.secure(false); err != nil {
				t.Fatal(err)
			}
		}
		if got := c.begin(p); got["Error"] != "SessionActive" {
			t.Errorf("a session in a session: %v", got)
		}
		if got := c.ask(stop); got["Error"] != nil {
			t.Errorf("%v", got)
		}
		if !plain {
			c.send(stop)
			if got, ended := c.rest(); len(got) > 0 || !ended {
				t.Errorf("after the session: %q", got)
			}
		} else if got := c.ask(get(Backup, "")); got["Error"] != "MissingValue" {
			t.Errorf("after the session: %v", got)
		}
	}
}

func TestWhatMayNotBeAskedIsRefusedAndNoted(t *testing.T) {
	p := IOS18("Anna's iPhone")
	d := playing(t, p)
	c := dial(t, d).phone()
	never := []string{"Pair", "ValidatePair", "Unpair", "SetValue", "RemoveValue", "StartService", "EnterRecovery", "Activate", ""}
	for _, name := range never {
		if got := c.ask(map[string]any{"Request": name}); got["Error"] == nil {
			t.Errorf("%s: %v", name, got)
		}
	}
	for _, r := range d.Requests() {
		if forbidden := r.Of == "lockdown"; r.Forbidden() != forbidden {
			t.Errorf("%+v: %v", r, r.Forbidden())
		}
	}
	if got := asked(d, "lockdown"); !reflect.DeepEqual(got, never) {
		t.Errorf("noted %q", got)
	}
	d.Forget()
	if got := d.Requests(); len(got) != 0 {
		t.Errorf("not forgotten: %v", got)
	}
	if got := c.ask(map[string]any{"Request": "StopSession", "SessionID": sessionID}); got["Error"] != "SessionInactive" {
		t.Errorf("%v", got)
	}
	if got := c.ask(map[string]any{"Request": "Goodbye"}); got["Result"] != "Success" {
		t.Errorf("%v", got)
	}
}

func TestAStrangerIsNotLetIn(t *testing.T) {
	p := IOS18("Anna's iPhone")
	d := playing(t, p)
	c := dial(t, d).phone()
	if got := c.ask(map[string]any{"Request": "StartSession", "HostID": "another", "SystemBUID": buid}); got["Error"] != "InvalidHostID" {
		t.Errorf("%v", got)
	}
	if got := c.begin(p); got["EnableSessionSSL"] != true {
		t.Fatalf("%v", got)
	}
	inside, _, err := c.secure(true)
	if err == nil { // in TLS 1.3 the phone's no comes after the handshake
		_, err = inside.Read(make([]byte, 1))
	}
	if err == nil {
		t.Error("let in without a certificate")
	}
}

func TestThePhoneShowsTheCertificateOfItsRecord(t *testing.T) {
	p := IOS18("Anna's iPhone")
	d := playing(t, p)
	for _, wrong := range []bool{false, true} {
		if err := d.Change(p.UDID, func(p *Phone) { p.WrongCertificate = wrong }); err != nil {
			t.Fatal(err)
		}
		var record map[string]any
		data := dial(t, d).mux(map[string]any{"MessageType": "ReadPairRecord", "PairRecordID": p.UDID})["PairRecordData"]
		if _, err := plist.Unmarshal(data.([]byte), &record); err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(record["DeviceCertificate"].([]byte))
		c := dial(t, d).phone()
		c.begin(p)
		inside, shown, err := c.secure(false)
		if err != nil {
			t.Fatal(err)
		}
		if got := inside.ask(get(Root, "ProductVersion")); got["Value"] != "18.4.1" {
			t.Errorf("%v", got)
		}
		if bytes.Equal(shown, block.Bytes) == wrong {
			t.Errorf("wrong %v: and it is not", wrong)
		}
	}
}

func TestTheClockGoesAndMayBeWrong(t *testing.T) {
	start := time.Date(2026, 11, 20, 10, 0, 0, 500e6, time.UTC)
	p := IOS18("Anna's iPhone")
	p.Now = func() time.Time { return start }
	p.Clock = -time.Hour
	d := playing(t, p)
	boot := p.BootSession
	if err := d.Change(p.UDID, (*Phone).Restart); err != nil {
		t.Fatal(err)
	}
	now := d.phone(p.UDID)
	if got, _ := now.look(Root, "TimeIntervalSince1970", true); got != float64(start.Unix())+0.5-3600 {
		t.Errorf("%v", got)
	}
	if got, _ := now.look(Root, "BootSessionID", true); got == boot || len(got.(string)) != 36 {
		t.Errorf("%v after a restart, before %v", got, boot)
	}
	p.Now, p.Clock = nil, 0
	if got, _ := p.look(Root, "TimeIntervalSince1970", true); math.Abs(got.(float64)-float64(time.Now().UnixMicro())/1e6) > 1 {
		t.Errorf("%v", got)
	}
}

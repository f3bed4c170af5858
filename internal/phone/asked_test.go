package phone

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"ninelives/internal/health"
	"ninelives/internal/samplephone"
)

// mayBeAsked is all that may ever reach a daemon or a phone.
var (
	mayBeSent = map[string][]string{
		"usbmuxd":  {"ListDevices", "ReadPairRecord", "Connect", "Listen"},
		"lockdown": {"StartSession", "GetValue", "StopSession"},
	}
	mayBeAsked = []string{
		"/DeviceName", "/ProductType", "/ProductVersion", "/TimeIntervalSince1970", "/BootSessionID",
		"com.apple.mobile.backup/", "com.apple.mobile.backup/CloudBackupEnabled", "com.apple.mobile.backup/LastCloudBackupDate",
		"com.apple.mobile.battery/", "com.apple.mobile.wireless_lockdown/", "com.apple.disk_usage/AmountDataAvailable",
	}
)

// phonesOfAllKinds are those that make the client say all it can.
func phonesOfAllKinds() map[string]func(*samplephone.Phone) {
	return map[string]func(*samplephone.Phone){
		"cable":   func(*samplephone.Phone) {},
		"wifi":    func(p *samplephone.Phone) { p.Cable, p.WiFi = false, true },
		"by name": func(p *samplephone.Phone) { p.ByName = []string{samplephone.Backup} },
		"by name, over Wi-Fi": func(p *samplephone.Phone) {
			p.Cable, p.WiFi, p.ByName = false, true, []string{samplephone.Backup}
		},
		"empty":      func(p *samplephone.Phone) { p.Values = nil },
		"not paired": func(p *samplephone.Phone) { p.Trust = samplephone.NotPaired },
		"dropped":    func(p *samplephone.Phone) { p.Trust = samplephone.Dropped },
		"locked":     func(p *samplephone.Phone) { p.LockedSinceBoot = true },
		"refused":    func(p *samplephone.Phone) { p.Refused = []string{samplephone.Backup + "/"} },
		"wrong": func(p *samplephone.Phone) {
			p.Faults = []samplephone.Fault{{At: samplephone.GetValue, How: samplephone.WrongTypes}}
		},
	}
}

func TestOnlyTheseRequestsLeaveTheClient(t *testing.T) {
	for name, change := range phonesOfAllKinds() {
		t.Run(name, func(t *testing.T) {
			p := anna()
			change(&p)
			d := newDesk(t, p)
			d.read()
			toPhone := 0
			for _, r := range d.daemon.Requests() {
				if r.Of == "tls" {
					continue
				}
				if r.Forbidden() || !slices.Contains(mayBeSent[r.Of], r.Name) {
					t.Errorf("%s was asked for %s", r.Of, r.Name)
				}
				if r.Name == getValue && (!slices.Contains(mayBeAsked, r.Domain+"/"+r.Key) || !r.InSession) {
					t.Errorf("%q %q was asked for, in session %v", r.Domain, r.Key, r.InSession)
				}
				if r.Of == "lockdown" {
					toPhone++
				}
			}
			if toPhone > mostRequests {
				t.Errorf("%d requests reached the phone", toPhone)
			}
		})
	}
}

// TestTheClientHasNoOtherWords looks for words that pair, write or start
// something in the code itself.
func TestTheClientHasNoOtherWords(t *testing.T) {
	never := []string{"Pair", "ValidatePair", "Unpair", "SetValue", "RemoveValue", "StartService", "ReadBUID", "SavePairRecord", "DeletePairRecord", "EnterRecovery", "Activate", "Deactivate"}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if l, is := n.(*ast.BasicLit); is && l.Kind == token.STRING && slices.Contains(never, strings.Trim(l.Value, "\"`")) {
				t.Errorf("%s holds the word %s", f.Name(), l.Value)
			}
			return true
		})
	}
}

func TestWhatBecomesOfTheQuestionAboutBackups(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*samplephone.Phone)
		want   health.Phone // only what is about backups
	}{
		{"on, and a date", func(p *samplephone.Phone) { p.CloudBackup(noon.Add(-time.Hour)) },
			health.Phone{Cloud: health.Told, CloudAt: noon, CloudBackup: health.Yes, LastCloudBackup: noon.Add(-time.Hour), Encrypts: health.No}},
		{"a date as a date", func(p *samplephone.Phone) {
			p.CloudBackup(noon)
			p.Set(samplephone.Backup, "LastCloudBackupDate", noon.Add(-time.Hour))
		}, health.Phone{Cloud: health.Told, CloudAt: noon, CloudBackup: health.Yes, LastCloudBackup: noon.Add(-time.Hour), Encrypts: health.No}},
		{"a date as a real", func(p *samplephone.Phone) {
			p.CloudBackup(noon)
			p.Set(samplephone.Backup, "LastCloudBackupDate", float64(samplephone.Since2001(noon))+0.5)
		}, health.Phone{Cloud: health.Told, CloudAt: noon, CloudBackup: health.Yes, LastCloudBackup: noon.Add(time.Second / 2), Encrypts: health.No}},
		{"a date of long ago, and switches as numbers", func(p *samplephone.Phone) {
			p.Set(samplephone.Backup, "LastCloudBackupDate", 0)
			p.Set(samplephone.Backup, "CloudBackupEnabled", 1)
		}, health.Phone{Cloud: health.Told, CloudAt: noon, CloudBackup: health.Yes, Encrypts: health.No}},
		{"off, and backed up here", func(p *samplephone.Phone) {
			p.CloudOff()
			p.ComputerBackup(noon.Add(-time.Hour), true)
		}, health.Phone{Cloud: health.Told, CloudAt: noon, CloudBackup: health.No, LastComputerBackup: noon.Add(-time.Hour), Encrypts: health.Yes}},
		{"only its version", func(p *samplephone.Phone) { p.Set(samplephone.Backup, "Version", "2.0") },
			health.Phone{Cloud: health.Told, CloudAt: noon, Encrypts: health.No}},
		{"nothing", func(p *samplephone.Phone) { p.Set(samplephone.Backup, "Other", "x") }, health.Phone{Cloud: health.Absent}},
		{"only by name", func(p *samplephone.Phone) {
			p.CloudBackup(noon.Add(-time.Hour))
			p.ByName = []string{samplephone.Backup}
		}, health.Phone{Cloud: health.Told, CloudAt: noon, CloudBackup: health.Yes, LastCloudBackup: noon.Add(-time.Hour)}},
		{"the domain is not there", func(p *samplephone.Phone) { p.Absent = []string{samplephone.Backup + "/"} }, health.Phone{Cloud: health.Absent}},
		{"it would not say", func(p *samplephone.Phone) {
			p.CloudBackup(noon)
			p.Refused = []string{samplephone.Backup + "/"}
		}, health.Phone{Cloud: health.Refused}},
		{"wrong types", func(p *samplephone.Phone) {
			p.Set(samplephone.Backup, "CloudBackupEnabled", "yes")
			p.Set(samplephone.Backup, "LastCloudBackupDate", []byte("x"))
			p.Set(samplephone.Backup, "WillEncrypt", "true")
		}, health.Phone{Cloud: health.Told, CloudAt: noon}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := samplephone.Phone{UDID: anna().UDID, Cable: true}
			c.change(&p)
			got := newDesk(t, p).one()
			if got.Trouble != "" || got.At != noon {
				t.Errorf("%+v", got)
			}
			about := health.Phone{Cloud: got.Cloud, CloudAt: got.CloudAt, CloudBackup: got.CloudBackup,
				LastCloudBackup: got.LastCloudBackup, LastComputerBackup: got.LastComputerBackup, Encrypts: got.Encrypts}
			if about.Cloud != c.want.Cloud || about.CloudAt != c.want.CloudAt || about.CloudBackup != c.want.CloudBackup ||
				about.LastCloudBackup != c.want.LastCloudBackup || about.LastComputerBackup != c.want.LastComputerBackup || about.Encrypts != c.want.Encrypts {
				t.Errorf("\n%+v instead of\n%+v", about, c.want)
			}
		})
	}
}

func TestOddValuesBecomeNothing(t *testing.T) {
	for _, c := range []struct {
		domain, key string
		value       any
		fine        func(health.Phone) bool
	}{
		{samplephone.Battery, "BatteryCurrentCapacity", 250, func(p health.Phone) bool { return p.BatteryPercent == 100 }},
		{samplephone.Battery, "BatteryCurrentCapacity", -3, func(p health.Phone) bool { return p.BatteryPercent == 1 }},
		{samplephone.Battery, "BatteryCurrentCapacity", "x", func(p health.Phone) bool { return p.BatteryPercent == 0 && p.Power == health.Yes }},
		{samplephone.Disk, "AmountDataAvailable", -1, func(p health.Phone) bool { return p.FreeBytes == 0 }},
		{samplephone.Disk, "AmountDataAvailable", uint64(1<<64 - 1), func(p health.Phone) bool { return p.FreeBytes == 1<<60 }},
		{samplephone.Root, "TimeIntervalSince1970", -1.0, func(p health.Phone) bool { return p.ClockAt.IsZero() }},
		{samplephone.Root, "TimeIntervalSince1970", 0, func(p health.Phone) bool { return p.ClockOff == time.Unix(0, 0).Sub(noon) }},
		{samplephone.Root, "TimeIntervalSince1970", "x", func(p health.Phone) bool { return p.ClockAt.IsZero() && p.Device.Name != "" }},
		{samplephone.Root, "DeviceName", 7, func(p health.Phone) bool { return p.Device.Name == "" && p.Boot != "" }},
		{samplephone.Root, "DeviceName", strings.Repeat("n", 2000), func(p health.Phone) bool { return p.Device.Name == "" }},
		{samplephone.Root, "DeviceName", "A\x01\u00e4 <&>", func(p health.Phone) bool { return strings.HasSuffix(p.Device.Name, "\u00e4 <&>") }},
	} {
		p := anna()
		p.Cable, p.WiFi = false, true
		p.Set(c.domain, c.key, c.value)
		if got := newDesk(t, p).one(); got.Trouble != "" || !c.fine(got) {
			t.Errorf("%s/%s = %v: %+v", c.domain, c.key, c.value, got)
		}
	}
}

func TestMayItBeReachedOverWiFi(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*samplephone.Phone)
		want   health.Answer
	}{
		{"on", func(p *samplephone.Phone) { p.Set(samplephone.Wireless, "EnableWifiConnections", true) }, health.Yes},
		{"off", func(p *samplephone.Phone) { p.Set(samplephone.Wireless, "EnableWifiConnections", false) }, health.No},
		{"never switched on", func(p *samplephone.Phone) { p.Set(samplephone.Wireless, "SupportsWifi", true) }, health.No},
		{"a wrong type", func(p *samplephone.Phone) { p.Set(samplephone.Wireless, "EnableWifiConnections", "on") }, health.DontKnow},
		{"not told", func(*samplephone.Phone) {}, health.DontKnow},
		{"refused", func(p *samplephone.Phone) { p.Refused = []string{samplephone.Wireless + "/"} }, health.DontKnow},
	} {
		p := samplephone.Phone{UDID: anna().UDID, Cable: true}
		c.change(&p)
		if got := newDesk(t, p).one(); got.WiFiSync != c.want {
			t.Errorf("%s: %q", c.name, got.WiFiSync)
		}
	}
}

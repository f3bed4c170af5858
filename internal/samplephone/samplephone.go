// Package samplephone plays iPhones and iPads that are paired with this
// computer, for the demo and for tests: in one process it is the daemon that
// hands phones out (usbmuxd), the service on them that answers questions
// (lockdownd), and the TLS between.
//
// It knows nothing of the code that asks, so that a mistake in a reader cannot
// hide in the fake; that it behaves as a phone does is shown by Debian's
// idevice_id and ideviceinfo, which read it in the tests, and by what Debian's
// own usbmuxd answers without a phone. All names, numbers and keys are invented
// or made when they are needed.
package samplephone

import (
	"maps"
	"net/netip"
	"time"
)

// The domains that the presets fill. The root domain has no name.
const (
	Root     = ""
	Backup   = "com.apple.mobile.backup"
	Battery  = "com.apple.mobile.battery"
	Disk     = "com.apple.disk_usage"
	Wireless = "com.apple.mobile.wireless_lockdown"
	DataSync = "com.apple.mobile.data_sync"
)

// Trust says how this computer and the phone stand to each other.
type Trust string

// The ways of [Trust].
const (
	Trusted      Trust = ""              // paired, as both sides know
	NotPaired    Trust = "no-record"     // the daemon has no pair record, and the phone does not know us
	Dropped      Trust = "dropped"       // we have a record; the phone has not: InvalidHostID
	DroppedEarly Trust = "dropped-early" // the same, but the phone hangs up in the TLS handshake
)

// Phone describes a phone. Made by a preset such as [IOS18] it answers with all
// that its system is known to give; made as a literal, with what its fields say.
//
// The answer to a question comes from the fields, with Values over them, less
// what is Absent.
type Phone struct {
	UDID         string // as in the pair record: 8-16 with a dash, or 40 hex digits
	Listed       string // SerialNumber in the daemon's list; empty: UDID. Some daemons leave out the dash
	Name         string
	ProductType  string // such as "iPhone13,2"
	OSVersion    string
	BuildVersion string
	BootSession  string // BootSessionID, new after every restart; empty: not told, as before iOS 18

	Cable   bool       // attached by cable
	WiFi    bool       // reachable over Wi-Fi; with Cable the daemon lists the phone twice
	Address netip.Addr // where it says that it is on the Wi-Fi; zero: 127.0.0.1, where nothing listens

	Trust           Trust
	Locked          bool // the screen is locked now
	LockedSinceBoot bool // nobody has unlocked it since its last start: StartSession gives PasswordProtected
	Asleep          bool // takes connections and never answers
	Unreachable     bool // the daemon's Connect gives "connection refused"

	Now   func() time.Time // what time it really is; nil: time.Now
	Clock time.Duration    // how far the phone's clock is ahead

	Values  map[string]map[string]any // by domain and key; a domain without keys answers with nothing in it
	Absent  []string                  // "Key" of the root or "domain/Key": not there, MissingValue
	Refused []string                  // the same, or a whole "domain/": GetProhibited
	ByName  []string                  // domains that are empty unless the key is named

	MinTLS, MaxTLS   uint16 // as tls.VersionTLS12; zero: 1.2 and 1.3
	PlainSession     bool   // EnableSessionSSL is false
	WrongCertificate bool   // it shows a certificate that is not of its pair record
	PairRecord       []byte // what ReadPairRecord gives; nil: the right record

	Delay  time.Duration // before each answer
	Faults []Fault       // what goes wrong
}

// Set gives a value to a key of a domain.
func (p *Phone) Set(domain, key string, value any) {
	if p.Values == nil {
		p.Values = map[string]map[string]any{}
	}
	if p.Values[domain] == nil {
		p.Values[domain] = map[string]any{}
	}
	p.Values[domain][key] = value
}

// CloudBackup says that iCloud Backup is on and last succeeded at that time;
// zero: never, as far as the phone tells.
func (p *Phone) CloudBackup(last time.Time) {
	p.Set(Backup, "CloudBackupEnabled", true)
	delete(p.Values[Backup], "LastCloudBackupDate")
	delete(p.Values[Backup], "LastCloudBackupTZ")
	if !last.IsZero() {
		p.Set(Backup, "LastCloudBackupDate", Since2001(last))
		p.Set(Backup, "LastCloudBackupTZ", "GMT+1")
	}
}

// CloudOff switches iCloud Backup off. Whether a phone then forgets the date
// of its last one is not known; this one keeps it.
func (p *Phone) CloudOff() { p.Set(Backup, "CloudBackupEnabled", false) }

// ComputerBackup says that a backup to some computer last succeeded at that
// time. WillEncrypt is absent where no password was ever set.
func (p *Phone) ComputerBackup(last time.Time, encrypted bool) {
	p.Set(Backup, "LastiTunesBackupDate", Since2001(last))
	p.Set(Backup, "LastiTunesBackupTZ", "GMT+1")
	delete(p.Values[Backup], "WillEncrypt")
	if encrypted {
		p.Set(Backup, "WillEncrypt", true)
	}
}

// epoch is where the dates of the backup domain begin, in Unix seconds:
// 2001-01-01 UTC.
const epoch = 978307200

// Since2001 is a time as the backup domain writes it.
func Since2001(t time.Time) uint64 { return uint64(t.Unix() - epoch) }

// clone gives a copy that shares nothing that is changed later.
func (p Phone) clone() Phone {
	values := make(map[string]map[string]any, len(p.Values))
	for domain, keys := range p.Values {
		values[domain] = maps.Clone(keys)
	}
	p.Values = values
	return p
}

// listed is the SerialNumber in the daemon's list.
func (p *Phone) listed() string {
	if p.Listed != "" {
		return p.Listed
	}
	return p.UDID
}

package samplephone

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// personal are the root keys that tell who owns the phone. Each phone has its
// own, and all of them can be found again: see [Daemon.Secrets].
func personal(p *Phone) map[string]any {
	return map[string]any{
		"BluetoothAddress":                      p.mac("BluetoothAddress"),
		"DieID":                                 uint64(7)<<48 | uint64(p.invented("DieID")[0])<<40 | 0xfa4e,
		"EthernetAddress":                       p.mac("EthernetAddress"),
		"InternationalMobileEquipmentIdentity":  "99" + p.digits("IMEI", 13),
		"InternationalMobileEquipmentIdentity2": "99" + p.digits("IMEI2", 13),
		"MLBSerialNumber":                       "NLMLB" + p.digits("MLBSerialNumber", 12),
		"MobileEquipmentIdentifier":             "99" + p.digits("MEID", 12),
		"PhoneNumber":                           "+999 " + p.digits("PhoneNumber", 10),
		"SerialNumber":                          "NLSER" + p.digits("SerialNumber", 7),
		"UniqueChipID":                          uint64(9)<<48 | uint64(p.invented("UniqueChipID")[0])<<40 | 0xfa4e,
		"WirelessBoardSerialNumber":             "NLWBS" + p.digits("WirelessBoardSerialNumber", 12),
	}
}

// Secrets are the words that must not be found in anything that a program
// says or keeps which has read these phones, as they are or ever were: who they
// are, who this computer is to them, and every line of the keys.
func (d *Daemon) Secrets() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := []string{buid, sessionID}
	all = slices.Concat(all, d.personal, keyLines())
	slices.Sort(all)
	return slices.Compact(all)
}

// learn keeps the secrets of a phone that is new or has changed.
func (d *Daemon) learn(p *Phone) {
	for _, s := range p.secrets() {
		if !slices.Contains(d.personal, s) {
			d.personal = append(d.personal, s)
		}
	}
}

// secrets are those of one phone. Its name is none.
func (p *Phone) secrets() []string {
	short := strings.ReplaceAll(p.UDID, "-", "")
	bag := p.escrowBag()
	all := []string{
		p.UDID, strings.ToLower(p.UDID), strings.ToUpper(p.UDID), short, strings.ToLower(short), strings.ToUpper(short),
		p.hostID(), p.wifiAddress(), escaped(p.wifiAddress()), string(bag), hex.EncodeToString(bag), base64.StdEncoding.EncodeToString(bag),
	}
	if p.BootSession != "" {
		all = append(all, p.BootSession)
	}
	for key := range personal(p) {
		if v, ok := p.Values[Root][key]; ok {
			all = append(all, fmt.Sprint(v))
		}
	}
	return all
}

// keyLines are the lines of all keys and certificates, as they stand in a PEM
// and as they stand in a pair record, where base64 hides the lines of the PEM.
func keyLines() []string {
	ours, err := identities()
	if err != nil {
		return nil // then no phone has shown any
	}
	all := []string{"BEGIN CERTIFICATE", "PRIVATE KEY"}
	for _, one := range []identity{ours.root, ours.host, ours.device} {
		all = append(all, pieces(one.certificatePEM())...)
		all = append(all, pieces(one.keyPEM())...)
	}
	return all
}

// pieces cuts a PEM into words that show it wherever a part of it stands.
func pieces(text []byte) []string {
	var all []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); len(line) > 20 && !strings.HasPrefix(line, "-----") {
			all = append(all, line)
		}
	}
	const width = 48 // a multiple of 4, and less than a line of any writer of plists
	for piece := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString(text)), width) {
		if len(piece) == width {
			all = append(all, string(piece))
		}
	}
	return all
}

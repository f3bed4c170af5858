package samplephone

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"howett.net/plist"
)

// pairRecord is what the daemon keeps about the phone: the certificates, the
// keys, and who this computer is to the phone.
func (p *Phone) pairRecord() ([]byte, error) {
	if p.PairRecord != nil {
		return p.PairRecord, nil
	}
	ours, err := identities()
	if err != nil {
		return nil, err
	}
	data, err := plist.MarshalIndent(map[string]any{
		"HostID":            p.hostID(),
		"SystemBUID":        buid,
		"RootCertificate":   ours.root.certificatePEM(),
		"RootPrivateKey":    ours.root.keyPEM(),
		"HostCertificate":   ours.host.certificatePEM(),
		"HostPrivateKey":    ours.host.keyPEM(),
		"DeviceCertificate": ours.device.certificatePEM(),
		"EscrowBag":         p.escrowBag(),
		"WiFiMACAddress":    p.wifiAddress(),
	}, plist.XMLFormat, "\t")
	if err != nil {
		return nil, fmt.Errorf("samplephone: pair record: %w", err)
	}
	return data, nil
}

// invented gives bytes that belong to this phone and this purpose, the same in
// every run.
func (p *Phone) invented(purpose string) []byte {
	sum := sha256.Sum256([]byte(purpose + " of " + p.UDID))
	return sum[:]
}

// digits are n invented digits.
func (p *Phone) digits(purpose string, n int) string {
	var out strings.Builder
	for _, b := range p.invented(purpose)[:n] {
		out.WriteByte('0' + b%10)
	}
	return out.String()
}

// mac is an invented hardware address, of those that nobody sells.
func (p *Phone) mac(purpose string) string {
	b := p.invented(purpose)
	return fmt.Sprintf("02:5e:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3])
}

func (p *Phone) hostID() string {
	b := p.invented("HostID")
	return fmt.Sprintf("%X-%X-%X-%X-%X", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

func (p *Phone) escrowBag() []byte {
	return []byte(fmt.Sprintf("escrow-bag-%X", p.invented("EscrowBag")[:16]))
}

func (p *Phone) wifiAddress() string { return p.mac("WiFiAddress") }

// serviceName is under which name it says on the Wi-Fi that it is there.
func (p *Phone) serviceName() string { return p.wifiAddress() + "@fe80::1._apple-mobdev2._tcp.local." }

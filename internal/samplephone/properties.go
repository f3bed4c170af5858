package samplephone

import (
	"cmp"
	"encoding/binary"
	"net/netip"
	"strings"
)

// phonePort is where lockdownd listens on every phone.
const phonePort = 62078

// message is the Attached message of a way to a phone, with the properties
// that the daemon gives to each kind of way.
func (a attachment) message(p *Phone) map[string]any {
	properties := map[string]any{
		"DeviceID":     a.id,
		"SerialNumber": p.listed(),
	}
	if a.wifi {
		properties["ConnectionType"] = "Network"
		properties["EscapedFullServiceName"] = escaped(p.serviceName())
		properties["InterfaceIndex"] = 4
		properties["NetworkAddress"] = p.socketAddress()
	} else {
		properties["ConnectionType"] = "USB"
		properties["ConnectionSpeed"] = 480000000
		properties["LocationID"] = a.id << 16
		properties["ProductID"] = 4776
	}
	return map[string]any{"MessageType": "Attached", "DeviceID": a.id, "Properties": properties}
}

// escaped is a name as DNS service discovery escapes it.
func escaped(name string) string { return strings.ReplaceAll(name, ":", "\\:") }

// socketAddress is where the phone is on the Wi-Fi, as bytes of a BSD
// sockaddr: its length, its family, the port, the address.
func (p *Phone) socketAddress() []byte {
	const inet = 2
	at := cmp.Or(p.Address, netip.AddrFrom4([4]byte{127, 0, 0, 1})).Unmap().As4()
	out := make([]byte, 16)
	out[0], out[1] = 16, inet
	binary.BigEndian.PutUint16(out[2:], phonePort)
	copy(out[4:], at[:])
	return out
}

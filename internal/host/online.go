package host

import (
	"net"
	"net/netip"

	"ninelives/internal/health"
)

// Online tells whether this computer has a network at all: an interface that is
// up, with an address that leads further than its own link. It sends nothing,
// and Yes does not mean that the Internet is reached. DontKnow when the system
// does not tell.
func Online() health.Answer {
	all, err := net.Interfaces()
	if err != nil {
		return health.DontKnow
	}
	interfaces := make([]link, len(all))
	for i, n := range all {
		interfaces[i].flags = n.Flags
		interfaces[i].addresses, interfaces[i].err = n.Addrs()
	}
	return online(interfaces)
}

// link is an interface as the system describes it.
type link struct {
	flags     net.Flags
	addresses []net.Addr
	err       error // why its addresses are not known
}

func online(links []link) health.Answer {
	answer := health.No
	for _, l := range links {
		const active = net.FlagUp | net.FlagRunning // with a cable in it, or on a Wi-Fi
		switch {
		case l.flags&active != active, l.flags&net.FlagLoopback != 0:
		case l.err != nil:
			answer = health.DontKnow
		case l.leadsFurther():
			return health.Yes
		}
	}
	return answer
}

// leadsFurther reports whether one of the addresses was given by a network, and
// not by the computer to itself.
func (l link) leadsFurther() bool {
	for _, a := range l.addresses {
		prefix, err := netip.ParsePrefix(a.String())
		if err != nil {
			continue
		}
		if address := prefix.Addr().Unmap(); address.IsGlobalUnicast() {
			return true
		}
	}
	return false
}

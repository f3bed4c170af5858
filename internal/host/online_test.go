package host

import (
	"errors"
	"net"
	"testing"

	"ninelives/internal/health"
)

// up makes an interface in use with addresses.
func up(addresses ...string) link {
	l := link{flags: net.FlagUp | net.FlagRunning | net.FlagBroadcast}
	for _, a := range addresses {
		ip, network, err := net.ParseCIDR(a)
		if err != nil {
			panic(err)
		}
		l.addresses = append(l.addresses, &net.IPNet{IP: ip, Mask: network.Mask})
	}
	return l
}

func TestOnline(t *testing.T) {
	loopback := up("127.0.0.1/8", "::1/128", "10.1.2.3/32")
	loopback.flags |= net.FlagLoopback
	down, unplugged, mute := up("192.168.1.5/24"), up("192.168.1.5/24"), up()
	down.flags &^= net.FlagUp | net.FlagRunning
	unplugged.flags &^= net.FlagRunning
	mute.err = errors.New("no")
	odd := up()
	odd.addresses = []net.Addr{&net.UnixAddr{Name: "x"}}
	for name, c := range map[string]struct {
		links []link
		want  health.Answer
	}{
		"no interfaces":                  {nil, health.No},
		"only itself":                    {[]link{loopback}, health.No},
		"Wi-Fi":                          {[]link{loopback, up("fe80::1/64", "192.168.1.5/24")}, health.Yes},
		"only IPv6":                      {[]link{up("fe80::1/64", "2001:db8::5/64")}, health.Yes},
		"only addresses given to itself": {[]link{up("169.254.7.7/16", "fe80::1/64")}, health.No},
		"no address yet":                 {[]link{up()}, health.No},
		"no address that is one":         {[]link{odd, up("0.0.0.0/0", "224.0.0.1/4")}, health.No},
		"switched off":                   {[]link{down}, health.No},
		"without a cable":                {[]link{unplugged}, health.No},
		"one that does not tell":         {[]link{loopback, mute}, health.DontKnow},
		"and one that does":              {[]link{mute, up("10.0.0.2/8"), mute}, health.Yes},
	} {
		t.Run(name, func(t *testing.T) {
			if got := online(c.links); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestOnlineTellsSomethingHere(t *testing.T) {
	if got := Online(); got == health.DontKnow {
		t.Error("the interfaces of this computer are not known")
	}
}

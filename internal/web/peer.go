package web

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// A cookie is sent to every port of this computer and a link stands on a
// command line, so another user may come to know either. Linux says whose a
// connection is; elsewhere that is not known, and the keys alone decide.

// ofAnother tells whether another user of this computer is at the other end of
// a connection on loopback. Root is nobody else: it can read everything, and
// it is root that passes connections on, from outside a virtual machine.
func ofAnother(conn net.Conn) bool {
	from, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	if err != nil {
		return false
	}
	to, err := netip.ParseAddrPort(conn.LocalAddr().String())
	if err != nil {
		return false
	}
	for _, name := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		table, err := os.Open(name)
		if err != nil {
			continue
		}
		user, known := ownerOf(table, from, to)
		_ = table.Close() // it was only read
		if known {
			return user != 0 && user != os.Geteuid()
		}
	}
	return false
}

// ownerOf finds the user of the end "from" of a connection in a table such as
// /proc/net/tcp: https://www.kernel.org/doc/Documentation/networking/proc_net_tcp.txt.
func ownerOf(table io.Reader, from, to netip.AddrPort) (user int, known bool) {
	ends := [...][2]string{
		{end(from.Addr().AsSlice(), from.Port()), end(to.Addr().AsSlice(), to.Port())},
		{mapped(from), mapped(to)}, // the same connection, made by a socket of IPv6
	}
	for lines := bufio.NewScanner(table); lines.Scan(); {
		field := strings.Fields(lines.Text())
		if len(field) < 8 {
			continue
		}
		if own := [2]string{field[1], field[2]}; own == ends[0] || own == ends[1] {
			user, err := strconv.Atoi(field[7])
			return user, err == nil
		}
	}
	return 0, false
}

func mapped(a netip.AddrPort) string {
	ip := a.Addr().As16()
	return end(ip[:], a.Port())
}

// end is one end of a connection as the table writes it: the address in words
// of four bytes as they lie in memory.
func end(ip []byte, port uint16) string {
	var b strings.Builder
	for ; len(ip) >= 4; ip = ip[4:] {
		fmt.Fprintf(&b, "%08X", binary.NativeEndian.Uint32(ip))
	}
	fmt.Fprintf(&b, ":%04X", port)
	return b.String()
}

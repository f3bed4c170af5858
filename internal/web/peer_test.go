package web

import (
	"net"
	"net/netip"
	"strings"
	"testing"
)

// table is /proc/net/tcp of a computer whose memory has the low byte first.
const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:9C41 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1 0 100 0 0 10 0
   1: 0100007F:9C41 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 2 1 0 20 4 30 10 -1
   2: 0200007F:D431 0100007F:9C41 01 00000000:00000000 00:00000000 00000000  1000        0 3 1 0 20 4 30 10 -1
   3: 0100007F:D431 0100007F:9C41 01 00000000:00000000 00:00000000 00000000  1001        0 4 1 0 20 4 30 10 -1
   4: 0100007F:D432 0100007F:9C41 01 00000000:00000000 00:00000000 00000000  many        0 5 1 0 20 4 30 10 -1
   5: 0100007F:D433 0100007F:9C41
   6: 0000000000000000FFFF00000100007F:D434 0000000000000000FFFF00000100007F:9C41 01 00000000:00000000 00:00000000 00000000  1002 0 6
   7: 00000000000000000000000001000000:D431 00000000000000000000000001000000:9C41 01 00000000:00000000 00:00000000 00000000  1003 0 7
`

func TestOwnerOf(t *testing.T) {
	if end([]byte{127, 0, 0, 1}, 1) != "0100007F:0001" {
		t.Skip("the table of this test is of another kind of memory")
	}
	for _, test := range []struct {
		name, from, to string
		user           int
		known          bool
	}{
		{"the end that asks, not ours, and of that address", "127.0.0.1:54321", "127.0.0.1:40001", 1001, true},
		{"another address with the same ports", "127.0.0.2:54321", "127.0.0.1:40001", 1000, true},
		{"by a socket of IPv6", "127.0.0.1:54324", "127.0.0.1:40001", 1002, true},
		{"by IPv6", "[::1]:54321", "[::1]:40001", 1003, true},
		{"a user that is no number", "127.0.0.1:54322", "127.0.0.1:40001", 0, false},
		{"a line cut short", "127.0.0.1:54323", "127.0.0.1:40001", 0, false},
		{"a connection that is not there", "127.0.0.1:54325", "127.0.0.1:40001", 0, false},
		{"to another port", "127.0.0.1:54321", "127.0.0.1:40002", 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			user, known := ownerOf(strings.NewReader(table), netip.MustParseAddrPort(test.from), netip.MustParseAddrPort(test.to))
			if user != test.user || known != test.known {
				t.Errorf("got %d %v, want %d %v", user, known, test.user, test.known)
			}
		})
	}
}

func TestANobodyIsNoOtherUser(t *testing.T) {
	here, there := net.Pipe()
	defer here.Close()
	defer there.Close()
	if ofAnother(here) {
		t.Error("a connection that is none is another user's")
	}
}

package samplephone

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
)

// buid is the SystemBUID of the made-up computer.
const buid = "5A3B1E00-FA4E-4B1D-A11A-0000C0FFEE00"

// Daemon is a running fake. Its methods may be called from everywhere.
type Daemon struct {
	listener net.Listener
	address  string
	folder   string // of the socket; empty for TCP
	done     chan struct{}
	running  sync.WaitGroup

	mu          sync.Mutex
	closed      bool
	phones      []*Phone // replaced as a whole, never changed
	attachments []attachment
	attached    int                            // how many there have been, for the next DeviceID
	open        map[net.Conn]int               // connections and the DeviceID they lead to, or 0
	listeners   map[chan notice]map[string]any // and how the daemon describes them
	faults      []Fault
	requests    []Request
	personal    []string // of every phone as it was at any time
	connections int
}

// attachment is one way to a phone. Its number changes with every plugging in.
type attachment struct {
	id   int
	udid string
	wifi bool
}

// New starts a daemon with these phones, on a Unix socket in a folder of its
// own; on Windows, whose daemon has none, on a free port of this computer.
func New(phones ...Phone) (*Daemon, error) {
	if runtime.GOOS == "windows" {
		return NewTCP(phones...)
	}
	folder, err := os.MkdirTemp("", "phone")
	if err != nil {
		return nil, fmt.Errorf("samplephone: %w", err)
	}
	path := filepath.Join(folder, "usbmuxd")
	listener, err := net.Listen("unix", path)
	if err != nil {
		_ = os.Remove(folder)
		return nil, fmt.Errorf("samplephone: %w", err)
	}
	return start(&Daemon{listener: listener, address: "UNIX:" + path, folder: folder}, phones)
}

// NewTCP starts a daemon on a free port of this computer.
func NewTCP(phones ...Phone) (*Daemon, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("samplephone: %w", err)
	}
	return start(&Daemon{listener: listener, address: listener.Addr().String()}, phones)
}

func start(d *Daemon, phones []Phone) (*Daemon, error) {
	d.done = make(chan struct{})
	d.open = map[net.Conn]int{}
	d.listeners = map[chan notice]map[string]any{}
	for _, p := range phones {
		if p.UDID == "" || d.find(p.UDID) != nil {
			return nil, errors.Join(fmt.Errorf("samplephone: the UDID %q is empty or there twice", p.UDID), d.Close())
		}
		p := p.clone()
		d.phones = append(d.phones, &p)
		d.learn(&p)
		d.reattach(Phone{}, p)
	}
	d.running.Go(d.accept)
	if _, err := identities(); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// Address is where it listens, in the form of USBMUXD_SOCKET_ADDRESS that
// libusbmuxd reads: "UNIX:/path" or "127.0.0.1:port".
func (d *Daemon) Address() string { return d.address }

// Close ends the daemon and all connections, and returns when nothing of it is
// left: no goroutine, no socket, no folder.
func (d *Daemon) Close() error {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil
	}
	d.closed = true
	close(d.done)
	for conn := range d.open {
		_ = conn.Close()
	}
	d.mu.Unlock()
	err := d.listener.Close()
	d.running.Wait()
	if d.folder != "" {
		err = errors.Join(err, os.RemoveAll(d.folder))
	}
	if err != nil {
		return fmt.Errorf("samplephone: close: %w", err)
	}
	return nil
}

// Fail sets what goes wrong with the daemon itself, whichever phone it is
// about. Faults before are forgotten.
func (d *Daemon) Fail(faults ...Fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.faults = slices.Clone(faults)
}

// accept takes connections until the listener closes.
func (d *Daemon) accept() {
	for {
		conn, err := d.listener.Accept()
		if err != nil {
			return
		}
		number, inTime := d.enter(conn)
		if !inTime {
			_ = conn.Close()
			return
		}
		d.running.Go(func() {
			defer d.leave(conn)
			serveMux(d, conn, number)
		})
	}
}

// enter puts a connection on the list of those that Close ends, and gives its
// number; it refuses when it is too late for that.
func (d *Daemon) enter(conn net.Conn) (number int, inTime bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return 0, false
	}
	d.open[conn] = 0
	d.connections++
	return d.connections, true
}

func (d *Daemon) leave(conn net.Conn) {
	_ = conn.Close()
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.open, conn)
}

// Open counts the connections that are open now.
func (d *Daemon) Open() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.open)
}

// faultsOf are those of the daemon and of the phone, if it is about one.
func (d *Daemon) faultsOf(p *Phone) []Fault {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p == nil {
		return d.faults
	}
	return slices.Concat(d.faults, p.Faults)
}

// phone finds a phone by its UDID, as it is now.
func (d *Daemon) phone(udid string) *Phone {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.find(udid)
}

func (d *Daemon) find(udid string) *Phone {
	i := slices.IndexFunc(d.phones, func(p *Phone) bool { return p.UDID == udid })
	if i < 0 {
		return nil
	}
	return d.phones[i]
}

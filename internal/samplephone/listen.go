package samplephone

import (
	"io"
	"net"
)

// notice is what those who listen are told; one of its fields is set.
type notice struct {
	Attached     *attachment
	Gone, Paired int // DeviceIDs
}

// backlog is how many notices may wait for a slow listener.
const backlog = 256

// tell passes a notice on. One who does not read is left out rather than
// waited for.
func (d *Daemon) tell(n notice) {
	for to := range d.listeners {
		select {
		case to <- n:
		default:
		}
	}
}

// listen tells a newcomer what is attached already, as the daemon does.
func (d *Daemon) listen(program string) chan notice {
	d.mu.Lock()
	defer d.mu.Unlock()
	notices := make(chan notice, backlog)
	for _, a := range d.attachments {
		notices <- notice{Attached: &a}
	}
	d.listeners[notices] = program
	return notices
}

func (d *Daemon) unlisten(notices chan notice) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.listeners, notices)
}

// programs lists who listens.
func (d *Daemon) programs() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := []string{}
	for _, program := range d.listeners {
		all = append(all, program)
	}
	return all
}

// report writes notices until the listener hangs up or the daemon ends. What a
// listener still says is not heard.
func (m *mux) report(program string) {
	notices := m.daemon.listen(program)
	defer m.daemon.unlisten(notices)
	gone := make(chan struct{})
	m.daemon.running.Go(func() {
		_, _ = io.Copy(io.Discard, m.Conn)
		close(gone)
	})
	for {
		select {
		case <-gone:
			return
		case n := <-notices:
			if m.write(n) != nil {
				return
			}
		}
	}
}

// write sends a notice. The tag of notices is 0.
func (m *mux) write(n notice) error {
	m.tag = 0
	switch {
	case n.Attached != nil:
		p := m.daemon.phone(n.Attached.udid)
		if p == nil {
			return net.ErrClosed
		}
		return m.answer(Listen, nil, n.Attached.message(p))
	case n.Paired != 0:
		return m.answer(Listen, nil, map[string]any{"MessageType": "Paired", "DeviceID": n.Paired})
	default:
		return m.answer(Listen, nil, map[string]any{"MessageType": "Detached", "DeviceID": n.Gone})
	}
}

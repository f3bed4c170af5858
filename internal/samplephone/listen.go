package samplephone

import (
	"fmt"
	"maps"
	"net"
	"slices"
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
func (d *Daemon) listen(listener map[string]any) chan notice {
	d.mu.Lock()
	defer d.mu.Unlock()
	notices := make(chan notice, backlog)
	for _, a := range d.attachments {
		notices <- notice{Attached: &a}
	}
	d.listeners[notices] = listener
	return notices
}

func (d *Daemon) unlisten(notices chan notice) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.listeners, notices)
}

// listening describes who listens.
func (d *Daemon) listening() []map[string]any {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.AppendSeq([]map[string]any{}, maps.Values(d.listeners))
}

// listener describes the sender of a Listen message, as the daemon does.
func (m *mux) listener(message map[string]any) map[string]any {
	program := text(message["ProgName"])
	version, _ := number(message["kLibUSBMuxVersion"])
	return map[string]any{
		"Blacklisted": false, "BundleID": text(message["BundleID"]), "ConnType": 0,
		"ID String": fmt.Sprintf("%d-%s", m.number, program), "ProgName": program, "kLibUSBMuxVersion": version,
	}
}

// report writes notices until the listener hangs up or the daemon ends. The
// daemon hangs up on a listener that still says something.
func (m *mux) report(message map[string]any) {
	notices := m.daemon.listen(m.listener(message))
	defer m.daemon.unlisten(notices)
	gone := make(chan struct{})
	m.daemon.running.Go(func() {
		_, _ = m.Read(make([]byte, 1))
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

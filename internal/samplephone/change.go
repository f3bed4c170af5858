package samplephone

import (
	"fmt"
	"net"
	"slices"
)

// Change changes a phone while it is being asked: what the change says is true
// from the next answer on. Attaching, detaching and becoming paired is told to
// those who listen, and a connection over a way that is gone breaks.
func (d *Daemon) Change(udid string, change func(*Phone)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	old := d.find(udid)
	if old == nil {
		return fmt.Errorf("samplephone: there is no phone %s", udid)
	}
	p := old.clone()
	change(&p)
	p.UDID = udid // who it is does not change
	d.phones[slices.Index(d.phones, old)] = &p
	d.learn(&p)
	d.reattach(*old, p)
	if old.Trust == NotPaired && p.Trust != NotPaired {
		d.tellPaired(udid)
	}
	return nil
}

// Plug attaches the phone by cable.
func (d *Daemon) Plug(udid string) error {
	return d.Change(udid, func(p *Phone) { p.Cable = true })
}

// Unplug takes it off the cable.
func (d *Daemon) Unplug(udid string) error {
	return d.Change(udid, func(p *Phone) { p.Cable = false })
}

// reattach brings the list of attachments up to date with the phone.
func (d *Daemon) reattach(old, now Phone) {
	for _, way := range []struct{ wifi, was, is bool }{
		{false, old.Cable, now.Cable},
		{true, old.WiFi, now.WiFi},
	} {
		switch {
		case way.is && !way.was:
			d.attached++
			a := attachment{d.attached, now.UDID, way.wifi}
			d.attachments = append(d.attachments, a)
			d.tell(notice{Attached: &a})
		case way.was && !way.is:
			d.detach(now.UDID, way.wifi)
		}
	}
}

func (d *Daemon) detach(udid string, wifi bool) {
	i := slices.IndexFunc(d.attachments, func(a attachment) bool { return a.udid == udid && a.wifi == wifi })
	id := d.attachments[i].id
	d.attachments = slices.Delete(d.attachments, i, i+1)
	for conn, to := range d.open {
		if to == id {
			_ = conn.Close()
		}
	}
	d.tell(notice{Gone: id})
}

func (d *Daemon) tellPaired(udid string) {
	for _, a := range d.attachments {
		if a.udid == udid {
			d.tell(notice{Paired: a.id})
		}
	}
}

// route finds the attachment with this DeviceID, and notes that the connection
// leads there from now on.
func (d *Daemon) route(conn net.Conn, id uint64) (attachment, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, a := range d.attachments {
		if uint64(a.id) == id {
			d.open[conn] = a.id
			return a, true
		}
	}
	return attachment{}, false
}

// ways lists the attachments.
func (d *Daemon) ways() []attachment {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.attachments)
}

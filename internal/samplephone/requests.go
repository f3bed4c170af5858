package samplephone

import "slices"

// Request is something that a client asked.
type Request struct {
	Of         string // "usbmuxd", "lockdown"; "tls" for a handshake that was completed
	Name       string // its MessageType or Request; of a handshake the version, such as "TLS 1.3"
	UDID       string // of the phone that it is about, if it is about one
	WiFi       bool   // that phone was reached over Wi-Fi
	Domain     string // of GetValue
	Key        string // of GetValue; empty: the whole domain
	InSession  bool   // within a lockdown session
	Connection int    // counts the connections to the daemon, from 1
}

// harmless are the requests with which a reader can do its work, and which
// change nothing on the phone or on this computer. ReadBUID is not one of
// them: on Linux it writes a file where there is none.
var harmless = map[string][]string{
	"usbmuxd":  {"ListDevices", "Listen", "ListListeners", "ReadPairRecord", "Connect"},
	"lockdown": {"QueryType", "GetValue", "StartSession", "StopSession", "Goodbye"},
}

// Forbidden reports whether it is a request that a mere reader must never
// send, such as Pair, SetValue, StartService, ReadBUID or SavePairRecord.
func (r Request) Forbidden() bool {
	return r.Of != "tls" && !slices.Contains(harmless[r.Of], r.Name)
}

// Requests gives what was asked since the start or the last [Daemon.Forget], in
// order.
func (d *Daemon) Requests() []Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.requests)
}

// Forget empties the list of what was asked, which otherwise grows.
func (d *Daemon) Forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.requests = nil
}

// note remembers a request.
func (d *Daemon) note(r Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.requests = append(d.requests, r)
}

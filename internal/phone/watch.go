package phone

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"net"
	"slices"
	"time"
)

const (
	settle    = 3 * time.Second // from a phone's appearance until it can be talked with
	reconnect = time.Minute     // between two tries to listen to the daemon
	mostHeard = 1024            // phones that the daemon may say are attached at once
)

// Watch calls appeared about three seconds after a phone that was not asked in
// the last quarter of an hour is attached, or was just paired; several at once
// count as one. A phone that did not answer, or was gone when it was looked for,
// may appear again after a minute, and the fourth time after a quarter of an
// hour. There is at most one call a minute, but for the first time that a phone
// without an answer is paired: somebody has just tapped "Trust". A daemon that is not there, or goes away, is looked for every
// minute. It returns when ctx ends, and appeared must not block.
func (s *Source) Watch(ctx context.Context, appeared func()) {
	news := make(chan struct{}, 1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.listenAgain(ctx, news)
	}()
	defer func() { <-ended }()
	var last time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-news: // the next call may be sooner
		case <-s.nextCall(last):
			if s.call() {
				last = time.Now()
				appeared()
			}
		}
	}
}

// listenAgain listens to the daemon for as long as ctx lasts.
func (s *Source) listenAgain(ctx context.Context, news chan<- struct{}) {
	for said := ""; ctx.Err() == nil; {
		err := kindOf(s.listen(ctx, news))
		s.detachAll()
		if ctx.Err() == nil && err.Error() != said {
			said = err.Error()
			s.log.Info("usbmuxd cannot be listened to", "source", "phone", "err", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(reconnect):
		}
	}
}

// listen hears the daemon out until it, or ctx, ends.
func (s *Source) listen(ctx context.Context, news chan<- struct{}) (err error) {
	defer guard(&err)
	return s.with(ctx, func(conn net.Conn) error {
		if err := conn.SetDeadline(time.Now().Add(daemonLimit)); err != nil {
			return err
		}
		answer, err := askMux(conn, muxRequest{MessageType: listenFor})
		if err == nil {
			err = answer.succeeded()
		}
		if err != nil {
			return err
		}
		ear := &ear{source: s, heard: map[id]string{}}
		in := bufio.NewReader(conn)
		for {
			tell, err := ear.next(conn, in)
			if err != nil {
				return err
			}
			if tell {
				select {
				case news <- struct{}{}:
				default: // there are some already
				}
			}
		}
	})
}

// ear is what was heard on one connection.
type ear struct {
	source *Source
	heard  map[id]string // the phones that are attached: health.Device.ID by number
}

// next waits for one message, for as long as it takes; once it has begun it
// must come soon.
func (e *ear) next(conn net.Conn, in *bufio.Reader) (tell bool, err error) {
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return false, err
	}
	if _, err := in.Peek(1); err != nil {
		return false, err
	}
	if err := conn.SetDeadline(time.Now().Add(daemonLimit)); err != nil {
		return false, err
	}
	message := muxAnswer{}
	if _, err := readMux(in, &message); err != nil {
		return false, err
	}
	return e.take(message)
}

// take reports whether a message is reason to ask the phones.
func (e *ear) take(message muxAnswer) (tell bool, err error) {
	switch message.MessageType {
	case "Attached":
		u, is := udidOf(message.Properties.SerialNumber)
		if !is || message.DeviceID == 0 {
			return false, nil
		}
		if len(e.heard) >= mostHeard {
			return false, fmt.Errorf("%w: too many phones", errGarbled)
		}
		e.heard[message.DeviceID] = u.id()
		cable := message.DeviceID
		if message.Properties.byWiFi() {
			cable = 0
		}
		return e.source.attached(u.id(), cable), nil
	case "Detached":
		name := e.heard[message.DeviceID]
		delete(e.heard, message.DeviceID)
		e.source.detached(name, message.DeviceID, !slices.Contains(slices.Collect(maps.Values(e.heard)), name))
	case "Paired":
		if name, is := e.heard[message.DeviceID]; is {
			return e.source.paired(name), nil
		}
	case "Result":
		return false, message.succeeded()
	}
	return false, nil
}

package web

import (
	"context"
	"net"
	"runtime/debug"
	"slices"
	"sync"
)

// mostVisitors is how many connections may be open at once.
const mostVisitors = 64

// door is a listener that keeps the number of open connections bounded without
// ever making anybody wait: the oldest that has shown no session goes first,
// so that strangers cannot keep out who belongs here.
type door struct {
	net.Listener
	empty func() // the last who has shown a session has left
	mu    sync.Mutex
	open  []*visitor // the oldest first
}

// visitor is one connection.
type visitor struct {
	net.Conn
	door    *door
	known   bool        // has come with a session; the door's mu guards it
	another func() bool // is it of another user of this computer
}

// Accept implements net.Listener.
func (d *door) Accept() (net.Conn, error) {
	conn, err := d.Listener.Accept()
	if err != nil {
		return nil, err
	}
	v := &visitor{Conn: conn, door: d, another: sync.OnceValue(func() bool { return ofAnother(conn) })}
	d.mu.Lock()
	var leaving *visitor
	if len(d.open) >= mostVisitors {
		i := max(0, slices.IndexFunc(d.open, func(v *visitor) bool { return !v.known }))
		leaving = d.open[i]
		d.open = slices.Delete(d.open, i, i+1)
	}
	d.open = append(d.open, v)
	d.mu.Unlock()
	if leaving != nil {
		_ = leaving.Conn.Close() // its server side notices
	}
	return v, nil
}

// Close implements net.Conn.
func (v *visitor) Close() error {
	v.door.mu.Lock()
	v.door.open = slices.DeleteFunc(v.door.open, func(other *visitor) bool { return other == v })
	last := v.known && len(v.door.open) == 0
	v.known = false
	v.door.mu.Unlock()
	err := v.Conn.Close()
	if last {
		v.door.empty()
		debug.FreeOSMemory() // the page is closed; left alone it would be kept for minutes
	}
	return err
}

// CloseWrite lets net/http hang up in a way that does not lose an answer to
// somebody who is still talking.
func (v *visitor) CloseWrite() error {
	if c, ok := v.Conn.(interface{ CloseWrite() error }); ok {
		return c.CloseWrite()
	}
	return nil
}

type visitorKey struct{}

// introduce puts the visitor where ofAnother and welcome find it.
func (d *door) introduce(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, visitorKey{}, c)
}

// ofAnother tells whether another user of this computer is asking.
func (d *door) ofAnother(ctx context.Context) bool {
	v, ok := ctx.Value(visitorKey{}).(*visitor)
	return ok && v.another()
}

// welcome notes that a connection belongs to a session.
func (d *door) welcome(ctx context.Context) {
	if v, ok := ctx.Value(visitorKey{}).(*visitor); ok {
		d.mu.Lock()
		v.known = true
		d.mu.Unlock()
	}
}

package instance

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	patience    = 2 * time.Second // for one command, at both ends
	mostCommand = 1 << 10         // bytes of a command, with its line end
	mostReply   = 64 << 10        // bytes of a reply, with its line end
	mostClients = 16              // at once; others wait
)

// Serve answers commands until ctx is done; it returns nil then, after the
// replies under way. handle gets one command, without its line end, and gives
// the reply; it is called from several goroutines and must return soon.
func (l *Lock) Serve(ctx context.Context, handle func(command string) string) error {
	listener, err := l.listen(ctx)
	if err != nil {
		return fmt.Errorf("instance: %s: %w", l.dir, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = listener.Close() })
	defer stop()
	var clients sync.WaitGroup
	defer clients.Wait()
	defer l.leave(listener)
	seats := make(chan struct{}, mostClients)
	for {
		client, err := listener.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				_ = client.Close()
			}
			return nil
		case errors.Is(err, net.ErrClosed):
			return fmt.Errorf("instance: %s: %w", l.dir, err)
		case err != nil: // too many open files: it passes
			rest(ctx)
			continue
		}
		select {
		case seats <- struct{}{}:
		case <-ctx.Done():
			_ = client.Close()
			return nil
		}
		clients.Go(func() {
			answer(ctx, client, handle)
			<-seats
		})
	}
}

// listen opens the socket.
func (l *Lock) listen(ctx context.Context) (net.Listener, error) {
	path, err := newAddress(l.dir, shortPlaces())
	if err != nil {
		return nil, err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	// Until here the folder alone keeps others out.
	if err := os.Chmod(path, 0o600); err != nil {
		_ = listener.Close()
		return nil, err
	}
	return listener, nil
}

// leave closes the socket and takes away what listen made.
func (l *Lock) leave(listener net.Listener) {
	_ = listener.Close() // removes the socket; may have happened already
	discard(listener.Addr().String())
	_ = os.Remove(filepath.Join(l.dir, addressName)) // a note without a socket does no harm
}

// rest waits a moment, less when ctx is done.
func rest(ctx context.Context) {
	const moment = 100 * time.Millisecond
	select {
	case <-ctx.Done():
	case <-time.After(moment):
	}
}

// answer reads one command and writes one reply. What is not a command gets
// none.
func answer(ctx context.Context, client net.Conn, handle func(string) string) {
	defer func() { _ = client.Close() }() // the reply was written, or it does not matter
	if client.SetDeadline(time.Now().Add(patience)) != nil {
		return
	}
	// The end of the program waits for no command, only for replies.
	stop := context.AfterFunc(ctx, func() { _ = client.SetReadDeadline(time.Now()) })
	defer stop()
	line, err := bufio.NewReader(io.LimitReader(client, mostCommand)).ReadString('\n')
	command, whole := strings.CutSuffix(line, "\n")
	if err != nil || !whole || !isCommand(command) {
		return
	}
	reply := handle(command)
	if len(reply) >= mostReply {
		reply = reply[:mostReply-1]
	}
	_, _ = io.WriteString(client, reply+"\n") // the client's loss
}

package desktop

import (
	"context"
	"errors"
	"fmt"

	"github.com/esiqveland/notify"
	"github.com/godbus/dbus/v5"
)

// signalBuffer is room for a burst; the library spends a goroutine on each
// signal beyond it.
const signalBuffer = 32

// reach returns our connection and the unique name of the notification
// service, which is started if the bus knows how to. ErrNoService: the bus
// works, but nothing shows notices.
func (s *service) reach(ctx context.Context) (*dbus.Conn, string, error) {
	conn, err := s.connection(ctx)
	if err != nil {
		return nil, "", err
	}
	owner, err := serviceOwner(ctx, conn)
	if err != nil && !isErrorReply(err) && ctx.Err() == nil {
		// The bus went away and we learn it only now. Nothing was sent yet, so
		// a second try cannot show the notice twice.
		_ = conn.Close()
		if conn, err = s.connection(ctx); err == nil {
			owner, err = serviceOwner(ctx, conn)
		}
	}
	return conn, owner, err
}

// connection returns the open connection, or a new one.
func (s *service) connection(ctx context.Context) (*dbus.Conn, error) {
	s.mu.Lock()
	conn, closed := s.conn, s.closed
	s.mu.Unlock()
	if closed {
		return nil, ErrClosed
	}
	if conn != nil && conn.Connected() {
		return conn, nil
	}
	conn, err := dial(ctx)
	if err != nil {
		return nil, err
	}
	return conn, s.adopt(ctx, conn)
}

// adopt makes conn the connection, and listens for clicks on it.
func (s *service) adopt(ctx context.Context, conn *dbus.Conn) error {
	signals := make(chan *dbus.Signal, signalBuffer)
	conn.Signal(signals) // closed together with conn
	go s.hear(signals)
	bus, err := ask[string](ctx, conn, "GetId")
	if err == nil {
		err = conn.AddMatchSignalContext(ctx, dbus.WithMatchSender(notifyName),
			dbus.WithMatchInterface(notifyName), dbus.WithMatchObjectPath(notifyPath))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil && s.closed {
		err = ErrClosed
	}
	if err != nil {
		_ = conn.Close()
		return fmt.Errorf("session bus: %w", err)
	}
	if s.bus != bus { // a new bus gives the old unique names again, to others
		s.bus, s.shown = bus, shown{}
	}
	s.conn = conn
	return nil
}

// dial opens a private connection. It starts no bus where there is none: one
// that nobody else is on would show nothing.
func dial(ctx context.Context) (*dbus.Conn, error) {
	conn, err := dbus.SessionBusPrivateNoAutoStartup()
	if err != nil {
		return nil, fmt.Errorf("no session bus (is DBUS_SESSION_BUS_ADDRESS set?); start the program from within the desktop session: %w", err)
	}
	// A bus that accepts and then says nothing would hold us for ever.
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if err = conn.Auth(nil); err == nil {
		err = conn.Hello()
	}
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("the session bus does not let us in: %w", errors.Join(err, ctx.Err()))
	}
	return conn, nil
}

// serviceOwner is the unique name of the program that shows notices.
func serviceOwner(ctx context.Context, conn *dbus.Conn) (string, error) {
	owner, err := ask[string](ctx, conn, "GetNameOwner", notifyName)
	if !isErrorReply(err) {
		return owner, err
	}
	if _, err = ask[uint32](ctx, conn, "StartServiceByName", notifyName, uint32(0)); isErrorReply(err) {
		return "", fmt.Errorf("%w (%w)", ErrNoService, err)
	}
	if err != nil {
		return "", err
	}
	return ask[string](ctx, conn, "GetNameOwner", notifyName)
}

// ask calls a method of the bus itself.
func ask[T any](ctx context.Context, conn *dbus.Conn, method string, args ...any) (answer T, err error) {
	err = conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus."+method, 0, args...).Store(&answer)
	return answer, err
}

// isErrorReply tells a "no" of the bus from a bus that does not answer.
func isErrorReply(err error) bool {
	var reply dbus.Error
	return errors.As(err, &reply)
}

// probe asks on a connection of its own, so that it hangs on nothing that a
// notice hangs on. It starts no service.
func (s *service) probe(ctx context.Context) (string, error) {
	conn, err := dial(ctx)
	if err != nil {
		return "none", fmt.Errorf("desktop: notify: %w", err)
	}
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if _, err = ask[string](ctx, conn, "GetNameOwner", notifyName); isErrorReply(err) {
		return probeStartable(ctx, conn)
	}
	info, err := notify.GetServerInformation(conn)
	if err != nil {
		return "session bus", fmt.Errorf("desktop: notify: the notification service does not answer; restart it or log in again: %w", errors.Join(err, ctx.Err()))
	}
	return fmt.Sprintf("session bus, %s %s", CleanTitle(linux, info.Name), CleanTitle(linux, info.Version)), nil
}

func probeStartable(ctx context.Context, conn *dbus.Conn) (string, error) {
	names, err := ask[[]string](ctx, conn, "ListActivatableNames")
	if err != nil {
		return "session bus", fmt.Errorf("desktop: notify: session bus: %w", err)
	}
	for _, name := range names {
		if name == notifyName {
			return "session bus, service started when needed", nil
		}
	}
	return "beeep (notify-send or kdialog)", fmt.Errorf("desktop: notify: %w", ErrNoService)
}

package desktop

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/esiqveland/notify"
	"github.com/godbus/dbus/v5"

	"ninelives/internal/alert"
)

const (
	notifyName  = "org.freedesktop.Notifications"
	notifyPath  = dbus.ObjectPath("/org/freedesktop/Notifications")
	openAction  = "default" // what a click on the notice itself invokes
	desktopName = "ninelives"
)

// service shows notices over a connection to the session bus that is ours
// alone: the shared one belongs to the tray, whose library ends at the first
// signal about a notice. The connection is made when needed, and made anew
// when the bus or we have closed it.
//
// Only the queue's worker calls send and withdraw, one at a time.
type service struct {
	opt     NotifierOptions
	clicked func(alert.Message)
	spare   *beeepService

	mu     sync.Mutex
	closed bool
	conn   *dbus.Conn
	bus    string // the identity of the bus that conn is on
	shown  shown
}

// shown is the last notice: what a click answers and a newer one replaces.
type shown struct {
	owner string // the unique bus name of the service that showed it: another one counts anew
	id    uint32
	gone  bool // closed, but in some desktops still to be clicked in a history
	msg   alert.Message
}

func newService(opt NotifierOptions, clicked func(alert.Message)) *service {
	return &service{opt: opt, clicked: clicked, spare: &beeepService{opt: opt}}
}

func (s *service) send(ctx context.Context, m alert.Message) error {
	conn, owner, err := s.reach(ctx)
	if errors.Is(err, ErrNoService) {
		if spare := s.spare.send(ctx, m); spare != nil {
			return fmt.Errorf("%w: %w", err, spare)
		}
		return nil
	}
	if err != nil {
		return err
	}
	// A call has no deadline of its own: closing our connection ends it.
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	id, err := notify.SendNotification(conn, s.notice(conn, owner, m))
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown = shown{owner: owner, id: id, msg: m}
	return nil
}

// notice is the message as the service that runs now can show it.
func (s *service) notice(conn *dbus.Conn, owner string, m alert.Message) notify.Notification {
	n := notify.Notification{
		AppName:       s.opt.App,
		AppIcon:       s.opt.IconFile,
		Summary:       CleanTitle(linux, m.Title),
		Body:          CleanBody(linux, m.Body),
		ExpireTimeout: notify.ExpireTimeoutSetByNotificationServer,
		ReplacesID:    s.replaces(owner),
	}
	if n.Summary == "" {
		n.Summary = s.opt.App
	}
	can, err := notify.GetCapabilities(conn)
	if err != nil || slices.Contains(can, "body-markup") {
		n.Body = EscapeBody(n.Body)
	}
	if s.opt.Clicked != nil && slices.Contains(can, "actions") {
		// Some services without actions would show a dialog box instead.
		n.Actions = []notify.Action{{Key: openAction, Label: "Show what to do"}}
	}
	n.SetUrgency(urgency(m.Reason))
	n.AddHint(notify.Hint{ID: "desktop-entry", Variant: dbus.MakeVariant(desktopName)})
	return n
}

func urgency(r alert.Reason) notify.Urgency {
	if r == alert.Solved {
		return notify.UrgencyLow
	}
	return notify.UrgencyNormal
}

func (s *service) replaces(owner string) uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shown.gone || s.shown.owner != owner {
		return 0
	}
	return s.shown.id
}

func (s *service) withdraw(ctx context.Context) error {
	s.mu.Lock()
	last, conn := s.shown, s.conn
	s.mu.Unlock()
	if conn == nil || last.id == 0 || last.gone {
		return nil
	}
	// To the one that showed it: a later service may use the id for another.
	err := conn.Object(last.owner, notifyPath).CallWithContext(ctx, notifyName+".CloseNotification", 0, last.id).Err
	var reply dbus.Error
	if err != nil && !errors.As(err, &reply) && conn.Connected() {
		return fmt.Errorf("withdraw: %w", err)
	}
	// An error reply means that the notice is not there any more, and so does
	// the end of the bus.
	s.forget(last.owner, last.id)
	return nil
}

func (s *service) forget(owner string, id uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shown.owner == owner && s.shown.id == id {
		s.shown.gone = true
	}
}

// hear handles the signals of one connection until it is closed. It trusts no
// signal's form: any program on the bus can send one.
func (s *service) hear(signals <-chan *dbus.Signal) {
	for sig := range signals {
		if len(sig.Body) != 2 {
			continue
		}
		id, _ := sig.Body[0].(uint32)
		switch sig.Name {
		case notifyName + ".ActionInvoked":
			if key, _ := sig.Body[1].(string); key == openAction {
				s.click(sig.Sender, id)
			}
		case notifyName + ".NotificationClosed":
			s.forget(sig.Sender, id)
		}
	}
}

// click answers only for our notice and to the service that shows it: all
// programs' notices are heard here.
func (s *service) click(owner string, id uint32) {
	s.mu.Lock()
	last := s.shown
	s.mu.Unlock()
	if id != 0 && last.owner == owner && last.id == id {
		s.clicked(last.msg)
	}
}

func (s *service) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.conn != nil {
		_ = s.conn.Close()
	}
}

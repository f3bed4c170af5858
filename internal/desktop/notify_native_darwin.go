package desktop

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/ebitengine/purego/objc"

	"ninelives/internal/alert"
	"ninelives/internal/cocoa"
)

// native shows notices by the app itself, through UserNotifications. There is
// one of it in a process: macOS keeps the object that hears of clicks.
type native struct {
	opt     NotifierOptions
	clicked func(alert.Message)
	center  objc.ID

	mu   sync.Mutex
	last alert.Message // what is shown now
}

const (
	askForAlerts  = 1 << 2 // UNAuthorizationOptionAlert
	delegateClass = "NineLivesNoticeDelegate"
)

// newNative asks the person, once, whether the app may notify. It needs the
// program to be that of a signed app: elsewhere Cocoa ends it.
func newNative(opt NotifierOptions, clicked func(alert.Message)) (macWay, error) {
	n := &native{opt: opt, clicked: clicked}
	answer := make(chan error, 1)
	err := cocoa.Pooled(func(c *cocoa.Calls) {
		c.Load("UserNotifications")
		bundle := c.Send(c.Class("NSBundle"), "mainBundle")
		if id := c.Text(c.Send(bundle, "bundleIdentifier")); id != appIdentifier {
			answer <- fmt.Errorf("the app is %q", id)
			return
		}
		n.center = c.Send(c.Class("UNUserNotificationCenter"), "currentNotificationCenter")
		if delegate := n.delegate(c); delegate != 0 {
			c.Send(n.center, "setDelegate:", delegate)
		}
		c.Send(n.center, "requestAuthorizationWithOptions:completionHandler:", uint(askForAlerts), objc.NewBlock(func(_ objc.Block, granted bool, failed objc.ID) {
			answer <- refusal(granted, failed)
		}))
	})
	if err != nil {
		return nil, err
	}
	// The person may take their time over the question. Until there is an answer
	// the notice itself is refused, and takes the spare way.
	ctx, cancel := context.WithTimeout(context.Background(), probeWait)
	defer cancel()
	select {
	case err = <-answer:
	case <-ctx.Done():
	}
	if err != nil {
		return nil, err
	}
	return n, nil
}

// refusal is what macOS answers, as an error; nil: it is allowed.
func refusal(granted bool, failed objc.ID) error {
	if granted {
		return nil
	}
	if err := failure(failed); err != nil {
		return err
	}
	return errors.New("notifications of Nine Lives are switched off in System Settings > Notifications")
}

// failure reads an NSError; none is nil.
func failure(object objc.ID) error {
	if object == 0 {
		return nil
	}
	c := &cocoa.Calls{}
	return errors.New("UserNotifications: " + c.Text(c.Send(object, "localizedDescription")))
}

// delegate makes the object that hears of clicks.
func (n *native) delegate(c *cocoa.Calls) objc.ID {
	if c.Err() != nil {
		return 0
	}
	const message = "userNotificationCenter:didReceiveNotificationResponse:withCompletionHandler:"
	method := objc.MethodDef{Cmd: objc.RegisterName(message), Fn: func(_ objc.ID, _ objc.SEL, _, response objc.ID, done objc.Block) {
		n.answered(response)
		done.Invoke()
	}}
	var protocols []*objc.Protocol
	if p := objc.GetProtocol("UNUserNotificationCenterDelegate"); p != nil {
		protocols = append(protocols, p)
	}
	class, err := objc.RegisterClass(delegateClass, objc.GetClass("NSObject"), protocols, nil, []objc.MethodDef{method})
	if err != nil {
		n.opt.Log.Warn("clicks on notices are not heard", "err", err)
		return 0
	}
	return c.Send(c.Send(objc.ID(class), "alloc"), "init")
}

// answered is called when the person did something with the notice.
func (n *native) answered(response objc.ID) {
	const clicked = "com.apple.UNNotificationDefaultActionIdentifier"
	c := &cocoa.Calls{}
	if c.Text(c.Send(response, "actionIdentifier")) != clicked {
		return
	}
	n.mu.Lock()
	m := n.last
	n.mu.Unlock()
	n.clicked(m)
}

func (n *native) String() string { return "the app's own notifications" }

func (n *native) send(ctx context.Context, m alert.Message) error {
	title, body := texts(n.opt, m)
	answer := make(chan error, 1)
	n.mu.Lock()
	n.last = m
	n.mu.Unlock()
	err := cocoa.Pooled(func(c *cocoa.Calls) {
		content := c.Send(c.Send(c.Class("UNMutableNotificationContent"), "alloc"), "init")
		c.Send(content, "setTitle:", c.String(title))
		c.Send(content, "setBody:", c.String(body))
		const atOnce = objc.ID(0)
		request := c.Send(c.Class("UNNotificationRequest"), "requestWithIdentifier:content:trigger:", c.String(noticeGroup), content, atOnce)
		c.Send(n.center, "addNotificationRequest:withCompletionHandler:", request, objc.NewBlock(func(_ objc.Block, failed objc.ID) {
			answer <- failure(failed)
		}))
	})
	if err != nil {
		return err
	}
	select {
	case err = <-answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (n *native) withdraw(context.Context) error {
	return cocoa.Pooled(func(c *cocoa.Calls) {
		group := c.Send(c.Class("NSArray"), "arrayWithObject:", c.String(noticeGroup))
		c.Send(n.center, "removeDeliveredNotificationsWithIdentifiers:", group)
	})
}

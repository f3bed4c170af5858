package desktop

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gen2brain/beeep"

	"ninelives/internal/alert"
)

const (
	longestWait = 10 * time.Second // for a caller whose ctx has no earlier end
	patience    = time.Minute      // for a service that never answers one notice
	probeWait   = 2 * time.Second
)

// ErrNoService is what stands between a notice and a desktop that shows none.
var ErrNoService = errors.New("no notification service answers on the session bus; install one such as dunst, or log in to a desktop that has one")

// NotifierOptions say how notices look and what a click does. All may be left
// empty.
type NotifierOptions struct {
	App      string              // the program's name; "Nine Lives" if empty
	IconFile string              // absolute path of a picture that stays where it is: Windows remembers the path for good
	Log      *slog.Logger        // technical trouble only, never the text of a notice
	Clicked  func(alert.Message) // a person clicked the notice of this message; called from one goroutine. Not on Windows

	// Open is the command that opens what a click on this message leads to, for
	// a desktop that starts a program at a click (macOS, some ways).
	Open func(alert.Message) []string

	// Answer is what this program is started with, before a link of its own
	// scheme, for a desktop that opens a link at a click (Windows). Empty: notices
	// cannot be clicked there, and nothing is registered.
	Answer []string

	goos     string
	patience time.Duration
	beeep    func(title, body string, icon any) error
}

// Notifier shows one notice at a time: a newer one takes the older one's
// place where the system can do that. It is safe for use by several
// goroutines.
type Notifier struct {
	opt     NotifierOptions
	queue   *queue
	service *service
	clicks  chan alert.Message
	counts  struct{ delivered, failed, refused atomic.Int64 }
}

// Counts tells what became of the notices since the start.
type Counts struct {
	Delivered int64 // the system took them
	Failed    int64 // the system refused them or did not answer in time
	Refused   int64 // not tried: the queue was full or an earlier one hung
}

// NewNotifier starts a Notifier. It connects to nothing before the first
// notice, and must be closed.
func NewNotifier(opt NotifierOptions) *Notifier {
	opt = withDefaults(opt)
	n := &Notifier{opt: opt, queue: newQueue(opt.patience), clicks: make(chan alert.Message, 1)}
	n.service = newService(opt, n.click)
	go n.answerClicks()
	return n
}

func withDefaults(opt NotifierOptions) NotifierOptions {
	if opt.goos == "" {
		opt.goos = runtime.GOOS
	}
	if opt.patience == 0 {
		opt.patience = patience
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	opt.App = cleanApp(opt.App)
	opt.IconFile = cleanIcon(opt.goos, opt.IconFile)
	if opt.beeep == nil {
		nameBeeep(opt.App)
		opt.beeep = beeep.Notify
	}
	return opt
}

// beeepName guards beeep's package variable: the first Notifier sets it.
var beeepName sync.Once

func nameBeeep(app string) { beeepName.Do(func() { beeep.AppName = app }) }

// Notify shows the message and returns nil only when the system took it. It
// returns at ctx's end or after ten seconds, whatever the system does. After
// an error the message is still due; should a hung service show it later
// nevertheless, the next one replaces it (Linux).
func (n *Notifier) Notify(ctx context.Context, m alert.Message) error {
	var gone atomic.Bool
	err := n.do(ctx, func(ctx context.Context) error {
		err := n.service.send(ctx, m)
		if err == nil && gone.Load() {
			n.opt.Log.Info("a notice was shown after its deadline")
		}
		return err
	})
	gone.Store(true)
	switch {
	case err == nil:
		n.counts.delivered.Add(1)
	case errors.Is(err, ErrBusy), errors.Is(err, ErrClosed):
		n.counts.refused.Add(1)
	default:
		n.counts.failed.Add(1)
	}
	return err
}

// Withdraw takes the notice away that is still shown, if there is one and the
// system can do that (Linux).
func (n *Notifier) Withdraw(ctx context.Context) error {
	return n.do(ctx, n.service.withdraw)
}

func (n *Notifier) do(ctx context.Context, run func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	if err := n.queue.do(ctx, run); err != nil {
		return fmt.Errorf("desktop: notify: %w", err)
	}
	return nil
}

// Counts returns what became of the notices so far.
func (n *Notifier) Counts() Counts {
	return Counts{n.counts.delivered.Load(), n.counts.failed.Load(), n.counts.refused.Load()}
}

// Probe tells, without showing anything, which way a notice would go now
// ("session bus, dunst 1.9.0") and what stands in its way, with the remedy.
// No error is no promise: macOS and Windows do not say whether the person
// switched notifications off.
func (n *Notifier) Probe(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, probeWait)
	defer cancel()
	return n.service.probe(ctx)
}

// Backend is the first half of [Notifier.Probe], for a line of a report. It
// takes two seconds at most.
func (n *Notifier) Backend() string {
	name, _ := n.Probe(context.Background())
	return name
}

// Close ends the Notifier. Notices stay where they are shown. It waits for no
// service that hangs and no click that is being answered.
func (n *Notifier) Close() {
	n.queue.close()
	n.service.close()
}

// click hands a click over without ever waiting: it is called by what reads
// from the message bus.
func (n *Notifier) click(m alert.Message) {
	select {
	case n.clicks <- m:
	default: // an impatient person clicked again
	}
}

func (n *Notifier) answerClicks() {
	for {
		select {
		case <-n.queue.ctx.Done():
			return
		case m := <-n.clicks:
			if n.opt.Clicked != nil {
				n.opt.Clicked(m)
			}
		}
	}
}

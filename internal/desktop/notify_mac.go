//go:build !windows

package desktop

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"ninelives/internal/alert"
)

// macWay is one way to show a notice on a Mac with a click that leads
// somewhere.
type macWay interface {
	send(ctx context.Context, m alert.Message) error
	withdraw(ctx context.Context) error
	String() string // for doctor
}

// macHost is what the choice of a way depends on.
type macHost struct {
	asked  string                           // the name of a way, by the environment
	find   func(tool string) (string, bool) // a program by its name
	sealed func() error                     // why macOS would not let this program notify by itself
	native func(NotifierOptions, func(alert.Message)) (macWay, error)
}

// nativeWay asks for the app's own notices.
const nativeWay = "native"

// choose gives the way to take, nil for AppleScript, by which no click leads
// anywhere.
//
// The native way is taken only where it is asked for: it has never run on a
// Mac yet, and what goes wrong inside Cocoa ends the program.
func (h macHost) choose(opt NotifierOptions, clicked func(alert.Message)) macWay {
	if h.asked == nativeWay {
		err := h.sealed()
		var way macWay
		if err == nil {
			way, err = h.native(opt, clicked)
		}
		if err == nil {
			return way
		}
		opt.Log.Warn("notices do not go the native way", "err", err)
	}
	makers := map[string]func(path string) macWay{
		"alerter":           func(path string) macWay { return newAlerter(path, opt, clicked) },
		"terminal-notifier": func(path string) macWay { return terminalNotifier{path, opt} },
	}
	for _, tool := range []string{"alerter", "terminal-notifier"} {
		if _, byName := makers[h.asked]; byName && h.asked != tool || h.asked == "applescript" {
			continue
		}
		if path, ok := h.find(tool); ok {
			return makers[tool](path)
		}
	}
	return nil
}

// macService shows notices on a Mac: by the way that was chosen at the first
// of them, and by AppleScript when that fails.
type macService struct {
	spare  beeepService
	host   macHost
	way    func() macWay
	chosen atomic.Bool // way was asked
	failed error       // of the chosen way, at the last notice
	mu     sync.Mutex
}

// It is a service on every system, so that it is checked on every system.
var _ interface {
	send(context.Context, alert.Message) error
	withdraw(context.Context) error
	probe(context.Context) (string, error)
	close()
} = (*macService)(nil)

func newMacService(opt NotifierOptions, h macHost, clicked func(alert.Message)) *macService {
	s := &macService{spare: beeepService{opt}, host: h}
	s.way = sync.OnceValue(func() macWay {
		defer s.chosen.Store(true)
		return h.choose(opt, clicked)
	})
	return s
}

func (s *macService) send(ctx context.Context, m alert.Message) error {
	way := s.way()
	if way == nil {
		return s.spare.send(ctx, m)
	}
	err := way.send(ctx, m)
	s.mu.Lock()
	s.failed = err
	s.mu.Unlock()
	if err == nil || ctx.Err() != nil {
		return err
	}
	s.spare.opt.Log.Warn("a notice takes the spare way", "instead", way.String(), "err", err)
	if spare := s.spare.send(ctx, m); spare != nil {
		return errors.Join(err, spare)
	}
	return nil
}

func (s *macService) withdraw(ctx context.Context) error {
	if way := s.way(); way != nil {
		return way.withdraw(ctx)
	}
	return nil
}

func (s *macService) probe(context.Context) (string, error) {
	// To choose the native way is to ask the person for the permission; who only
	// wants to know the way must not.
	if s.host.asked == nativeWay && !s.chosen.Load() && s.host.sealed() == nil {
		return "the app's own notifications, if you allow them at the first one; a click opens the page", nil
	}
	way := s.way()
	if way == nil {
		return "AppleScript, as Script Editor; a click opens nothing. For that install alerter (brew install vjeantet/tap/alerter)", nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed != nil {
		return fmt.Sprintf("AppleScript, because %s failed: %v", way, s.failed), nil
	}
	return way.String() + "; a click opens the page", nil
}

func (s *macService) close() {}

// findTool looks for a program where a shell would, and where Homebrew puts it:
// launchd starts programs with a path that knows nothing of Homebrew.
func findTool(tool string) (string, bool) {
	for _, name := range []string{tool, filepath.Join("/opt/homebrew/bin", tool), filepath.Join("/usr/local/bin", tool)} {
		if path, err := exec.LookPath(name); err == nil {
			return path, true
		}
	}
	return "", false
}

// ErrNotSigned is why macOS lets this program show no notices of its own.
var ErrNotSigned = errors.New("the app is not signed with a certificate")

// signedBy reads what codesign says of an app: who signed it.
func signedBy(said string) (string, error) {
	for line := range strings.Lines(said) {
		if authority, ok := strings.CutPrefix(strings.TrimSpace(line), "Authority="); ok {
			return authority, nil
		}
	}
	return "", ErrNotSigned
}

// codesignLine asks codesign about an app. The answer comes on stderr.
func codesignLine(app string) []string {
	return []string{"/usr/bin/codesign", "--display", "--verbose=2", app}
}

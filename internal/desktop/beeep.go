package desktop

import (
	"context"
	"errors"
	"fmt"

	"ninelives/internal/alert"
)

// beeepService shows notices by beeep: the service of macOS and Windows, and
// on Linux the spare one. It knows no id, no click and no replacement.
type beeepService struct{ opt NotifierOptions }

// send shows the message. It can hang for ever.
func (s *beeepService) send(_ context.Context, m alert.Message) error {
	opt := s.opt
	title, body := CleanTitle(opt.goos, m.Title), CleanBody(opt.goos, m.Body)
	if opt.goos == linux {
		body = EscapeBody(body)
	}
	if title == "" {
		title = opt.App
	}
	// A path, never bytes: of bytes, Windows remembers a file that is gone.
	err := opt.beeep(title, body, opt.IconFile)
	if err == nil || opt.goos == windows && shownBySecondWay(err) {
		return nil
	}
	return fmt.Errorf("beeep: %w", err)
}

// withdraw does nothing: beeep cannot take a notice back.
func (s *beeepService) withdraw(context.Context) error { return nil }

func (s *beeepService) probe(context.Context) (string, error) {
	return "beeep (" + map[string]string{
		mac:     "terminal-notifier or AppleScript",
		windows: "toast, or PowerShell",
	}[s.opt.goos] + ")", nil
}

func (s *beeepService) close() {}

// shownBySecondWay tells whether a toast was shown although there is an error:
// go-toast joins the failure of its first way (COM) with what its second way
// (PowerShell) said, and that says nothing when it worked. Such a notice must
// not count as failed, or it would come again at every check.
func shownBySecondWay(err error) bool {
	var joined interface{ Unwrap() []error }
	return errors.As(err, &joined) && len(joined.Unwrap()) == 1
}

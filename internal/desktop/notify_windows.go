package desktop

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"git.sr.ht/~jackmordaunt/go-toast/wintoast"
	"golang.org/x/sys/windows/registry"

	"ninelives/internal/alert"
)

// service shows notices as toasts that lead to the page when they are clicked.
// Where our names cannot be registered, or nothing answers a click, notices go
// by beeep, which knows no click.
//
// Only the queue's worker calls send.
type service struct {
	opt      NotifierOptions
	spare    *beeepService
	register func() error // once; the same error ever after
}

func newService(opt NotifierOptions, _ func(alert.Message)) *service {
	s := &service{opt: opt, spare: &beeepService{opt}}
	s.register = sync.OnceValue(s.registerNow)
	if len(opt.Answer) > 0 {
		_ = s.register() // logged there, and asked again by send
	}
	return s
}

func (s *service) send(ctx context.Context, m alert.Message) error {
	if len(s.opt.Answer) == 0 {
		return s.spare.send(ctx, m)
	}
	if err := s.register(); err != nil {
		return s.spare.send(ctx, m)
	}
	text, err := toastXML(s.opt.App, m)
	if err != nil {
		return fmt.Errorf("toast: %w", err)
	}
	if err := wintoast.Push(text, wintoast.PowershellFallback); err != nil && !shownBySecondWay(err) {
		return fmt.Errorf("toast: %w", err)
	}
	return nil
}

// registerNow writes anew what an update, or a folder that was moved, has made
// wrong.
func (s *service) registerNow() error {
	err := s.writePlan()
	if err != nil {
		s.opt.Log.Warn("a click on a notice will lead nowhere", "err", err)
		return err
	}
	// The library writes what is missing, which is nothing now, and remembers
	// the id.
	return wintoast.SetAppData(wintoast.AppData{AppID: toastID, GUID: toastActivity})
}

func (s *service) writePlan() error {
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("this program cannot find its own file: %w", err)
	}
	plan, err := toastPlan(append([]string{startedBy(windows, exe, isFile)}, s.opt.Answer...), s.opt.IconFile)
	if err != nil {
		return err
	}
	for _, v := range plan {
		if err := v.write(); err != nil {
			return fmt.Errorf("registry: %s: %w", v.key, err)
		}
	}
	return nil
}

func (v registryValue) write() error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, v.key, registry.SET_VALUE)
	if err != nil {
		return err
	}
	return errors.Join(key.SetStringValue(v.name, v.text), key.Close())
}

// withdraw does nothing: the library gives no toast back.
func (s *service) withdraw(context.Context) error { return nil }

func (s *service) probe(context.Context) (string, error) {
	key, err := registry.OpenKey(registry.CURRENT_USER, linkOpenKey, registry.QUERY_VALUE)
	if errors.Is(err, fs.ErrNotExist) {
		return toastWay(""), nil
	}
	if err != nil {
		return "", fmt.Errorf("registry: %s: %w", linkOpenKey, err)
	}
	defer func() { _ = key.Close() }()
	command, _, err := key.GetStringValue("")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("registry: %s: %w", linkOpenKey, err)
	}
	return toastWay(command), nil
}

func (s *service) close() {}

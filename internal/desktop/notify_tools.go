//go:build !windows

package desktop

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"ninelives/internal/alert"
)

// noticeGroup is the name under which a tool keeps our notice, so that a newer
// one takes its place.
const noticeGroup = "ninelives"

// takenAfter is how long a tool that stays must have stayed for its notice to
// count as taken. One that cannot show anything says so at once.
const takenAfter = 700 * time.Millisecond

// alerter shows a notice by the program of this name, which stays until the
// person answers, and then says how.
type alerter struct {
	path    string
	opt     NotifierOptions
	clicked func(alert.Message)
	dashes  func() string // before an option: one, or two since version 26
	taken   time.Duration

	mu    sync.Mutex
	shown *exec.Cmd // the one that stays now; nil: none
}

func newAlerter(path string, opt NotifierOptions, clicked func(alert.Message)) *alerter {
	return &alerter{path: path, opt: opt, clicked: clicked, taken: takenAfter, dashes: sync.OnceValue(func() string { return alerterDashes(path) })}
}

func (a *alerter) String() string { return a.path }

// alerterDashes asks the tool itself how it wants its options.
func alerterDashes(path string) string {
	ctx, cancel := context.WithTimeout(context.Background(), probeWait)
	defer cancel()
	help, _ := exec.CommandContext(ctx, path, "--help").CombinedOutput() // the older one does not know the word
	if bytes.Contains(help, []byte("--message")) {
		return "--"
	}
	return "-"
}

// alerterArgs are the arguments for one notice. The newer tool takes a value
// that begins with a dash only when it is joined to its option.
func alerterArgs(dashes, title, body string) []string {
	if dashes == "--" {
		return []string{"--title=" + title, "--message=" + body, "--group=" + noticeGroup}
	}
	return []string{"-title", title, "-message", body, "-group", noticeGroup}
}

func (a *alerter) send(ctx context.Context, m alert.Message) error {
	title, body := texts(a.opt, m)
	cmd := exec.Command(a.path, alerterArgs(a.dashes(), title, body)...)
	separate(cmd)
	var said bytes.Buffer
	cmd.Stdout = &said
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("alerter: %w", err)
	}
	before := a.replace(cmd)
	ended := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		a.gone(cmd)
		if err == nil && isClick(said.String()) {
			a.clicked(m)
		}
		ended <- err
	}()
	dismiss(before)
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("alerter: %w", err)
		}
		return nil
	case <-time.After(a.taken):
		return nil
	case <-ctx.Done():
		dismiss(cmd)
		return ctx.Err()
	}
}

// isClick reads what the tool says at its end.
func isClick(said string) bool {
	said = strings.TrimSpace(said)
	return said == "@CONTENTCLICKED" || said == "@ACTIONCLICKED"
}

func (a *alerter) replace(cmd *exec.Cmd) (before *exec.Cmd) {
	a.mu.Lock()
	defer a.mu.Unlock()
	before, a.shown = a.shown, cmd
	return before
}

func (a *alerter) gone(cmd *exec.Cmd) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.shown == cmd {
		a.shown = nil
	}
}

func (a *alerter) withdraw(context.Context) error {
	dismiss(a.replace(nil))
	return nil
}

// dismiss ends a tool that stays, which takes its notice away.
func dismiss(cmd *exec.Cmd) {
	if cmd != nil {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
	}
}

// terminalNotifier shows a notice by the program of this name. It leaves at
// once; a click starts this program again with the page to open.
type terminalNotifier struct {
	path string
	opt  NotifierOptions
}

func (t terminalNotifier) String() string { return t.path }

func (t terminalNotifier) send(ctx context.Context, m alert.Message) error {
	title, body := texts(t.opt, m)
	args := []string{"-title", title, "-message", body, "-group", noticeGroup}
	if t.opt.Open != nil {
		args = append(args, "-execute", shellLine(t.opt.Open(m)))
	}
	return t.run(ctx, args...)
}

func (t terminalNotifier) withdraw(ctx context.Context) error {
	return t.run(ctx, "-remove", noticeGroup)
}

func (t terminalNotifier) run(ctx context.Context, args ...string) error {
	if out, err := exec.CommandContext(ctx, t.path, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("terminal-notifier: %w: %s", err, line(mac, shorten(string(out), lineRunes)))
	}
	return nil
}

// shellLine quotes a command for /bin/sh, whatever is in it.
func shellLine(command []string) string {
	quoted := make([]string, len(command))
	for i, word := range command {
		quoted[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return strings.Join(quoted, " ")
}

// texts are title and body as a Mac can bear them.
func texts(opt NotifierOptions, m alert.Message) (title, body string) {
	return cmp.Or(CleanTitle(mac, m.Title), opt.App), CleanBody(mac, m.Body)
}

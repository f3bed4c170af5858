package host

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"time"

	"ninelives/internal/health"
)

const (
	quotaPatience = 10 * time.Second
	pipePatience  = time.Second // for a child that keeps the pipe open after the command is gone
	largestOutput = 4 << 10     // bytes; one line is known
)

// Quota asks macOS how much iCloud space is left in the account that this
// computer is signed in to.
type Quota struct {
	command  []string // none: this system has no such command
	patience time.Duration
	turn     chan struct{} // holds one token while a question is under way
}

// NewQuota gives the source on a system, named as in runtime.GOOS. Only macOS
// has one: elsewhere, brctl is another program, which sets up networks.
func NewQuota(goos string) *Quota {
	q := &Quota{patience: quotaPatience, turn: make(chan struct{}, 1)}
	if goos == "darwin" {
		q.command = []string{"/usr/bin/brctl", "quota"}
	}
	return q
}

// Where gives the command.
func (q *Quota) Where() string { return "brctl quota" }

// Read asks once. Its error wraps [health.ErrNotFound] on a system without the
// command, [health.ErrMalformed] when it answers something else, and
// [health.ErrTimedOut] when it gives no answer within ten seconds (it hangs
// when the iCloud daemon does) and as long as it then cannot be ended. A
// command that fails, as it may without an account, is of no kind.
func (q *Quota) Read(ctx context.Context) (health.Quota, error) {
	if len(q.command) == 0 {
		return health.Quota{}, q.trouble(health.ErrNotFound, errors.New("only macOS has it"))
	}
	select {
	case q.turn <- struct{}{}:
	default:
		return health.Quota{}, q.trouble(health.ErrTimedOut, errors.New("the command before this one still hangs"))
	}
	ctx, cancel := context.WithTimeout(ctx, q.patience)
	type result struct {
		quota health.Quota
		err   error
	}
	done := make(chan result, 1)
	go func() {
		defer cancel()
		quota, err := q.ask(ctx)
		<-q.turn
		done <- result{quota, err}
	}()
	r, err := soon(ctx, done)
	if err != nil {
		return health.Quota{}, q.trouble(health.ErrTimedOut, err)
	}
	return r.quota, r.err
}

// ask runs the command and understands its answer. The text of a failure is
// left alone: it may name the account.
func (q *Quota) ask(ctx context.Context) (health.Quota, error) {
	var out capped
	command := exec.CommandContext(ctx, q.command[0], q.command[1:]...)
	command.Env = append(os.Environ(), "LC_ALL=C")
	command.Stdout = &out
	command.WaitDelay = pipePatience
	err := command.Run()
	switch {
	case out.over:
		return health.Quota{}, q.trouble(health.ErrMalformed, errors.New("more than 4 KiB of output"))
	case ctx.Err() != nil:
		return health.Quota{}, q.trouble(health.ErrTimedOut, context.Cause(ctx))
	case errors.Is(err, fs.ErrNotExist):
		return health.Quota{}, q.trouble(health.ErrNotFound, err)
	case errors.Is(err, fs.ErrPermission):
		return health.Quota{}, q.trouble(health.ErrNoPermission, err)
	case err != nil:
		return health.Quota{}, fmt.Errorf("host: %s: %w", q.Where(), err)
	}
	remaining, ok := parseQuota(out.text.String())
	if !ok {
		return health.Quota{}, q.trouble(health.ErrMalformed, errors.New("another answer than a quota"))
	}
	return health.Quota{Remaining: remaining}, nil
}

func (q *Quota) trouble(kind, cause error) error {
	return fmt.Errorf("host: %s: %w: %w", q.Where(), kind, cause)
}

// capped is output up to a limit. Whoever writes more is cut off. The buffer is
// not embedded: its ReadFrom would go around the limit.
type capped struct {
	text bytes.Buffer
	over bool
}

func (c *capped) Write(p []byte) (int, error) {
	if c.text.Len()+len(p) > largestOutput {
		c.over = true
		return 0, errors.New("too much output")
	}
	return c.text.Write(p)
}

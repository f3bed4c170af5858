package desktop

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Why a notice was not delivered, besides what the system itself reports.
var (
	// ErrBusy: too many notices wait, or the one before still hangs. Nothing
	// was sent.
	ErrBusy = errors.New("the notification service hangs on an earlier notice")
	// ErrClosed: the Notifier was closed.
	ErrClosed = errors.New("the notifier is closed")
)

const (
	queueLength = 4 // jobs that may wait behind the running one
	outLimit    = 3 // jobs that may hang for ever before nothing more is tried
)

// queue runs jobs one after the other in one goroutine. A job that hangs
// costs its caller no more than the caller's deadline, and later callers
// nothing. After patience it is left behind, so that one lost answer does not
// silence the program; outLimit of those, and all is refused until one
// returns: hung calls never pile up.
type queue struct {
	jobs     chan *job
	patience time.Duration
	overdue  atomic.Bool  // the running job's caller has gone away unanswered
	out      atomic.Int32 // jobs begun that have not returned, left behind or not
	ctx      context.Context
	stop     context.CancelFunc
	ended    sync.WaitGroup
}

type job struct {
	run  func(context.Context) error
	done chan error // holds one
	mine atomic.Bool
}

// take tells whether the caller of take is the first: the worker that starts
// the job, or its owner who gives it up. Only one of them gets it.
func (j *job) take() bool { return j.mine.CompareAndSwap(false, true) }

func newQueue(patience time.Duration) *queue {
	q := &queue{jobs: make(chan *job, queueLength), patience: patience}
	q.ctx, q.stop = context.WithCancel(context.Background())
	q.ended.Go(q.work)
	return q
}

// do runs the function in its turn and returns its error; or an error at
// ctx's end, or at once when the queue is full, hung or closed. A function
// that had not begun by then will not run; one that had may still finish.
func (q *queue) do(ctx context.Context, run func(context.Context) error) error {
	if q.ctx.Err() != nil {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("no time left to notify: %w", err)
	}
	if q.overdue.Load() || q.out.Load() >= outLimit {
		return ErrBusy
	}
	j := &job{run: run, done: make(chan error, 1)}
	select {
	case q.jobs <- j:
	default:
		return fmt.Errorf("%d notices wait already: %w", queueLength, ErrBusy)
	}
	select {
	case err := <-j.done:
		return err
	case <-q.ctx.Done():
		return q.giveUp(j, ErrClosed)
	case <-ctx.Done():
		return q.giveUp(j, ctx.Err())
	}
}

// giveUp is the caller's way out at its deadline, or when all ends.
func (q *queue) giveUp(j *job, cause error) error {
	if j.take() {
		return fmt.Errorf("its turn did not come: %w (%w)", ErrBusy, cause)
	}
	q.overdue.Store(true)
	select {
	case err := <-j.done: // it ended in this very moment
		q.overdue.Store(false)
		return err
	default:
		return fmt.Errorf("the notification service does not answer: %w", cause)
	}
}

func (q *queue) work() {
	for {
		select {
		case <-q.ctx.Done():
			return
		case j := <-q.jobs:
			if j.take() {
				q.run(j)
			}
		}
	}
}

func (q *queue) run(j *job) {
	ctx, cancel := context.WithTimeout(q.ctx, q.patience)
	defer cancel()
	result := make(chan error, 1)
	q.out.Add(1)
	go func() {
		defer q.out.Add(-1)
		result <- safely(ctx, j.run)
	}()
	var err error
	select {
	case err = <-result:
	case <-q.ctx.Done():
		err = ErrClosed
	case <-ctx.Done():
		err = fmt.Errorf("left behind after %s: %w", q.patience, ErrBusy)
	}
	j.done <- err
	q.overdue.Store(false)
}

// safely turns a panic of the libraries below into an error: a notice is not
// worth the program.
func safely(ctx context.Context, run func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the notification library panicked: %v", p)
		}
	}()
	return run(ctx)
}

// close stops the worker. It does not wait for a job that hangs.
func (q *queue) close() {
	q.stop()
	q.ended.Wait()
}

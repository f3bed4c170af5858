package phone

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"ninelives/internal/health"
	"ninelives/internal/samplephone"
)

// desk is a computer with made-up phones, a source that asks them, and all that
// the source ever said.
type desk struct {
	t      testing.TB
	daemon *samplephone.Daemon
	source *Source
	log    lockedBuffer

	mu  sync.Mutex
	now time.Time
}

// noon is when the tests begin, unless they need the real time.
var noon = time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC)

func newDesk(t testing.TB, phones ...samplephone.Phone) *desk {
	t.Helper()
	d := &desk{t: t, now: noon}
	for i := range phones {
		phones[i].Now = d.clock
	}
	var err error
	if d.daemon, err = samplephone.New(phones...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.daemon.Close(); err != nil {
			t.Error(err)
		}
		d.keptSecrets(d.log.String())
	})
	d.source = New(Options{
		Address: d.daemon.Address(), Now: d.clock,
		Log: slog.New(slog.NewTextHandler(&d.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	return d
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) wait(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(by)
}

// read reads within a limit, and looks for secrets in what comes back.
func (d *desk) readWithin(limit time.Duration) ([]health.Phone, error) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), limit)
	defer cancel()
	phones, err := d.source.Read(ctx)
	d.keptSecrets(fmt.Sprintf("%+v %#v %v", phones, phones, err))
	return phones, err
}

func (d *desk) read() []health.Phone {
	d.t.Helper()
	phones, err := d.readWithin(20 * time.Second)
	if err != nil {
		d.t.Fatal(err)
	}
	return phones
}

func (d *desk) one() health.Phone {
	d.t.Helper()
	phones := d.read()
	if len(phones) != 1 {
		d.t.Fatalf("%d phones instead of one: %+v", len(phones), phones)
	}
	return phones[0]
}

func (d *desk) change(udid string, change func(*samplephone.Phone)) {
	d.t.Helper()
	if err := d.daemon.Change(udid, change); err != nil {
		d.t.Fatal(err)
	}
}

// sessions counts how often phones were talked with.
func (d *desk) sessions() (n int) {
	for _, r := range d.daemon.Requests() {
		if r.Name == startSession {
			n++
		}
	}
	return n
}

func (d *desk) keptSecrets(said string) {
	d.t.Helper()
	for _, secret := range d.daemon.Secrets() {
		if strings.Contains(said, secret) {
			d.t.Errorf("a secret got out: %q in %q", secret, said)
		}
	}
}

// lockedBuffer is a log that may be written from everywhere.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// take gives what was written, and forgets it.
func (l *lockedBuffer) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.b.Reset()
	return l.b.String()
}

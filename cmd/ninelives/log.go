package main

import (
	"context"
	"errors"
	"io"
	"log"
	"log/slog"
	"os"
	"path/filepath"
)

// maxLog is the size from which on a log is put aside at the next start.
const maxLog = 1 << 20

// openLog opens the log file of the daemon; warnings also go to standard
// error. A log that cannot be written does not stop anything.
func (w *world) openLog() (*slog.Logger, func()) {
	terse := slog.NewTextHandler(w.err, &slog.HandlerOptions{Level: slog.LevelWarn})
	path := filepath.Join(w.places.LogDir, "ninelives.log")
	if info, err := os.Stat(path); err == nil && info.Size() > maxLog {
		if err := os.Rename(path, path+".old"); err != nil {
			slog.New(terse).Warn("the log cannot be put aside", "err", err)
		}
	}
	file, err := createPrivate(path)
	if err != nil {
		only := slog.New(terse)
		only.Warn("no log file", "err", err)
		log.SetOutput(io.Discard)
		return only, func() {}
	}
	whole := slog.NewTextHandler(file, nil)
	// Libraries print by the standard logger what we say better ourselves.
	log.SetOutput(slog.NewLogLogger(whole, slog.LevelInfo).Writer())
	return slog.New(both{terse, whole}), func() { _ = file.Close() }
}

func createPrivate(path string) (io.WriteCloser, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
}

// both hands each record to two handlers.
type both struct{ a, b slog.Handler }

func (h both) Enabled(ctx context.Context, l slog.Level) bool {
	return h.a.Enabled(ctx, l) || h.b.Enabled(ctx, l)
}

func (h both) Handle(ctx context.Context, r slog.Record) error {
	var errs []error
	for _, each := range []slog.Handler{h.a, h.b} {
		if each.Enabled(ctx, r.Level) {
			errs = append(errs, each.Handle(ctx, r.Clone()))
		}
	}
	return errors.Join(errs...)
}

func (h both) WithAttrs(as []slog.Attr) slog.Handler {
	return both{h.a.WithAttrs(as), h.b.WithAttrs(as)}
}

func (h both) WithGroup(name string) slog.Handler {
	return both{h.a.WithGroup(name), h.b.WithGroup(name)}
}

package instance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"path/filepath"
	"strings"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"
)

// Send sends a command of one line to the instance that runs in a data folder
// and gives its reply. It takes two seconds at most. When nobody answers the
// error is [ErrNotRunning].
func Send(ctx context.Context, dir, command string) (reply string, err error) {
	if !isCommand(command) {
		return "", fmt.Errorf("instance: %q is not a command of one line", command)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	reply, err = send(ctx, dir, command)
	if err != nil {
		return "", fmt.Errorf("instance: %s: %w", dir, err)
	}
	return reply, nil
}

func send(ctx context.Context, dir, command string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	path, err := address(dir)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return "", ErrNotRunning
	}
	if err != nil {
		return "", err
	}
	var dialer net.Dialer
	server, err := dialer.DialContext(ctx, "unix", path)
	if err != nil {
		if ctx.Err() != nil || errors.Is(err, fs.ErrPermission) {
			return "", err
		}
		return "", fmt.Errorf("%w: %w", ErrNotRunning, err)
	}
	defer func() { _ = server.Close() }() // all was read
	stop := context.AfterFunc(ctx, func() { _ = server.SetDeadline(time.Now()) })
	defer stop()
	if _, err := io.WriteString(server, command+"\n"); err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(server, mostReply))
	reply, whole := strings.CutSuffix(string(text), "\n")
	if err == nil && !whole {
		err = io.ErrUnexpectedEOF
	}
	return reply, err
}

// isCommand reports whether a text is one line of a fit length.
func isCommand(text string) bool {
	return text != "" && len(text) < mostCommand && utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

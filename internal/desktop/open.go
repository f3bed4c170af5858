package desktop

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// ErrTarget is what [Open] refuses to hand to the desktop.
var ErrTarget = errors.New("not a link or folder that this program opens")

// settle is how long a failure of the opening program is waited for: it tells
// within that time when there is no browser, and else may run as long as the
// browser does.
const settle = 400 * time.Millisecond

// Open shows target in the program that the desktop has for it: an https
// link, a page on this computer (http to loopback), a page of macOS's
// settings, a folder, or a page or text file. Anything else is [ErrTarget],
// so that nothing is ever run by it. It returns when the browser or folder is
// on its way, and does not wait for it to be closed.
func Open(ctx context.Context, target string) error {
	err := openTarget(ctx, runtime.GOOS, target)
	if err != nil {
		return fmt.Errorf("desktop: open %s: %w", shortTarget(target), err)
	}
	return nil
}

func openTarget(ctx context.Context, goos, target string) error {
	commands, err := openCommands(goos, target)
	if err != nil {
		return err
	}
	if confined() {
		commands = append(byServiceManager(commands), commands...)
	}
	if file := localFile(target); file != "" {
		if err := checkFile(goos, file); err != nil {
			return err
		}
	}
	err = errors.New("install xdg-utils (it has xdg-open), or open it by hand")
	for _, line := range commands {
		if _, missing := exec.LookPath(line[0]); missing != nil {
			err = fmt.Errorf("%w: %w", err, missing)
			continue
		}
		failed := start(ctx, goos, line)
		if failed == nil || ctx.Err() != nil {
			return failed
		}
		err = fmt.Errorf("%s: %w: %w", line[0], failed, err)
	}
	return err
}

// byServiceManager lets systemd start what this process may not: free of our
// confinement, and alive after the opener has handed over to a browser.
func byServiceManager(commands [][]string) [][]string {
	var all [][]string
	for _, line := range commands {
		all = append(all, append([]string{"systemd-run", "--user", "--quiet", "--collect", "--wait",
			"--property=KillMode=process", "--description=Nine Lives opens a page", "--"}, line...))
	}
	return all
}

// start runs the command line, its output unheard. The child outlives ctx:
// it may be the browser itself.
func start(ctx context.Context, goos string, line []string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	cmd := exec.Command(line[0], line[1:]...)
	separate(cmd)
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	if goos == windows {
		return nil // explorer ends with 1 when all is well
	}
	timer := time.NewTimer(settle)
	defer timer.Stop()
	select {
	case err := <-ended:
		return err
	case <-timer.C:
	case <-ctx.Done():
	}
	return nil
}

// checkFile lets folders pass, and of files only those that are read.
func checkFile(goos, file string) error {
	info, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("it cannot be found: %w", errors.Unwrap(err))
	}
	ext := strings.ToLower(filepath.Ext(file))
	switch {
	case info.IsDir() && goos == mac && slices.Contains([]string{".app", ".pkg", ".prefpane", ".workflow", ".bundle"}, ext):
		return fmt.Errorf("a program: %w", ErrTarget) // a folder, but opening it runs it
	case info.IsDir():
		return nil
	case info.Mode()&fs.ModeType == 0 && slices.Contains([]string{".html", ".txt", ".toml", ".log", ".json"}, ext):
		return nil
	}
	return fmt.Errorf("neither a folder nor a page: %w", ErrTarget)
}

// shortTarget names a target in an error without the query of a link, which
// may hold a key of the page.
func shortTarget(target string) string {
	short, _, cut := strings.Cut(target, "?")
	if cut {
		short += "?…"
	}
	return clamp(line(mac, short), titleRunes)
}

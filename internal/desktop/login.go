package desktop

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// loginLabel names our login item to macOS, and its file there.
const loginLabel = "ninelives.agent"

// loginArgs are what the program is started with at login.
func loginArgs() []string { return []string{"run", "--at-login"} }

// The states of the login item that are neither on nor off.
var (
	// ErrOtherProgram: it is on, but starts a program in another place;
	// [Login.On] repairs that.
	ErrOtherProgram = errors.New("the login item starts a program in another place")
	// ErrBlocked: it is there, but switched off in the system's own settings.
	ErrBlocked = errors.New("the login item is switched off in the system's settings")
)

// Login is the login item of this program for this person. It touches one
// file (macOS: a LaunchAgent, Linux: an XDG autostart entry) or one value of
// the registry (Windows), and what it says about itself comes from there.
type Login struct {
	exe  string
	slot slot
	form form
}

// form is how a system wants a login item written.
type form struct {
	render func(command []string) ([]byte, error)
	parse  func(text []byte) (loginItem, error)
}

// loginItem is a login item as it was read.
type loginItem struct {
	command []string // program and arguments
	off     bool     // it is there, and says of itself that it is off
}

var forms = map[string]form{
	mac:     {render: agentFile, parse: parseAgent},
	linux:   {render: autostartFile, parse: parseAutostart},
	windows: {render: runValue, parse: parseRunValue},
}

// NewLogin returns the login item of the program that runs now. It reads and
// changes nothing.
func NewLogin() (*Login, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("desktop: login: this program cannot find its own file: %w", err)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return nil, fmt.Errorf("desktop: login: no home folder; set HOME: %w", err)
	}
	form, ok := forms[runtime.GOOS]
	if !ok {
		return nil, fmt.Errorf("desktop: login: not known how to start at login on %s; use the desktop's own settings", runtime.GOOS)
	}
	return &Login{exe: startedBy(runtime.GOOS, exe, isFile), slot: slot{loginPlace(runtime.GOOS, home, os.Getenv("XDG_CONFIG_HOME"))}, form: form}, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// loginPlace is the file of the login item, or the name of its registry value.
func loginPlace(goos, home, configHome string) string {
	switch goos {
	case mac:
		return filepath.Join(home, "Library", "LaunchAgents", loginLabel+".plist")
	case windows:
		return "Nine Lives"
	}
	if !strings.HasPrefix(configHome, "/") { // the XDG specification: such a value is no value
		configHome = filepath.Join(home, ".config")
	}
	return filepath.Join(configHome, "autostart", "ninelives.desktop")
}

// Where names the file or registry value of the item.
func (l *Login) Where() string { return l.slot.where() }

// Status tells whether the program starts at login. [ErrOtherProgram] comes
// with on: it will start, but another file than this one. [ErrBlocked] comes
// with off.
func (l *Login) Status() (on bool, err error) {
	item, err := l.read()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("desktop: login: %s: %w", l.Where(), err)
	case item.off:
		return false, nil
	case loginBlocked(l.slot):
		return false, fmt.Errorf("desktop: login: %s: %w", l.Where(), ErrBlocked)
	case !sameProgram(runtime.GOOS, item.command[0], l.exe):
		return true, fmt.Errorf("desktop: login: %s: %w: %q instead of %q", l.Where(), ErrOtherProgram, item.command[0], l.exe)
	}
	return true, nil
}

func (l *Login) read() (loginItem, error) {
	text, err := l.slot.read()
	if err != nil {
		return loginItem{}, err
	}
	item, err := l.form.parse(text)
	if err == nil && len(item.command) == 0 {
		err = errors.New("it starts no program")
	}
	if err != nil {
		return loginItem{}, fmt.Errorf("it is not as this program writes it; switch start at login on again to replace it: %w", err)
	}
	return item, nil
}

// On makes this program start at login, with further arguments (a --config,
// say) if there are any. It starts nothing now, repairs an item that is
// damaged, blocked or of another place, and leaves one alone that is right
// already: macOS tells the person of each change.
func (l *Login) On(args ...string) error {
	if err := checkProgram(l.exe); err != nil {
		return fmt.Errorf("desktop: login: %w", err)
	}
	text, err := l.form.render(append(append([]string{l.exe}, loginArgs()...), args...))
	if err != nil {
		return fmt.Errorf("desktop: login: %w", err)
	}
	if old, err := l.slot.read(); err != nil || !bytes.Equal(old, text) {
		if err := l.slot.write(text); err != nil {
			return fmt.Errorf("desktop: login: %s: %w", l.Where(), err)
		}
	}
	if err := loginAllow(l.slot); err != nil {
		return fmt.Errorf("desktop: login: %s: %w", l.Where(), err)
	}
	return nil
}

// Off makes the program start at login no more, by removing the item. The
// program that runs now goes on.
func (l *Login) Off() error {
	if err := l.slot.remove(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("desktop: login: %s: %w", l.Where(), err)
	}
	return nil
}

// checkProgram refuses a program whose file will not be there at the next
// login.
func checkProgram(exe string) error {
	switch {
	case strings.Contains(exe, "/AppTranslocation/"):
		return errors.New("macOS runs this copy from a temporary place; move the app to the Applications folder, open it there and try again")
	case strings.Contains(filepath.ToSlash(exe), "/go-build"):
		return errors.New("this is a temporary build of `go run`; build or install the program and try again")
	}
	return nil
}

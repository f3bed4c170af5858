package desktop

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
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
	load loader // nil: the system looks for itself
}

// loader is what starts login items, where it has to be told of each.
type loader interface {
	load(file string, changed bool) error // the item is there, and changed or not
	unload() error                        // the item is gone
}

// form is how a system wants a login item written.
type form struct {
	render func(command []string) ([]byte, error)
	parse  func(text []byte) (loginItem, error)
	folder string // has to be there for the item to start; empty: none
}

// loginItem is a login item as it was read.
type loginItem struct {
	command []string // program and arguments
	off     bool     // it is there, and says of itself that it is off
}

var forms = map[string]form{
	mac:     agentForm("/"),
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
	if resolved, err := filepath.EvalSymlinks(exe); err == nil {
		exe = programOf(exe, resolved)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return nil, fmt.Errorf("desktop: login: no home folder; set HOME: %w", err)
	}
	form, ok := forms[runtime.GOOS]
	if !ok {
		return nil, fmt.Errorf("desktop: login: not known how to start at login on %s; use the desktop's own settings", runtime.GOOS)
	}
	if runtime.GOOS == mac {
		form = agentForm(home)
	}
	return &Login{exe: startedBy(runtime.GOOS, exe, isFile), slot: slot{loginPlace(runtime.GOOS, home, os.Getenv("XDG_CONFIG_HOME"))}, form: form, load: newLoader()}, nil
}

// programOf is the program to start, of the path that it was started by and
// where that leads to. A link into an app gives the app's own program, which
// holds the permission; any other link is kept, as package managers point it to
// the newest version.
func programOf(exe, resolved string) string {
	if _, inside := appOf(resolved); inside {
		return resolved
	}
	return exe
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
// say) if there are any. It repairs an item that is damaged, blocked or of
// another place, and leaves one alone that is right already: macOS tells the
// person of each change. A Mac starts the program now as well, which does
// nothing more than to ask one that runs already to check.
func (l *Login) On(args ...string) error {
	if err := checkProgram(l.exe); err != nil {
		return fmt.Errorf("desktop: login: %w", err)
	}
	text, err := l.form.render(append(append([]string{l.exe}, loginArgs()...), args...))
	if err != nil {
		return fmt.Errorf("desktop: login: %w", err)
	}
	old, err := l.slot.read()
	changed := err != nil || !bytes.Equal(old, text)
	if err := l.put(text, changed); err != nil {
		return fmt.Errorf("desktop: login: %s: %w", l.Where(), err)
	}
	return nil
}

// put brings the item into its place and into force.
func (l *Login) put(text []byte, changed bool) error {
	if l.form.folder != "" {
		if err := os.MkdirAll(l.form.folder, 0o700); err != nil {
			return err
		}
	}
	if changed {
		if err := l.slot.write(text); err != nil {
			return err
		}
	}
	if err := loginAllow(l.slot); err != nil || l.load == nil {
		return err
	}
	return l.load.load(l.Where(), changed)
}

// Off makes the program start at login no more, by removing the item. The
// program that runs now goes on.
func (l *Login) Off() error {
	err := l.slot.remove()
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err == nil && l.load != nil {
		err = l.load.unload()
	}
	if err != nil {
		return fmt.Errorf("desktop: login: %s: %w", l.Where(), err)
	}
	return nil
}

// Follow sets an item anew whose program is gone from its place, as after the
// app was moved, and reports whether it did. One that starts another copy,
// which is still there or lies on a drive, is for the person to judge: see
// [ErrOtherProgram].
func (l *Login) Follow() (moved bool, err error) {
	if item, readErr := l.read(); readErr == nil && l.astray(item) { // of a damaged one Status tells
		return true, l.On(item.command[1+len(loginArgs()):]...)
	}
	return false, nil
}

// astray tells whether an item of ours starts a program that is gone.
func (l *Login) astray(item loginItem) bool {
	rest := item.command[1:]
	ours := len(rest) >= len(loginArgs()) && slices.Equal(rest[:len(loginArgs())], loginArgs())
	if item.off || !ours || item.command[0] == l.exe || onDrive(item.command[0]) {
		return false
	}
	_, err := os.Stat(item.command[0])
	return errors.Is(err, fs.ErrNotExist) && !loginBlocked(l.slot)
}

// onDrive reports whether a program lies where macOS puts drives: it is gone
// while the drive is unplugged, and back with it.
func onDrive(program string) bool { return strings.HasPrefix(program, "/Volumes/") }

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

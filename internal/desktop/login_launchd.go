package desktop

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// launchd is the part of macOS that starts login items, as launchctl shows it.
type launchd struct {
	uid   int
	run   func(line []string) (answer string, code int, err error) // err: launchctl itself did not work
	pause time.Duration                                            // before launchd is asked again
}

// Exit codes of launchctl that say no more than that all is well.
var (
	// Not loaded, or on its way out: no such process, operation in progress,
	// no such service.
	goneCodes = []int{0, 3, 36, 113}
	// Nobody is logged in at the screen, as over ssh: no such domain, no such
	// service, no such action there. The item starts at the next login.
	noSessionCodes = []int{112, 113, 125}
)

func (l launchd) domain() string  { return fmt.Sprintf("gui/%d", l.uid) }
func (l launchd) service() string { return l.domain() + "/" + loginLabel }

// state tells whether launchd knows the item, and whether what it started runs.
func (l launchd) state() (loaded, running bool, err error) {
	answer, code, err := l.run([]string{"launchctl", "print", l.service()})
	if err != nil || code != 0 {
		return false, false, err
	}
	return true, isRunning(answer), nil
}

// isRunning reads the answer of print: the item's own lines are indented once,
// those of what belongs to it more.
func isRunning(answer string) bool {
	for line := range strings.Lines(answer) {
		if strings.TrimRight(line, "\r\n") == "\tstate = running" {
			return true
		}
	}
	return false
}

// load makes launchd know the item's file as it is now. An item that runs is
// left alone, because to unload it is to end it: it is read at the next login.
// Loading starts the program; one that runs already is asked to check instead.
func (l launchd) load(file string, changed bool) error {
	loaded, running, err := l.state()
	if err != nil || running || loaded && !changed {
		return err
	}
	if loaded {
		if err := l.unload(); err != nil {
			return err
		}
	}
	return l.bootstrap(file)
}

// bootstrap does not believe the exit code: 5 is said of a file that is bad and
// of one that is loaded, 5 and 37 while the older item is still going. Whether
// the item is there tells.
func (l launchd) bootstrap(file string) error {
	const tries = 4
	var code int
	for range tries {
		var err error
		if _, code, err = l.run([]string{"launchctl", "bootstrap", l.domain(), file}); err != nil {
			return err
		}
		if code == 0 || slices.Contains(noSessionCodes, code) {
			return nil
		}
		if loaded, _, err := l.state(); loaded || err != nil {
			return err
		}
		time.Sleep(l.pause)
	}
	return fmt.Errorf("launchd does not take it (launchctl bootstrap: exit code %d); look at it with: plutil -lint '%s'", code, file)
}

// unload makes launchd forget the item. One that runs goes on, and is forgotten
// at the end of the session.
func (l launchd) unload() error {
	loaded, running, err := l.state()
	if err != nil || !loaded || running {
		return err
	}
	_, code, err := l.run([]string{"launchctl", "bootout", l.service()})
	if err == nil && !slices.Contains(goneCodes, code) {
		err = fmt.Errorf("launchd does not let go of it (launchctl bootout: exit code %d); log out and in again", code)
	}
	return err
}

// disabled tells of the switch that the person has in System Settings >
// General > Login Items, which outlives the file. Without an answer the file
// is believed.
func (l launchd) disabled() bool {
	answer, code, err := l.run([]string{"launchctl", "print-disabled", l.domain()})
	return err == nil && code == 0 && agentDisabled(answer)
}

// enable turns that switch on.
func (l launchd) enable() error {
	if !l.disabled() {
		return nil
	}
	_, code, err := l.run([]string{"launchctl", "enable", l.service()})
	if err == nil && code != 0 {
		err = errors.New("launchd does not switch it on; do it in System Settings > General > Login Items")
	}
	return err
}

// agentDisabled reads the answer of print-disabled: lines such as
// "ninelives.agent" => disabled, or => true on older systems.
func agentDisabled(answer string) bool {
	for l := range strings.Lines(answer) {
		label, state, found := strings.Cut(strings.TrimSpace(l), " => ")
		if found && label == `"`+loginLabel+`"` {
			return state == "disabled" || state == "true"
		}
	}
	return false
}

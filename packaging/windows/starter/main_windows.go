// Command starter is "Nine Lives.exe", which starts the ninelives.exe beside it
// without a console window and passes its arguments on.
//
// Windows decides by a mark in the file whether a program has a console. With
// the mark of a console, the login item and a click on a notice would flash a
// black window. Without it (-H windowsgui), a prompt does not wait for a
// command, and scripts get no exit code; attaching to the console of the parent
// afterwards repairs neither. So there are two files. A second whole program
// would double what is installed; this one is small, and what runs stays
// ninelives.exe, which an installer can ask to end.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/windows"
)

const (
	program = "ninelives.exe"

	// settle is how long a refusal (a bad setting, a link that is not ours) may
	// take. What has not ended by then is running.
	settle = 3 * time.Second

	mostWords = 600 // bytes of its complaint that are shown
)

func main() {
	if err := start(os.Args[1:]); err != nil {
		say(err.Error())
		os.Exit(1)
	}
}

// start starts the program. Nobody sees what a program without a console says,
// so a complaint of one that ends at once becomes the error.
func start(args []string) error {
	if len(args) == 0 { // a double click
		args = []string{"open", "ninelives:open/overview"} // starts it, if it is not running
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("starter: this program cannot find its own file: %w", err)
	}
	cmd := exec.Command(filepath.Join(filepath.Dir(self), program), args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.DETACHED_PROCESS}
	var words bytes.Buffer
	cmd.Stderr = &words
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starter: %s must lie beside this program: %w", program, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		return complaint(err, words.String())
	case <-time.After(settle):
		return nil
	}
}

// complaint is how the program ended, in its own words where it has some.
func complaint(err error, words string) error {
	words = strings.TrimSpace(words)
	if err == nil || words == "" {
		return err
	}
	return errors.New(strings.ToValidUTF8(words[:min(len(words), mostWords)], ""))
}

// say shows a text in a window.
func say(text string) {
	body, err := windows.UTF16PtrFromString(strings.ReplaceAll(text, "\x00", ""))
	if err != nil {
		return
	}
	title := windows.StringToUTF16Ptr("Nine Lives")
	_, _ = windows.MessageBox(0, body, title, windows.MB_OK|windows.MB_ICONWARNING)
}

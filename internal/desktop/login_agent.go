package desktop

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"howett.net/plist"
)

// appIdentifier is the bundle identifier of Nine Lives.app, which
// packaging/macos writes. System Settings shows the login item under the app's
// name by it.
const appIdentifier = "ninelives.monitor"

// agentTemplate is a LaunchAgent, started at login (RunAtLoad).
//
// Quit means quit, and so does an error with an exit code: only what macOS
// counts as a crash is started again, and a minute later at the earliest. For
// a panic of Go to count, it has to end by a signal: GOTRACEBACK.
const agentTemplate = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>` + loginLabel + `</string>
	<key>AssociatedBundleIdentifiers</key>
	<string>` + appIdentifier + `</string>
	<key>ProgramArguments</key>
	<array>
%s	</array>
	<key>RunAtLoad</key>
	<true/>
	<key>LimitLoadToSessionType</key>
	<string>Aqua</string>
	<key>ProcessType</key>
	<string>Background</string>
	<key>KeepAlive</key>
	<dict>
		<key>Crashed</key>
		<true/>
	</dict>
	<key>ThrottleInterval</key>
	<integer>60</integer>
	<key>EnvironmentVariables</key>
	<dict>
		<key>GOTRACEBACK</key>
		<string>crash</string>
	</dict>
	<key>StandardOutPath</key>
	%[2]s
	<key>StandardErrorPath</key>
	%[2]s
</dict>
</plist>
`

// agentForm is a LaunchAgent of a person with this home folder.
func agentForm(home string) form {
	log := path.Join(home, "Library/Logs/Nine Lives/login.log")
	return form{
		render: func(command []string) ([]byte, error) { return agentFile(command, log) },
		parse:  parseAgent,
		folder: path.Dir(log), // launchd does not make it
	}
}

// agentFile renders the LaunchAgent that runs the command, and writes into the
// log what it prints and how it crashes.
func agentFile(command []string, log string) ([]byte, error) {
	var args strings.Builder
	for _, arg := range command {
		element, err := stringElement(arg)
		if err != nil {
			return nil, err
		}
		args.WriteString("\t\t" + element + "\n")
	}
	logElement, err := stringElement(log)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, agentTemplate, args.String(), logElement), nil
}

func stringElement(text string) (string, error) {
	if err := checkWord(text); err != nil {
		return "", err
	}
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder does not fail
	return "<string>" + b.String() + "</string>", nil
}

// appOf gives the app that a program is the main one of.
func appOf(exe string) (string, bool) {
	contents, inside := strings.CutSuffix(filepath.ToSlash(filepath.Dir(exe)), ".app/Contents/MacOS")
	return contents + ".app", inside
}

// checkWord refuses words that no login item can hold.
func checkWord(word string) error {
	if !utf8.ValidString(word) || strings.ContainsFunc(word, unicode.IsControl) || strings.ContainsFunc(word, isNoncharacter) {
		return fmt.Errorf("%q has characters that a login item cannot hold; move the program to a folder with a plain name", word)
	}
	return nil
}

// parseAgent reads a LaunchAgent, ours or one that was edited by hand.
func parseAgent(text []byte) (item loginItem, err error) {
	defer func() {
		if p := recover(); p != nil { // the decoder panics on some damaged files
			err = fmt.Errorf("not a property list: %v", p)
		}
	}()
	var agent struct {
		Program          string
		ProgramArguments []string
		RunAtLoad        bool
		Disabled         bool
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return loginItem{}, errors.New("the file is empty")
	}
	if _, err := plist.Unmarshal(text, &agent); err != nil {
		return loginItem{}, err
	}
	if agent.Program != "" { // launchd prefers it to the first argument
		agent.ProgramArguments = append([]string{agent.Program}, agent.ProgramArguments[min(1, len(agent.ProgramArguments)):]...)
	}
	return loginItem{command: agent.ProgramArguments, off: agent.Disabled || !agent.RunAtLoad}, nil
}

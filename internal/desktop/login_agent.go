package desktop

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"howett.net/plist"
)

// agentTemplate is a LaunchAgent. launchd reads it at the next login (RunAtLoad)
// and is not told before: loading it now would start a second program, and
// unloading it ends the one that runs. No KeepAlive: Quit means quit.
const agentTemplate = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>%s</string>
	<key>ProgramArguments</key>
	<array>
%s	</array>
	<key>RunAtLoad</key>
	<true/>
	<key>LimitLoadToSessionType</key>
	<string>Aqua</string>
	<key>ProcessType</key>
	<string>Background</string>
</dict>
</plist>
`

// agentFile renders the LaunchAgent that runs the command.
func agentFile(command []string) ([]byte, error) {
	var args strings.Builder
	for _, arg := range command {
		if err := checkWord(arg); err != nil {
			return nil, err
		}
		args.WriteString("\t\t<string>")
		_ = xml.EscapeText(&args, []byte(arg)) // a Builder does not fail
		args.WriteString("</string>\n")
	}
	return fmt.Appendf(nil, agentTemplate, loginLabel, args.String()), nil
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

// launchctl's command lines for the switch that the person has in System
// Settings > General > Login Items, which outlives the file.
func launchctlDisabled(uid int) []string {
	return []string{"launchctl", "print-disabled", fmt.Sprintf("gui/%d", uid)}
}

func launchctlEnable(uid int) []string {
	return []string{"launchctl", "enable", fmt.Sprintf("gui/%d/%s", uid, loginLabel)}
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

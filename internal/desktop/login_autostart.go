package desktop

import (
	"errors"
	"fmt"
	"strings"
)

// autostartTemplate is an XDG autostart entry. TryExec makes the desktop pass
// over it in silence when the program has been removed.
const autostartTemplate = `[Desktop Entry]
Type=Application
Version=1.0
Name=Nine Lives
Comment=Watches over the backups of iPhones and iPads
TryExec=%s
Exec=%s
Icon=ninelives
Terminal=false
StartupNotify=false
X-GNOME-Autostart-enabled=true
`

// inQuotes escapes what keeps a meaning between the quotes of an Exec line,
// and the percent sign, which begins a field code everywhere.
var inQuotes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", `$`, `\$`, `%`, `%%`)

// autostartFile renders the entry that runs the command.
func autostartFile(command []string) ([]byte, error) {
	var words []string
	for _, word := range command {
		if err := checkWord(word); err != nil {
			return nil, err
		}
		words = append(words, `"`+inQuotes.Replace(word)+`"`)
	}
	// The specification rules out the one; GLib, and GNOME with it, looks for
	// the program before it has read the doubled other.
	if strings.ContainsAny(command[0], "=%") {
		return nil, fmt.Errorf("%q: autostart entries cannot start a program with = or %% in its path; move it to another folder", command[0])
	}
	return fmt.Appendf(nil, autostartTemplate, entryEscape(command[0]), entryEscape(strings.Join(words, " "))), nil
}

// entryEscape is the second layer: the escapes of every value of such a file.
func entryEscape(value string) string { return strings.ReplaceAll(value, `\`, `\\`) }

// parseAutostart reads an entry, ours or one that was edited by hand or
// switched off by the desktop's own settings.
func parseAutostart(text []byte) (loginItem, error) {
	keys, err := desktopEntry(string(text))
	if err != nil {
		return loginItem{}, err
	}
	command, err := execWords(keys["Exec"])
	if err != nil {
		return loginItem{}, err
	}
	off := keys["Hidden"] == "true" || keys["X-GNOME-Autostart-enabled"] == "false"
	return loginItem{command: command, off: off}, nil
}

// desktopEntry returns the keys of the main group, their values unescaped.
func desktopEntry(text string) (map[string]string, error) {
	var keys map[string]string
	for l := range strings.Lines(text) {
		l = strings.TrimSpace(l)
		switch {
		case l == "" || l[0] == '#':
		case l == "[Desktop Entry]":
			keys = make(map[string]string)
		case l[0] == '[' && keys != nil:
			return keys, nil
		case keys != nil:
			key, value, _ := strings.Cut(l, "=")
			keys[strings.TrimSpace(key)] = entryUnescape(strings.TrimSpace(value))
		}
	}
	if keys == nil {
		return nil, errors.New("no group [Desktop Entry]")
	}
	return keys, nil
}

func entryUnescape(value string) string {
	return strings.NewReplacer(`\\`, `\`, `\s`, " ", `\n`, "\n", `\t`, "\t", `\r`, "\r").Replace(value)
}

// execWords splits an Exec value by the rules of the Desktop Entry
// Specification and drops the field codes.
func execWords(value string) ([]string, error) {
	var words []string
	var word strings.Builder
	inside, begun := false, false
	for i := 0; i < len(value); i++ {
		c := value[i]
		switch {
		case c == '"':
			inside, begun = !inside, true
			continue
		case c == ' ' && !inside:
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
			continue
		case (c == '\\' && inside || c == '%') && i+1 < len(value):
			i++
			if c == '%' && value[i] != '%' {
				continue // a field code, or what once was one
			}
			c = value[i]
		}
		word.WriteByte(c)
		begun = true
	}
	if inside {
		return nil, errors.New("a quote of the Exec line is not closed")
	}
	if begun {
		words = append(words, word.String())
	}
	return words, nil
}

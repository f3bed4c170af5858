package desktop

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// runValueMost is what Windows reads of a value of the Run key, in UTF-16
// units (Microsoft's "Run and RunOnce Registry Keys").
const runValueMost = 260

// runValue is the command as one line, the form of the registry's Run key.
func runValue(command []string) ([]byte, error) {
	for _, word := range command {
		if err := checkWord(word); err != nil {
			return nil, err
		}
	}
	if strings.Contains(command[0], `"`) {
		return nil, fmt.Errorf("%q: no program of Windows has a quote in its path", command[0])
	}
	text := quoteLine(command)
	if n := len(utf16.Encode([]rune(text))); n > runValueMost {
		return nil, fmt.Errorf("the command line of the login item has %d characters, Windows takes %d; move the program to a folder with a shorter path", n, runValueMost)
	}
	return []byte(text), nil
}

func parseRunValue(text []byte) (loginItem, error) {
	return loginItem{command: splitLine(string(text))}, nil
}

// quoteLine joins words into a Windows command line. The program is always in
// quotes: C:\Program Files\… without them may start C:\Program.exe.
func quoteLine(words []string) string {
	quoted := []string{`"` + words[0] + `"`}
	for _, word := range words[1:] {
		if word == "" || strings.ContainsAny(word, " \t\"") {
			word = quoteWord(word)
		}
		quoted = append(quoted, word)
	}
	return strings.Join(quoted, " ")
}

// quoteWord quotes by the rules of CommandLineToArgvW: backslashes count
// double before a quote and are themselves everywhere else.
func quoteWord(word string) string {
	var b strings.Builder
	b.WriteByte('"')
	slashes := 0
	for i := range len(word) {
		switch word[i] {
		case '\\':
			slashes++
		case '"':
			b.WriteString(strings.Repeat(`\`, slashes+1))
			slashes = 0
		default:
			slashes = 0
		}
		b.WriteByte(word[i])
	}
	b.WriteString(strings.Repeat(`\`, slashes))
	b.WriteByte('"')
	return b.String()
}

// splitLine takes a Windows command line apart by the same rules; of the
// program's own word a backslash is never an escape.
func splitLine(text string) []string {
	text = strings.TrimLeft(text, " \t")
	if text == "" {
		return nil
	}
	program, rest := firstWord(text)
	words := []string{program}
	for rest = strings.TrimLeft(rest, " \t"); rest != ""; rest = strings.TrimLeft(rest, " \t") {
		var word string
		word, rest = nextWord(rest)
		words = append(words, word)
	}
	return words
}

func firstWord(text string) (word, rest string) {
	if quoted, ok := strings.CutPrefix(text, `"`); ok {
		word, rest, _ = strings.Cut(quoted, `"`)
		return word, rest
	}
	if end := strings.IndexAny(text, " \t"); end >= 0 {
		return text[:end], text[end:]
	}
	return text, ""
}

func nextWord(text string) (word, rest string) {
	var b strings.Builder
	inside, slashes := false, 0
	for i := range len(text) {
		c := text[i]
		if c == '\\' {
			slashes++
			continue
		}
		if c != '"' {
			b.WriteString(strings.Repeat(`\`, slashes))
		} else {
			b.WriteString(strings.Repeat(`\`, slashes/2))
		}
		odd := slashes%2 == 1
		slashes = 0
		switch {
		case c == '"' && !odd:
			inside = !inside
		case (c == ' ' || c == '\t') && !inside:
			return b.String(), text[i:]
		default:
			b.WriteByte(c)
		}
	}
	b.WriteString(strings.Repeat(`\`, slashes))
	return b.String(), ""
}

// startupOff reads the value that Task Manager and Settings > Apps > Startup
// keep beside a Run value: an odd first byte means switched off.
func startupOff(approved []byte) bool { return len(approved) > 0 && approved[0]&1 == 1 }

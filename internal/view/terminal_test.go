package view

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"ninelives/internal/health"
)

// hostile are names that somebody may give a device.
var hostile = []string{
	"Ben's \"iPhone\"", "$(reboot) `id` %s %n", "<script>alert(1)</script> & co", "under_score & ampersand",
	"👨‍👩‍👧‍👦 family", "a\u00a0b", "\u202egnp.exe", "\u2066\u2067x", "nul\x00byte", "\x1b[31mred\x1b]0;title\x07", "\u009b31mC1",
	"line\nbreak\r\n\ttab", strings.Repeat("long ", 1000), strings.Repeat("x", 5000), "Z" + strings.Repeat("\u0301", 300),
	"\xff\xfe bad utf-8", "a|b;c=d'e", "עברית", "   ", "", "{{.Name}}", "\ufeffbom", "\U000e0041tag", "\u2028sep", "\ue000private",
}

func TestTerminal(t *testing.T) {
	for in, want := range map[string]string{
		"Ben's iPhone":                    "Ben's iPhone",
		"  two\t\n words  ":               "two words",
		"\x1b[31mred\x1b[0m":              "[31mred [0m",
		"\u202eevil":                      "evil",
		"👨‍👩‍👧 at home":                   "👨‍👩‍👧 at home",
		"a\u00a0b":                        "a b",
		"bad \xff byte":                   "bad \ufffd byte",
		"Z" + strings.Repeat("\u0301", 9): "Z" + strings.Repeat("\u0301", marks),
		"":                                "",
	} {
		if got := Terminal(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestTerminalNeverLetsAControlThrough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.SampledFrom(hostile), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "s")
		got := Terminal(s)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > terminalRunes+1 {
			t.Fatalf("%q: invalid or too long", got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp) {
				t.Fatalf("%U in %q", r, got)
			}
		}
		if again := Terminal(got); again != got {
			t.Fatalf("not stable: %q, then %q", got, again)
		}
	})
}

var sgr = regexp.MustCompile(`\x1b\[[0-9]+m`)

func TestTextOfAnyNameIsSafeAndFits(t *testing.T) {
	for _, name := range hostile {
		for _, width := range []int{1, 40, 80, 200} {
			v := device(name, health.Warning, 12*days)
			v.Why = "The backup of " + name + " is old."
			r := report(v)
			plain, colour := Text(r, now, TextStyle{Width: width}), Text(r, now, TextStyle{Width: width, Colour: true})
			if sgr.ReplaceAllString(colour, "") != plain {
				t.Errorf("%q at %d: colour changes the text", name, width)
			}
			for line := range strings.Lines(plain) {
				line = strings.TrimSuffix(line, "\n")
				if strings.ContainsFunc(line, unicode.IsControl) {
					t.Errorf("%q at %d: control in %q", name, width, line)
				}
				if cells(line) > max(width, 30) && len(strings.Fields(line)) > 2 {
					t.Errorf("%q at %d: %d columns: %q", name, width, cells(line), line)
				}
			}
		}
	}
}

func TestWrapKeepsEveryWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Terminal(rapid.String().Draw(t, "s"))
		width := rapid.IntRange(1, 100).Draw(t, "width")
		lines := wrap(s, width)
		if got := strings.Join(lines, " "); got != strings.Join(strings.Fields(s), " ") {
			t.Fatalf("got %q of %q", got, s)
		}
		for _, l := range lines {
			if cells(l) > width && strings.Contains(l, " ") {
				t.Fatalf("%q is wider than %d", l, width)
			}
		}
	})
}

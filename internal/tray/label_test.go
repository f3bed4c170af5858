package tray

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestLabel(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for _, c := range []struct{ name, os, in, want string }{
		{"an honest name is left alone", "darwin", "Anna's iPhone: 3 days", "Anna's iPhone: 3 days"},
		{"an indent stays", "linux", "     Try first: charge it…", "     Try first: charge it…"},
		{"an underscore is no access key on Linux", "linux", "my_phone", "my__phone"},
		{"and only there is it doubled", "windows", "my_phone", "my_phone"},
		{"an ampersand is no access key on Windows", "windows", "Anna & Ben", "Anna && Ben"},
		{"and only there is it doubled", "linux", "Anna & Ben", "Anna & Ben"},
		{"a tab would push text to the right edge on Windows", "windows", "a\tb", "a b"},
		{"line breaks become spaces", "darwin", "a\nb\r\u0085c\u2028d", "a b  c d"},
		{"a NUL is dropped", "darwin", "a\x00b", "ab"},
		{"bad bytes are replaced", "linux", "a\xff\xfeb", "a\ufffdb"},
		{"markup is text", "linux", "<b>x</b> %s $(id)", "<b>x</b> %s $(id)"},
		{"an override cannot turn what follows", "linux", "evil\u202egpj.exe", "evilgpj.exe"},
		{"a mark cannot either", "linux", "a\u200fb\u200ec\u061cd", "abcd"},
		{"an isolate with its end stays", "linux", "\u2068Ben\u2069: 3 days", "\u2068Ben\u2069: 3 days"},
		{"an isolate without its end goes", "linux", "\u2068Ben: 3 days", "Ben: 3 days"},
		{"an end without its isolate goes", "linux", "Ben\u2069\u2069: 3 days", "Ben: 3 days"},
		{"a name from the right leaves the line as it is", "linux", "אב: 3 days", "\u200eאב: 3 days"},
		{"joined emoji stay joined", "linux", "👩‍👧's iPad", "👩‍👧's iPad"},
		{"a no-break space stays", "linux", "iPhone\u00a0d'Anna", "iPhone\u00a0d'Anna"},
		{"a byte order mark goes", "linux", "\ufeffiPhone", "iPhone"},
		{"the end of a long line is what matters", "linux", long + ": 12 days, limit 7",
			strings.Repeat("x", 47) + "…" + strings.Repeat("x", 14) + ": 12 days, limit 7"},
		{"however long it is", "linux", strings.Repeat("é", 1<<20) + ": 12 days, limit 7",
			strings.Repeat("é", 47) + "…" + strings.Repeat("é", 14) + ": 12 days, limit 7"},
		{"a cut is made beside an emoji, not in it", "linux", strings.Repeat("👩‍👧", 200),
			strings.Repeat("👩‍👧", 15) + "…" + strings.Repeat("👩‍👧", 10)},
		{"nor in a flag", "linux", strings.Repeat("🇩🇪", 200),
			strings.Repeat("🇩🇪", 23) + "…" + strings.Repeat("🇩🇪", 16)},
		{"a text that is one endless character is cut all the same", "darwin", "e" + strings.Repeat("\u0301", 500),
			"e" + strings.Repeat("\u0301", 46) + "…" + strings.Repeat("\u0301", 32)},
		{"nothing is nothing", "linux", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Label(c.os, c.in); got != c.want {
				t.Errorf("Label(%s, %q)\n got %q\nwant %q", c.os, c.in, got, c.want)
			}
		})
	}
}

// foreign makes texts that somebody might give a phone, mixed with bytes that
// only somebody hostile would.
func foreign() *rapid.Generator[string] {
	pieces := []string{
		"Anna's iPhone", "_", "&", "\t", "\n", "\x00", "\xff", "\xc3", "\u202e", "\u202c", "\u2066", "\u2067", "\u2068", "\u2069",
		"\u200f", "\u200d", "\u200c", "👩‍👧", "🇩🇪", "🏽", "e\u0301", "אב", "\u2028", "\ufeff", "\ufffe", "  ", "<b>", "…", "\U000e0067",
	}
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces), rapid.String()), 0, 120).Draw(t, "pieces"), "")
	})
}

// harmsNothing holds for every text that goes to a menu bar.
func harmsNothing(t interface{ Errorf(string, ...any) }, s string) {
	if !utf8.ValidString(s) {
		t.Errorf("%q is not UTF-8", s)
	}
	depth := 0
	for i, r := range s {
		switch {
		case i == 0 && r == lrm:
		case isolates(r):
			depth++
		case r == pdi:
			depth--
		case r == zwj, r == zwnj:
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			t.Errorf("%q holds %U", s, r)
		}
		if depth < 0 {
			break
		}
	}
	if depth != 0 {
		t.Errorf("%q has isolates that are not balanced", s)
	}
}

func TestALetterThatIsLeftOutTurnsNoLine(t *testing.T) {
	s := strings.Repeat("Anna's iPhone", 4) + "א" + strings.Repeat("Anna's iPhone", 4)
	checkLabel(t, s)
	if got := Label("darwin", s); strings.ContainsRune(got, lrm) {
		t.Errorf("%q is marked for nothing", got)
	}
}

func TestNoTextCanHarmTheMenu(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkLabel(t, foreign().Draw(t, "text")) })
}

func FuzzLabel(f *testing.F) {
	for _, s := range []string{"", "a_b&c\td", "\xff\x00", "\u2066\u2069\u2069", "👩‍👧🇩🇪", strings.Repeat("\u0301", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkLabel(t, s) })
}

func checkLabel(t interface{ Errorf(string, ...any) }, s string) {
	plainly := Label("darwin", s)
	harmsNothing(t, plainly)
	if n := utf8.RuneCountInString(plainly); n > maxLabel {
		t.Errorf("%d runes", n)
	}
	if again := Label("darwin", plainly); again != plainly {
		t.Errorf("what is fit changes again: %q, %q", plainly, again)
	}
	if got := strings.ReplaceAll(Label("linux", s), "__", "_"); got != plainly {
		t.Errorf("on Linux %q reads as %q", s, got)
	}
	if got := strings.ReplaceAll(Label("windows", s), "&&", "&"); got != plainly {
		t.Errorf("on Windows %q reads as %q", s, got)
	}
	for _, os := range []string{"linux", "darwin", "windows"} {
		tip := Tooltip(os, s)
		harmsNothing(t, tip)
		if n := len(utf16.Encode([]rune(tip))); os == "windows" && n > 127 {
			t.Errorf("a tooltip of %d UTF-16 units", n)
		}
	}
}

func TestTooltipKeepsItsEnd(t *testing.T) {
	for _, c := range []struct{ name, os, in, want string }{
		{"a short one is left alone", "windows", "Nine Lives: all is well & fine", "Nine Lives: all is well & fine"},
		{"emoji count twice on Windows", "windows", strings.Repeat("🐈", 100) + ".", strings.Repeat("🐈", 37) + "…" + strings.Repeat("🐈", 25) + "."},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Tooltip(c.os, c.in); got != c.want {
				t.Errorf("\n got %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestEveryRuneClassIsDecided(t *testing.T) {
	var kept []rune
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) && harmless(r) == r {
			kept = append(kept, r)
		}
	}
	if want := []rune{zwnj, zwj, lri, 0x2067, fsi, pdi}; !slices.Equal(kept, want) {
		t.Errorf("kept %U, want %U", kept, want)
	}
}

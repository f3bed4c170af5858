package desktop

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

var allSystems = []string{mac, linux, windows}

func TestClean(t *testing.T) {
	for _, c := range []struct {
		name, goos, text, title, body string
	}{
		{"an ordinary name stays as it is", linux, "Zoë's iPhone 📱", "Zoë's iPhone 📱", "Zoë's iPhone 📱"},
		{"an ordinary name stays as it is on a Mac", mac, "Zoë's iPhone 📱", "Zoë's iPhone 📱", "Zoë's iPhone 📱"},
		{"an ordinary name stays as it is on Windows", windows, "Zoë's iPhone 📱", "Zoë's iPhone 📱", "Zoë's iPhone 📱"},
		{"a no-break space becomes a blank that AppleScript can read", mac, "iPhone\u00a0de Marie", "iPhone de Marie", "iPhone de Marie"},
		{"joined emoji lose their joiners on a Mac", mac, "👩\u200d💻's", "👩💻's", "👩💻's"},
		{"joined emoji stay joined on Linux", linux, "👩\u200d💻's", "👩\u200d💻's", "👩\u200d💻's"},
		{"code for PowerShell is taken apart", windows, "$(calc)`n]]>", "(calc)n]] >", "(calc)n]] >"},
		{"an end mark that would arise from dropping is found too", windows, "]]$>x", "]] >x", "]] >x"},
		{"a title is no option of notify-send", linux, "--help", "· --help", "· --help"},
		{"a message is no property list for terminal-notifier", mac, "[Ben]", "· [Ben]", "· [Ben]"},
		{"only a body on Linux has lines", linux, "one\r\n\n two \u2028three", "one two three", "one\ntwo\nthree"},
		{"elsewhere lines are joined", windows, "one\ntwo", "one two", "one two"},
		{"NUL and bell vanish", linux, "a\x00b\x07c", "ab c", "ab c"},
		{"broken UTF-8 is mended", linux, "a\xffb", "a\uFFFDb", "a\uFFFDb"},
		{"a name cannot turn our words around", linux, "\u202eneB", "neB", "neB"},
		{"nothing stays nothing", mac, " \t\u200b", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := CleanTitle(c.goos, c.text); got != c.title {
				t.Errorf("CleanTitle = %q, want %q", got, c.title)
			}
			if got := CleanBody(c.goos, c.text); got != c.body {
				t.Errorf("CleanBody = %q, want %q", got, c.body)
			}
		})
	}
}

func TestEscapeBodyKeepsTheTextWhatItIs(t *testing.T) {
	if got, want := EscapeBody("Tom & <b>Ben</b>"), "Tom &amp; &lt;b&gt;Ben&lt;/b&gt;"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEndlessNamesLeaveRoomForTheRest(t *testing.T) {
	name := strings.Repeat("ab ", 2000)
	for _, goos := range allSystems {
		title := CleanTitle(goos, "Backup late: "+name)
		if !strings.HasPrefix(title, "Backup late: ab ab") || utf8.RuneCountInString(title) > titleRunes {
			t.Errorf("%s: title %q", goos, title)
		}
		body := CleanBody(goos, name+": last backup 8 days ago.\n"+name+": never.\n"+name+"\nTry first: "+name+".\nYou get this because it is late.")
		for _, want := range []string{"ab…", "8 days ago.", "never.", "Try first: ab", "You get this because it is late."} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: %q is not in %q", goos, want, body)
			}
		}
		if lots := CleanBody(goos, strings.Repeat(name+"\n", 50)); utf8.RuneCountInString(lots) > bodyRunes {
			t.Errorf("%s: a body of %d runes", goos, utf8.RuneCountInString(lots))
		}
	}
}

func TestAppAndIconFitEverySystem(t *testing.T) {
	if got := cleanApp("Nine' Lives\n"); got != "Nine Lives" {
		t.Errorf("app: %q", got)
	}
	if got := cleanApp("'"); got != "Nine Lives" {
		t.Errorf("app without a letter: %q", got)
	}
	if got := cleanIcon(windows, `C:\Users\O'Brien\icon.png`); got != "" {
		t.Errorf("a path that breaks the toast was kept: %q", got)
	}
	if got := cleanIcon(windows, `C:\Users\Zoë\icon.png`); got == "" {
		t.Error("a good icon path was dropped")
	}
}

// checkClean is the whole promise of CleanTitle and CleanBody.
func checkClean(t interface{ Fatalf(string, ...any) }, goos, text string) {
	title, body := CleanTitle(goos, text), CleanBody(goos, text)
	for i, s := range []string{title, body} {
		most := []int{titleRunes, bodyRunes}[i]
		switch {
		case !utf8.ValidString(s):
			t.Fatalf("%s: invalid UTF-8 in %q from %q", goos, s, text)
		case strings.ContainsAny(s, "\x00\r\t\x07"):
			t.Fatalf("%s: control in %q from %q", goos, s, text)
		case strings.Contains(s, "\n") && (i == 0 || goos != linux):
			t.Fatalf("%s: line end in %q from %q", goos, s, text)
		case utf8.RuneCountInString(s) > most+len("· "):
			t.Fatalf("%s: %d runes from %q", goos, utf8.RuneCountInString(s), text)
		case goos != windows && strings.HasPrefix(s, "-"):
			t.Fatalf("%s: an option: %q", goos, s)
		case goos == windows && (strings.ContainsAny(s, "$`") || strings.Contains(s, "]]>")):
			t.Fatalf("%s: code in %q from %q", goos, s, text)
		case goos == mac && strings.Contains(strings.NewReplacer(`\"`, "", `\\`, "").Replace(strconv.Quote(s)), `\`):
			t.Fatalf("%s: AppleScript cannot read %s", goos, strconv.Quote(s))
		}
	}
	checkXML(t, goos, "<t>"+EscapeBody(body)+"</t>", body)
	if goos == windows {
		checkXML(t, goos, "<t><![CDATA["+body+"]]></t>", body)
	}
}

// checkXML parses doc strictly and wants text as its only content.
func checkXML(t interface{ Fatalf(string, ...any) }, goos, doc, text string) {
	var read strings.Builder
	d := xml.NewDecoder(strings.NewReader(doc))
	for depth := 0; ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %q is not XML: %v", goos, doc, err)
		}
		switch token := token.(type) {
		case xml.CharData:
			read.Write(token)
		case xml.StartElement:
			if depth++; depth > 1 {
				t.Fatalf("%s: an element got in: %q", goos, doc)
			}
		}
	}
	if read.String() != text {
		t.Fatalf("%s: read back %q, want %q", goos, read.String(), text)
	}
}

func TestCleanHoldsForAnyText(t *testing.T) {
	nasty := rapid.StringOfN(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("$`]>-<&\"'\\[({ \n\r\x00\u00a0\u200d\u202e\u2028\ufffe%"))), 0, 900, -1)
	raw := rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 200), func(b []byte) string { return string(b) })
	rapid.Check(t, func(t *rapid.T) {
		checkClean(t, rapid.SampledFrom(allSystems).Draw(t, "goos"), rapid.OneOf(nasty, raw).Draw(t, "text"))
	})
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"Ben's iPad", "-x", "]]$>", "$(x)`", "\xff\x00", "👩\u200d💻", "a\u2028b", strings.Repeat("]", 700) + ">"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, goos := range allSystems {
			checkClean(t, goos, text)
		}
	})
}

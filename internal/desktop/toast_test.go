package desktop

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ninelives/internal/alert"
)

func TestToastIsTheGoldenOne(t *testing.T) {
	text, err := toastXML("Nine Lives", alert.Message{
		Title: "Ben's <iPad> & \"co\" is late", Body: "one ]]> two\nthree $(x) `y`", Device: "3f2a9c01", Fix: "power",
	})
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "toast.xml")
	if *update {
		if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}

func TestAnotherParserReadsTheToast(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("xmllint is required in CI")
		}
		t.Skip("xmllint is not installed")
	}
	for path, want := range map[string]string{
		"/toast/@activationType":                      "protocol",
		"/toast/@launch":                              "ninelives:open/3f2a9c01/power",
		"/toast/visual/binding/text[1]":               `Ben's <iPad> & "co" is late`,
		"/toast/visual/binding/text[2]":               "one ]] > two three (x) y",
		"count(/toast/visual/binding/text)":           "2",
		"/toast/visual/binding/@template":             "ToastGeneric",
		"/toast/audio[not(@loop)]/@silent":            "true",
		"count(//*[not(ancestor-or-self::toast)])":    "0",
		"count(/toast/visual/binding/image/@src)":     "0",
		"count(/toast/*[not(self::visual)])":          "1",
		"count(/toast/visual/binding/*[not(text())])": "0",
	} {
		out, err := exec.Command(xmllint, "--noent", "--nonet", "--xpath", "string("+path+")", filepath.Join("testdata", "toast.xml")).CombinedOutput()
		if err != nil || strings.TrimSuffix(string(out), "\n") != want {
			t.Errorf("%s: %s (%v), want %s", path, out, err, want)
		}
	}
}

// No name of a device may leave the text it stands in, neither in the XML nor
// in the expandable string of PowerShell that it may be pasted into.
func TestToastKeepsForeignTextInItsPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"]]>", "\"@", "\n\"@\n", "$(calc)", "`", "<text>", "&#36;", "'", "--", "\u2028", "\x00"}))
		m := alert.Message{
			Title: strings.Join(rapid.SliceOfN(part, 0, 6).Draw(t, "title"), ""), Body: strings.Join(rapid.SliceOfN(part, 0, 6).Draw(t, "body"), ""),
			Device: part.Draw(t, "device"),
		}
		text, err := toastXML("Nine Lives", m)
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(text, "$`\r\n") {
			t.Fatalf("PowerShell would read more than text in %q", text)
		}
		var texts []string
		d, inside := xml.NewDecoder(strings.NewReader(text)), false
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%v in %q", err, text)
			}
			switch token := token.(type) {
			case xml.StartElement:
				if inside = token.Name.Local == "text"; inside {
					texts = append(texts, "")
				}
				for _, a := range token.Attr {
					if _, err := PageOf(a.Value); a.Name.Local == "launch" && err != nil {
						t.Fatal(err)
					}
				}
			case xml.EndElement:
				inside = false
			case xml.CharData:
				if inside {
					texts[len(texts)-1] += string(token)
				}
			}
		}
		title := CleanTitle(windows, m.Title)
		if title == "" {
			title = "Nine Lives"
		}
		if want := []string{title, CleanBody(windows, m.Body)}; !reflect.DeepEqual(texts, want) {
			t.Fatalf("got %q, want %q", texts, want)
		}
	})
}

func TestToastPlan(t *testing.T) {
	plan, err := toastPlan([]string{`C:\Users\Zoë Ünal\Nine Lives.exe`, "open", "--data-dir", `D:\my data`}, `C:\x\ninelives.png`)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, v := range plan {
		got[v.key+"|"+v.name] = v.text
	}
	want := map[string]string{
		`Software\Classes\AppUserModelId\NineLives.NineLives|DisplayName`:     "Nine Lives",
		`Software\Classes\AppUserModelId\NineLives.NineLives|CustomActivator`: toastActivity,
		`Software\Classes\AppUserModelId\NineLives.NineLives|IconUri`:         `C:\x\ninelives.png`,
		`Software\Classes\ninelives|`:                                         "URL:Nine Lives",
		`Software\Classes\ninelives|URL Protocol`:                             "",
		`Software\Classes\ninelives\shell\open\command|`:                      `"C:\Users\Zoë Ünal\Nine Lives.exe" open --data-dir "D:\my data" -- "%1"`,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if plan, err := toastPlan([]string{`C:\x.exe`}, ""); err != nil || len(plan) != len(want)-1 {
		t.Errorf("without a picture: %q, %v", plan, err)
	}
	for _, command := range [][]string{nil, {`C:\100%\x.exe`}, {"C:\\a\nb.exe"}, {`C:\x.exe`, "--data-dir", "%TEMP%"}} {
		if plan, err := toastPlan(command, ""); err == nil {
			t.Errorf("%q gives %q", command, plan)
		}
	}
}

func TestHostileLinkStaysOneArgument(t *testing.T) {
	command, err := linkCommand([]string{`C:\Nine Lives.exe`, "open"})
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range []string{`ninelives:open/a" --data-dir "\\evil\share`, `" "--config=x`, `ninelives:open/a\`, `ninelives:a" -- "b`} {
		words := splitLine(strings.Replace(command, "%1", link, 1))
		if len(words) < 4 || !reflect.DeepEqual(words[:3], []string{`C:\Nine Lives.exe`, "open", "--"}) {
			t.Errorf("%s gets %q", link, words)
		}
		if _, err := PageOf(words[3]); err == nil && len(words) == 4 { // a second argument is bad usage
			t.Errorf("%s gets through as %q", link, words[3])
		}
	}
}

func TestReportSaysWhereAClickGoes(t *testing.T) {
	if got := toastWay(`"C:\Nine Lives.exe" open -- "%1"`); got != `Windows toast, a click starts C:\Nine Lives.exe` {
		t.Error(got)
	}
	if got := toastWay(""); !strings.Contains(got, "set up when") {
		t.Error(got)
	}
}

package assets

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// codes are the names of the nine, in order: they are fixed.
var codes = []string{
	"icloud-settings", "wifi", "power", "icloud-storage", "apple-status",
	"sign-out", "restart", "reset-settings", "update-ios",
}

var (
	kinds       = []DeviceKind{IPhone, IPad, IPodTouch, UnknownKind}
	buttonKinds = []Buttons{HomeAndSide, HomeAndTop, NoHome, UnknownButtons}
)

func english(t *testing.T) []Fix {
	t.Helper()
	fixes, err := Fixes("en")
	if err != nil {
		t.Fatal(err)
	}
	return fixes
}

func TestTheNineAreComplete(t *testing.T) {
	fixes := english(t)
	if len(fixes) != len(codes) {
		t.Fatalf("%d fixes", len(fixes))
	}
	for i, f := range fixes {
		if f.Number != i+1 || f.Code != codes[i] {
			t.Errorf("place %d: number %d, code %q", i+1, f.Number, f.Code)
		}
		if n := utf8.RuneCountInString(f.Short); n == 0 || n > 40 {
			t.Errorf("%s: the short text has %d characters", f.Code, n)
		}
		if strings.HasSuffix(f.Title, ".") || strings.HasSuffix(f.Short, ".") {
			t.Errorf("%s: a title is no sentence", f.Code)
		}
		for what, text := range map[string]string{"title": f.Title, "matters": f.Matters, "takes": f.Takes, "proof": f.Proof, "note": f.Checked.Note} {
			if text == "" || strings.TrimSpace(text) != text || strings.ContainsAny(text, "{}\n\t") {
				t.Errorf("%s: %s is %q", f.Code, what, text)
			}
		}
		if c := f.Checked; c.OldestIOS == 0 || c.NewestIOS < c.OldestIOS || c.On.Year() < 2026 {
			t.Errorf("%s: checked on %+v", f.Code, c)
		}
		if got, ok := FixByCode(f.Code); !ok || got.Title != f.Title {
			t.Errorf("FixByCode(%q) = %q, %v", f.Code, got.Title, ok)
		}
	}
}

func TestACostlyFixAsksForABackupFirst(t *testing.T) {
	want := []Risk{0, 0, 0, MediumRisk, 0, MediumRisk, 0, MediumRisk, LowRisk}
	for i, f := range english(t) {
		if f.Risk != want[i] {
			t.Errorf("%s: risk %d, want %d", f.Code, f.Risk, want[i])
		}
		if f.Risk == MediumRisk && !strings.HasPrefix(f.Warning, "First make a backup to this computer.") {
			t.Errorf("%s: the warning is %q", f.Code, f.Warning)
		}
		if f.Risk == Harmless && f.Warning != "" {
			t.Errorf("%s is harmless, why warn?", f.Code)
		}
	}
}

// Whatever is known of a device, it gets steps: with nothing left to fill in,
// none twice, and only the words of its own kind and version.
func TestEveryDeviceGetsStepsOfItsOwn(t *testing.T) {
	for _, f := range english(t) {
		fewest, most := len(f.Steps), 0
		for _, kind := range kinds {
			for _, buttons := range buttonKinds {
				for major := range 30 {
					steps := f.StepsFor(kind, major, buttons)
					at := fmt.Sprintf("%s %q iOS %d %q", f.Code, kind, major, buttons)
					checkSteps(t, at, steps, kind, major)
					fewest, most = min(fewest, len(steps)), max(most, len(steps))
				}
			}
		}
		if fewest < 4 || most-fewest > 1 {
			t.Errorf("%s: between %d and %d steps: some device misses one or sees two forms of it", f.Code, fewest, most)
		}
	}
}

func checkSteps(t *testing.T, at string, steps []string, kind DeviceKind, major int) {
	t.Helper()
	text := strings.Join(steps, "\n")
	old := major > 0 && major < 18
	for word, wrong := range map[string]bool{
		"{":             true,
		"iPhone":        kind == IPad || kind == IPodTouch,
		"iPad":          kind == IPhone || kind == IPodTouch,
		"iPod":          kind == IPhone || kind == IPad,
		"Apple Account": old,
		"Apple ID":      !old,
	} {
		if wrong && strings.Contains(text, word) {
			t.Errorf("%s: says %q:\n%s", at, word, text)
		}
	}
	sorted := slices.Sorted(slices.Values(steps))
	if len(slices.Compact(sorted)) != len(steps) {
		t.Errorf("%s: a step twice:\n%s", at, text)
	}
}

func TestRestartNamesOnlyTheButtonsOfTheDevice(t *testing.T) {
	restart, _ := FixByCode("restart")
	cases := map[string]struct {
		kind      DeviceKind
		major     int
		buttons   Buttons
		want, not []string
	}{
		"an iPhone without a home button":            {IPhone, 18, NoHome, []string{"side button and either volume"}, []string{"top button", "Shut Down"}},
		"an iPhone with home and side button":        {IPhone, 15, HomeAndSide, []string{"Hold the side button until a slider"}, []string{"volume", "top button", "Shut Down"}},
		"an iPhone with home and top button":         {IPhone, 12, HomeAndTop, []string{"Hold the top button until a slider"}, []string{"volume", "side button", "Shut Down"}},
		"an iPad without a home button":              {IPad, 26, NoHome, []string{"top button and either volume"}, []string{"side button", "Shut Down"}},
		"an iPad with a home button":                 {IPad, 17, HomeAndTop, []string{"Hold the top button until a slider"}, []string{"volume", "side button"}},
		"an iPod touch":                              {IPodTouch, 15, HomeAndTop, []string{"Hold the top button until a slider"}, []string{"volume", "side button"}},
		"unknown buttons: through Settings":          {UnknownKind, 0, UnknownButtons, []string{"Shut Down"}, []string{"side button", "top button", "volume"}},
		"unknown buttons, before Shut Down was made": {IPhone, 9, UnknownButtons, []string{"wakes the screen"}, []string{"Shut Down", "side button", "top button"}},
		"buttons that nobody knows yet":              {IPhone, 27, "two-screens", []string{"Shut Down"}, []string{"side button", "top button"}},
	}
	for name, c := range cases {
		text := strings.Join(restart.StepsFor(c.kind, c.major, c.buttons), "\n")
		for _, word := range c.want {
			if !strings.Contains(text, word) {
				t.Errorf("%s: %q is missing:\n%s", name, word, text)
			}
		}
		for _, word := range c.not {
			if strings.Contains(text, word) {
				t.Errorf("%s: says %q:\n%s", name, word, text)
			}
		}
	}
}

func TestAnUnknownVersionGetsTodaysNames(t *testing.T) {
	for _, f := range english(t) {
		for _, unknown := range []int{0, -1} {
			if diff := cmp.Diff(f.StepsFor(IPhone, 26, NoHome), f.StepsFor(IPhone, unknown, NoHome)); diff != "" {
				t.Errorf("%s, version %d:\n%s", f.Code, unknown, diff)
			}
		}
	}
}

func TestStepsAsPeopleReadThem(t *testing.T) {
	devices := []struct {
		name    string
		kind    DeviceKind
		major   int
		buttons Buttons
	}{
		{"iPhone 15, iOS 26", IPhone, 26, NoHome},
		{"iPhone 7, iOS 14", IPhone, 14, HomeAndSide},
		{"iPad 2, iOS 9", IPad, 9, HomeAndTop},
		{"nothing known", UnknownKind, 0, UnknownButtons},
	}
	var b strings.Builder
	for _, d := range devices {
		fmt.Fprintf(&b, "== %s ==\n", d.name)
		for _, f := range english(t) {
			fmt.Fprintf(&b, "\n%d. %s (%s)\n", f.Number, f.Title, f.Short)
			for _, step := range f.StepsFor(d.kind, d.major, d.buttons) {
				fmt.Fprintf(&b, "   - %s\n", step)
			}
		}
		b.WriteString("\n")
	}
	golden := filepath.Join("testdata", "steps.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), b.String()); diff != "" {
		t.Errorf("run with -update if this is meant:\n%s", diff)
	}
}

func TestLanguagesFallBackToEnglish(t *testing.T) {
	for _, lang := range []string{"", "en", "en_GB.UTF-8", "EN-us", "tlh", "-", "C", "../en"} {
		if fixes, err := Fixes(lang); err != nil || fixes[0].Title != english(t)[0].Title {
			t.Errorf("Fixes(%q): %v", lang, err)
		}
	}
}

func TestNoFixHasAnotherCode(t *testing.T) {
	for _, code := range []string{"", "Power", "nothing"} {
		if f, ok := FixByCode(code); ok {
			t.Errorf("FixByCode(%q) = %q", code, f.Title)
		}
	}
}

// What a translator may break is named, not shown half.
func TestABrokenTranslationIsRefused(t *testing.T) {
	good, err := fixFiles.ReadFile("fixes/en.toml")
	if err != nil {
		t.Fatal(err)
	}
	last := regexp.MustCompile(`(?s)\[\[fix\]\]\nnumber  = 9.*`)
	cases := map[string]struct{ text, want string }{
		"a fix is missing":      {last.ReplaceAllString(string(good), ""), "8 fixes"},
		"the order is changed":  {strings.Replace(string(good), "number  = 4", "number  = 5", 1), "place 4"},
		"a word is misspelt":    {strings.Replace(string(good), "matters =", "maters =", 1), "strict"},
		"a risk is invented":    {strings.Replace(string(good), `"harmless"`, `"deadly"`, 1), "risk"},
		"a quote is not closed": {strings.Replace(string(good), `then iCloud."`, `then iCloud.`, 1), "toml"},
	}
	for name, c := range cases {
		if _, err := parseFixes([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

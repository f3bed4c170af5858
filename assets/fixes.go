package assets

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pelletier/go-toml/v2"
)

//go:embed fixes/*.toml
var fixFiles embed.FS

// Fix is the text of one of the nine fixes. Only its steps differ from device
// to device: see [Fix.StepsFor].
type Fix struct {
	Number  int    // 1 to 9, fixed
	Code    string // its name everywhere, such as "icloud-settings"
	Title   string // what to do, as a command, without a full stop
	Short   string // the same thing from another side, at most 40 characters
	Matters string // why it helps
	Warning string // to be read before anything costly; empty: nothing to fear
	Takes   string // how long it takes
	Proof   string // how one sees that it worked
	Risk    Risk
	Checked Checked
	Steps   []Step // in order, for all devices; shared, not to be changed

	unknownDevice string
}

// Checked says how far the steps of a fix can be trusted.
type Checked struct {
	OldestIOS, NewestIOS int       // the major versions that they were checked for
	On                   time.Time // midnight UTC of the day
	Note                 string    // the same as a sentence, with where the facts are from
}

// Step is one step and the devices that it is for. Conditions that are empty
// or 0 always hold.
type Step struct {
	Text         string
	MinOS, MaxOS int // major versions of iOS
	Devices      []DeviceKind
	Buttons      []Buttons
}

// Fixes gives the nine, in order, in a language such as "en" or "de_AT.UTF-8";
// in English where there is no translation. An error means a broken build.
func Fixes(lang string) ([]Fix, error) {
	all, err := loadFixes()
	if err != nil {
		return nil, err
	}
	if i := strings.IndexAny(lang, "-_.@"); i >= 0 {
		lang = lang[:i]
	}
	if fixes, ok := all[strings.ToLower(lang)]; ok {
		return slices.Clone(fixes), nil
	}
	return slices.Clone(all["en"]), nil
}

// FixByCode gives the English text of a fix; false for a code nobody knows.
func FixByCode(code string) (Fix, bool) {
	all, _ := loadFixes() // a broken build gives no text, and a test says so
	for _, f := range all["en"] {
		if f.Code == code {
			return f, true
		}
	}
	return Fix{}, false
}

// loadFixes gives the nine by language.
var loadFixes = sync.OnceValues(func() (map[string][]Fix, error) {
	names, err := fs.Glob(fixFiles, "fixes/*.toml")
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	all := make(map[string][]Fix)
	for _, name := range names {
		text, err := fixFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("assets: %w", err)
		}
		fixes, err := parseFixes(text)
		if err != nil {
			return nil, fmt.Errorf("assets: %s: %w", name, err)
		}
		all[strings.TrimSuffix(path.Base(name), ".toml")] = fixes
	}
	return all, nil
})

// parseFixes reads one language, and refuses what a translator may have broken.
func parseFixes(text []byte) ([]Fix, error) {
	var file fixFile
	decoder := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		return nil, err
	}
	if len(file.Fix) != 9 {
		return nil, fmt.Errorf("%d fixes instead of nine", len(file.Fix))
	}
	var fixes []Fix
	for i, row := range file.Fix {
		if row.Number != i+1 {
			return nil, fmt.Errorf("fix %q has number %d in place %d", row.Code, row.Number, i+1)
		}
		fixes = append(fixes, row.fix(file))
	}
	return fixes, nil
}

// fixFile is how a language is written down.
type fixFile struct {
	UnknownDevice string `toml:"unknown_device"`
	Checked       struct {
		OldestIOS int            `toml:"oldest_ios"`
		NewestIOS int            `toml:"newest_ios"`
		On        toml.LocalDate `toml:"on"`
		Note      string         `toml:"note"`
	} `toml:"checked"`
	Fix []fixRow `toml:"fix"`
}

type fixRow struct {
	Number  int       `toml:"number"`
	Code    string    `toml:"code"`
	Title   string    `toml:"title"`
	Short   string    `toml:"short"`
	Matters string    `toml:"matters"`
	Warning string    `toml:"warning"`
	Takes   string    `toml:"takes"`
	Proof   string    `toml:"proof"`
	Risk    Risk      `toml:"risk"`
	Step    []stepRow `toml:"step"`
}

type stepRow struct {
	Text    string       `toml:"text"`
	MinOS   int          `toml:"min_os"`
	MaxOS   int          `toml:"max_os"`
	Devices []DeviceKind `toml:"devices"`
	Buttons []Buttons    `toml:"buttons"`
}

func (r fixRow) fix(file fixFile) Fix {
	f := Fix{
		Number: r.Number, Code: r.Code, Title: r.Title, Short: r.Short, Matters: r.Matters,
		Warning: r.Warning, Takes: r.Takes, Proof: r.Proof, Risk: r.Risk,
		Checked: Checked{
			OldestIOS: file.Checked.OldestIOS, NewestIOS: file.Checked.NewestIOS,
			On: file.Checked.On.AsTime(time.UTC), Note: file.Checked.Note,
		},
		unknownDevice: file.UnknownDevice,
	}
	for _, s := range r.Step {
		f.Steps = append(f.Steps, Step(s))
	}
	return f
}

package desktop

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strings"

	"ninelives/internal/alert"
)

// How Windows knows us. The uninstaller removes these keys by the same names.
const (
	toastID       = "NineLives.NineLives" // the AppUserModelID; a notice needs one that is registered
	toastKey      = `Software\Classes\AppUserModelId\` + toastID
	linkKey       = `Software\Classes\` + linkScheme
	linkOpenKey   = linkKey + `\shell\open\command`
	toastActivity = "{6D6B1B4C-52B5-4B0E-8C3B-0E2F7E0B9A61}" // stands for an activator: notices without one do not stay in the notification centre
)

// registryValue is one text below HKEY_CURRENT_USER; no name means the key's
// own value.
type registryValue struct{ key, name, text string }

// toastPlan is what must stand in the registry so that notices show our name
// and picture and a click on one starts the command with its link.
func toastPlan(command []string, icon string) ([]registryValue, error) {
	open, err := linkCommand(command)
	if err != nil {
		return nil, err
	}
	plan := []registryValue{
		{toastKey, "DisplayName", "Nine Lives"},
		{toastKey, "CustomActivator", toastActivity},
		{linkKey, "", "URL:Nine Lives"},
		{linkKey, "URL Protocol", ""},
		{linkOpenKey, "", open},
	}
	if icon != "" {
		plan = append(plan, registryValue{toastKey, "IconUri", icon})
	}
	return plan, nil
}

// linkCommand is the command line for a link. The link comes after "--", in
// quotes, so that one with quotes of its own gets no further than an argument
// too many.
func linkCommand(command []string) (string, error) {
	if len(command) == 0 {
		return "", errors.New("nothing to start for a click")
	}
	for _, word := range command {
		if err := checkWord(word); err != nil {
			return "", err
		}
		if strings.Contains(word, "%") {
			return "", fmt.Errorf("%q: the shell of Windows replaces %% in a command", word)
		}
	}
	return quoteLine(command) + ` -- "%1"`, nil
}

// toast is a notice in the XML of Windows' toasts.
type toast struct {
	XMLName    xml.Name `xml:"toast"`
	Activation string   `xml:"activationType,attr"`
	Launch     string   `xml:"launch,attr"`
	Visual     struct {
		Binding struct {
			Template string   `xml:"template,attr"`
			Texts    []string `xml:"text"`
		} `xml:"binding"`
	} `xml:"visual"`
	Audio struct {
		Silent bool `xml:"silent,attr"`
	} `xml:"audio"`
}

// toastXML writes the message for Windows. Should the direct way fail, the
// library pastes it into an expandable string of PowerShell: what could end or
// fill that ("$", a backtick, a line end) was cleaned out of the texts, and
// nothing else here is foreign.
func toastXML(app string, m alert.Message) (string, error) {
	t := toast{Activation: "protocol", Launch: linkOf(m)}
	if _, err := PageOf(t.Launch); err != nil {
		t.Launch = overviewLink
	}
	title := CleanTitle(windows, m.Title)
	if title == "" {
		title = app
	}
	t.Visual.Binding.Template = "ToastGeneric"
	t.Visual.Binding.Texts = []string{title, CleanBody(windows, m.Body)}
	t.Audio.Silent = true
	text, err := xml.Marshal(t)
	return string(text), err
}

// toastWay says in a report how notices go, by what the registry holds of us.
func toastWay(linkCommand string) string {
	words := splitLine(linkCommand)
	if len(words) == 0 {
		return "Windows toast; clicks are set up when the menu bar program starts"
	}
	return "Windows toast, a click starts " + words[0]
}

package assets

import (
	"fmt"
	"slices"
	"strings"
)

// DeviceKind is a family of devices, in Apple's spelling. The zero value is
// one that is not known.
type DeviceKind string

// The kinds of device.
const (
	UnknownKind DeviceKind = ""
	IPhone      DeviceKind = "iPhone"
	IPad        DeviceKind = "iPad"
	IPodTouch   DeviceKind = "iPod touch"
)

// Buttons says which buttons a device has. The zero value is "not known".
type Buttons string

// The arrangements of buttons.
const (
	UnknownButtons Buttons = ""
	HomeAndSide    Buttons = "home-side" // a home button; the side button switches off
	HomeAndTop     Buttons = "home-top"  // a home button; the top button switches off
	NoHome         Buttons = "no-home"   // no home button; a volume button is needed too
)

// Risk ranks what a fix may cost.
type Risk int

// The risks, from least to most.
const (
	Harmless Risk = iota
	LowRisk
	MediumRisk
)

// UnmarshalText reads the word that stands in the texts.
func (r *Risk) UnmarshalText(text []byte) error {
	i := slices.Index([]string{Harmless: "harmless", LowRisk: "low", MediumRisk: "medium"}, string(text))
	if i < 0 {
		return fmt.Errorf("%q is not a risk: harmless, low or medium", text)
	}
	*r = Risk(i)
	return nil
}

// StepsFor gives the steps for one device: its kind, the major version of its
// iOS or iPadOS (0: not known, today's names are shown) and its buttons. A kind
// or buttons that nobody knows count as not known.
func (f Fix) StepsFor(kind DeviceKind, osMajor int, buttons Buttons) []string {
	device := string(kind)
	if !slices.Contains([]DeviceKind{IPhone, IPad, IPodTouch}, kind) {
		kind, device = UnknownKind, f.unknownDevice
	}
	if !slices.Contains([]Buttons{HomeAndSide, HomeAndTop, NoHome}, buttons) {
		buttons = UnknownButtons
	}
	var steps []string
	for _, s := range f.Steps {
		if s.holds(kind, osMajor, buttons) {
			steps = append(steps, strings.ReplaceAll(s.Text, "{device}", device))
		}
	}
	return steps
}

// holds reports whether the step is for such a device.
func (s Step) holds(kind DeviceKind, osMajor int, buttons Buttons) bool {
	if known := osMajor > 0; !known && s.MaxOS != 0 || known && osMajor < s.MinOS || known && s.MaxOS != 0 && osMajor > s.MaxOS {
		return false
	}
	return (len(s.Devices) == 0 || slices.Contains(s.Devices, kind)) &&
		(len(s.Buttons) == 0 || slices.Contains(s.Buttons, buttons))
}

package view

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ninelives/assets"
	"ninelives/internal/health"
)

// titleOf is the title of a fix; its code where there is no text for it.
func titleOf(code health.Code) string {
	if f, ok := assets.FixByCode(string(code)); ok {
		return f.Title
	}
	return string(code)
}

// pageFix puts a judge's opinion and the text of the fix together, with the
// steps for this very device.
func pageFix(o health.Opinion, d health.Device) PageFix {
	f, _ := assets.FixByCode(string(o.Code))
	return PageFix{
		Number: o.Number, Code: string(o.Code), Title: titleOf(o.Code),
		Odds: o.Odds.String(), Chance: oddsWords(o.Odds), Says: saysWords(o.Odds), Why: cmp.Or(o.Evidence, o.Why),
		Short: f.Short, Matters: f.Matters, Warning: f.Warning,
		Steps: stepsFor(f, d), Takes: f.Takes, Proof: f.Proof, Checked: f.Checked.Note,
	}
}

// stepsFor are the steps on a device with its buttons and its system; a device
// that is not known gets those of today's.
func stepsFor(f assets.Fix, d health.Device) []string {
	kind := assets.DeviceKind(health.Kind(d.ProductType))
	return f.StepsFor(kind, osMajor(d.OSVersion), assets.Buttons(health.ButtonsOf(d.ProductType)))
}

// osMajor is the first number of a version; 0 when there is none.
func osMajor(version string) int {
	first, _, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(first)
	if err != nil {
		return 0
	}
	return n
}

// FixList is the list of the nine for a terminal.
func FixList(style TextStyle) string {
	p := newPrinter(style)
	p.line(0, p.bold("The nine fixes"))
	for _, f := range nine() {
		p.gap()
		p.item(0, fmt.Sprintf("%d. ", f.Number), p.bold(f.Title))
		p.line(3, f.Short)
		p.line(3, p.faint("ninelives fixes "+f.Code))
	}
	return p.String()
}

// nine are the texts of the fixes. They are built in: that they cannot be read
// is a broken build, which a test finds first.
func nine() []assets.Fix {
	all, err := assets.Fixes("en")
	if err != nil {
		panic("view: the nine fixes: " + err.Error())
	}
	return all
}

// FixText is one fix with its steps for a terminal, named by its number or
// code; false for any other name.
func FixText(name string, style TextStyle) (string, bool) {
	return FixTextFor(health.Verdict{}, name, style)
}

// FixTextFor is [FixText] with the steps for one device, and what the evidence
// says of the fix there.
func FixTextFor(v health.Verdict, name string, style TextStyle) (string, bool) {
	all := nine()
	i := slices.IndexFunc(all, func(f assets.Fix) bool { return name == f.Code || name == strconv.Itoa(f.Number) })
	if i < 0 {
		return "", false
	}
	f, p := all[i], newPrinter(style)
	p.item(0, fmt.Sprintf("%d. ", f.Number), p.bold(f.Title))
	if v.ID != "" {
		p.line(3, "For "+Terminal(nameOf(v))+p.faint(" ("+Terminal(modelWords(v))+")"))
	}
	p.evidence(f.Code, v.Fixes)
	p.paragraph(f.Matters)
	if f.Warning != "" {
		p.gap()
		p.item(3, "! ", p.paint(health.Warning, f.Warning))
	}
	p.gap()
	for i, step := range stepsFor(f, v.Device) {
		p.item(3, fmt.Sprintf("%d. ", i+1), step)
	}
	p.labelled("Takes: ", f.Takes)
	p.labelled("It worked if: ", f.Proof)
	return p.String(), true
}

// evidence is what the judge says of this fix for the device, if there is one.
func (p *printer) evidence(code string, opinions []health.Opinion) {
	for _, o := range opinions {
		if string(o.Code) == code {
			p.line(3, "Will it help? "+sentence(oddsWords(o.Odds))+" "+Terminal(o.Why))
		}
	}
}

// paragraph is text with a free line before it.
func (p *printer) paragraph(text string) {
	if text != "" {
		p.gap()
		p.line(3, text)
	}
}

// labelled is a paragraph that begins with a word of its own.
func (p *printer) labelled(label, text string) {
	if text != "" {
		p.paragraph(p.bold(strings.TrimSpace(label)) + " " + text)
	}
}

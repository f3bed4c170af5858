package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ninelives/internal/health"
)

// TextStyle is how a terminal wants its text. The zero value is plain and 80
// columns wide.
type TextStyle struct {
	Width  int  // columns; 0: 80
	Colour bool // use ANSI colours; the states differ in shape and words without
}

// Text is the report for a terminal, in the zone of now: what `ninelives check`
// prints. All foreign text in it is cleaned by [Terminal].
func Text(r health.Report, now time.Time, style TextStyle) string {
	r = AsOf(r, now, now)
	p := newPrinter(style)
	p.line(0, p.state(r.State)+" Nine Lives: "+summary(r))
	if !r.At.IsZero() {
		p.line(2, p.faint("Judged "+When(r.At, now)))
	}
	for _, o := range r.Obstacles {
		p.gap()
		p.line(0, p.bold("! "+Terminal(o.Title)))
		p.line(4, Terminal(o.Remedy))
	}
	if !r.At.IsZero() && len(r.Devices) == 0 && len(r.Obstacles) == 0 {
		p.gap()
		p.line(0, "Next: "+firstStep(r))
		if neverHeard(r) {
			p.line(0, "Or, if your devices back up to iCloud: "+trustWords)
		}
	}
	for _, v := range r.Devices {
		p.gap()
		p.device(v, now)
	}
	p.sources(r.Sources, now)
	return p.String()
}

func (p *printer) device(v health.Verdict, now time.Time) {
	name, state := Terminal(nameOf(v)), p.state(v.State)+" "
	what := strings.Join(slices.DeleteFunc([]string{Terminal(modelWords(v)), v.ID}, isEmpty), ", ")
	if v.Ignored {
		p.line(0, state+p.bold(name)+": ignored"+p.faint(" ("+what+")"))
		return
	}
	p.line(0, state+p.bold(name)+": "+p.paint(v.State, Word(v.State))+p.faint(" ("+what+")"))
	p.line(4, Terminal(v.Why))
	p.line(4, ageLine(v, now))
	for _, route := range v.Routes {
		p.item(4, "- ", routeWords(route)+": "+strings.Join(routeFacts(route, now), ", "))
		p.line(6, Terminal(routeWhy(route, v)))
	}
	if v.Hold != nil {
		p.line(4, holdWords(*v.Hold, now))
	}
	p.item(4, "Now: ", Terminal(v.Step))
	p.firstFix(v)
}

// ageLine is the age beside both limits.
func ageLine(v health.Verdict, now time.Time) string {
	age := "Age unknown"
	if !v.LastGood.IsZero() {
		age = sentence(health.Age(now.Sub(v.LastGood)) + " old")
	}
	if l := v.Limits; l.WarnAfter > 0 && l.CriticalAfter > 0 {
		age = strings.TrimSuffix(age, ".") + fmt.Sprintf("; late after %s, at risk after %s.", health.Span(l.WarnAfter), health.Span(l.CriticalAfter))
	}
	return age
}

// routeWhy is the reason for a route's state, unless it was just given for the
// whole device.
func routeWhy(r health.Route, v health.Verdict) string {
	if r.Why == v.Why {
		return ""
	}
	return r.Why
}

// routeFacts are the state of a route and what goes with it. The folder is not
// named: its name holds the UDID.
func routeFacts(r health.Route, now time.Time) []string {
	facts := []string{routeStateWords(r.State)}
	if !r.LastGood.IsZero() {
		facts = append(facts, "last good "+When(r.LastGood, now))
	}
	if r.LastAttempt.After(r.LastGood) {
		facts = append(facts, "last try "+When(r.LastAttempt, now))
	}
	if r.Weak {
		facts = append(facts, "weak evidence")
	}
	return slices.DeleteFunc(append(facts, encryptedWords(r.Encrypted)), isEmpty)
}

func isEmpty(s string) bool { return s == "" }

// holdWords says why nothing is said of a late backup for now.
func holdWords(h health.Hold, now time.Time) string {
	if h.Until.IsZero() {
		return "Waiting for Apple: the trouble there since " + When(h.Since, now) + " explains it."
	}
	return "Waiting for a night after the trouble at Apple, until " + When(h.Until, now) + "."
}

func (p *printer) firstFix(v health.Verdict) {
	if len(v.Fixes) == 0 {
		return
	}
	first, found := v.First()
	switch {
	case v.AllTried():
		first = v.Fixes[0]
		p.line(4, p.bold(allTriedWords))
		p.line(6, startOverWords(v))
	case v.NothingPoints():
		return
	case !found:
		p.line(4, "None of the nine fixes fits the evidence.")
		return
	default:
		p.line(4, p.bold("Try first: "+titleOf(first.Code))+" ("+chanceWords(first.Odds)+")")
		p.line(6, Terminal(first.Why))
	}
	p.line(6, fmt.Sprintf("Steps: ninelives fixes %d", first.Number))
}

// firstStep leads on where there is nothing to judge yet.
func firstStep(r health.Report) string {
	for _, s := range r.Sources {
		if s.Kind == health.SourceMobileSync {
			return "Connect a device by cable and make its first backup to this computer. If your backups are elsewhere, name the folder: `ninelives config set backups.folders FOLDER`. `ninelives doctor` says more."
		}
	}
	return noPlaceWords
}

func (p *printer) sources(all []health.SourceState, now time.Time) {
	if len(all) == 0 {
		return
	}
	p.gap()
	p.line(0, "Sources")
	for _, s := range all {
		p.item(2, "- ", sourceWords(s.Kind)+": "+Terminal(sourceFacts(s, now)))
		p.line(4, p.faint(Terminal(s.Where)))
	}
}

// sourceFacts are how a source is doing, what it said and when.
func sourceFacts(s health.SourceState, now time.Time) string {
	words, read := "ok", "read "
	if s.State() != "ok" {
		words, read = troubleWords(s.Trouble), "last read "
	}
	facts := []string{words, s.Detail}
	if !s.ReadAt.IsZero() {
		facts = append(facts, read+When(s.ReadAt, now))
	}
	return strings.Join(slices.DeleteFunc(facts, isEmpty), ", ")
}

package view

import (
	"slices"
	"strings"
	"time"

	"ninelives/internal/health"
)

// Page is what the page shows, in words; the template only arranges it. Foreign
// text in it is not escaped yet.
type Page struct {
	Lang      string // of all words, as in HTML
	Generated string // the moment that ages and words are of
	Icon      Icon
	State     string // as in JSON: "critical"
	Summary   string // one sentence
	Notices   []string
	Obstacles []PageObstacle
	Cards     []Card   // worst first, or as ForFix chose
	Ignored   []string // names of ignored devices
	Nothing   string   // why there is no card, if there is none
	Apple     string   // what Apple's system status says; may be empty
	Sources   []PageSource
}

// PageObstacle is what stands before all fixes.
type PageObstacle struct {
	Title  string
	Remedy string
}

// Card is one device.
type Card struct {
	ID       string
	Name     string
	Model    string // with its system: "iPhone 13, iOS 18.1"
	State    string // as in JSON
	Shape    string
	Word     string
	Standing string // what Word leaves open: "12 days, limit 7"; may be empty
	Why      string
	Now      string // what makes a backup at once; may be empty
	Note     string // snoozed, or waiting for Apple
	Routes   []PageRoute
	Fixes    []PageFix // best first, or as ForFix chose; none when all is well
	Open     bool
}

// PageRoute is one way of backup of a device.
type PageRoute struct {
	Name  string
	State string // as in JSON
	Facts string // its state and dates in words
	Why   string
}

// PageFix is one of the nine for one device.
type PageFix struct {
	Number  int
	Code    string
	Title   string
	Odds    string // as in JSON
	Chance  string // the odds in words
	Why     string // the evidence
	Short   string
	Matters string   // why it helps
	Warning string   // what it costs; before the steps
	Steps   []string // for this device and its system
	Takes   string   // how long
	Proof   string   // how one sees that it helped
	Checked string   // how far the steps can be trusted
	Best    bool     // leads, and the evidence points to it
	Open    bool
}

// PageSource is how one source is doing.
type PageSource struct {
	Name  string
	OK    bool
	Facts string
	Where string
}

// PageOf gives the page of a report as of now: the worst device is open at its
// first fix.
func PageOf(r health.Report, s Session, now time.Time) Page {
	p := Page{
		Lang:      "en",
		Generated: now.Format("Mon 2 Jan 2006, 15:04"),
		Icon:      icon(r, s),
		State:     r.State.String(),
		Summary:   sentence(summary(r)),
		Notices:   slices.Clone(s.Notices),
		Apple:     appleWords(r, now),
	}
	for _, o := range r.Obstacles {
		p.Obstacles = append(p.Obstacles, PageObstacle{Title: o.Title, Remedy: o.Remedy})
	}
	for _, v := range r.Devices {
		if v.Ignored {
			p.Ignored = append(p.Ignored, nameOf(v))
			continue
		}
		p.Cards = append(p.Cards, cardOf(v, s, now))
	}
	if len(p.Cards) == 0 {
		p.Nothing = sentence(strings.TrimPrefix(nothingWords(r, s), "? "))
	}
	for _, src := range r.Sources {
		p.Sources = append(p.Sources, pageSource(src, now))
	}
	return ForFix(p, "", "")
}

func cardOf(v health.Verdict, s Session, now time.Time) Card {
	c := Card{
		ID:       v.ID,
		Name:     nameOf(v),
		Model:    modelWords(v),
		State:    v.State.String(),
		Shape:    Shape(v.State),
		Word:     Word(v.State),
		Standing: strings.TrimPrefix(strings.TrimPrefix(standing(v, now), Word(v.State)), ", "),
		Why:      v.Why,
		Now:      v.Step,
	}
	switch until, snoozed := snoozedUntil(v, s, now); {
	case snoozed && until.Equal(UntilBackup):
		c.Note = "Snoozed until the next backup."
	case snoozed:
		c.Note = "Snoozed until " + When(until, now) + "."
	case v.Hold != nil:
		c.Note = holdWords(*v.Hold, now)
	}
	for _, r := range v.Routes {
		c.Routes = append(c.Routes, PageRoute{
			Name:  routeWords(r.Kind),
			State: string(r.State),
			Facts: sentence(strings.Join(routeFacts(r, now), ", ")),
			Why:   routeWhy(r, v),
		})
	}
	for i, o := range v.Fixes {
		f := pageFix(o, v.Device)
		f.Best = i == 0 && o.Odds != health.RuledOut && o.Odds != health.CannotTell
		c.Fixes = append(c.Fixes, f)
	}
	return c
}

func pageSource(s health.SourceState, now time.Time) PageSource {
	return PageSource{
		Name:  sourceWords(s.Kind),
		OK:    s.State() == "ok",
		Facts: sentence(sourceFacts(s, now)),
		Where: s.Where,
	}
}

// ForFix chooses what the page opens first: a device moves to the top of the
// cards, a fix to the top of its own. Without a device it is the first card,
// without a fix the first of its list. What is not there changes nothing.
func ForFix(p Page, device, code string) Page {
	p.Cards = slices.Clone(p.Cards)
	if i := slices.IndexFunc(p.Cards, func(c Card) bool { return c.ID == device }); i >= 0 {
		toFront(p.Cards, i)
	}
	for i := range p.Cards {
		c := &p.Cards[i]
		c.Open = i == 0
		c.Fixes = slices.Clone(c.Fixes)
		if k := slices.IndexFunc(c.Fixes, func(f PageFix) bool { return f.Code == code }); k >= 0 && c.Open {
			toFront(c.Fixes, k)
		}
		for k := range c.Fixes {
			c.Fixes[k].Open = c.Open && k == 0
		}
	}
	return p
}

// toFront moves one element to the front; the others keep their order.
func toFront[T any](s []T, i int) {
	x := s[i]
	copy(s[1:i+1], s[:i])
	s[0] = x
}

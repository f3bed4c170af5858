package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ninelives/internal/health"
)

// Card is one device.
type Card struct {
	ID       string
	Name     string
	Model    string // with its system: "iPhone 13, iOS 18.1"
	State    string // as in JSON
	Icon     Icon
	Word     string
	Standing string // what Word leaves open: "12 days, limit 7"; may be empty
	Why      string
	Bar      Bar
	Now      string // what makes a backup at once; may be empty
	AllTried string // that all fixes were tried in vain; empty: they were not
	Over     string // what to do then
	Note     string // snoozed, or waiting for Apple
	Snoozed  bool
	Folder   string // the words that show its backup folder; empty: it cannot be shown
	Routes   []PageRoute
	Fixes    []PageFix // best first; none when all is well
	Guess    bool      // nothing is known to be wrong, and nothing points to a cause: Fixes are only the nine
	Strip    *Strip    // nil: nothing is known of the last days
	Brief    bool      // one of many: the overview shows the rest on its own page
}

// PageRoute is one way of backup of a device.
type PageRoute struct {
	Name  string
	State string // as in JSON
	Facts string // its state and dates in words
	Brief string // its state, with the dates left to Why
	Short string // its state and age
	Age   string // of its last good backup; empty: there is none
	Read  string // when the evidence was read; may be empty
	Why   string
}

// How many devices an overview shows in full, and how many of the worst when
// there are more: fifty in full would be a page that nobody loads or reads.
const (
	fullCards  = 12
	worstCards = 2
)

func cardOf(v health.Verdict, sources []health.SourceState, s Session, now time.Time) Card {
	c := Card{
		ID:       v.ID,
		Name:     nameOf(v),
		Model:    modelWords(v),
		State:    v.State.String(),
		Icon:     iconOf(v.State),
		Word:     Word(v.State),
		Standing: strings.TrimPrefix(strings.TrimPrefix(standing(v, now), Word(v.State)), ", "),
		Why:      v.Why,
		Bar:      barOf(v, now),
		Now:      v.Step,
		Strip:    stripOf(s.History[v.ID]),
		Guess:    v.NothingPoints(),
	}
	if folder(v) != "" {
		c.Folder = showFolderWords(s.OS)
	}
	switch until, snoozed := snoozedUntil(v, s, now); {
	case snoozed && until.Equal(UntilBackup):
		c.Note, c.Snoozed = "Snoozed until the next backup.", true
	case snoozed:
		c.Note, c.Snoozed = "Snoozed until "+When(until, now)+".", true
	case v.Hold != nil:
		c.Note = holdWords(*v.Hold, now)
	}
	for _, r := range v.Routes {
		c.Routes = append(c.Routes, pageRoute(r, v, sources, now))
	}
	c.Fixes = pageFixes(v, now)
	if v.AllTried() {
		c.AllTried, c.Over = allTriedWords, startOverWords(v)
	}
	return c
}

func pageRoute(r health.Route, v health.Verdict, sources []health.SourceState, now time.Time) PageRoute {
	route := PageRoute{
		Name:  routeWords(r),
		State: string(r.State),
		Facts: sentence(strings.Join(routeFacts(r, now), ", ")),
		Why:   routeWhy(r, v),
	}
	state := routeStateWords(r.State)
	route.Brief, route.Short = route.Facts, route.Name+": "+state
	if route.Why != "" {
		route.Brief = sentence(strings.Join(slices.DeleteFunc([]string{state, encryptedWords(r.Encrypted)}, isEmpty), ", "))
	}
	if !r.LastGood.IsZero() {
		route.Age = health.Age(now.Sub(r.LastGood)) + " old"
		route.Short += ", " + route.Age
	}
	if read := readAt(r, sources); !read.IsZero() {
		route.Read = "read " + lower(When(read, now))
	}
	return route
}

// readAt is when the place that a route's folder lies in was last read.
func readAt(r health.Route, sources []health.SourceState) time.Time {
	if r.Path == "" { // what a device told says when
		return time.Time{}
	}
	var read time.Time
	for _, s := range sources {
		if s.Kind == health.SourceMobileSync && s.Where != "" && strings.HasPrefix(r.Path, s.Where) && s.ReadAt.After(read) {
			read = s.ReadAt
		}
	}
	return read
}

func pageFixes(v health.Verdict, now time.Time) []PageFix {
	var fixes []PageFix
	for i, o := range v.Fixes {
		f := pageFix(o, v.Device)
		f.Best = i == 0 && o.Odds != health.RuledOut && o.Odds != health.CannotTell && !o.InVain()
		f.Tried = triedWords(o.Tried, now)
		f.Next = nextFix(v, i)
		fixes = append(fixes, f)
	}
	return fixes
}

// nextFix leads to the fix that follows in line, if it is worth a try. What was
// tried in vain leads back to the top.
func nextFix(v health.Verdict, i int) PageAction {
	next, found := v.First()
	if !v.Fixes[i].InVain() {
		found = i+1 < len(v.Fixes) && v.Fixes[i+1].Odds != health.RuledOut && !v.Fixes[i+1].InVain()
		next = v.Fixes[min(i+1, len(v.Fixes)-1)]
	}
	if !found {
		return PageAction{}
	}
	return PageAction{Label: titleOf(next.Code), Link: "/device/" + v.ID + "/fix/" + string(next.Code)}
}

// triedWords says what came of trying a fix.
func triedWords(t *health.Trial, now time.Time) string {
	switch {
	case t == nil:
		return ""
	case t.Failed:
		return "Tried " + lower(When(t.At, now)) + ": it did not help."
	default:
		return "Done " + lower(When(t.At, now)) + ": no new backup has shown since; give it a night."
	}
}

// lower puts "Today" and its like into a sentence; days of the week stay.
func lower(when string) string {
	for _, word := range []string{"Today", "Yesterday", "Tomorrow"} {
		if strings.HasPrefix(when, word) {
			return strings.ToLower(when[:1]) + when[1:]
		}
	}
	return when
}

// Bar is the age of the last proven backup beside its two limits, as lengths
// in hundredths.
type Bar struct {
	Fill     string // the age; empty: there is no proven backup
	Warn     string // where it is late; empty: there are no limits
	Critical string
	Words    string // "late after 7 days, at risk after 14 days"
}

// barOf puts the second limit at three quarters, so that there is room to be
// past it; what is older still fills the bar.
func barOf(v health.Verdict, now time.Time) Bar {
	l := v.Limits
	if l.WarnAfter <= 0 || l.CriticalAfter <= 0 {
		return Bar{}
	}
	length := func(d time.Duration) string {
		return fmt.Sprintf("%.0f", min(75*float64(max(0, d))/float64(l.CriticalAfter), 100))
	}
	b := Bar{
		Warn: length(l.WarnAfter), Critical: length(l.CriticalAfter),
		Words: "late after " + health.Span(l.WarnAfter) + ", at risk after " + health.Span(l.CriticalAfter),
	}
	if !v.LastGood.IsZero() {
		b.Fill = length(max(now.Sub(v.LastGood), l.CriticalAfter/75))
	}
	return b
}

// First is the fix to begin with, as [health.Verdict.First]; nil when there is
// none.
func (c Card) First() *PageFix {
	if len(c.Fixes) == 0 || c.Guess || c.AllTried != "" || c.Fixes[0].Odds == health.RuledOut.String() {
		return nil
	}
	return &c.Fixes[0]
}

// FixOf gives one of the nine for this device; a device that is fine has none.
func (c Card) FixOf(code string) (PageFix, bool) {
	i := slices.IndexFunc(c.Fixes, func(f PageFix) bool { return f.Code == code })
	if i < 0 {
		return PageFix{}, false
	}
	return c.Fixes[i], true
}

package view

import (
	"slices"
	"time"

	"ninelives/internal/health"
)

// Page is what the pages show, in words; the templates only arrange it. Foreign
// text in it is not escaped yet.
type Page struct {
	Lang      string // of all words, as in HTML
	Generated string // the moment that ages and words are of
	Icon      Icon
	State     string // as in JSON: "critical"
	Summary   string // one sentence
	LastCheck string // when the last round ended; empty: there was none
	NextCheck string // when the next one is planned; empty: not known
	Checking  bool   // a round is under way
	Hidden    bool   // names are hidden, for sharing a screen
	Notices   []string
	Obstacles []PageObstacle
	Cards     []Card     // worst first
	Resting   []PageName // ignored devices
	Apple     PageStatus // what Apple's system status says
	Sources   []PageSource
	Welcome   Welcome
	Phones    string // how the first device comes to be asked of its iCloud backups; empty: one was
}

// PageName is a device that only its name is shown of.
type PageName struct{ ID, Name string }

// PageAction is what a click does: a command that is posted, or another page.
// The zero value is nothing.
type PageAction struct {
	Label   string
	Command Command
	Link    string // the path of a page; empty: Command is posted
}

// PageObstacle is what stands before all fixes, and what helps.
type PageObstacle struct {
	Title  string
	Remedy string
	Action PageAction
}

// PageOf gives the pages of a report as of now.
func PageOf(r health.Report, s Session, now time.Time) Page {
	if s.HideNames {
		r, s = nameless(r, s)
	}
	p := Page{
		Lang:      "en",
		Generated: now.Format("Mon 2 Jan 2006, 15:04"),
		Icon:      icon(r, s),
		State:     r.State.String(),
		Summary:   sentence(summary(r)),
		Checking:  s.Checking,
		Hidden:    s.HideNames,
		Notices:   slices.Clone(s.Notices),
		Apple:     pageStatus(r, now),
		Welcome:   welcomeOf(r, s, now),
		Phones:    firstPhone(r, s.OS),
	}
	if !s.LastCheck.IsZero() {
		p.LastCheck = When(s.LastCheck, now)
	}
	if !s.NextCheck.IsZero() {
		p.NextCheck = When(s.NextCheck, now)
	}
	for _, o := range r.Obstacles {
		p.Obstacles = append(p.Obstacles, PageObstacle{Title: o.Title, Remedy: o.Remedy, Action: pageAction(o, s.OS)})
	}
	p.addDevices(r, s, now)
	for _, src := range r.Sources {
		p.Sources = append(p.Sources, pageSource(src, s.OS, now))
	}
	return p
}

func (p *Page) addDevices(r health.Report, s Session, now time.Time) {
	for _, v := range r.Devices {
		if v.Ignored {
			p.Resting = append(p.Resting, PageName{ID: v.ID, Name: nameOf(v)})
			continue
		}
		p.Cards = append(p.Cards, cardOf(v, r.Sources, s, now))
	}
	for i := range p.Cards {
		p.Cards[i].Brief = p.Many() && i >= worstCards
	}
}

// pageAction is the action that helps against an obstacle. Where only hands
// help, it is to look again afterwards.
func pageAction(o health.Obstacle, goos string) PageAction {
	switch {
	case o.Code == health.FullDiskAccess && goos == "darwin":
		return PageAction{Label: "Show me how, step by step", Link: "/welcome"}
	case o.Code == health.FullDiskAccess && o.Path != "":
		return PageAction{Label: showFolderWords(goos), Command: Command{Verb: OpenObstacle, Arg: string(o.Code)}}
	case o.Code == health.DamagedBackup && o.Device != "":
		return PageAction{Label: showFolderWords(goos), Command: Command{Verb: ShowFolder, Arg: o.Device}}
	default:
		return PageAction{Label: "Done, look again", Command: Command{Verb: CheckNow}}
	}
}

// CardOf gives the card of a device that is not ignored.
func (p Page) CardOf(device string) (Card, bool) {
	i := slices.IndexFunc(p.Cards, func(c Card) bool { return c.ID == device })
	if i < 0 {
		return Card{}, false
	}
	return p.Cards[i], true
}

// Many reports whether there are too many devices to show all in full.
func (p Page) Many() bool { return len(p.Cards) > fullCards }

// HasStrips reports whether the days of any device are drawn.
func (p Page) HasStrips() bool {
	return slices.ContainsFunc(p.Cards, func(c Card) bool { return c.Strip != nil })
}

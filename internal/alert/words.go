package alert

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"ninelives/assets"
	"ninelives/internal/health"
)

// maxLines is how many devices get a line of their own; with more, all but
// the worst two are counted.
const maxLines = 3

// writer puts messages into words.
type writer struct {
	memory Memory // has seen the report, and not said the message
	report health.Report
	policy health.Policy
	now    time.Time // its zone is that of the words
}

// alarm words a message that something is late, or cannot be told.
func (w writer) alarm(subjects []Subject) Message {
	msg := Message{Reason: Still, Subjects: subjects, Title: w.title(subjects), Device: subjects[0].Device, Next: w.nextOf(subjects)}
	cause := subjects[0]
	if i := slices.IndexFunc(subjects, func(s Subject) bool { return s.Reason == Changed }); i >= 0 {
		msg.Reason, cause = Changed, subjects[i]
	}
	first, fix := w.first(subjects)
	msg.Fix = fix
	rule := join(" ", w.rule(cause, subjects), w.waited(subjects), w.when(msg.Next))
	msg.Body = join("\n", w.lines(subjects), first, rule)
	return msg
}

// solved words a message that something is fresh again.
func (w writer) solved(subjects []Subject) Message {
	t := assets.Messages()
	told := w.record(subjects[0]).Told.First
	rule := join(" ", t.Rule.Solved.With("date", w.day(told)), string(t.Next.Never))
	return Message{
		Reason:   Solved,
		Subjects: subjects,
		Title:    w.title(subjects),
		Body:     join("\n", w.lines(subjects), rule),
		Device:   subjects[0].Device,
	}
}

// title names what is worst: the devices that are late, else those without
// proof, else the places that cannot be read.
func (w writer) title(subjects []Subject) string {
	t := assets.Messages().Title
	lead := subjects[0]
	if lead.Device == "" {
		return w.placeTitle(lead)
	}
	alike := slices.DeleteFunc(slices.Clone(subjects), func(s Subject) bool {
		return s.Device == "" || late(s.State) != late(lead.State)
	})
	every := func(is func(Subject) bool) bool {
		return !slices.ContainsFunc(alike, func(s Subject) bool { return !is(s) })
	}
	form := t.Late
	switch {
	case lead.Reason == Solved:
		form = t.Solved
	case !late(lead.State):
		form = t.Unknown
	case every(func(s Subject) bool { return s.Reason == Still }):
		form = t.Still
	case every(func(s Subject) bool { return w.verdict(s).LastGood.IsZero() }):
		form = t.Never
	case every(func(s Subject) bool { return s.State == health.Critical }):
		form = t.Overdue
	}
	return form.For(len(alike)).With("names", w.names(alike))
}

func (w writer) placeTitle(s Subject) string {
	t := assets.Messages().Title
	switch {
	case s.Reason == Solved:
		return string(t.PlaceAgain)
	case w.record(s).LastGood.IsZero():
		return string(t.PlaceNew)
	default:
		return string(t.Place)
	}
}

// lines says why, a line for each subject.
func (w writer) lines(subjects []Subject) string {
	t := assets.Messages().Line
	own := len(subjects)
	if own > maxLines {
		own = maxLines - 1
	}
	var lines []string
	for _, s := range subjects[:own] {
		lines = append(lines, w.line(s, len(subjects) == 1))
	}
	if more := len(subjects) - own; more > 0 {
		lines = append(lines, t.More.For(more).With("count", strconv.Itoa(more)))
	}
	return join("\n", lines...)
}

// line says why of one subject; alone, its title has named it already.
func (w writer) line(s Subject, alone bool) string {
	t := assets.Messages().Line
	switch {
	case s.Device == "":
		return w.placeLine(s, alone)
	case alone:
		return w.verdict(s).Why
	default:
		v := w.verdict(s)
		return t.Device.With("name", name(v), "why", v.Why)
	}
}

func (w writer) placeLine(s Subject, alone bool) string {
	t := assets.Messages().Line
	if s.Reason == Solved {
		return t.PlaceAgain.With("place", s.Place, "ago", health.Age(w.now.Sub(w.record(s).LastGood)))
	}
	title, remedy := w.placeTitle(s), t.PlaceRemedy.With("place", s.Place)
	for _, o := range w.report.Obstacles {
		if o.Device == "" && o.Path == s.Place && o.Code == health.FullDiskAccess {
			remedy = cmp.Or(o.Remedy, remedy)
		}
	}
	if alone {
		return remedy
	}
	return t.Place.With("title", title, "remedy", remedy)
}

// first names the next step for the worst device: an obstacle stands before
// all fixes.
func (w writer) first(subjects []Subject) (string, health.Code) {
	v := w.verdict(subjects[0])
	say := func(what string) string {
		return assets.Messages().Line.First.For(len(subjects)).With("name", name(v), "fix", strings.TrimSuffix(what, "."))
	}
	for _, o := range w.report.Obstacles {
		if o.Remedy != "" && concerns(o, v) {
			return say(o.Remedy), ""
		}
	}
	t, n := assets.Messages().Line, len(subjects)
	best, found := v.First()
	switch {
	case v.AllTried() && v.Step == "":
		return t.TriedOver.For(n).With("name", name(v), "fix", titleOf(v.Fixes[0].Code)), ""
	case v.AllTried():
		return t.Tried.For(n).With("name", name(v), "step", v.Step), ""
	case v.Step != "" && (v.NothingPoints() || found && best.Odds == health.CannotTell):
		// Nothing points to a cause: what makes a backup at once is better advice than a guess.
		return t.Now.For(n).With("name", name(v), "step", v.Step), v.Fixes[0].Code
	case !found:
		return "", ""
	}
	return say(titleOf(best.Code)), best.Code
}

// titleOf is the title of a fix; its code where there is no text for it.
func titleOf(code health.Code) string {
	fix, _ := assets.FixByCode(string(code))
	return cmp.Or(fix.Title, string(code))
}

// concerns reports whether an obstacle stands before the fixes of a device: it
// is the device's own, or that of a place one of its backups is in.
func concerns(o health.Obstacle, v health.Verdict) bool {
	if o.Device != "" || v.ID == "" {
		return o.Device == v.ID && v.ID != ""
	}
	return slices.ContainsFunc(v.Routes, func(r health.Route) bool {
		hidden := r.State == health.RouteNoPermission && o.Code == health.FullDiskAccess ||
			r.State == health.RouteOffline && o.Code == health.VolumeOffline
		return hidden && strings.HasPrefix(r.Path, o.Path)
	})
}

func (w writer) record(s Subject) Record {
	if s.Device == "" {
		return w.memory.Places[s.Place]
	}
	return w.memory.Devices[s.Device]
}

func (w writer) verdict(s Subject) health.Verdict {
	for _, v := range w.report.Devices {
		if v.ID == s.Device {
			return v
		}
	}
	return health.Verdict{}
}

// names lists the devices; of more than three the first two are named.
func (w writer) names(subjects []Subject) string {
	t := assets.Messages().List
	var all []string
	for _, s := range subjects {
		all = append(all, name(w.verdict(s)))
	}
	switch len(all) {
	case 1:
		return all[0]
	case 2:
		return t.Two.With("first", all[0], "last", all[1])
	case 3:
		return t.Two.With("first", t.Comma.With("first", all[0], "last", all[1]), "last", all[2])
	default:
		two := t.Comma.With("first", all[0], "last", all[1])
		return t.More.With("names", two, "count", strconv.Itoa(len(all)-2))
	}
}

// name is what a device is called by its owner, else by its maker.
func name(v health.Verdict) string {
	return cmp.Or(v.Name, v.Model, assets.Messages().Line.Nameless.With("id", v.ID))
}

// join joins what is not empty.
func join(between string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), between)
}

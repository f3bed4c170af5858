package alert

import (
	"slices"
	"strconv"
	"time"

	"ninelives/assets"
	"ninelives/internal/health"
)

// rule says which rule made the program speak: that of the first change, else
// of the first reminder.
func (w writer) rule(cause Subject, subjects []Subject) string {
	t := assets.Messages().Rule
	rec := w.record(cause)
	switch {
	case cause.Device == "" && rec.LastGood.IsZero():
		return t.PlaceNew.With("date", w.day(rec.Since))
	case cause.Device == "":
		return t.Place.With("date", w.day(rec.LastGood))
	case cause.Reason == Still && rec.Woke:
		return string(t.Snooze)
	case cause.Reason == Still:
		return t.Still.With("date", w.day(rec.Told.First))
	case cause.State == health.Unknown:
		return t.Unknown.With("limit", health.Span(warnLimit(w.verdict(cause), w.policy)))
	default:
		return w.limitRule(cause, subjects)
	}
}

// limitRule says which limit was passed.
func (w writer) limitRule(cause Subject, subjects []Subject) string {
	t := assets.Messages().Rule
	changed := slices.DeleteFunc(slices.Clone(subjects), func(s Subject) bool {
		return s.Reason != Changed || !late(s.State)
	})
	never := slices.ContainsFunc(changed, func(s Subject) bool { return w.verdict(s).LastGood.IsZero() })
	v := w.verdict(cause)
	if never {
		return t.Never.For(len(changed)).With("name", name(v))
	}
	limit := warnLimit(v, w.policy)
	if cause.State == health.Critical && v.Limits.CriticalAfter > 0 {
		limit = v.Limits.CriticalAfter
	}
	form := t.Limit.For(len(changed))
	if len(changed) == 1 && len(subjects) > 1 {
		form = t.LimitOf
	}
	return form.With("name", name(v), "limit", health.Span(limit))
}

// waited says that an outage at Apple was waited for.
func (w writer) waited(subjects []Subject) string {
	for _, s := range subjects {
		if held := w.record(s).Held; !held.IsZero() {
			return assets.Messages().Rule.Waited.With("date", w.day(held))
		}
	}
	return ""
}

// when says when it would be said again.
func (w writer) when(next time.Time) string {
	t := assets.Messages().Next
	if next.IsZero() {
		return string(t.Never)
	}
	return t.Reminder.With("date", w.moment(next))
}

// nextOf gives when any of the subjects would be mentioned again.
func (w writer) nextOf(subjects []Subject) time.Time {
	var soonest time.Time
	for _, s := range subjects {
		told := w.record(s).tell(s, w.now).Told
		if !late(told.level()) {
			continue
		}
		next, ok := told.next(w.policy.Repeat)
		if !ok {
			continue
		}
		if next = next.In(w.now.Location()); soonest.IsZero() || next.Before(soonest) {
			soonest = next
		}
	}
	if soonest.IsZero() {
		return soonest
	}
	return afterQuiet(w.policy.Quiet, soonest)
}

// day says a date in the zone of the words: "Tuesday 24 Nov", with the year
// instead of the weekday when it is another one.
func (w writer) day(t time.Time) string {
	t = t.In(w.now.Location())
	if d := assets.Messages().Date; t.Year() != w.now.Year() {
		return w.fill(d.OldDay, t)
	}
	return w.fill(assets.Messages().Date.Day, t)
}

// moment says a date with its time: "Tuesday 24 Nov, 09:00".
func (w writer) moment(t time.Time) string {
	return w.fill(assets.Messages().Date.Moment, t.In(w.now.Location()))
}

func (w writer) fill(form assets.Phrase, t time.Time) string {
	d := assets.Messages().Date
	return form.With(
		"weekday", d.Weekdays[t.Weekday()],
		"day", strconv.Itoa(t.Day()),
		"month", d.Months[t.Month()-1],
		"year", strconv.Itoa(t.Year()),
		"time", t.Format("15:04"),
	)
}

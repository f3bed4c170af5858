package monitor

import (
	"context"
	"time"

	"ninelives/internal/health"
)

// question asks one source and gives what its answer makes of the facts.
type question func(ctx context.Context, known health.Facts, now func() time.Time) func(*health.Facts)

// mostQuestions is how many [Monitor.questions] there can be.
const mostQuestions = 4

// questions are the sources beside the places and the feed, as far as they are
// to be asked. What a phone said stays known when nobody may ask it any more,
// and wherever it was asked.
func (m *Monitor) questions() []question {
	s := m.setup
	var all []question
	m.facts.Phones.Where = s.PhonesName
	if s.Phones == nil {
		m.facts.Phones.Trouble = health.Off
	} else {
		all = append(all, asking(s.Phones, phonesDeadline, health.CarryPhones, func(f *health.Facts) *health.Reading[[]health.Phone] { return &f.Phones }))
	}
	if s.Releases == nil {
		m.facts.Releases = health.Reading[[]health.Release]{Where: s.ReleasesName, Trouble: health.Off}
	} else {
		all = append(all, asking(s.Releases, releasesDeadline, nil, func(f *health.Facts) *health.Reading[[]health.Release] { return &f.Releases }))
	}
	if s.Quota != nil {
		all = append(all, asking(s.Quota, quotaDeadline, nil, func(f *health.Facts) *health.Reading[health.Quota] { return &f.Quota }))
	}
	if s.Volumes != nil {
		all = append(all, asking(s.Volumes, volumesDeadline, nil, func(f *health.Facts) *health.Reading[[]health.Volume] { return &f.Volumes }))
	}
	return all
}

// asking makes the question to a source whose reading is a part of the facts;
// carry, which may be nil, adds to a new value what must not be forgotten.
func asking[T any](source Source[T], limit time.Duration, carry func(before, read T, now time.Time) T, part func(*health.Facts) *health.Reading[T]) question {
	return func(ctx context.Context, known health.Facts, now func() time.Time) func(*health.Facts) {
		before := *part(&known)
		r := readOne(ctx, source, before, limit, now)
		if carry != nil && r.Trouble == health.NoTrouble {
			r.Value = carry(before.Value, r.Value, now())
		}
		return func(f *health.Facts) { *part(f) = r }
	}
}

// readOne reads a source that has one place; what another place said is not
// its.
func readOne[T any](ctx context.Context, source Source[T], known health.Reading[T], limit time.Duration, now func() time.Time) health.Reading[T] {
	if known.Where != source.Where() {
		known = health.Reading[T]{Where: source.Where()}
	}
	value, err := ask(ctx, source, limit)
	r := known.Next(value, err, now())
	if kept, ok := source.(Keeping); ok && err == nil {
		_, r.GoodAt = kept.Last()
	}
	return r
}

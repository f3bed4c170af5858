package applestatus

import (
	"maps"
	"slices"
	"time"

	"ninelives/internal/health"
)

// memory is how long what was seen of an incident stands against a copy of the
// feed that contradicts it. Old and new copies were seen to alternate within a
// minute or two; an hour is far above that and far below the length of a night.
const memory = time.Hour

// Settle gives what to believe after next was read, when last was read at
// lastAt. Within an hour, an incident that was over stays over though next
// says ongoing again, and one that was ongoing stays so though next does not
// name it at all. In everything else next counts.
func Settle(last health.Feed, lastAt time.Time, next health.Feed, now time.Time) health.Feed {
	return sightingsOf(last, lastAt).settle(next, now)
}

// key tells incidents apart: Apple repeats an ID under each service, but never
// within one. Without an ID the start has to do.
type key struct {
	service health.Service
	id      string
	start   int64
}

func keyOf(i health.Incident) key {
	k := key{service: i.Service, id: i.ID}
	if i.ID == "" {
		k.start = i.Start.UnixMilli()
	}
	return k
}

// sighting is an incident as a copy of the feed showed it.
type sighting struct {
	incident health.Incident
	at       time.Time
}

// recent reports whether the sighting still stands. One from the future (the
// clock was set back) does not.
func (s sighting) recent(now time.Time) bool {
	age := now.Sub(s.at)
	return age >= 0 && age < memory
}

// sightings are the last one of each incident. The time of an incident that
// was held against a copy is not renewed, or it would be held for ever.
type sightings map[key]sighting

func sightingsOf(f health.Feed, at time.Time) sightings {
	seen := sightings{}
	for _, i := range f.Incidents {
		seen[keyOf(i)] = sighting{i, at}
	}
	return seen
}

// held gives the earlier sighting that stands against i: it was over before.
func (seen sightings) held(i health.Incident, now time.Time) (health.Incident, bool) {
	old, ok := seen[keyOf(i)]
	return old.incident, ok && old.recent(now) && over(old.incident) && i.Status == health.Ongoing
}

func (seen sightings) settle(next health.Feed, now time.Time) health.Feed {
	incidents := slices.Clone(next.Incidents)
	named := map[key]bool{}
	for n, i := range incidents {
		named[keyOf(i)] = true
		if old, held := seen.held(i, now); held {
			incidents[n] = old
		}
	}
	for k, old := range seen {
		if !named[k] && old.recent(now) && old.incident.Status == health.Ongoing {
			incidents = append(incidents, old.incident)
		}
	}
	arrange(incidents)
	next.Incidents = incidents
	return next
}

// take settles next and remembers what it truly showed.
func (seen sightings) take(next health.Feed, now time.Time) health.Feed {
	settled := seen.settle(next, now)
	for _, i := range next.Incidents {
		if _, held := seen.held(i, now); !held {
			seen[keyOf(i)] = sighting{i, now}
		}
	}
	maps.DeleteFunc(seen, func(_ key, s sighting) bool { return !s.recent(now) })
	return settled
}

func over(i health.Incident) bool {
	return i.Status == health.Resolved || i.Status == health.Completed
}

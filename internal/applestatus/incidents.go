package applestatus

import (
	"cmp"
	"slices"

	"ninelives/internal/health"
)

// most bounds what a body can make us keep; recorded ones hold under 20.
const most = 1000

// incidents gathers the events on the services that matter, and those on other
// services that name one of them as affected. Each incident stands once.
func incidents(lines []line) []health.Incident {
	found := map[key]health.Incident{}
	for _, l := range lines {
		own, ours := serviceOf(string(l.Name))
		for _, e := range l.Events.items {
			if ours {
				keep(found, e.on(own, false))
			}
			for _, name := range e.Affected.items {
				if service, ok := serviceOf(string(name)); ok {
					keep(found, e.on(service, true))
				}
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	out := make([]health.Incident, 0, len(found))
	for _, i := range found {
		out = append(out, i)
	}
	arrange(out)
	return out[:min(len(out), most)]
}

// on gives the event as an incident of a service.
func (e event) on(service health.Service, named bool) health.Incident {
	return health.Incident{
		ID:      string(e.ID),
		Service: service,
		Kind:    kinds[e.Kind.lower()],
		Status:  statuses[e.Status.lower()],
		Start:   e.Start.Time,
		End:     e.End.Time,
		Named:   named,
	}
}

// keep adds an incident, or decides between two accounts of the same one: the
// service's own line knows better than a mention (they were seen to differ),
// and of equal ones the graver is believed.
func keep(found map[key]health.Incident, i health.Incident) {
	k := keyOf(i)
	old, twice := found[k]
	switch {
	case !twice, old.Named && !i.Named:
		found[k] = i
	case old.Named == i.Named && order(i, old) < 0:
		found[k] = i
	}
}

// arrange puts incidents into one order, whatever order Apple chose this time
// (it changes from copy to copy): what matters most comes first.
func arrange(incidents []health.Incident) { slices.SortFunc(incidents, order) }

func order(a, b health.Incident) int {
	return cmp.Or(
		cmp.Compare(weight(a.Service), weight(b.Service)),
		cmp.Compare(urgency(a.Status), urgency(b.Status)),
		cmp.Compare(gravity(a.Kind), gravity(b.Kind)),
		b.Start.Compare(a.Start),
		b.End.Compare(a.End),
		cmp.Compare(a.ID, b.ID),
	)
}

func urgency(s health.IncidentStatus) int {
	return slices.Index([]health.IncidentStatus{
		health.Ongoing, health.StatusUnknown, health.Upcoming, health.Resolved, health.Completed,
	}, s)
}

func gravity(k health.IncidentKind) int {
	return slices.Index([]health.IncidentKind{
		health.KindOutage, health.KindIssue, health.KindPerformance, health.KindUnknown, health.KindMaintenance,
	}, k)
}

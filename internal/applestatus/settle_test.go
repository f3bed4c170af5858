package applestatus

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ninelives/internal/health"
)

// shows gives a feed with one incident on iCloud Backup in a status; none
// without one.
func shows(status health.IncidentStatus) health.Feed {
	f := health.Feed{Listed: backupOnly}
	if status != "" {
		f.Incidents = []health.Incident{with(issue(health.ICloudBackup), func(i *health.Incident) { i.Status = status })}
	}
	return f
}

const gone = health.IncidentStatus("")

func TestSettle(t *testing.T) {
	for name, c := range map[string]struct {
		last  health.IncidentStatus
		since time.Duration
		next  health.IncidentStatus
		want  health.IncidentStatus
	}{
		"resolved stays resolved when an old copy says ongoing":    {health.Resolved, 10 * time.Minute, health.Ongoing, health.Resolved},
		"completed stays completed when an old copy says ongoing":  {health.Completed, 59 * time.Minute, health.Ongoing, health.Completed},
		"after an hour, ongoing again is believed":                 {health.Resolved, time.Hour, health.Ongoing, health.Ongoing},
		"ongoing stays ongoing when an old copy does not name it":  {health.Ongoing, 10 * time.Minute, gone, health.Ongoing},
		"after an hour, a copy that does not name it is believed":  {health.Ongoing, time.Hour, gone, gone},
		"the end of an incident is believed at once":               {health.Ongoing, time.Minute, health.Resolved, health.Resolved},
		"a new incident is believed at once":                       {gone, time.Minute, health.Ongoing, health.Ongoing},
		"maintenance that begins is believed at once":              {health.Upcoming, time.Minute, health.Ongoing, health.Ongoing},
		"maintenance that is put off is believed at once":          {health.Ongoing, time.Minute, health.Upcoming, health.Upcoming},
		"a resolved one that is cleaned away is believed at once":  {health.Resolved, time.Minute, gone, gone},
		"an upcoming one that is called off is believed at once":   {health.Upcoming, time.Minute, gone, gone},
		"when the clock was set back, the new copy is believed":    {health.Resolved, -time.Minute, health.Ongoing, health.Ongoing},
		"at the very moment of the last copy, the rule holds":      {health.Resolved, 0, health.Ongoing, health.Resolved},
		"an unknown status does not take back that it was ongoing": {health.Ongoing, time.Minute, "simmering", "simmering"},
	} {
		t.Run(name, func(t *testing.T) {
			got := Settle(shows(c.last), at(10, 0), shows(c.next), at(10, 0).Add(c.since))
			if diff := cmp.Diff(shows(c.want), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestSettleWithoutALastCopyBelievesTheNext(t *testing.T) {
	got := Settle(health.Feed{}, time.Time{}, shows(health.Ongoing), at(10, 0))
	if diff := cmp.Diff(shows(health.Ongoing), got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSettleTellsIncidentsApartByServiceAndID(t *testing.T) {
	over := with(issue(health.ICloudBackup), func(i *health.Incident) { i.Status = health.Resolved })
	last := health.Feed{Incidents: []health.Incident{over}}
	next := health.Feed{Incidents: []health.Incident{
		with(issue(health.ICloudBackup), func(i *health.Incident) { i.ID = "another" }),
		issue(health.Photos),
	}}
	if diff := cmp.Diff(next, Settle(last, at(10, 0), next, at(10, 1))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSettleBelievesARevisedEnd(t *testing.T) {
	next := shows(health.Resolved)
	next.Incidents[0].End = at(9, 45)
	if diff := cmp.Diff(next, Settle(shows(health.Resolved), at(10, 0), next, at(10, 1))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSettleLeavesItsArgumentsAlone(t *testing.T) {
	last, next := shows(health.Resolved), shows(health.Ongoing)
	kept := slices.Clone(next.Incidents)
	Settle(last, at(10, 0), next, at(10, 1))
	if diff := cmp.Diff(kept, next.Incidents); diff != "" {
		t.Errorf("the copy that was read changed:\n%s", diff)
	}
}

func TestTakeHoldsNothingForEver(t *testing.T) {
	for name, c := range map[string]struct{ first, then health.IncidentStatus }{
		"an incident that broke out again": {health.Resolved, health.Ongoing},
		"an incident that Apple took back": {health.Ongoing, gone},
	} {
		t.Run(name, func(t *testing.T) {
			seen := sightings{}
			seen.take(shows(c.first), at(10, 0))
			for minute := 10; minute < 60; minute += 10 {
				got := seen.take(shows(c.then), at(10, minute))
				if diff := cmp.Diff(shows(c.first), got); diff != "" {
					t.Errorf("after %d minutes (-want +got)\n%s", minute, diff)
				}
			}
			if diff := cmp.Diff(shows(c.then), seen.take(shows(c.then), at(11, 0))); diff != "" {
				t.Errorf("after an hour (-want +got)\n%s", diff)
			}
		})
	}
}

func TestTakeSeesThroughEdgesThatAlternate(t *testing.T) {
	seen := sightings{}
	copies := []health.IncidentStatus{health.Ongoing, gone, health.Ongoing, health.Resolved, health.Ongoing, gone, health.Ongoing, health.Resolved, health.Ongoing}
	want := []health.IncidentStatus{health.Ongoing, health.Ongoing, health.Ongoing, health.Resolved, health.Resolved, gone, health.Resolved, health.Resolved, health.Resolved}
	for n, status := range copies {
		got := seen.take(shows(status), at(10, n))
		if diff := cmp.Diff(shows(want[n]), got); diff != "" {
			t.Errorf("copy %d, %q (-want +got)\n%s", n, status, diff)
		}
	}
}

func TestTakeForgetsAfterAnHour(t *testing.T) {
	seen := sightings{}
	seen.take(shows(health.Resolved), at(10, 0))
	seen.take(shows(gone), at(11, 0))
	if len(seen) != 0 {
		t.Errorf("remembers %v", seen)
	}
}

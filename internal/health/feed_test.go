package health

import (
	"slices"
	"testing"
	"time"
)

func TestOutagesAreKnownAsFarAsTheyWereSeen(t *testing.T) {
	read := ago(3 * time.Hour)
	grave := func(s IncidentStatus, start, end time.Time) Incident {
		return Incident{Service: ICloudBackup, Kind: KindOutage, Status: s, Start: start, End: end}
	}
	maintenance, photos := grave(Ongoing, ago(1*days), time.Time{}), grave(Ongoing, ago(1*days), time.Time{})
	maintenance.Kind, photos.Service = KindMaintenance, Photos
	tests := []struct {
		name     string
		incident Incident
		want     []Outage
	}{
		{"one that goes on, until it was read of", grave(Ongoing, ago(2*days), time.Time{}), []Outage{{ago(2 * days), read}}},
		{"one that goes on since nobody knows when", grave(Ongoing, time.Time{}, time.Time{}), []Outage{{read, read}}},
		{"one that is over", grave(Resolved, ago(2*days), ago(1*days)), []Outage{{ago(2 * days), ago(1 * days)}}},
		{"one that is over, its end not told", grave(Resolved, ago(2*days), time.Time{}), []Outage{{ago(2 * days), ago(2 * days)}}},
		{"one that ends before it begins", grave(Resolved, ago(1*days), ago(2*days)), []Outage{{ago(2 * days), ago(2 * days)}}},
		{"one without any date", grave(Resolved, time.Time{}, time.Time{}), nil},
		{"one that is planned", grave(Upcoming, ago(1*days), time.Time{}), nil},
		{"one of a status that nobody knows", grave(StatusUnknown, ago(1*days), time.Time{}), nil},
		{"maintenance is not grave", maintenance, nil},
		{"another service is not iCloud Backup", photos, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := Facts{Feed: Reading[Feed]{GoodAt: read, Value: Feed{Incidents: []Incident{tt.incident}}}}
			if got := Judge(f, DefaultPolicy(), noon).Outages; !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

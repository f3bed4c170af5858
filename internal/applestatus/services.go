package applestatus

import (
	"html"
	"strings"

	"ninelives/internal/health"
)

// services are the names of the lines that matter, as the en_US feed writes
// them, in lower case, the most telling first. Apple ID became Apple Account
// in 2024.
var services = []struct {
	name    string
	service health.Service
}{
	{"icloud backup", health.ICloudBackup},
	{"icloud account & sign in", health.ICloudAccount},
	{"apple account", health.AppleAccount},
	{"apple id", health.AppleAccount},
	{"photos", health.Photos},
	{"icloud drive", health.ICloudDrive},
	{"icloud storage upgrades", health.ICloudStorage},
}

// serviceOf finds the service of a name, if it is one that matters. Recorded
// feeds wrote stray blanks, and "&" as "&amp;".
func serviceOf(name string) (health.Service, bool) {
	plain := strings.ToLower(strings.Join(strings.Fields(html.UnescapeString(name)), " "))
	for _, s := range services {
		if s.name == plain {
			return s.service, true
		}
	}
	return "", false
}

// weight is the place of a service in the list above.
func weight(service health.Service) int {
	for n, s := range services {
		if s.service == service {
			return n
		}
	}
	return len(services)
}

var kinds = map[string]health.IncidentKind{
	"issue":       health.KindIssue,
	"outage":      health.KindOutage,
	"performance": health.KindPerformance,
	"maintenance": health.KindMaintenance,
}

var statuses = map[string]health.IncidentStatus{
	"upcoming":  health.Upcoming,
	"ongoing":   health.Ongoing,
	"resolved":  health.Resolved,
	"completed": health.Completed,
}

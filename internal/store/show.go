package store

import (
	"maps"
	"slices"
	"strings"

	"ninelives/internal/health"
)

// Show writes the settings that hold, set or by default, as TOML. Read again,
// it gives the same policy.
func Show(s Settings) string {
	policy := s.Policy()
	s = s.clone()
	s.general = limitsOf(s.general.route(limits{}, health.DefaultPolicy().Computer))
	s.icloud, s.computer = limitsOf(policy.ICloud), limitsOf(policy.Computer)
	for id, d := range s.devices {
		d.limits = limitsOf(policy.Devices[id].Limits)
		d.ignore = toggle(health.AnswerOf(policy.Devices[id].Ignore))
	}
	var b strings.Builder
	table := ""
	for _, r := range rows {
		if strings.HasPrefix(r.Name, devices) {
			continue
		}
		if dot := strings.Index(r.Name, "."); dot >= 0 && r.Name[:dot] != table {
			if table == "computer" {
				s.showDevices(&b)
			}
			table = r.Name[:dot]
			b.WriteString("\n[" + table + "]\n")
		}
		value := r.field(&s, "").toml()
		if value == "" {
			value = r.Default
		}
		b.WriteString(r.Name[strings.Index(r.Name, ".")+1:] + " = " + value + "\n")
	}
	return b.String()
}

func limitsOf(l health.Limits) limits {
	return limits{age(l.WarnAfter), age(l.CriticalAfter)}
}

// showDevices writes a table for each device that has settings.
func (s *Settings) showDevices(b *strings.Builder) {
	for _, id := range slices.Sorted(maps.Keys(s.devices)) {
		b.WriteString("\n[device." + quote(id) + "]\n")
		for _, r := range rows {
			if !strings.HasPrefix(r.Name, devices) {
				continue
			}
			if value := r.field(s, id).toml(); value != "" {
				b.WriteString(strings.TrimPrefix(r.Name, devices) + " = " + value + "\n")
			}
		}
	}
}

package store

import (
	"maps"
	"slices"
	"strings"

	"ninelives/internal/health"
)

// Show writes the settings that hold, set or by default, as TOML. Read again,
// it gives the same policy, but for the bounds of an administrator.
func Show(s Settings) string {
	s = s.filled()
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
		b.WriteString(r.Name[strings.Index(r.Name, ".")+1:] + " = " + value)
		if s.Forced(r.Name) {
			b.WriteString(" # set by your administrator")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// filled gives settings in which every limit is set to what holds.
func (s Settings) filled() Settings {
	policy := s.Policy()
	s = s.clone()
	s.general = limitsOf(s.general.route(limits{}, health.DefaultPolicy().Computer))
	s.icloud, s.computer = limitsOf(policy.ICloud), limitsOf(policy.Computer)
	for id, d := range s.devices {
		d.limits = heldBy(policy, id)
		d.ignore = toggle(health.AnswerOf(policy.Devices[id].Ignore))
	}
	return s
}

// InForce gives what holds for a key, set or by default, in the form of
// [Written.Values]. A limit of a device that is as its route may differ by
// route: that of this computer comes first, then that of iCloud, a line each.
// It is empty for a key that nobody knows.
func (s Settings) InForce(key string) string {
	_, f, problem := findKey(key)
	if problem != nil {
		return ""
	}
	s = s.filled()
	if text := f.field(&s, f.device).toml(); text != "" {
		return plain(tomlValue(text), text)
	}
	if f.device == "" || f.Default != "" {
		return plain(tomlValue(f.Default), f.Default)
	}
	policy := s.Policy()
	limit := func(kind health.RouteKind) string {
		l := policy.LimitsFor(f.device, kind)
		if f.Name == devices+"warn_after" {
			return FormatDuration(l.WarnAfter)
		}
		return FormatDuration(l.CriticalAfter)
	}
	if computer, icloud := limit(health.ComputerRoute), limit(health.ICloudRoute); computer != icloud {
		return computer + "\n" + icloud
	}
	return limit(health.ComputerRoute)
}

// heldBy gives a device's own limits as far as an administrator's bounds leave
// them for its laxer route; zero where there are none.
func heldBy(p health.Policy, id string) limits {
	own, computer, icloud := p.Devices[id].Limits, p.LimitsFor(id, health.ComputerRoute), p.LimitsFor(id, health.ICloudRoute)
	return limits{
		warn:     age(min(own.WarnAfter, max(computer.WarnAfter, icloud.WarnAfter))),
		critical: age(min(own.CriticalAfter, max(computer.CriticalAfter, icloud.CriticalAfter))),
	}
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

package view

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"ninelives/internal/health"
)

func TestNagios(t *testing.T) {
	ben, anna := device("Ben's iPhone", health.Critical, 15*days), device("Anna's iPhone", health.OK, 90*time.Minute)
	never := device("Kim's iPad", health.Critical, 0)
	never.LastGood, never.Why = time.Time{}, "No backup ever finished."
	ignored := device("Old", health.Critical, 400*days)
	ignored.Ignored = true
	obstacle := report(anna)
	obstacle.Obstacles = []health.Obstacle{{Code: health.VolumeOffline, Title: "The drive is away", Remedy: "Connect it | now."}}
	for name, r := range map[string]health.Report{
		"one-late":  report(ben, anna, ignored),
		"never":     report(never),
		"fine":      report(anna),
		"nothing":   {},
		"obstacle":  obstacle,
		"no-limits": report(with(ben, func(v *health.Verdict) { v.Limits = health.Limits{} })),
	} {
		t.Run(name, func(t *testing.T) { golden(t, "nagios/"+name+".txt", Nagios(r)) })
	}
}

// The form of the monitoring plugins: text, a bar, then performance data.
var (
	headForm = regexp.MustCompile(`^NINELIVES (OK|WARNING|CRITICAL|UNKNOWN) - [^|]+$`)
	perfForm = regexp.MustCompile(`^'age_[0-9a-f]{8}'=(U|[0-9]+s);[0-9]*;[0-9]*;0$`)
)

func TestNagiosKeepsItsFormWithAnyName(t *testing.T) {
	for _, name := range hostile {
		got := Nagios(report(device(name, health.Warning, 12*days), device("y", health.OK, 0)))
		lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
		if len(lines) != 3 {
			t.Errorf("%q: %d lines, want 3:\n%s", name, len(lines), got)
		}
		head, perf, _ := strings.Cut(lines[0], " | ")
		if !headForm.MatchString(head) || len([]rune(head)) > nagiosRunes {
			t.Errorf("%q: the first line is %q", name, head)
		}
		for _, p := range strings.Fields(perf) {
			if !perfForm.MatchString(p) {
				t.Errorf("%q: performance data %q", name, p)
			}
		}
		for _, l := range lines[1:] {
			if strings.Contains(l, "|") {
				t.Errorf("%q: a bar in %q", name, l)
			}
		}
	}
}

func TestExitCodes(t *testing.T) {
	for state, want := range map[health.State]int{health.OK: 0, health.Warning: 1, health.Critical: 2, health.Unknown: 3, health.State(99): 3, health.State(-1): 3} {
		if got := ExitCode(state); got != want {
			t.Errorf("%d: exit code %d, want %d", int(state), got, want)
		}
	}
}

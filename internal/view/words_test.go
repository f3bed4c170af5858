package view

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"ninelives/internal/health"
)

func TestWhen(t *testing.T) {
	berlin := time.FixedZone("CET", 3600)
	here := now.In(berlin) // 20 Nov 2026, 11:00
	for want, at := range map[string]time.Time{
		"never":                  {},
		"Today 11:00":            now,
		"Today 00:30":            time.Date(2026, 11, 19, 23, 30, 0, 0, time.UTC),
		"Yesterday 03:12":        time.Date(2026, 11, 19, 2, 12, 0, 0, time.UTC),
		"Tomorrow 00:05":         time.Date(2026, 11, 20, 23, 5, 0, 0, time.UTC),
		"Tue 17 Nov, 03:12":      time.Date(2026, 11, 17, 2, 12, 0, 0, time.UTC),
		"Mon 17 Nov 2025, 03:12": time.Date(2025, 11, 17, 2, 12, 0, 0, time.UTC),
	} {
		if got := When(at, here); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestStanding(t *testing.T) {
	for _, c := range []struct {
		name  string
		state health.State
		age   time.Duration
		want  string
	}{
		{"a fresh one", health.OK, 3 * time.Hour, "fine, 3 hours ago"},
		{"one of this minute", health.OK, 10 * time.Second, "fine, just now"},
		{"a date slightly ahead", health.OK, -time.Hour, "fine, just now"},
		{"a late one names its limit once by its unit", health.Warning, 12 * days, "12 days, limit 7"},
		{"a very late one names the second limit", health.Critical, 15 * days, "15 days, limit 14"},
		{"one just past its limit", health.Warning, 7*days + time.Hour, "over 7 days, limit 7"},
		{"late for another reason than age", health.Warning, 2 * days, "2 days old"},
		{"a weak one", health.Unknown, 2 * days, "unknown, last known backup 2 days ago"},
	} {
		if got := standing(device("x", c.state, c.age), now); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	hours := device("x", health.Warning, 40*time.Hour)
	hours.Limits = health.Limits{WarnAfter: days, CriticalAfter: 3 * days}
	if got := standing(hours, now); got != "40 hours, limit 1 day" {
		t.Errorf("got %q", got)
	}
}

func TestANameLeavesRoomForItsState(t *testing.T) {
	for _, name := range hostile {
		v := device(name, health.Warning, 12*days)
		got := nameOf(v)
		if n := utf8.RuneCountInString(got); n == 0 || n > nameRunes {
			t.Errorf("%q: %d runes", got, n)
		}
		label := deviceLine(v, Session{}, now).Label
		if !strings.HasSuffix(label, ": 12 days, limit 7") || !strings.HasPrefix(label, "▲ ") {
			t.Errorf("%q does not say the state", label)
		}
	}
	family := strings.Repeat("👨‍👩‍👧‍👦", 20)
	if got := clamp(family, nameRunes); strings.HasSuffix(strings.TrimSuffix(got, "…"), "\u200d") {
		t.Errorf("%q ends in a joiner", got)
	}
	if got := isolated("עברית"); got != "\u2068עברית\u2069" {
		t.Errorf("got %q", got)
	}
	if got := isolated("a\u2069b\u202e"); got != "\u2068ab\u2069" {
		t.Errorf("got %q", got)
	}
}

func TestSettingsAreComparedByTheirMeaning(t *testing.T) {
	for in, want := range map[string]time.Duration{
		"6h": 6 * time.Hour, "1d": days, "24h": days, "1w": 7 * days, "1w2d3h": 9*days + 3*time.Hour, "90m": 90 * time.Minute,
		"": 0, "0": 0, "0d": 0, "-1d": 0, "1d-25h": 0, "99999999999999999999d": 0, "0 9,21 * * *": 0, "@daily": 0, "d": 0,
	} {
		got, ok := duration(in)
		if ok != (want > 0) || ok && got != want {
			t.Errorf("%q: got %s, %v", in, got, ok)
		}
	}
	if !same("24h", "1d") || same("24h", "2d") || !same("x", "x") {
		t.Error("comparison is wrong")
	}
}

func TestEveryWordHasAShapeOfItsOwn(t *testing.T) {
	for _, words := range []func(health.State) string{Shape, Word, func(s health.State) string { return string(iconOf(s)) }} {
		seen := map[string]bool{"": true}
		for s := health.Unknown; s <= health.Critical; s++ {
			if w := words(s); seen[w] {
				t.Errorf("%s: %q is empty or twice", s, w)
			} else {
				seen[w] = true
			}
		}
	}
	if Shape(health.State(77)) != "?" || Word(health.State(-3)) != "unknown" || iconOf(99) != IconUnknown {
		t.Error("a state that nobody knows is not unknown")
	}
}

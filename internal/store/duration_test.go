package store

import (
	"strings"
	"testing"
	"time"
)

func TestParseDuration(t *testing.T) {
	cases := map[string]time.Duration{ // zero: refused
		"7d": 7 * day, "1w": 7 * day, "36h": 36 * time.Hour, "1d12h": 36 * time.Hour, "1w2d3h4m5s": 9*day + 3*time.Hour + 4*time.Minute + 5*time.Second,
		"1.5d": 36 * time.Hour, "90m": 90 * time.Minute, "5ms": 5 * time.Millisecond, "36500d": MaxDuration, "0d1h": time.Hour,
		"": 0, "7": 0, "d": 0, "0": 0, "0d": 0, "-1d": 0, "+1d": 0, "1d-1h": 0, " 1d": 0, "1d ": 0, "1 d": 0, "7D": 0, "7days": 0, "1y": 0, "1M": 0,
		"36500d1ns": 0, "36501d": 0, "9999999999999d": 0, "106751991167d": 0, "15250284452w": 0, "1e3h": 0, "1..5d": 0, ".d": 0, "1d1d": 2 * day,
		"2540400h2540400h": 0, "∞": 0, "7d\x00": 0, "٧d": 0, "1hm": 0,
	}
	for text, want := range cases {
		got, err := ParseDuration(text)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: got %v, %v; want %v", text, got, err, want)
		}
	}
	if _, err := ParseDuration(strings.Repeat("1h", 1000)); err == nil {
		t.Error("a very long text was read")
	}
}

func TestFormatDuration(t *testing.T) {
	cases := map[time.Duration]string{
		7 * day: "7d", 36 * time.Hour: "1d12h", time.Minute: "1m", 90 * time.Minute: "1h30m", time.Hour: "1h", 10 * time.Hour: "10h",
		time.Hour + time.Second: "1h0m1s", 1: "1ns", day + 1500*time.Millisecond: "1d1.5s", MaxDuration: "36500d",
	}
	for d, want := range cases {
		if got := FormatDuration(d); got != want {
			t.Errorf("%v: got %s, want %s", d, got, want)
		}
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, seed := range []string{"7d", "1w2d", "1d12h", "1.5d", "-1d", "9999999999999d", "5µs", "1h0.5m"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDuration(text)
		if err != nil {
			return
		}
		if d <= 0 || d > MaxDuration {
			t.Fatalf("%q: %v", text, d)
		}
		if again, err := ParseDuration(FormatDuration(d)); err != nil || again != d {
			t.Fatalf("%q: %v is written %q, which is %v, %v", text, d, FormatDuration(d), again, err)
		}
	})
}

func TestSchedules(t *testing.T) {
	good := map[string]time.Duration{"1m": time.Minute, "6h": 6 * time.Hour, "1d": day, "0 9,21 * * *": 0, "*/5 * * * *": 0, "0 0 29 2 *": 0, "30 2 * * MON-FRI": 0}
	for text, want := range good {
		if got, err := parseSchedule(text); err != nil || got != want {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", " ", "59s", "0s", "-5m", "@every 0s", "@every 6h", "@daily", "@reboot now", "TZ=", "CRON_TZ=UTC", "TZ=UTC 9 * * *", "TZ=UTC 0 9 * * *", "CRON_TZ=UTC 0 9 * * *",
		"0 0 30 2 *", "0 0 31 4,6,9,11 *", ", * * * *", "* * * *", "* * * * * *", "60 * * * *", "0 24 * * *", "0 0 * * 7", "a b c d e", "*/0 * * * *", "1-0 * * * *",
		"0 9\n* * *", strings.Repeat("1,", 200) + "1 * * * *", "99999999999999999999 * * * *",
	} {
		if _, err := parseSchedule(text); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}

func FuzzSchedule(f *testing.F) {
	for _, seed := range []string{"6h", "0 9,21 * * *", "TZ= a b c d", "@every 0s", "*/5 1-2/3 ? JAN sun"} {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, text string) { _, _ = parseSchedule(text) })
}

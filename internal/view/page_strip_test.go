package view

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ninelives/internal/health"
)

// daysOf writes days as letters, the last today: . not looked, f fine, l late,
// s at risk, u unknown; a capital had a backup, after it may stand ! for an
// outage and z for a snooze.
func daysOf(letters string) []health.DayRecord {
	states := map[rune]health.State{'f': health.OK, 'l': health.Warning, 's': health.Critical, 'u': health.Unknown}
	var days []health.DayRecord
	for _, r := range letters {
		last := len(days) - 1
		switch r {
		case '!':
			days[last].Outage = true
		case 'z':
			days[last].Snoozed = true
		case '.', ':':
			days = append(days, health.DayRecord{Backup: r == ':'})
		default:
			lower := rune(strings.ToLower(string(r))[0])
			days = append(days, health.DayRecord{Looked: true, Worst: states[lower], Backup: r != lower})
		}
	}
	for i := range days {
		days[i].Date = now.AddDate(0, 0, i+1-len(days)).Format(time.DateOnly)
	}
	return days
}

func TestStripDrawsARunPerKindOfDay(t *testing.T) {
	for name, c := range map[string]struct{ days, want string }{
		"one day, backed up":                 {"F", "f M89 4h1 n M0 4.5h89 b M89 2.8h1"},
		"late, then backed up on that day":   {"ffLf", "f M86 4h2m1 0h1 n M0 4.5h86 l M88 5.5h1 b M88 2.8h1"},
		"a backup of a day without a look":   {":", "n M0 4.5h90 b M89 2.8h1"},
		"at risk in an outage, and snoozed":  {"s!s!zs", "n M0 4.5h87 s M87 6.3h3 o M87 .4h2 z M88 8.6h1"},
		"unknown is neither fine nor late":   {"uu", "u M88 3.5h2 n M0 4.5h88"},
		"a gap is a gap":                     {"f..f", "f M86 4h1m2 0h1 n M0 4.5h86m1 0h2"},
		"a state that nobody knows, on zero": {strings.Repeat("f", 90), "f M0 4h90"},
	} {
		s := stripOf(daysOf(c.days))
		var got []string
		for _, m := range s.Marks {
			got = append(got, m.Kind+" "+m.Path)
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, g, c.want)
		}
		if s.From != "23 Aug" {
			t.Errorf("%s: begins on %s", name, s.From)
		}
	}
}

func TestStripTakesWhatItGets(t *testing.T) {
	if stripOf(nil) != nil {
		t.Error("a strip of nothing")
	}
	years := stripOf(daysOf(strings.Repeat("Ff", 900)))
	if rows := years.Rows(0); len(rows) != 1 || rows[0].Words != "fine, backed up on 45 days" {
		t.Errorf("five years: %v", rows)
	}
	odd := stripOf([]health.DayRecord{{Date: "<b>", Looked: true, Worst: 77}, {Date: ""}})
	if rows := odd.Rows(0); len(rows) != 2 || rows[0].Words != "unknown" || odd.From != "" {
		t.Errorf("impossible days: %v", rows)
	}
}

func TestStripInWords(t *testing.T) {
	for _, c := range []struct {
		name, days string
		most       int
		want       string
	}{
		{"runs of days", "..FfFfll", 0, "13 to 14 Nov: not looked / 15 to 18 Nov: fine, backed up on 2 days / 19 to 20 Nov: late"},
		{"one day", "F", 0, "20 Nov: fine, backed up"},
		{"every day", "FFF", 0, "18 to 20 Nov: fine, backed up every day"},
		{"what was the matter beside", "s!s!zs", 0, "18 Nov: at risk, trouble at Apple / 19 Nov: at risk, trouble at Apple, snoozed / 20 Nov: at risk"},
		{"what is too much is summed up", "..FfFfl!lss", 3, "11 to 17 Nov: 2 not looked, 4 fine, 1 late; backed up on 2 days / 18 Nov: late / 19 to 20 Nov: at risk"},
		{"another month", strings.Repeat("f", 25), 0, "27 Oct to 20 Nov: fine"},
	} {
		var got []string
		for _, r := range stripOf(daysOf(c.days)).Rows(c.most) {
			got = append(got, r.Days+": "+r.Words)
		}
		if g := strings.Join(got, " / "); g != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, g, c.want)
		}
	}
	if got := stripOf(daysOf("..Ffl")).Words(); got != "In 90 days: 2 not looked, 2 fine, 1 late; backed up on 1 day." {
		t.Errorf("in one sentence: %s", got)
	}
}

func TestBarShowsTheAgeBesideBothLimits(t *testing.T) {
	for age, want := range map[time.Duration]string{
		0: "1 38 75", 7 * days: "38 38 75", 14 * days: "75 38 75", 15 * days: "80 38 75", 400 * days: "100 38 75", -time.Hour: "1 38 75",
	} {
		b := barOf(device("x", health.OK, age), now)
		if got := fmt.Sprint(b.Fill, " ", b.Warn, " ", b.Critical); got != want {
			t.Errorf("%s: got %s, want %s", age, got, want)
		}
	}
	never := device("x", health.Critical, 0)
	never.LastGood = time.Time{}
	if b := barOf(never, now); b.Fill != "" || b.Warn == "" {
		t.Errorf("no proven backup: %+v", b)
	}
	never.Limits = health.Limits{}
	if b := barOf(never, now); b != (Bar{}) {
		t.Errorf("no limits: %+v", b)
	}
}

package health

import (
	"strings"
	"testing"
	"time"
)

func TestObstacles(t *testing.T) {
	in := func(trouble Trouble, backups ...Backup) []Reading[[]Backup] {
		p := place(backups...)
		p.Trouble = trouble
		return []Reading[[]Backup]{p}
	}
	with := func(change func(*Backup)) Backup {
		b := complete(anna, 2*days)
		change(&b)
		return b
	}
	tests := []struct {
		name   string
		places []Reading[[]Backup]
		want   string // codes
	}{
		{"a fine device has none", in("", complete(anna, 1*days)), ""},
		{"a place that may not be read is said once, not per device", in(NoPermission, complete(anna, 1*days)), "full-disk-access"},
		{"an absent place is said once", in(Offline, complete(anna, 1*days)), "volume-offline"},
		{"a place that is missing is none", in(NotFound), ""},
		{"one folder that may not be read", in("", with(func(b *Backup) { b.Phase = PhaseNoPermission })), "full-disk-access"},
		{"one folder on an absent drive", in("", with(func(b *Backup) { b.Phase = PhaseOffline })), "volume-offline"},
		{"damage", in("", with(func(b *Backup) { b.Phase, b.LastGood = PhaseDamaged, time.Time{} })), "damaged-backup"},
		{"an attempt of today is left alone", in("", with(func(b *Backup) { b.Phase, b.Attempt = PhaseUploading, ago(20*time.Hour) })), ""},
		{"an attempt older than a day is said even over a young backup", in("", with(func(b *Backup) { b.Phase, b.Attempt = PhaseUploading, ago(25*time.Hour) })), "unfinished-backup"},
		{"a failed attempt over a young backup is left alone", in("", with(func(b *Backup) { b.Failed, b.Attempt = true, ago(25*time.Hour) })), ""},
		{"a failed attempt over a stale backup is said", in("", with(func(b *Backup) { b.LastGood, b.Failed, b.Attempt = ago(9*days), true, ago(25*time.Hour) })), "unfinished-backup"},
		{"a run under way is none", in("", with(func(b *Backup) { b.Phase, b.Attempt, b.ActiveAt = PhaseUploading, ago(26*time.Hour), ago(time.Minute) })), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var codes []string
			for _, o := range Judge(Facts{Backups: tt.places, Host: Host{OS: "darwin"}}, DefaultPolicy(), noon).Obstacles {
				codes = append(codes, string(o.Code))
				if o.Title == "" || !strings.HasSuffix(o.Remedy, ".") {
					t.Errorf("without title or remedy: %+v", o)
				}
			}
			if got := strings.Join(codes, " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestNoWordsWithoutAnAge(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Hour: "less than a minute", 59 * time.Second: "less than a minute", time.Minute: "1 minute",
		59 * time.Minute: "59 minutes", 119 * time.Minute: "1 hour", 2 * time.Hour: "2 hours", 47 * time.Hour: "47 hours", 48 * time.Hour: "2 days", 400 * days: "400 days",
	} {
		if got := Age(d); got != want {
			t.Errorf("Age(%v) = %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{7 * days: "7 days", 1 * days: "1 day", 36 * time.Hour: "36 hours", 90 * time.Minute: "1 hour 30 minutes", 36*time.Hour + 30*time.Minute: "1 day 12 hours 30 minutes"} {
		if got := Span(d); got != want {
			t.Errorf("Span(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestANameThatNobodySeesIsNone(t *testing.T) {
	for _, name := range []string{"", "  ", "\u200b\u200d", "\ufeff", "\u3164", "\u2800", "\ue000"} {
		b := complete(Device{ID: "aaaaaaaa", Name: name, ProductType: "iPhone14,5"}, 1*days)
		if got := Judge(Facts{Backups: []Reading[[]Backup]{place(b)}}, DefaultPolicy(), noon).Devices[0].Name; got != "" {
			t.Errorf("%q stays as %q", name, got)
		}
	}
	for _, name := range []string{"A", "ひなた", "👩\u200d💻", "\u200fنور"} {
		if visible(name) != name {
			t.Errorf("%q is lost", name)
		}
	}
}

package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ninelives/assets"
	"ninelives/internal/health"
)

func TestForFixChoosesWhatOpensFirst(t *testing.T) {
	p := PageOf(report(device("a", health.Critical, 15*days), device("b", health.Warning, 12*days), device("c", health.OK, 0)), session(), now)
	a, b, c := health.IDOf("a"), health.IDOf("b"), health.IDOf("c")
	for _, test := range []struct {
		name         string
		device, code string
		cards        []string
		fix          string // the open one; none for a device that is fine
	}{
		{"nothing asked: the worst device and its first fix", "", "", []string{a, b, c}, "power"},
		{"a device: its first fix", b, "", []string{b, a, c}, "power"},
		{"a device and a fix", b, "restart", []string{b, a, c}, "restart"},
		{"a fix alone", "", "wifi", []string{a, b, c}, "wifi"},
		{"a device that is fine has no fix", c, "wifi", []string{c, a, b}, ""},
		{"a device that is gone", "00000000", "wifi", []string{a, b, c}, "wifi"},
		{"a fix that is gone", a, "pray", []string{a, b, c}, "power"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := ForFix(p, test.device, test.code)
			var order, open []string
			for i, card := range got.Cards {
				order = append(order, card.ID)
				if card.Open != (i == 0) {
					t.Errorf("card %d open: %v", i, card.Open)
				}
				for _, f := range card.Fixes {
					if f.Open {
						open = append(open, card.ID+" "+f.Code)
					}
				}
				if n := len(card.Fixes); n != 0 && n != 9 {
					t.Errorf("%d fixes", n)
				}
			}
			if !slices.Equal(order, test.cards) {
				t.Errorf("cards %v, want %v", order, test.cards)
			}
			if want := strings.TrimSpace(test.cards[0] + " " + test.fix); test.fix != "" && !slices.Equal(open, []string{want}) || test.fix == "" && len(open) > 0 {
				t.Errorf("open are %v, want %s", open, want)
			}
		})
	}
	if p.Cards[0].ID != a || !p.Cards[0].Fixes[0].Open || p.Cards[0].Fixes[0].Code != "power" {
		t.Error("choosing has changed the page that was given")
	}
}

func TestAPageNamesNoFolderOfADevice(t *testing.T) {
	v := device("x", health.Warning, 12*days)
	v.Routes[0].Path = "/backups/00008030-001A35E40212345E"
	if got := fmt.Sprintf("%+v", PageOf(report(v), session(), now)); strings.Contains(got, "00008030") {
		t.Error("the page holds the UDID")
	}
	if got := Text(report(v), now, TextStyle{}) + Nagios(report(v)); strings.Contains(got, "00008030") {
		t.Error("the text holds the UDID")
	}
}

func TestEveryFixHasAllItsWordsForEveryDevice(t *testing.T) {
	for _, productType := range []string{"iPhone14,5", "iPhone9,1", "iPhone8,4", "iPad13,1", "iPad7,11", "iPod9,1", "iPhone99,1", "", "Watch6,1"} {
		for _, version := range []string{"", "9.3", "18.1", "26.0", "x"} {
			for _, code := range codes {
				f := pageFix(health.Opinion{Code: code}, health.Device{ProductType: productType, OSVersion: version})
				if f.Title == "" || f.Short == "" || f.Matters == "" || f.Takes == "" || f.Proof == "" || f.Checked == "" || len(f.Steps) < 2 {
					t.Errorf("%q %q %s: something is missing: %+v", productType, version, code, f)
				}
			}
		}
	}
}

func TestTheStepsFitTheDevice(t *testing.T) {
	steps := func(productType string) string {
		f, _ := assets.FixByCode("restart")
		return strings.Join(stepsFor(f, health.Device{ProductType: productType, OSVersion: "15.8"}), "\n")
	}
	for productType, want := range map[string]string{
		"iPhone14,5": "side button and either volume", "iPhone8,1": "Hold the side button until a slider",
		"iPhone8,4": "Hold the top button until a slider", "iPad13,1": "top button and either volume", "": "tap “Shut Down”",
	} {
		if got := steps(productType); !strings.Contains(got, want) {
			t.Errorf("%q: %q is not in\n%s", productType, want, got)
		}
	}
}

func TestFixText(t *testing.T) {
	golden(t, "fixes/list.txt", FixList(TextStyle{}))
	text, ok := FixText("4", TextStyle{})
	if !ok {
		t.Fatal("there is no fix 4")
	}
	golden(t, "fixes/4.txt", text)
	if byCode, _ := FixText("icloud-storage", TextStyle{}); byCode != text {
		t.Error("number and code give different texts")
	}
	forBen, _ := FixTextFor(device("Ben's iPhone", health.Warning, 12*days), "power", TextStyle{Width: 60})
	golden(t, "fixes/power-for-ben.txt", forBen)
	for _, name := range []string{"", "0", "10", "-1", "Wifi", "\x1b[31m", "04"} {
		if got, ok := FixText(name, TextStyle{}); ok || got != "" {
			t.Errorf("%q is a fix", name)
		}
	}
}

// BenchmarkOf is the view of fifty devices, made once a minute.
func BenchmarkOf(b *testing.B) {
	var all []health.Verdict
	for i := range 50 {
		all = append(all, device(fmt.Sprintf("iPhone %d", i), health.State(i%4), time.Duration(i)*days))
	}
	r := report(all...)
	b.ReportAllocs()
	for b.Loop() {
		Of(r, session(), now)
	}
}

package view

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ninelives/assets"
	"ninelives/internal/health"
)

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

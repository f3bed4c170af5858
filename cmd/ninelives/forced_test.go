package main

import (
	"bytes"
	"errors"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"ninelives/internal/store"
)

const forcedTwo = `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>check_every</key><string>0 9 * * *</string><key>page.hide_names</key><true/></dict></plist>`

func TestAForcedSettingIsShownAndCannotBeChangedOnTheCommandLine(t *testing.T) {
	home := t.TempDir()
	forced := filepath.Join(home, "forced.plist")
	write(t, forced, forcedTwo)
	run := func(args ...string) (string, int) {
		var out bytes.Buffer
		p := &program{out: &out, err: &out, env: func(string) string { return "" }, home: home, goos: "linux", forced: []string{forced}}
		code := p.run(t.Context(), append([]string{"config"}, args...))
		return out.String(), code
	}
	for _, args := range [][]string{{"set", "check_every", "1h"}, {"unset", "check_every"}} {
		if out, code := run(args...); code != exitFailed || !strings.Contains(out, "check_every = 0 9 * * *: it is set by your administrator") {
			t.Errorf("%q: code %d\n%s", args, code, out)
		}
	}
	if out, code := run("set", "warn_after", "9d"); code != 0 {
		t.Errorf("another key: code %d\n%s", code, out)
	}
	if out, code := run(); code != 0 || !strings.Contains(out, "check_every = \"0 9 * * *\" # set by your administrator\nwarn_after = \"9d\"\n") {
		t.Errorf("code %d\n%s", code, out)
	}
	write(t, forced, "<plist version=\"1.0\"><dict><key>warn_after</key><string>soon</string></dict></plist>")
	if out, code := run(); code != 0 || !strings.Contains(out, "ninelives: "+forced+": warn_after: want") || !strings.Contains(out, "\nwarn_after = \"9d\"\n") {
		t.Errorf("a bad profile: code %d\n%s", code, out)
	}
}

func TestAForcedSettingIsLockedOnThePage(t *testing.T) {
	d := watching(t, "check_every = '3h'\nwarn_after = '9d'\n")
	before := d.file(t)
	forced := filepath.Join(t.TempDir(), "forced.plist")
	d.world.forced = []string{forced}
	if _, changed := d.renew(); changed {
		t.Fatal("something has changed before anything was forced")
	}
	write(t, forced, forcedTwo)
	if s, changed := d.renew(); !changed || s.Session.CheckEvery != "0 9 * * *" || !s.Session.HideNames {
		t.Fatalf("a profile that arrives is not taken over: %v, %+v", changed, s.Session)
	}
	if _, changed := d.renew(); changed {
		t.Error("it is taken over twice")
	}
	shown := d.pageSettings()
	locked := map[string]string{}
	for _, g := range shown.Groups() {
		for _, f := range g.Fields {
			if f.Locked {
				locked[f.Name] = f.Help
			}
		}
	}
	const why = "Set by your administrator."
	if want := map[string]string{"check_every": why, "check_every.own": why, "page.hide_names": why}; !maps.Equal(locked, want) {
		t.Errorf("locked are %v", locked)
	}
	if got := posted(shown)["check_every.own"]; got != "0 9 * * *" {
		t.Errorf("the form shows %q", got)
	}
	sent := filledIn(shown, map[string]string{"check_every": "1h", "check_every.own": "", "page.hide_names": "false"})
	if after := d.saveSettings(t.Context(), shown.Stamp, sent); !after.Saved || d.file(t) != before {
		t.Errorf("what is locked was saved: %v\n%s", after.Problem, d.file(t))
	}
	sent["warn_after"] = "5d"
	if after := d.saveSettings(t.Context(), shown.Stamp, sent); !after.Saved || !strings.Contains(d.file(t), "check_every = '3h'\nwarn_after = \"5d\"\n") {
		t.Errorf("the others cannot be saved: %v\n%s", after.Errors, d.file(t))
	}
	for _, err := range []error{d.change("check_every", "1h"), d.hideNames("on"), d.hideNames("off")} {
		if !errors.Is(err, store.ErrForced) {
			t.Errorf("the menu: %v", err)
		}
	}
}

func TestAForcedLimitLocksIgnoringOnThePage(t *testing.T) {
	d := watching(t, "[device.3f2a9c01]\nignore = true\nwarn_after = '30d'\n")
	before := d.file(t)
	forced := filepath.Join(t.TempDir(), "forced.plist")
	d.world.forced = []string{forced}
	write(t, forced, `<plist version="1.0"><dict><key>warn_after</key><string>5d</string></dict></plist>`)
	d.renew()
	shown := d.pageSettings()
	found := false
	for _, g := range shown.Groups() {
		for _, f := range g.Fields {
			if f.Name == "device.3f2a9c01.ignore" {
				found = true
				if !f.Locked || posted(shown)[f.Name] != "false" || !strings.Contains(g.Help, "stricter") {
					t.Errorf("%+v, %s", f, g.Help)
				}
			}
		}
	}
	if !found {
		t.Error("the device is not on the page")
	}
	if after := d.saveSettings(t.Context(), shown.Stamp, filledIn(shown, nil)); !after.Saved || d.file(t) != before {
		t.Errorf("%v\n%s", after.Problem, d.file(t))
	}
	if err := d.change("device.3f2a9c01.ignore", "true"); !errors.Is(err, store.ErrForced) {
		t.Errorf("the menu: %v", err)
	}
}

func TestNobodyLeavesTheirProfileByAVariable(t *testing.T) {
	before := personName()
	t.Setenv("USER", "somebody-else")
	if got := personName(); got == "somebody-else" || got != before {
		t.Errorf("%q, and before %q", got, before)
	}
}

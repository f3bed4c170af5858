package main

import (
	"runtime/debug"
	"testing"
)

func TestVersionTakesTheLinkersWordBeforeTheNotes(t *testing.T) {
	noted := debug.BuildInfo{
		Main:     debug.Module{Version: "v0.9.0"},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef0123"}, {Key: "vcs.time", Value: "2026-11-20T10:00:00Z"}},
	}
	devel := debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}
	for name, c := range map[string]struct {
		linked build
		info   debug.BuildInfo
		want   string
	}{
		"a release":                       {build{"1.2.3", "abc", "2026-01-02T03:04:05Z"}, noted, "ninelives 1.2.3 (abc, 2026-01-02T03:04:05Z)"},
		"go install of a version":         {build{}, noted, "ninelives v0.9.0 (0123456789ab, 2026-11-20T10:00:00Z)"},
		"go build outside of any history": {build{}, devel, "ninelives dev"},
		"a version alone":                 {build{version: "1.2.3"}, devel, "ninelives 1.2.3"},
		"a short revision":                {build{}, debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "ab"}}}, "ninelives dev (ab)"},
		"a commit without a date":         {build{version: "1.2.3", commit: "abc"}, noted, "ninelives 1.2.3 (abc)"},
	} {
		if got := c.linked.orNoted(&c.info).String(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

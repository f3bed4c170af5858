package view

import (
	"strings"
	"testing"

	"ninelives/internal/health"
)

// On a Mac the permission is that of who started doctor, and a place that can
// be read says nothing of the menu bar program.
func TestDoctorSaysWhosePermissionItWas(t *testing.T) {
	for name, c := range map[string]struct {
		os      string
		trouble health.Trouble
		want    bool
	}{
		"readable on a Mac":     {"darwin", health.NoTrouble, true},
		"not readable on a Mac": {"darwin", health.NoPermission, false},
		"readable elsewhere":    {"linux", health.NoTrouble, false},
	} {
		d := Diagnosis{OS: c.os, Report: health.Report{Sources: []health.SourceState{{Kind: health.SourceMobileSync, Where: "/b", Detail: "2 backups", Trouble: c.trouble}}}}
		said := strings.Join(strings.Fields(Doctor(d, now, TextStyle{Width: 80})), " ")
		if strings.Contains(said, "the permission of what started doctor") != c.want {
			t.Errorf("%s: %s", name, said)
		}
	}
}

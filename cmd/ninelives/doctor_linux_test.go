package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// On a bus where nobody shows icons, doctor names the way of this desktop.
func TestDoctorNamesTheWayToATray(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", privateBus(t))
	home := t.TempDir()
	for desktop, want := range map[string]string{"ubuntu:GNOME": "gnome-shell-extension-appindicator", "XFCE": "Status Tray Plugin"} {
		var out bytes.Buffer
		env := map[string]string{"XDG_CURRENT_DESKTOP": desktop, "NINELIVES_OFFLINE": "true"}
		p := &program{out: &out, err: io.Discard, env: func(name string) string { return env[name] }, home: home, goos: "linux"}
		if code := p.run(t.Context(), []string{"doctor"}); code != 0 {
			t.Fatalf("%s: it ended with %d", desktop, code)
		}
		said := strings.Join(strings.Fields(out.String()), " ")
		if !strings.Contains(said, "this desktop shows no tray icons") || !strings.Contains(said, want) {
			t.Errorf("%s: no word of %s:\n%s", desktop, want, out.String())
		}
	}
}

package view

import (
	"strings"
	"testing"
)

func TestTrayRemedyIsThatOfTheDesktop(t *testing.T) {
	for desktop, want := range map[string]string{
		"GNOME":                       "gnome-shell-extension-appindicator",
		"ubuntu:GNOME":                "gnome-shell-extension-appindicator",
		"GNOME-Classic:GNOME":         "gnome-shell-extension-appindicator",
		"Budgie:GNOME":                "Budgie Desktop Settings",
		"KDE":                         "\"System Tray\"",
		"XFCE":                        "Status Tray Plugin",
		"X-Cinnamon:Cinnamon":         "XApp Status Applet",
		"sway":                        "Waybar",
		"i3":                          "snixembed",
		"":                            "Add a system tray",
		"Something:That nobody knows": "Add a system tray",
	} {
		got := TrayRemedy(desktop)
		if !strings.Contains(got, want) || !strings.Contains(got, "`ninelives open`") {
			t.Errorf("%q: %s", desktop, got)
		}
	}
}

package view

import "strings"

// trayRemedies are the ways to an icon, by what XDG_CURRENT_DESKTOP holds. That
// is a list from the particular to the general, so "Budgie:GNOME" is Budgie.
var trayRemedies = map[string]string{
	"gnome":    "Install the extension \"AppIndicator and KStatusNotifierItem Support\" (package gnome-shell-extension-appindicator), log out and in again, and switch it on in the program Extensions.",
	"kde":      "Right-click the panel, choose \"Add Widgets\", and add \"System Tray\".",
	"xfce":     "Right-click the panel, choose Panel > Add New Items, and add \"Status Tray Plugin\".",
	"mate":     "Right-click the panel, choose \"Add to Panel\", and add \"Notification Area\".",
	"cinnamon": "Right-click the panel, choose Applets, and add \"XApp Status Applet\".",
	"lxqt":     "Right-click the panel, choose \"Manage Widgets\", and add \"Status Notifier Plugin\".",
	"budgie":   "Open Budgie Desktop Settings, choose the panel, and add \"AppIndicator Applet\" or \"System Tray\".",
	"sway":     "Have your bar show a tray: Waybar does with the module \"tray\", swaybar by itself when it was built for it.",
	"hyprland": "Have your bar show a tray: Waybar does with the module \"tray\".",
	"i3":       "Start snixembed: it hands such icons to bars that take only the older kind, as i3bar and polybar do.",
}

// TrayRemedy is how a desktop of Linux comes to show tray icons.
func TrayRemedy(currentDesktop string) string {
	remedy := "Add a system tray to the panel; for a bar that takes only the older kind of icons, start snixembed."
	for name := range strings.SplitSeq(strings.ToLower(currentDesktop), ":") {
		if known, ok := trayRemedies[name]; ok {
			remedy = known
			break
		}
	}
	return remedy + " Until then `ninelives open` shows the page, and notifications come all the same."
}

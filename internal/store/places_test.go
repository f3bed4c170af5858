package store

import "testing"

func TestDirs(t *testing.T) {
	cases := map[string]struct {
		goos, home string
		env        map[string]string
		want       Places
	}{
		"a Mac": {"darwin", "/Users/anna", map[string]string{"XDG_CONFIG_HOME": "/elsewhere"}, Places{
			"/Users/anna/Library/Application Support/Nine Lives/config.toml", "/Users/anna/Library/Application Support/Nine Lives", "/Users/anna/Library/Logs/Nine Lives"}},
		"Linux without variables": {"linux", "/home/anna", nil, Places{
			"/home/anna/.config/ninelives/config.toml", "/home/anna/.local/state/ninelives", "/home/anna/.local/state/ninelives"}},
		"Linux with variables": {"linux", "/home/anna", map[string]string{"XDG_CONFIG_HOME": "/c/", "XDG_STATE_HOME": "/s"}, Places{
			"/c/ninelives/config.toml", "/s/ninelives", "/s/ninelives"}},
		"a variable that is not absolute counts as not set": {"linux", "/home/anna", map[string]string{"XDG_CONFIG_HOME": "c", "XDG_STATE_HOME": "~/s"}, Places{
			"/home/anna/.config/ninelives/config.toml", "/home/anna/.local/state/ninelives", "/home/anna/.local/state/ninelives"}},
		"another Unix is like Linux": {"freebsd", "/home/anna", nil, Places{
			"/home/anna/.config/ninelives/config.toml", "/home/anna/.local/state/ninelives", "/home/anna/.local/state/ninelives"}},
		"Windows": {"windows", `C:\Users\Anna`, map[string]string{"APPDATA": `C:\Users\Anna\AppData\Roaming`, "LOCALAPPDATA": `D:\Local\`}, Places{
			`C:\Users\Anna\AppData\Roaming\Nine Lives\config.toml`, `D:\Local\Nine Lives`, `D:\Local\Nine Lives\Logs`}},
		"Windows without variables": {"windows", `C:\Users\Anna`, nil, Places{
			`C:\Users\Anna\AppData\Roaming\Nine Lives\config.toml`, `C:\Users\Anna\AppData\Local\Nine Lives`, `C:\Users\Anna\AppData\Local\Nine Lives\Logs`}},
		"Windows with a profile on a server": {"windows", `C:\Users\Anna`, map[string]string{"APPDATA": `\\server\anna`}, Places{
			`\\server\anna\Nine Lives\config.toml`, `C:\Users\Anna\AppData\Local\Nine Lives`, `C:\Users\Anna\AppData\Local\Nine Lives\Logs`}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := Dirs(c.goos, func(key string) string { return c.env[key] }, c.home); got != c.want {
				t.Errorf("got %+v", got)
			}
		})
	}
}

package store

import (
	"path"
	"strings"
)

// Places are the files and folders of the program for one user.
type Places struct {
	ConfigFile string // the settings
	DataDir    string // memory, history, the lock of the running instance
	LogDir     string // the log
}

// Dirs gives the places on an operating system (as in runtime.GOOS), from its
// environment and the user's home folder. Variables that are empty or not
// absolute count as not set, as the XDG specification asks.
//
// On Linux the data lies under XDG_STATE_HOME, not XDG_DATA_HOME: it is what
// the specification calls state (history, logs, what was said), worth keeping
// over restarts and not worth a place in a backup of documents.
func Dirs(goos string, env func(string) string, home string) Places {
	switch goos {
	case "darwin":
		data := path.Join(home, "Library/Application Support/Nine Lives")
		return Places{path.Join(data, configName), data, path.Join(home, "Library/Logs/Nine Lives")}
	case "windows":
		roaming := windowsDir(env("APPDATA"), home, `AppData\Roaming`)
		local := windowsDir(env("LOCALAPPDATA"), home, `AppData\Local`)
		return Places{roaming + `\Nine Lives\` + configName, local + `\Nine Lives`, local + `\Nine Lives\Logs`}
	default:
		config := xdgDir(env("XDG_CONFIG_HOME"), home, ".config")
		state := path.Join(xdgDir(env("XDG_STATE_HOME"), home, ".local/state"), "ninelives")
		return Places{path.Join(config, "ninelives", configName), state, state}
	}
}

const configName = "config.toml"

// xdgDir gives a base folder of the XDG specification.
func xdgDir(value, home, usual string) string {
	if path.IsAbs(value) {
		return path.Clean(value)
	}
	return path.Join(home, usual)
}

// windowsDir gives a known folder. The separators are written by hand, because
// package filepath knows only those of the system it runs on.
func windowsDir(value, home, usual string) string {
	drive := len(value) >= 3 && value[1] == ':' && (value[2] == '\\' || value[2] == '/')
	if drive || strings.HasPrefix(value, `\\`) {
		return strings.TrimRight(value, `\/`)
	}
	return strings.TrimRight(home, `\/`) + `\` + usual
}

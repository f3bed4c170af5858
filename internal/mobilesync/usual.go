package mobilesync

import "strings"

// usual is where Apple's programs keep backups, per operating system: the
// variable to start from, and the way from there. Windows has one place per
// program, and several may be in use on one computer.
var usual = map[string][]struct{ variable, path string }{
	"darwin": {
		{"HOME", "Library/Application Support/MobileSync/Backup"},
	},
	"windows": {
		{"APPDATA", `Apple Computer\MobileSync\Backup`}, // iTunes
		{"USERPROFILE", `Apple\MobileSync\Backup`},      // iTunes of the Store, Apple Devices
		{"APPDATA", `Apple\MobileSync\Backup`},          // a variant seen in the wild
	},
}

// Usual gives the full paths where backups usually are on the operating system
// goos (as in runtime.GOOS), whether they exist or not. On Linux there is no
// usual place: idevicebackup2 writes wherever it is told to. A place whose
// variable env does not know is left out.
func Usual(goos string, env func(string) string) []string {
	separator := "/"
	if goos == "windows" {
		separator = `\`
	}
	var places []string
	for _, u := range usual[goos] {
		if start := env(u.variable); start != "" {
			places = append(places, strings.TrimRight(start, `/\`)+separator+u.path)
		}
	}
	return places
}

package desktop

import "strings"

// StarterName is the program that lies beside ours on Windows and starts it
// without a console window, for everything that no console starts: the login
// item, the start menu and the click on a notice.
const StarterName = "Nine Lives.exe"

// startedBy is what the system should start in exe's place: its starter, where
// there is one. A single file that was built or copied alone starts itself.
func startedBy(goos, exe string, isThere func(string) bool) string {
	if goos != windows {
		return exe
	}
	if starter := exe[:strings.LastIndexAny(exe, `\/`)+1] + StarterName; isThere(starter) {
		return starter
	}
	return exe
}

// sameProgram tells whether two paths are of one program, as far as the paths
// say. Windows reports a program's own path as it was typed.
func sameProgram(goos, a, b string) bool {
	return a == b || goos == windows && strings.EqualFold(a, b)
}

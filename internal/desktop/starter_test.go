package desktop

import "testing"

func TestStarterTakesItsProgramsPlaceWhereItIsThere(t *testing.T) {
	for _, c := range []struct{ goos, exe, there, want string }{
		{windows, `C:\Zoë Ünal\ninelives.exe`, `C:\Zoë Ünal\Nine Lives.exe`, `C:\Zoë Ünal\Nine Lives.exe`},
		{windows, `C:\a\ninelives.exe`, "", `C:\a\ninelives.exe`},
		{windows, `C:/a/ninelives.exe`, `C:/a/Nine Lives.exe`, `C:/a/Nine Lives.exe`},
		{linux, "/usr/bin/ninelives", "/usr/bin/Nine Lives.exe", "/usr/bin/ninelives"},
	} {
		if got := startedBy(c.goos, c.exe, func(path string) bool { return path == c.there }); got != c.want {
			t.Errorf("%s: %s, want %s", c.exe, got, c.want)
		}
	}
}

func TestWindowsPathsAreOfOneProgramInAnyCase(t *testing.T) {
	for _, c := range []struct {
		goos, a, b string
		want       bool
	}{
		{windows, `C:\Programs\X.exe`, `c:\programs\x.EXE`, true},
		{windows, `C:\a\x.exe`, `C:\b\x.exe`, false},
		{linux, "/a/X", "/a/x", false},
		{linux, "/a/x", "/a/x", true},
	} {
		if got := sameProgram(c.goos, c.a, c.b); got != c.want {
			t.Errorf("%s: %s, %s: %v", c.goos, c.a, c.b, got)
		}
	}
}

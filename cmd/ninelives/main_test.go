package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"ninelives/internal/sample"
)

func TestMain(m *testing.M) {
	for name, nowhere := range map[string]string{ // neither network nor phones of this computer
		"NINELIVES_RELEASES_URL": "http://127.0.0.1:9/", "USBMUXD_SOCKET_ADDRESS": "127.0.0.1:9",
	} {
		if os.Getenv(name) == "" {
			_ = os.Setenv(name, nowhere)
		}
	}
	if os.Getenv("NINELIVES_TEST_MAIN") != "" { // this binary stands in for the program
		os.Exit(mainCode())
	}
	testscript.Main(m, map[string]func(){
		"ninelives": func() { os.Exit(mainCode()) },
	})
}

// storyTime is the moment that the scripts judge as of.
var storyTime = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

// made are the backups that the command `backups` of a script can make.
var made = map[string]sample.Folder{
	"anna-fresh":  {UDID: "00008110-000A1B2C3D4E5F60", Name: "Anna's iPhone", ProductType: "iPhone14,5", OSVersion: "18.1", Date: storyTime.Add(-26 * time.Hour), Encrypted: true},
	"anna-late":   {UDID: "00008110-000A1B2C3D4E5F60", Name: "Anna's iPhone", ProductType: "iPhone14,5", OSVersion: "18.1", Date: storyTime.Add(-8 * 24 * time.Hour), Encrypted: true},
	"anna-urgent": {UDID: "00008110-000A1B2C3D4E5F60", Name: "Anna's iPhone", ProductType: "iPhone14,5", OSVersion: "18.1", Date: storyTime.Add(-15 * 24 * time.Hour), Encrypted: true},
	"ben-fresh":   {UDID: "00008101-0011223344556677", Name: "Ben's iPad", ProductType: "iPad13,1", OSVersion: "17.5", Date: storyTime.Add(-2 * 24 * time.Hour)},
	"rude":        {UDID: "00008101-0011223344556677", Name: "\x1b[31m$(rm -rf ~)<b>%s|`\u202e\x00 \"'\n" + strings.Repeat("very long ", 500), ProductType: "iPad13,1", OSVersion: "17.5", Date: storyTime.Add(-2 * 24 * time.Hour)},
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, "home", ".config"))
			e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, "home", ".state"))
			e.Setenv("APPDATA", filepath.Join(e.WorkDir, "home", "appdata"))
			e.Setenv("LOCALAPPDATA", filepath.Join(e.WorkDir, "home", "localappdata"))
			e.Setenv("USERPROFILE", filepath.Join(e.WorkDir, "home"))
			e.Setenv("NINELIVES_NOW", storyTime.Format(time.RFC3339))
			e.Setenv("NINELIVES_OFFLINE", "true")
			e.Setenv("TZ", "UTC")
			return os.MkdirAll(filepath.Join(e.WorkDir, "home"), 0o755)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"backups": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg || len(args) < 2 {
					ts.Fatalf("usage: backups DIR NAME...")
				}
				for _, name := range args[1:] {
					f, ok := made[name]
					if !ok {
						ts.Fatalf("no backup called %s", name)
					}
					_, err := f.Write(ts.MkAbs(args[0]))
					ts.Check(err)
				}
			},
		},
	})
}

package main

import (
	_ "embed" // for what the app carries along
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// What the app is called by people and by macOS. The identifier stands beside
// the label of the login item, ninelives.agent, and like it claims no domain
// that is not ours. It does not end in ".app": macOS makes folders of that
// name, in Caches for one, and the Finder would take each for a broken app.
const (
	appName    = "Nine Lives.app"
	identifier = "ninelives.monitor"
	executable = "ninelives"
	iconName   = "NineLives.icns"
)

//go:embed uninstall.sh
var uninstaller []byte

// bundle is what an app is made of.
type bundle struct {
	version  string
	icon     []byte
	binaries [][]byte // one for each kind of processor
}

// file is one file of the app.
type file struct {
	content []byte
	mode    fs.FileMode
}

// files gives all files of the app, by path.
func (b bundle) files() (map[string]file, error) {
	program, err := universal(b.binaries)
	if err != nil {
		return nil, err
	}
	info, err := infoPlist(b.version)
	if err != nil {
		return nil, fmt.Errorf("its Info.plist: %w", err)
	}
	return map[string]file{
		"Contents/Info.plist":             {info, 0o644},
		"Contents/PkgInfo":                {[]byte("APPL????"), 0o644},
		"Contents/MacOS/" + executable:    {program, 0o755},
		"Contents/Resources/" + iconName:  {b.icon, 0o644},
		"Contents/Resources/uninstall.sh": {uninstaller, 0o755},
	}, nil
}

// write makes the app anew, so that nothing of an older one stays in it: a
// file that the signature does not know makes macOS refuse the whole.
func write(app string, files map[string]file) error {
	if err := os.RemoveAll(app); err != nil {
		return err
	}
	for name, f := range files {
		path := filepath.Join(app, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, f.content, f.mode); err != nil {
			return err
		}
	}
	return nil
}

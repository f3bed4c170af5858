// Command macos makes "Nine Lives.app" around binaries that were built before:
//
//	go run ./packaging/macos -version 1.2.3 -icon build/NineLives.icns -out build build/ninelives-arm64 build/ninelives-amd64
//
// It runs anywhere and gives the same bytes for the same input. Signing and
// disk images need a Mac: sign.sh, dmg.sh and notarize.sh do them there.
//
// With -homebrew it writes Homebrew's files for the archives of a release
// instead, a cask for a .dmg and a formula for the source:
//
//	go run ./packaging/macos -homebrew -version 1.2.3 -site https://… -out dist dist/NineLives-1.2.3.dmg
//
// The files for administrators lie in admin.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	var app bundle
	flag.StringVar(&app.version, "version", "dev", "the program's `VERSION`, as it says itself")
	icon := flag.String("icon", "", "the app's icon, an .icns `FILE`")
	out := flag.String("out", "build", "`DIR` to put the app into")
	homebrew := flag.Bool("homebrew", false, "write Homebrew's files for archives of the release")
	site := flag.String("site", "", "where the project lives, an `URL`: releases lie below it")
	flag.Parse()
	run := func() error { return build(app, *icon, *out, flag.Args()) }
	if *homebrew {
		run = func() error { return brew{*site, app.version}.writeAll(*out, flag.Args()) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "macos:", err)
		os.Exit(1)
	}
}

// build reads what the app is made of, and writes it below dir.
func build(app bundle, icon, dir string, binaries []string) error {
	for _, path := range binaries {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		app.binaries = append(app.binaries, b)
	}
	var err error
	if app.icon, err = os.ReadFile(icon); err != nil {
		return fmt.Errorf("the app needs an -icon: %w", err)
	}
	files, err := app.files()
	if err != nil {
		return err
	}
	return write(filepath.Join(dir, appName), files)
}

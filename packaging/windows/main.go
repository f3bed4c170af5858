// Command windows packs what is downloaded for Windows:
//
//	go run ./packaging/windows zip -at SECONDS OUT FILE...
//	go run ./packaging/windows winget -version V -date D -from URL SETUP DIR
//
// windows.mk beside it calls both, and holds what other tools do: resources,
// the two programs and the installer.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "windows:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("want zip or winget")
	}
	switch args[0] {
	case "zip":
		return runZip(args[1:])
	case "winget":
		return runWinget(args[1:])
	}
	return fmt.Errorf("%q: want zip or winget", args[0])
}

func runZip(args []string) error {
	set := flag.NewFlagSet("zip", flag.ContinueOnError)
	at := set.Int64("at", 0, "the time of every file, in `SECONDS` since 1970")
	if err := set.Parse(args); err != nil {
		return err
	}
	if set.NArg() < 2 {
		return errors.New("zip: want the file to make, and what goes into it")
	}
	return writeZip(set.Arg(0), time.Unix(*at, 0).UTC(), set.Args()[1:])
}

func runWinget(args []string) error {
	set := flag.NewFlagSet("winget", flag.ContinueOnError)
	var r release
	set.StringVar(&r.Version, "version", "", "the version, as 1.2.3")
	set.StringVar(&r.Date, "date", "", "the day of the release, as 2026-11-20")
	from := set.String("from", "", "the `URL` of the folder that holds the installer")
	if err := set.Parse(args); err != nil {
		return err
	}
	if set.NArg() != 2 {
		return errors.New("winget: want the installer, and the folder to write to")
	}
	return writeWinget(r, *from, set.Arg(0), set.Arg(1))
}

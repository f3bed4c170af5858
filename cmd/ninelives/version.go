package main

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// version, commit and date are set by the linker. Where they are not, as after
// `go install`, what the go command noted stands in for them.
var version, commit, date string

// build says which program this is.
type build struct {
	version string // "dev" when nobody named one
	commit  string // "" when not known
	date    string // of the commit, RFC 3339; "" when not known
}

// thisBuild is the build of the program that runs.
func thisBuild() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return build{version, commit, date}.orNoted(info)
}

// orNoted fills what the linker was not told from the notes of the go command.
func (b build) orNoted(info *debug.BuildInfo) build {
	if b.version == "" {
		b.version = "dev"
		if noted := info.Main.Version; noted != "" && noted != "(devel)" {
			b.version = noted
		}
	}
	if b.commit != "" { // the notes may be of another folder than the linker's words
		return b
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.commit = s.Value[:min(len(s.Value), 12)]
		case "vcs.time":
			b.date = s.Value
		}
	}
	return b
}

// String is one line; scripts find the version in its second word.
func (b build) String() string {
	var origin []string
	for _, known := range []string{b.commit, b.date} {
		if known != "" {
			origin = append(origin, known)
		}
	}
	if len(origin) == 0 {
		return "ninelives " + b.version
	}
	return fmt.Sprintf("ninelives %s (%s)", b.version, strings.Join(origin, ", "))
}

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Say which version this is, and of which commit", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(p.out, thisBuild())
			return err
		},
	}
}

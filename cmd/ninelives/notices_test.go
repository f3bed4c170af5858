package main

import (
	"slices"
	"testing"

	"ninelives/internal/alert"
	"ninelives/internal/health"
)

// What a click starts is a command line that this program understands.
func TestTheCommandOfAClickOpensThePage(t *testing.T) {
	d := watching(t, "")
	for want, m := range map[string]alert.Message{
		"/":                         {},
		"/device/3f2a9c01":          {Device: "3f2a9c01"},
		"/device/3f2a9c01/fix/wifi": {Device: "3f2a9c01", Fix: health.Code("wifi")},
	} {
		line := d.openLine(m)
		root := d.world.commands()
		command, args, err := root.Find(line[1:])
		if err != nil || command.Name() != "open" {
			t.Fatalf("%q: %v", line, err)
		}
		if err := command.ParseFlags(args); err != nil {
			t.Fatal(err)
		}
		if path, known := pathOf(command.Flags().Arg(0)); path != want || !known {
			t.Errorf("%q opens %s, want %s", line, path, want)
		}
		if !slices.Contains(line, d.world.places.DataDir) {
			t.Errorf("%q would ask another program than this one", line)
		}
	}
}

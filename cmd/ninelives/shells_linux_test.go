package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// written puts a text into a file that other programs can read.
func written(t *testing.T, text string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "ninelives.1")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// page is the manual of a release.
func page(t *testing.T) (file string) {
	t.Helper()
	return written(t, manual((&program{}).commands(), build{"1.2.3", "0123456789ab", "2026-11-20T10:00:00Z"}))
}

// silent runs a program that says nothing when all is well.
func silent(t *testing.T, name string, args ...string) {
	t.Helper()
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "MANROFFSEQ=", "MANWIDTH=80")
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	if err := c.Run(); err != nil || said.Len() > 0 {
		t.Errorf("%s %v: %v\n%s", name, args, err, said.String())
	}
}

func TestManualPleasesMandoc(t *testing.T) {
	need(t, "mandoc")
	silent(t, "mandoc", "-Tlint", "-Wwarning", page(t))
}

func TestManualPleasesGroff(t *testing.T) {
	need(t, "man", "groff")
	silent(t, "sh", "-c", `man --warnings -E UTF-8 -l -Tutf8 -Z "$0" >/dev/null`, page(t))
}

// What mandoc shows of the page must hold everything that the help shows.
func TestManualShowsEveryCommandAndFlag(t *testing.T) {
	need(t, "mandoc")
	shown, err := exec.Command("sh", "-c", `mandoc -Tutf8 -Owidth=500 "$0" | sed 's/.\x08//g'`, page(t)).Output()
	if err != nil {
		t.Fatal(err)
	}
	wants := 0
	want := func(text string) {
		wants++
		if !strings.Contains(string(shown), text) {
			t.Errorf("the page does not show %q", text)
		}
	}
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		want(strings.TrimSuffix(c.UseLine(), " [flags]"))
		want(c.Short[1:])
		c.NonInheritedFlags().VisitAll(func(f *pflag.Flag) {
			if value, meaning := pflag.UnquoteUsage(f); !f.Hidden {
				want(strings.TrimSpace("--" + f.Name + " " + value))
				want(meaning)
			}
		})
		for _, sub := range c.Commands() {
			if !sub.Hidden {
				walk(sub)
			}
		}
	}
	walk((&program{}).commands())
	for _, text := range []string{"NINELIVES_BACKUP_DIR", "~/.config/ninelives/config.toml", "notifications.quiet", "78", "idevicebackup2(1)"} {
		want(text)
	}
	if wants < 50 {
		t.Errorf("only %d things were looked for: the walk has gone wrong", wants)
	}
	if strings.Contains(string(shown), "--now") {
		t.Error("the page shows a hidden flag")
	}
}

func TestRoffIsPrintedAsItIs(t *testing.T) {
	need(t, "mandoc")
	for _, text := range []string{".TH of a line", `'quoted' "twice" \n \fB`, "a-b --c … José", `.`, `\`} {
		file := written(t, fmt.Sprintf(".TH X 1 2026-11-25\n.SH NAME\nx \\- y\n.SH DESCRIPTION\n%s\n", roff(text)))
		shown, err := exec.Command("mandoc", "-Tutf8", file).Output()
		if err != nil || !strings.Contains(string(shown), "     "+text+"\n") {
			t.Errorf("%s (%v) is shown as\n%s", text, err, shown)
		}
	}
}

func TestCompletionsPleaseTheirShells(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		t.Run(shell, func(t *testing.T) {
			need(t, shell)
			var out bytes.Buffer
			p := &program{out: &out, err: io.Discard, env: func(string) string { return "" }}
			if code := p.run(t.Context(), []string{"completion", shell}); code != 0 || !strings.Contains(out.String(), "ninelives") {
				t.Fatalf("it ended with %d and printed %d bytes", code, out.Len())
			}
			silent(t, shell, "-n", written(t, out.String()))
		})
	}
}

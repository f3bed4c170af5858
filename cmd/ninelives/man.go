package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ninelives/internal/store"
)

// manCommand prints the manual page for those who package the program. It
// walks the commands themselves, so that page and help cannot differ. Cobra has
// a writer of its own, but that goes through Markdown and would link two more
// modules into the program.
func (p *program) manCommand() *cobra.Command {
	return &cobra.Command{
		Use: "man", Short: "Print the manual page", Hidden: true, Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := io.WriteString(p.out, manual(c.Root(), thisBuild()))
			return err
		},
	}
}

// manual is the page in the language of man(7).
func manual(root *cobra.Command, b build) string {
	var m manPage
	day := b.date
	if at, err := time.Parse(time.RFC3339, b.date); err == nil {
		day = at.UTC().Format(time.DateOnly)
	}
	m.line(`.TH NINELIVES 1 "%s" "Nine Lives %s" "User Commands"`, day, roff(b.version))
	m.section("NAME")
	m.line(`ninelives \- %s`, roff(strings.ToLower(root.Short[:1])+root.Short[1:]))
	m.section("SYNOPSIS")
	m.line(".B ninelives\n[\\fICOMMAND\\fR] [\\fIFLAGS\\fR]")
	m.section("DESCRIPTION")
	m.prose(root.Long)
	m.section("COMMANDS")
	m.commands(root)
	m.section("OPTIONS")
	m.flags(root.PersistentFlags())
	m.environment(root.PersistentFlags())
	m.section("EXIT STATUS")
	m.prose(exitWords)
	m.files(store.Dirs("linux", func(string) string { return "" }, "~"))
	m.section("SEE ALSO")
	m.line(".BR idevicebackup2 (1),\n.BR usbmuxd (8)")
	return m.text.String()
}

const exitWords = "`ninelives check` gives its verdict in its exit code, in every format:\n\n" +
	"  0   ok\n  1   warning\n  2   critical\n  3   unknown: nothing to judge, or nothing readable\n\n" +
	"Every command, besides 0 for success and 1 for failure:\n\n" +
	"  64  bad usage: a wrong flag, value or command\n  78  the settings cannot be used"

// manPage is a manual page being written.
type manPage struct{ text strings.Builder }

func (m *manPage) line(format string, args ...any) { fmt.Fprintf(&m.text, format+"\n", args...) }

func (m *manPage) section(name string) { m.line(".SH %s", name) }

// item is a term and what it means.
func (m *manPage) item(term, meaning string) { m.line(".TP\n%s\n%s", term, roff(meaning)) }

// commands describes every command that the help shows.
func (m *manPage) commands(parent *cobra.Command) {
	for _, c := range parent.Commands() {
		if !c.IsAvailableCommand() || c.Name() == "help" {
			continue
		}
		m.line(`.SS "%s"`, roff(strings.TrimSuffix(c.UseLine(), " [flags]")))
		if c.Long != "" {
			m.prose(c.Short + ".\n\n" + c.Long)
		} else {
			m.prose(c.Short + ".")
		}
		m.flags(c.NonInheritedFlags())
		m.commands(c)
	}
}

// flags describes the flags that the help shows.
func (m *manPage) flags(set *pflag.FlagSet) {
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		value, meaning := pflag.UnquoteUsage(f)
		term := `\fB` + roff("--"+f.Name) + `\fR`
		if value != "" {
			term += ` \fI` + roff(value) + `\fR`
		}
		if f.Value.Type() == "string" && f.DefValue != "" {
			meaning += " (default " + f.DefValue + ")"
		}
		m.item(term, meaning)
	})
}

// environment names the variables that stand for flags.
func (m *manPage) environment(set *pflag.FlagSet) {
	m.section("ENVIRONMENT")
	m.prose("Every flag can also be given by a variable; the flag itself goes first.")
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		meaning := "As --" + f.Name + "."
		if f.Value.Type() == "stringArray" {
			meaning = "As --" + f.Name + "; a list of paths, separated as in PATH."
		}
		m.item(`\fB`+variable(f.Name)+`\fR`, meaning)
	})
	m.item(`\fBNO_COLOR\fR`, "Print without colours.")
}

// files names what the program keeps.
func (m *manPage) files(places store.Places) {
	m.section("FILES")
	m.item(`\fI`+roff(places.ConfigFile)+`\fR`, "The settings; made by the first change, with every key explained. XDG_CONFIG_HOME moves it.")
	m.item(`\fI`+roff(places.DataDir)+`\fR`, "Memory, history and log. XDG_STATE_HOME moves it.")
	m.item(`\fI`+roff("~/.config/autostart/ninelives.desktop")+`\fR`, "Starts the program at login; made and removed by `ninelives login-item`.")
}

// prose sets paragraphs. Lines that begin with two blanks are a list: a term,
// at least two blanks, what it means.
func (m *manPage) prose(text string) {
	for i, paragraph := range strings.Split(strings.Trim(text, "\n"), "\n\n") {
		if i > 0 && !strings.HasPrefix(paragraph, "  ") { // headings and lists make their own room
			m.line(".PP")
		}
		for line := range strings.SplitSeq(paragraph, "\n") {
			term, meaning, isItem := strings.Cut(strings.TrimSpace(line), "  ")
			if isItem && strings.HasPrefix(line, "  ") {
				m.item(`\fB`+roff(term)+`\fR`, strings.TrimSpace(meaning))
				continue
			}
			m.line("%s", roff(line))
		}
	}
}

var inBackticks = regexp.MustCompile("`([^`]+)`")

// escapes are the characters that man(7) takes for something else.
var escapes = strings.NewReplacer(`\`, `\e`, `-`, `\-`, `"`, `\(dq`, `'`, `\(aq`)

// roff writes a text so that it is printed as it is; what stands in backticks
// becomes bold.
func roff(text string) string {
	text = inBackticks.ReplaceAllString(escapes.Replace(text), `\fB$1\fR`)
	var out strings.Builder
	for _, r := range text {
		if r > '~' {
			fmt.Fprintf(&out, `\[u%04X]`, r)
		} else {
			out.WriteRune(r)
		}
	}
	if strings.HasPrefix(text, ".") {
		return `\&` + out.String()
	}
	return out.String()
}

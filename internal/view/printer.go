package view

import (
	"strings"

	"ninelives/internal/health"
)

// printer collects lines for a terminal. What it is given is clean already:
// foreign text has passed [Terminal].
type printer struct {
	strings.Builder
	width  int
	colour bool
}

func newPrinter(s TextStyle) *printer {
	width := s.Width
	if width <= 0 {
		width = 80
	}
	return &printer{width: max(width, 30), colour: s.Colour}
}

// line writes text at an indent, wrapped. Empty text writes nothing.
func (p *printer) line(indent int, text string) { p.item(indent, "", text) }

// item writes text behind a bullet, wrapped so that all of it stands right of
// the bullet.
func (p *printer) item(indent int, bullet, text string) {
	for i, l := range wrap(text, p.width-indent-cells(bullet)) {
		if i > 0 {
			bullet = strings.Repeat(" ", cells(bullet))
		}
		p.WriteString(strings.Repeat(" ", indent) + bullet + l + "\n")
	}
}

// gap leaves a line free.
func (p *printer) gap() { p.WriteByte('\n') }

// state is the shape of a state in its colour.
func (p *printer) state(s health.State) string { return p.paint(s, Shape(s)) }

func (p *printer) paint(s health.State, text string) string {
	switch s {
	case health.OK:
		return p.sgr("32", text)
	case health.Warning:
		return p.sgr("33", text)
	case health.Critical:
		return p.sgr("31", text)
	default:
		return p.sgr("35", text)
	}
}

func (p *printer) bold(text string) string { return p.sgr("1", text) }

func (p *printer) faint(text string) string { return p.sgr("2", text) }

// sgr sets text in a style, word by word: a line may be broken between any two
// words, and a broken style would colour the indent.
func (p *printer) sgr(code, text string) string {
	if !p.colour || text == "" {
		return text
	}
	words := strings.Split(text, " ")
	for i, w := range words {
		if w != "" {
			words[i] = "\x1b[" + code + "m" + w + "\x1b[0m"
		}
	}
	return strings.Join(words, " ")
}

package main

import "image/color"

// state is one of the five icons: a cat's head whose outline tells the
// state, with a mark that tells it again.
type state struct {
	name    string
	label   string // for screen readers, in the SVG
	layers  []layer
	onLight color.NRGBA // its colour on a light panel
	onDark  color.NRGBA // and on a dark one
}

// The colours. Calm states have the colour of text: only what wants something
// of the user stands out, and always by its shape first.
var (
	black = color.NRGBA{A: 255}
	ink   = color.NRGBA{R: 0x26, G: 0x2b, B: 0x33, A: 255}
	chalk = color.NRGBA{R: 0xf2, G: 0xf4, B: 0xf7, A: 255}
	amber = color.NRGBA{R: 0xb2, G: 0x5c, B: 0x00, A: 255}
	gold  = color.NRGBA{R: 0xff, G: 0xc2, B: 0x3d, A: 255}
	red   = color.NRGBA{R: 0xc8, G: 0x1e, B: 0x2b, A: 255}
	coral = color.NRGBA{R: 0xff, G: 0x7a, B: 0x70, A: 255}
)

// Widths of strokes: of a mark that is cut out, which looks thinner than it
// is, and of a rim or a mark that is drawn.
const (
	carved = 1.8
	drawn  = 1.5
)

// states describes the five icons. Units are pixels at 16 by 16.
func states() []state {
	return []state{
		{"ok", "Backups are fine", okay(), ink, chalk},
		{"attention", "A backup needs attention", attention(), amber, gold},
		{"problem", "A backup is badly out of date", problem(), red, coral},
		{"unknown", "Not known how the backups are", unknown(), ink, chalk},
		{"checking", "Looking at the backups", checking(), ink, chalk},
	}
}

// okay is the round head, whole, with a tick.
func okay() []layer {
	return append(head(),
		cut(line{carved, []point{{4.9, 9.1}, {7.2, 11.4}, {11.3, 6.8}}}),
	)
}

// attention is the yield sign: a head with a pointed chin, with an exclamation mark.
func attention() []layer {
	return []layer{
		ear(point{1.4, 1}, point{1.4, 5}, point{6, 4}), ear(point{14.6, 1}, point{14.6, 5}, point{10, 4}),
		add(area{2, []point{{2.9, 4.9}, {13.1, 4.9}, {8, 13.2}}}),
		cut(line{carved, []point{{8, 5}, {8, 8.4}}}),
		cut(disc(8, 11.4, 1.1)),
	}
}

// problem is a head with its fur on end, with a cross.
func problem() []layer {
	return []layer{
		ear(point{1.8, 1}, point{2.3, 7}, point{6.5, 4}), ear(point{14.2, 1}, point{13.7, 7}, point{9.5, 4}),
		add(area{0.4, []point{{3.5, 4}, {12.5, 4}, {14.9, 8.1}, {13.2, 9.9}, {13.8, 12.4}, {11.3, 12.7}, {10.4, 15}, {8, 13.8}, {5.6, 15}, {4.7, 12.7}, {2.2, 12.4}, {2.8, 9.9}, {1.1, 8.1}}}),
		cut(line{carved, []point{{5.4, 6}, {10.6, 11.2}}}),
		cut(line{carved, []point{{10.6, 6}, {5.4, 11.2}}}),
	}
}

// unknown is the round head as a mere rim, open at the chin for the point of a
// question mark.
func unknown() []layer {
	return append(head(),
		cut(line{2 * (headRadius - drawn), headCore()}),
		cut(line{5, []point{{8, 14}, {8, 18}}}),
		add(arc{drawn, point{8, 7.9}, 1.65, 180, 405}),
		add(line{drawn, []point{{9.17, 9.07}, {8, 10.3}}}),
		add(disc(8, 13.9, 1)),
	)
}

// checking is a magnifying glass with ears, and eyes that look.
func checking() []layer {
	return []layer{
		ear(point{1.6, 1}, point{1.8, 7}, point{5.5, 4}), ear(point{12.4, 1}, point{12.2, 7}, point{8.5, 4}),
		add(disc(7, 8, 5.8)),
		cut(disc(7, 8, 5.8-drawn)),
		add(disc(5.2, 7.7, 1)), add(disc(8.8, 7.7, 1)),
		add(line{2.2, []point{{11.3, 12.2}, {14.3, 14.8}}}),
	}
}

// headRadius is that of the round head's cheeks.
const headRadius = 6

func headCore() []point { return []point{{7, 9}, {9, 9}} }

// head is the round head with its ears.
func head() []layer {
	return []layer{
		ear(point{1.8, 1}, point{1.9, 7}, point{6.5, 4}), ear(point{14.2, 1}, point{14.1, 7}, point{9.5, 4}),
		add(line{2 * headRadius, headCore()}),
	}
}

// ear is a triangle with soft corners: its tip, and two feet inside the head.
func ear(tip, outer, inner point) layer { return add(area{0.5, []point{tip, outer, inner}}) }

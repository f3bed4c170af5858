package main

import "image/color"

// appIcon is the picture of the program: a nine, whose bowl is the cat's head
// and whose stem is its tail.
func appIcon() []paint {
	return []paint{
		{
			layers: []layer{add(area{3, []point{{3.6, 3.6}, {12.4, 3.6}, {12.4, 12.4}, {3.6, 12.4}}})},
			top:    color.NRGBA{R: 0x3f, G: 0x4c, B: 0x9a, A: 255},
			bottom: color.NRGBA{R: 0x16, G: 0x1f, B: 0x4d, A: 255},
		},
		flat([]layer{
			ear(point{5.1, 2.6}, point{5.05, 6.5}, point{6.8, 4.4}), ear(point{10.9, 2.6}, point{10.95, 6.5}, point{9.2, 4.4}),
			add(disc(8, 6.7, 3.45)),
			add(arc{1.7, point{2.6, 6.7}, 8, 0, 52}),
		}, color.NRGBA{R: 0xff, G: 0xd9, B: 0x7a, A: 255}),
		flat([]layer{
			add(disc(6.7, 6.4, 0.55)), add(disc(9.3, 6.4, 0.55)),
			add(area{0.2, []point{{7.75, 7.6}, {8.25, 7.6}, {8, 7.9}}}),
		}, color.NRGBA{R: 0x16, G: 0x1f, B: 0x4d, A: 255}),
	}
}

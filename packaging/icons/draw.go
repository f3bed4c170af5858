package main

import (
	"fmt"
	"image"
	"image/color"
	"strings"
)

// units is the side of every picture in its own coordinates.
const units = 16

// samples is how often each pixel of a picture is probed per side; the share
// that is inked becomes its alpha. Large pictures show their edges less.
func samples(size int) int {
	if size > appSize {
		return 4
	}
	return 8
}

// paint is layers in one colour, or in two that run into each other downwards.
type paint struct {
	layers      []layer
	top, bottom color.NRGBA
}

// flat is a paint of one colour.
func flat(layers []layer, c color.NRGBA) paint { return paint{layers: layers, top: c, bottom: c} }

// rasterise renders paints, the first one lowest, as a square of size pixels.
func rasterise(size int, paints ...paint) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			var pixel color.NRGBA
			for _, p := range paints {
				pixel = over(pixel, p.at(y, size), coverage(p.layers, x, y, size))
			}
			img.SetNRGBA(x, y, pixel)
		}
	}
	return img
}

// coverage gives the inked share of one pixel, of 255.
func coverage(layers []layer, x, y, size int) int {
	samples := samples(size)
	step, inked := float64(units)/float64(size*samples), 0
	for j := range samples {
		for i := range samples {
			p := point{float64((float64(x*samples+i) + 0.5) * step), float64((float64(y*samples+j) + 0.5) * step)}
			if covers(layers, p) {
				inked++
			}
		}
	}
	return inked * 255 / (samples * samples)
}

// at gives the colour of a row of pixels.
func (p paint) at(y, size int) color.NRGBA {
	mix := func(a, b uint8) uint8 {
		return uint8((int(a)*(size-1-y) + int(b)*y + (size-1)/2) / (size - 1))
	}
	return color.NRGBA{mix(p.top.R, p.bottom.R), mix(p.top.G, p.bottom.G), mix(p.top.B, p.bottom.B), 255}
}

// over lays a colour on a pixel, as far as its share of 255 is inked.
func over(below, colour color.NRGBA, share int) color.NRGBA {
	if share == 0 {
		return below
	}
	kept := int(below.A) * (255 - share) / 255
	alpha := share + kept
	mix := func(a, b uint8) uint8 { return uint8((int(a)*kept + int(b)*share + alpha/2) / alpha) }
	return color.NRGBA{mix(below.R, colour.R), mix(below.G, colour.G), mix(below.B, colour.B), uint8(alpha)}
}

// svg writes layers as a drawing in the colour of the text around it.
func svg(name, label string, layers []layer) string {
	return fmt.Sprintf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n", units, units, label) +
		mask("nine-lives-"+name, layers) +
		fmt.Sprintf("<rect width=\"%d\" height=\"%d\" fill=\"currentColor\" mask=\"url(#nine-lives-%s)\"/>\n</svg>\n", units, units, name)
}

// mask says "add" and "cut" exactly as covers does.
func mask(id string, layers []layer) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<mask id=\"%s\" maskUnits=\"userSpaceOnUse\" x=\"0\" y=\"0\" width=\"%d\" height=\"%d\">\n", id, units, units)
	for _, l := range layers {
		colour := "#fff"
		if l.cut {
			colour = "#000"
		}
		b.WriteString(l.svg(colour) + "\n")
	}
	b.WriteString("</mask>\n")
	return b.String()
}

package main

import (
	"fmt"
	"math"
	"strings"
)

// point is a place in an icon's own coordinates: 16 by 16 units, y downwards.
type point struct{ x, y float64 }

// shape is a filled area. Every one of them is "all that lies within a radius
// of a core", which gives round corners and ends, a test for one point that is
// a single comparison, and an exact counterpart in SVG.
type shape interface {
	contains(p point) bool
	svg(colour string) string
}

// layer adds a shape to what was drawn before, or cuts it out.
type layer struct {
	shape
	cut bool
}

func add(s shape) layer { return layer{shape: s} }
func cut(s shape) layer { return layer{shape: s, cut: true} }

// covers reports whether p is inked: the topmost shape that holds p decides.
func covers(layers []layer, p point) bool {
	for i := len(layers) - 1; i >= 0; i-- {
		if layers[i].contains(p) {
			return !layers[i].cut
		}
	}
	return false
}

// line is a stroke along points, with round ends and joins. One point alone
// makes a disc, two far apart a capsule.
type line struct {
	width  float64
	points []point
}

// disc is a line of a single point.
func disc(x, y, radius float64) line { return line{width: 2 * radius, points: []point{{x, y}}} }

func (l line) contains(p point) bool {
	reach := square(l.width / 2)
	for i, a := range l.points {
		b := l.points[min(i+1, len(l.points)-1)]
		if squaredDistance(p, a, b) <= reach {
			return true
		}
	}
	return false
}

func (l line) svg(colour string) string {
	if len(l.points) == 1 {
		return fmt.Sprintf(`<circle cx="%g" cy="%g" r="%g" fill="%s"/>`, l.points[0].x, l.points[0].y, l.width/2, colour)
	}
	return fmt.Sprintf(`<polyline points="%s" fill="none" stroke="%s" stroke-width="%g" stroke-linecap="round" stroke-linejoin="round"/>`,
		list(l.points), colour, l.width)
}

// area is a polygon grown by round on all sides.
type area struct {
	round  float64
	points []point
}

func (a area) contains(p point) bool {
	inside := false
	for i, from := range a.points {
		to := a.points[(i+1)%len(a.points)]
		if squaredDistance(p, from, to) <= square(a.round) {
			return true
		}
		if (from.y > p.y) != (to.y > p.y) && p.x < from.x+float64((p.y-from.y)/(to.y-from.y)*(to.x-from.x)) {
			inside = !inside
		}
	}
	return inside
}

func (a area) svg(colour string) string {
	return fmt.Sprintf(`<polygon points="%s" fill="%s" stroke="%s" stroke-width="%g" stroke-linejoin="round"/>`,
		list(a.points), colour, colour, 2*a.round)
}

// arc is a stroke along a part of a circle, clockwise on the screen from one
// angle to the other, in degrees; 0 points right, 90 down. It has round ends.
type arc struct {
	width    float64
	centre   point
	radius   float64
	from, to float64
}

func (a arc) contains(p point) bool {
	reach := square(a.width / 2)
	dx, dy := p.x-a.centre.x, p.y-a.centre.y
	turn := math.Mod(math.Atan2(dy, dx)*180/math.Pi-a.from+720, 360)
	if turn <= a.to-a.from {
		return square(math.Sqrt(square(dx)+square(dy))-a.radius) <= reach
	}
	return squaredDistance(p, a.at(a.from), a.at(a.from)) <= reach || squaredDistance(p, a.at(a.to), a.at(a.to)) <= reach
}

// at gives the point of the circle at an angle.
func (a arc) at(degrees float64) point {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return point{a.centre.x + float64(a.radius*cos), a.centre.y + float64(a.radius*sin)}
}

func (a arc) svg(colour string) string {
	from, to, large := a.at(a.from), a.at(a.to), 0
	if a.to-a.from > 180 {
		large = 1
	}
	return fmt.Sprintf(`<path d="M%.3f %.3fA%g %g 0 %d 1 %.3f %.3f" fill="none" stroke="%s" stroke-width="%g" stroke-linecap="round"/>`,
		from.x, from.y, a.radius, a.radius, large, to.x, to.y, colour, a.width)
}

// squaredDistance is that of p from the segment between a and b.
func squaredDistance(p, a, b point) float64 {
	ab, ap := point{b.x - a.x, b.y - a.y}, point{p.x - a.x, p.y - a.y}
	along := 0.0
	if length := square(ab.x) + square(ab.y); length > 0 {
		along = max(0, min(1, (float64(ap.x*ab.x)+float64(ap.y*ab.y))/length))
	}
	return square(ap.x-float64(along*ab.x)) + square(ap.y-float64(along*ab.y))
}

// square rounds its product, here as in all float64(…) of this file, so that
// no processor fuses it with a sum and the files come out the same everywhere.
func square(x float64) float64 { return float64(x * x) }

func list(points []point) string {
	words := make([]string, len(points))
	for i, p := range points {
		words[i] = fmt.Sprintf("%g,%g", p.x, p.y)
	}
	return strings.Join(words, " ")
}

package main

import (
	"fmt"
	"image/color"
	"strings"
)

// hicolorSizes are those in which the desktops of Linux look for an icon.
var hicolorSizes = [...]int{16, 22, 24, 32, 48, 64, 128, 256, 512}

// hicolor gives the program's own icon as the files of an icon theme.
func hicolor() (map[string][]byte, error) {
	files := map[string][]byte{"scalable/apps/ninelives.svg": []byte(svgOf(appIcon()))}
	for _, size := range hicolorSizes {
		picture, err := encodePNG(rasterise(size, appIcon()...))
		if err != nil {
			return nil, err
		}
		files[fmt.Sprintf("%dx%d/apps/ninelives.png", size, size)] = picture
	}
	return files, nil
}

// svgOf writes paints as a drawing in their own colours, as rasterise fills
// them: the gradient runs over the whole picture, not over the shape.
func svgOf(paints []paint) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%[1]d\" height=\"%[1]d\" viewBox=\"0 0 %[2]d %[2]d\">\n", appSize, units)
	for i, p := range paints {
		fmt.Fprintf(&b, "<linearGradient id=\"fill-%d\" gradientUnits=\"userSpaceOnUse\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"%d\">"+
			"<stop stop-color=\"%s\"/><stop offset=\"1\" stop-color=\"%s\"/></linearGradient>\n", i, units, web(p.top), web(p.bottom))
		b.WriteString(mask(fmt.Sprintf("shape-%d", i), p.layers))
		fmt.Fprintf(&b, "<rect width=\"%[1]d\" height=\"%[1]d\" fill=\"url(#fill-%[2]d)\" mask=\"url(#shape-%[2]d)\"/>\n", units, i)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// web is a colour as drawings write it.
func web(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

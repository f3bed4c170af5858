package main

import (
	"bytes"
	"encoding/binary"
	"image"
)

// icnsElement is one picture of a Mac's icon: what it is called in the file,
// and its side in pixels.
type icnsElement struct {
	code string
	size int
}

// icnsElements are all sizes that a Mac asks for. The last four are the same
// ones for screens of double density, under names of their own.
var icnsElements = [...]icnsElement{
	{"is32", 16}, {"il32", 32}, {"ic07", 128}, {"ic08", 256}, {"ic09", 512},
	{"ic11", 32}, {"ic12", 64}, {"ic13", 256}, {"ic14", 512}, {"ic10", 1024},
}

// icnsMasks name the elements that hold the transparency of the two smallest.
// Those have the old form, colours and mask apart: as PNG they show as noise
// when they are the icon of an app.
var icnsMasks = map[string]string{"is32": "s8mk", "il32": "l8mk"}

// renderICNS draws the icon of the app in all sizes.
func renderICNS() ([]byte, error) {
	drawn, images := make(map[int]*image.NRGBA), make(map[string]*image.NRGBA)
	for _, e := range icnsElements {
		if drawn[e.size] == nil {
			drawn[e.size] = rasterise(e.size, appIcon()...)
		}
		images[e.code] = drawn[e.size]
	}
	return encodeICNS(images)
}

// encodeICNS writes images, by code, as one icon file.
func encodeICNS(images map[string]*image.NRGBA) ([]byte, error) {
	var elements bytes.Buffer
	element := func(code string, content []byte) {
		elements.WriteString(code)
		elements.Write(binary.BigEndian.AppendUint32(nil, uint32(8+len(content))))
		elements.Write(content)
	}
	for _, e := range icnsElements {
		img := images[e.code]
		if mask, old := icnsMasks[e.code]; old {
			element(e.code, packColours(img))
			element(mask, channel(img, 3))
			continue
		}
		picture, err := encodePNG(img)
		if err != nil {
			return nil, err
		}
		element(e.code, picture)
	}
	file := binary.BigEndian.AppendUint32([]byte("icns"), uint32(8+elements.Len()))
	return append(file, elements.Bytes()...), nil
}

// packColours packs red, green and blue one after the other.
func packColours(img *image.NRGBA) []byte {
	var packed []byte
	for c := range 3 {
		packed = append(packed, pack(channel(img, c))...)
	}
	return packed
}

// channel gives one byte of every pixel.
func channel(img *image.NRGBA, which int) []byte {
	plane := make([]byte, 0, len(img.Pix)/4)
	for i := which; i < len(img.Pix); i += 4 {
		plane = append(plane, img.Pix[i])
	}
	return plane
}

// pack shortens runs: a byte below 128 says that one more bytes than it follow
// as they are, one from 128 on that the next byte comes 125 times fewer.
func pack(plane []byte) []byte {
	const shortest, longest, most = 3, 130, 128
	var packed, plain []byte
	flush := func() {
		for len(plain) > 0 {
			n := min(len(plain), most)
			packed = append(append(packed, byte(n-1)), plain[:n]...)
			plain = plain[n:]
		}
		plain = nil
	}
	for len(plane) > 0 {
		run := 1
		for run < min(len(plane), longest) && plane[run] == plane[0] {
			run++
		}
		if run < shortest {
			plain, plane = append(plain, plane[0]), plane[1:]
			continue
		}
		flush()
		packed = append(packed, byte(run-shortest+128), plane[0])
		plane = plane[run:]
	}
	flush()
	return packed
}

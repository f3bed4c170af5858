package main

import (
	"bytes"
	"encoding/binary"
	"image"
)

// encodeICO writes images as one Windows icon. Each becomes a 32-bit bitmap
// with an AND mask, not a PNG: LoadImage reads those at every size on every
// version of Windows.
func encodeICO(images ...*image.NRGBA) []byte {
	var all []icoImage
	for _, img := range images {
		all = append(all, icoImage{img.Rect.Dx(), encodeBitmap(img)})
	}
	return joinICO(all...)
}

// icoImage is one image of an icon, as a bitmap or a whole PNG.
type icoImage struct {
	side    int
	content []byte
}

// joinICO puts images together. A side of 256 is written as 0.
func joinICO(images ...icoImage) []byte {
	const headerSize, entrySize = 6, 16
	var entries, contents bytes.Buffer
	offset := headerSize + entrySize*len(images)
	for _, img := range images {
		side := byte(img.side)
		entries.Write([]byte{side, side, 0, 0})
		put(&entries, uint16(1), uint16(32), uint32(len(img.content)), uint32(offset))
		contents.Write(img.content)
		offset += len(img.content)
	}
	var file bytes.Buffer
	put(&file, uint16(0), uint16(1), uint16(len(images)))
	file.Write(entries.Bytes())
	file.Write(contents.Bytes())
	return file.Bytes()
}

// encodeBitmap writes the header that a bitmap in an icon has (twice the
// height, for the mask), the pixels as BGRA from the last row to the first, and
// the mask: a bit per pixel that is wholly clear, rows filled to 32 bits.
func encodeBitmap(img *image.NRGBA) []byte {
	side := img.Rect.Dx()
	var file, mask bytes.Buffer
	put(&file, uint32(40), int32(side), int32(2*side), uint16(1), uint16(32), [6]uint32{})
	for y := side - 1; y >= 0; y-- {
		row := make([]byte, (side+31)/32*4)
		for x := range side {
			c := img.NRGBAAt(x, y)
			file.Write([]byte{c.B, c.G, c.R, c.A})
			if c.A == 0 {
				row[x/8] |= 0x80 >> (x % 8)
			}
		}
		mask.Write(row)
	}
	file.Write(mask.Bytes())
	return file.Bytes()
}

// put appends numbers of fixed size, lowest byte first.
func put(b *bytes.Buffer, values ...any) {
	for _, v := range values {
		// A bytes.Buffer never fails, and all values here have a fixed size.
		_ = binary.Write(b, binary.LittleEndian, v)
	}
}

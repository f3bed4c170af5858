package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// appICOSizes are those that the shell of Windows asks for, from the list of
// files at 100 % to the large icons at 250 %.
var appICOSizes = [...]int{16, 20, 24, 32, 40, 48, 64, 256}

// biggestBitmap is the side from which on an image in an icon is a PNG: a bitmap
// of 256 pixels would take a quarter of a megabyte, and every Windows since
// Vista reads PNG at that size.
const biggestBitmap = 64

// writeAppICO draws the picture of the program as one Windows icon.
func writeAppICO(path string) error {
	var images []icoImage
	for _, size := range appICOSizes {
		img := rasterise(size, appIcon()...)
		image := icoImage{size, encodeBitmap(img)}
		if size > biggestBitmap {
			png, err := encodePNG(img)
			if err != nil {
				return fmt.Errorf("icon of %d pixels: %w", size, err)
			}
			image.content = png
		}
		images = append(images, image)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, joinICO(images...), 0o644)
}

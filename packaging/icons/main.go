// Command icons draws all icons of the program from one description and
// writes them where the assets package embeds them:
//
//	go run ./packaging/icons
//
// With -icns FILE it draws the icon of the Mac app instead, which is made with
// the app and not kept. With
// -app-ico FILE it does the same for the programs of Windows.
//
// states.go says what the five states look like, app.go the program itself.
// Nothing here is part of the program that is shipped.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
)

func main() {
	dir := flag.String("out", filepath.Join("assets", "icons"), "folder to write to, from the top of the repository")
	icns := flag.String("icns", "", "draw only the icon of the Mac app, into this `FILE`")
	theme := flag.String("hicolor", "", "draw only the program's own icon, as an icon theme of Linux, into this `DIR`")
	appICO := flag.String("app-ico", "", "draw only the picture of the programs for Windows, into this `FILE`")
	flag.Parse()
	draw := func() error { return write(*dir, render) }
	switch {
	case *icns != "":
		draw = func() error { return writeICNS(*icns) }
	case *appICO != "":
		draw = func() error { return writeAppICO(*appICO) }
	case *theme != "":
		draw = func() error { return write(*theme, hicolor) }
	}
	if err := draw(); err != nil {
		fmt.Fprintln(os.Stderr, "icons:", err)
		os.Exit(1)
	}
}

// write makes all files afresh below dir.
func write(dir string, draw func() (map[string][]byte, error)) error {
	files, err := draw()
	if err != nil {
		return err
	}
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func writeICNS(path string) error {
	icon, err := renderICNS()
	if err != nil {
		return err
	}
	return os.WriteFile(path, icon, 0o644)
}

// Sizes in pixels: a Mac draws its 16 points from 32, Linux panels scale down
// from 64, Windows picks the nearest of several.
const (
	darwinSize = 32
	linuxSize  = 64
	appSize    = 256
)

var windowsSizes = [...]int{16, 20, 24, 32, 48}

// render gives every file by its path below the icon folder.
func render() (map[string][]byte, error) {
	files := make(map[string][]byte)
	var err error
	if files["app.png"], err = encodePNG(rasterise(appSize, appIcon()...)); err != nil {
		return nil, err
	}
	for _, s := range states() {
		files["svg/"+s.name+".svg"] = []byte(svg(s.name, s.label, s.layers))
		// A template: a Mac takes the shape only and colours it like its menu bar.
		if files["darwin/"+s.name+".png"], err = encodePNG(rasterise(darwinSize, flat(s.layers, black))); err != nil {
			return nil, err
		}
		for panel, p := range map[string]paint{"on-light": flat(s.layers, s.onLight), "on-dark": flat(s.layers, s.onDark)} {
			if files["linux/"+panel+"/"+s.name+".png"], err = encodePNG(rasterise(linuxSize, p)); err != nil {
				return nil, err
			}
			var images []*image.NRGBA
			for _, size := range windowsSizes {
				images = append(images, rasterise(size, p))
			}
			files["windows/"+panel+"/"+s.name+".ico"] = encodeICO(images...)
		}
	}
	return files, nil
}

func encodePNG(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err := encoder.Encode(&b, img)
	return b.Bytes(), err
}

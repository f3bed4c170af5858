package assets

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"github.com/sergeymakinen/go-ico"
)

var panels = []bool{false, true}

func TestIconsOfAMacAreTemplates(t *testing.T) {
	for _, name := range IconNames() {
		img := decodePNG(t, Icon("darwin", name, false), 32)
		for y := range 32 {
			for x := range 32 {
				if r, g, b, _ := img.At(x, y).RGBA(); r|g|b != 0 {
					t.Fatalf("%s: a pixel at %d,%d is not black", name, x, y)
				}
			}
		}
		if !bytes.Equal(Icon("darwin", name, true), Icon("darwin", name, false)) {
			t.Errorf("%s: a template must not depend on the panel", name)
		}
	}
}

func TestIconsOfLinuxAreForBothPanels(t *testing.T) {
	for _, name := range IconNames() {
		onLight, onDark := decodePNG(t, Icon("linux", name, false), 64), decodePNG(t, Icon("linux", name, true), 64)
		if light, dark := brightness(onLight), brightness(onDark); light > 0.5 || dark < 0.5 {
			t.Errorf("%s: brightness %.2f on a light panel and %.2f on a dark one", name, light, dark)
		}
	}
}

func TestIconsOfWindowsHoldEverySize(t *testing.T) {
	for _, name := range IconNames() {
		for _, dark := range panels {
			images, err := ico.DecodeAll(bytes.NewReader(Icon("windows", name, dark)))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			want := []int{16, 20, 24, 32, 48}
			if len(images) != len(want) {
				t.Fatalf("%s: %d images", name, len(images))
			}
			for i, img := range images {
				if img.Bounds() != image.Rect(0, 0, want[i], want[i]) {
					t.Errorf("%s: image %d is %v", name, i, img.Bounds())
				}
			}
		}
	}
}

// Shape before colour: at the smallest size two states differ in a good part
// of what is inked, and in outline: also when everything inside is filled.
func TestStatesDifferInShapeAtSixteenPixels(t *testing.T) {
	names := IconNames()
	for i, a := range names {
		for _, b := range names[i+1:] {
			maskA, maskB := mask(t, a), mask(t, b)
			if d := difference(maskA, maskB); d < 0.2 {
				t.Errorf("%s and %s differ in only %.0f %% of their ink", a, b, 100*d)
			}
			if d := difference(filled(maskA), filled(maskB)); d < 0.05 {
				t.Errorf("the outlines of %s and %s differ in only %.0f %%", a, b, 100*d)
			}
		}
	}
}

func TestAStateNobodyKnowsIsUnknown(t *testing.T) {
	for _, goos := range []string{"darwin", "windows", "linux", "plan9"} {
		for _, name := range []string{"", "fine", "../app"} {
			if !bytes.Equal(Icon(goos, name, true), Icon(goos, "unknown", true)) {
				t.Errorf("%s: %q is not drawn as unknown", goos, name)
			}
		}
	}
	if !bytes.Equal(IconSVG("fine"), IconSVG("unknown")) {
		t.Error("an unknown name has another drawing")
	}
}

func TestEveryStateHasItsOwnDrawing(t *testing.T) {
	seen := make(map[string]string)
	for _, name := range IconNames() {
		drawing := string(IconSVG(name))
		if other, twice := seen[drawing]; twice || drawing == "" {
			t.Errorf("%s is drawn like %q", name, other)
		}
		seen[drawing] = name
	}
}

func TestAppIcon(t *testing.T) { decodePNG(t, AppIcon(), 256) }

func decodePNG(t *testing.T, content []byte, side int) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds() != image.Rect(0, 0, side, side) {
		t.Fatalf("size %v, want %d", img.Bounds(), side)
	}
	return img
}

// brightness is the mean of what is inked, 0 black to 1 white.
func brightness(img image.Image) float64 {
	var light, ink float64
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			r, g, b, a := img.At(x, y).RGBA()
			light += 0.299*float64(r) + 0.587*float64(g) + 0.114*float64(b)
			ink += float64(a)
		}
	}
	return light / ink
}

// mask gives the inked pixels of a state's smallest picture.
func mask(t *testing.T, name string) [16][16]bool {
	t.Helper()
	images, err := ico.DecodeAll(bytes.NewReader(Icon("windows", name, false)))
	if err != nil {
		t.Fatal(err)
	}
	var m [16][16]bool
	for y := range m {
		for x := range m[y] {
			_, _, _, a := images[0].At(x, y).RGBA()
			m[y][x] = a >= 0x8000
		}
	}
	return m
}

// difference is the share of pixels inked in one of two that are not in both.
func difference(a, b [16][16]bool) float64 {
	var either, one float64
	for y := range a {
		for x := range a[y] {
			if a[y][x] || b[y][x] {
				either++
			}
			if a[y][x] != b[y][x] {
				one++
			}
		}
	}
	return one / either
}

// filled closes all holes: what the border cannot reach is inside.
func filled(m [16][16]bool) [16][16]bool {
	var outside [16][16]bool
	var flood func(x, y int)
	flood = func(x, y int) {
		if x < 0 || y < 0 || x > 15 || y > 15 || m[y][x] || outside[y][x] {
			return
		}
		outside[y][x] = true
		flood(x+1, y)
		flood(x-1, y)
		flood(x, y+1)
		flood(x, y-1)
	}
	for i := range 16 {
		flood(i, 0)
		flood(i, 15)
		flood(0, i)
		flood(15, i)
	}
	for y := range m {
		for x := range m[y] {
			m[y][x] = !outside[y][x]
		}
	}
	return m
}

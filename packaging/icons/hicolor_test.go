package main

import (
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// The drawing must look like the pictures to a program that is not ours.
func TestScalableIconLooksLikeThePictures(t *testing.T) {
	if _, err := exec.LookPath("rsvg-convert"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("rsvg-convert is not installed, and CI must have it")
		}
		t.Skip("rsvg-convert is not installed here (make deps installs it)")
	}
	dir := t.TempDir()
	if err := write(dir, hicolor); err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{32, 128} {
		drawn := filepath.Join(dir, "drawn.png")
		side := strconv.Itoa(size)
		if out, err := exec.Command("rsvg-convert", "-w", side, "-h", side, "-o", drawn, filepath.Join(dir, "scalable", "apps", "ninelives.svg")).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		a, b := open(t, drawn), open(t, filepath.Join(dir, side+"x"+side, "apps", "ninelives.png"))
		if a.Bounds() != b.Bounds() {
			t.Fatalf("%v and %v", a.Bounds(), b.Bounds())
		}
		if far := apart(a, b); far > 0.01 {
			t.Errorf("at %d pixels %.1f %% of the picture differ", size, 100*far)
		}
	}
}

func open(t *testing.T, name string) image.Image {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, name, content)
}

// apart is the share of pixels that differ by more than the edges of shapes do.
func apart(a, b image.Image) float64 {
	const much = 0x3000
	differ := 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			r1, g1, b1, a1 := a.At(x, y).RGBA()
			r2, g2, b2, a2 := b.At(x, y).RGBA()
			for _, d := range []int{int(r1) - int(r2), int(g1) - int(g2), int(b1) - int(b2), int(a1) - int(a2)} {
				if d > much || d < -much {
					differ++
					break
				}
			}
		}
	}
	return float64(differ) / float64(a.Bounds().Dx()*a.Bounds().Dy())
}

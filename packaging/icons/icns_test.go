package main

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/jackmordaunt/icns/v3"
)

// madeICNS is the icon of the app in small: drawing all of it takes seconds,
// and the structure test of the app looks at the real one.
func madeICNS(t *testing.T) ([]byte, map[string]*image.NRGBA) {
	t.Helper()
	images := make(map[string]*image.NRGBA)
	for _, e := range icnsElements {
		img := image.NewNRGBA(image.Rect(0, 0, e.size, e.size))
		for i := range img.Pix { // runs, noise and see-through: what packing has to bear
			img.Pix[i] = byte(rand.IntN(2) * rand.IntN(256) * (i / 97 % 2))
		}
		images[e.code] = img
	}
	file, err := encodeICNS(images)
	if err != nil {
		t.Fatal(err)
	}
	return file, images
}

// Another decoder reads the pictures that are PNG.
func TestEverySizeOfTheMacIconIsReadBack(t *testing.T) {
	file, _ := madeICNS(t)
	got, err := icns.DecodeAll(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	sizes := map[int]int{}
	for _, img := range got {
		sizes[img.Bounds().Dx()]++
	}
	for size, want := range map[int]int{32: 1, 64: 1, 128: 1, 256: 2, 512: 2, 1024: 1} {
		if sizes[size] != want {
			t.Errorf("%d pictures of %d pixels, want %d", sizes[size], size, want)
		}
	}
	if length := binary.BigEndian.Uint32(file[4:]); int(length) != len(file) {
		t.Errorf("it says %d bytes and has %d", length, len(file))
	}
}

// And a third one the two that are packed, and what else it knows, to the pixel.
func TestTheMacIconPleasesIcns2png(t *testing.T) {
	tool, err := exec.LookPath("icns2png")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal(err)
	} else if err != nil {
		t.Skip("icns2png (Debian: icnsutils) is not installed")
	}
	file, images := madeICNS(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x.icns"), file, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "-x", "-o", dir, filepath.Join(dir, "x.icns")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for code, size := range map[string]int{"is32": 16, "il32": 32, "ic08": 256, "ic09": 512, "ic10": 1024} {
		side := strconv.Itoa(size)
		picture, err := os.Open(filepath.Join(dir, "x_"+side+"x"+side+"x32.png"))
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		got, err := png.Decode(picture)
		if err != nil {
			t.Fatal(err)
		}
		for y := range size {
			for x := range size {
				want := images[code].NRGBAAt(x, y)
				if have := color.NRGBAModel.Convert(got.At(x, y)); have != want {
					t.Fatalf("%s at %d, %d: %v, want %v", code, x, y, have, want)
				}
			}
		}
		_ = picture.Close()
	}
}

func TestPackingFollowsTheRules(t *testing.T) {
	run := func(n int) []byte { return bytes.Repeat([]byte{7}, n) }
	for name, c := range map[string]struct{ plane, want []byte }{
		"a pair is no run":       {[]byte{7, 7}, []byte{1, 7, 7}},
		"the shortest run":       {run(3), []byte{128, 7}},
		"the longest run":        {run(130), []byte{255, 7}},
		"one more":               {run(131), []byte{255, 7, 0, 7}},
		"plain before and after": {[]byte{1, 2, 7, 7, 7, 3}, []byte{1, 1, 2, 128, 7, 0, 3}},
		"nothing":                {nil, nil},
	} {
		if got := pack(c.plane); !bytes.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	mixed := make([]byte, 300)
	for i := range mixed {
		mixed[i] = byte(i)
	}
	if got := pack(mixed); got[0] != 127 || got[129] != 127 || got[258] != 43 || len(got) != 303 {
		t.Errorf("long plain stretches are cut into %d, %d, %d; %d bytes", got[0], got[129], got[258], len(got))
	}
}

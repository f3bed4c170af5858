package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The committed files are what the description says. Pictures are compared by
// their pixels, because a later Go may compress the same picture otherwise.
func TestCommittedFilesAreWhatTheGeneratorMakes(t *testing.T) {
	fresh := filepath.Join(t.TempDir(), "new", "icons")
	if err := write(fresh, render); err != nil {
		t.Fatal(err)
	}
	want, got := filesIn(t, fresh), filesIn(t, filepath.Join("..", "..", "assets", "icons"))
	for name, content := range want {
		if file, there := got[name]; !there {
			t.Errorf("%s is missing; run: go run ./packaging/icons", name)
		} else if !same(t, name, file, content) {
			t.Errorf("%s is not what the generator makes; run: go run ./packaging/icons", name)
		}
	}
	for name := range got {
		if _, made := want[name]; !made {
			t.Errorf("%s is not made by the generator any more; delete it", name)
		}
	}
}

func filesIn(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files, root := make(map[string][]byte), os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[path], err = fs.ReadFile(root, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func same(t *testing.T, name string, got, want []byte) bool {
	t.Helper()
	switch filepath.Ext(name) {
	case ".svg": // git on Windows may have changed the ends of lines
		return bytes.Equal(bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n")), want)
	case ".ico":
		return bytes.Equal(got, want)
	}
	a, b := decode(t, name, got), decode(t, name, want)
	if a.Bounds() != b.Bounds() {
		return false
	}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			if color.NRGBAModel.Convert(a.At(x, y)) != color.NRGBAModel.Convert(b.At(x, y)) {
				return false
			}
		}
	}
	return true
}

func decode(t *testing.T, name string, content []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return img
}

func TestDrawingsAreWellFormed(t *testing.T) {
	for _, s := range states() {
		drawing := svg(s.name, s.label, s.layers)
		d := xml.NewDecoder(strings.NewReader(drawing))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v\n%s", s.name, err, drawing)
			}
		}
	}
}

func TestShapes(t *testing.T) {
	quarter := arc{width: 2, centre: point{8, 8}, radius: 4, from: 0, to: 90}
	big := area{round: 1, points: []point{{4, 4}, {12, 4}, {12, 12}, {4, 12}}}
	cases := map[string]struct {
		shape shape
		p     point
		want  bool
	}{
		"a disc holds its rim":                        {disc(8, 8, 3), point{11, 8}, true},
		"a disc ends behind its rim":                  {disc(8, 8, 3), point{11.1, 8}, false},
		"a line has a round end":                      {line{2, []point{{4, 8}, {12, 8}}}, point{12.9, 8}, true},
		"a line's round end has no corner":            {line{2, []point{{4, 8}, {12, 8}}}, point{12.9, 8.9}, false},
		"a line holds what is beside its second half": {line{2, []point{{4, 4}, {8, 4}, {8, 12}}}, point{8.9, 10}, true},
		"an area holds its middle":                    {big, point{8, 8}, true},
		"an area grows by its rounding":               {big, point{3.1, 8}, true},
		"an area's corner is round":                   {big, point{3.1, 3.1}, false},
		"an arc holds its circle from right to down":  {quarter, point{8 + 2.83, 8 + 2.83}, true},
		"an arc does not hold the rest of its circle": {quarter, point{8 - 2.83, 8 - 2.83}, false},
		"an arc does not hold its middle":             {quarter, point{8, 8}, false},
		"an arc has a round end":                      {quarter, point{12, 7.1}, true},
		"an arc's round end ends":                     {quarter, point{12, 6.9}, false},
		"an arc may pass the angle where atan2 jumps": {arc{2, point{8, 8}, 4, 90, 270}, point{4, 8}, true},
	}
	for name, c := range cases {
		if got := c.shape.contains(c.p); got != c.want {
			t.Errorf("%s: contains(%v) = %v", name, c.p, got)
		}
	}
}

func TestTheTopmostLayerDecides(t *testing.T) {
	layers := []layer{add(disc(8, 8, 6)), cut(disc(8, 8, 4)), add(disc(8, 8, 1))}
	for x, want := range map[float64]bool{8: true, 10: false, 13: true, 15: false} {
		if got := covers(layers, point{x, 8}); got != want {
			t.Errorf("covers(%v) = %v", x, got)
		}
	}
}

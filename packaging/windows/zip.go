package main

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// zipFolder is the one folder in the zip: unpacking scatters nothing.
const zipFolder = "Nine Lives/"

// earliest is the first moment that a zip can hold.
var earliest = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// writeZip packs files in the order given, each with the same time: the same
// files give the same bytes.
func writeZip(out string, at time.Time, files []string) error {
	if at.Before(earliest) {
		at = earliest
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	file, err := os.Create(out)
	if err != nil {
		return err
	}
	z := zip.NewWriter(file)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	for _, name := range files {
		if err := addFile(z, name, at); err != nil {
			_ = file.Close()
			return fmt.Errorf("%s: %s: %w", out, name, err)
		}
	}
	return errors.Join(z.Close(), file.Close())
}

func addFile(z *zip.Writer, name string, at time.Time) error {
	content, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }() // it was only read
	base := filepath.Base(name)
	if base == "LICENSE" {
		base += ".txt" // what Windows opens with a double click
	}
	w, err := z.CreateHeader(&zip.FileHeader{Name: zipFolder + base, Method: zip.Deflate, Modified: at})
	if err != nil {
		return err
	}
	_, err = io.Copy(w, content)
	return err
}

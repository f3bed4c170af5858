package web

import (
	"fmt"
	"os"
	"path/filepath"

	"ninelives/internal/view"
)

// fileName is the page's stable place in the data folder, so that a browser
// that has it open can load it again.
const fileName = "fixes.html"

// WriteFile writes the page into dir, with the wanted device and fix on top and
// open; both may be empty or gone: then it is what needs attention most. It
// returns the full path. The file is readable by its owner alone, and a reader
// sees the old page or the new one, never half of it.
func WriteFile(dir string, p view.Page, device, code string) (string, error) {
	doc, err := Render(view.ForFix(p, device, code))
	if err != nil {
		return "", err
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("web: data folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("web: data folder: %w", err)
	}
	path := filepath.Join(dir, fileName)
	if err := replace(path, doc); err != nil {
		return "", fmt.Errorf("web: page: %w", err)
	}
	return path, nil
}

// replace puts content in the place of a file in one step. CreateTemp makes
// the file with mode 0600.
func replace(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), fileName+".*.tmp")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // what matters is why it could not be written
	}
	return err
}

package main

import (
	"crypto/sha256"
	"embed"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"
	"time"
)

//go:embed winget
var wingetFiles embed.FS

// release is what the manifest for winget is filled with.
type release struct{ Version, Date, URL, SHA256 string }

var numbers = regexp.MustCompile(`^\d+\.\d+\.\d+$`)

// writeWinget writes the three files of the manifest for an installer that will
// be downloaded from a folder.
func writeWinget(r release, from, setup, dir string) error {
	var err error
	if r.URL, err = downloadFrom(from, filepath.Base(setup)); err != nil {
		return err
	}
	if r.SHA256, err = sumOf(setup); err != nil {
		return err
	}
	if !numbers.MatchString(r.Version) {
		return fmt.Errorf("winget: version %q: want three numbers, as 1.2.3", r.Version)
	}
	if _, err := time.Parse(time.DateOnly, r.Date); err != nil {
		return fmt.Errorf("winget: date %q: %w", r.Date, err)
	}
	all, err := template.ParseFS(wingetFiles, "winget/*.yaml")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, t := range all.Templates() {
		var text strings.Builder
		if err := t.Execute(&text, r); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, t.Name()), []byte(text.String()), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// downloadFrom is the address of a file in a folder; winget takes nothing but
// https.
func downloadFrom(folder, name string) (string, error) {
	u, err := url.Parse(folder)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return "", fmt.Errorf("winget: folder %q: want an address that starts with https://", folder)
	}
	return u.JoinPath(name).String(), nil
}

func sumOf(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }() // it was only read
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return fmt.Sprintf("%X", sum.Sum(nil)), nil
}

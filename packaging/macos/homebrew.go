package main

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // for the templates
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

//go:embed homebrew/cask.rb.tmpl
var caskTemplate string

//go:embed homebrew/formula.rb.tmpl
var formulaTemplate string

// brew is where Homebrew finds a release.
type brew struct {
	site    string // of the project: releases lie below it
	version string
}

func (b brew) writeAll(dir string, archives []string) error {
	for _, archive := range archives {
		path, err := b.write(dir, archive)
		if err != nil {
			return fmt.Errorf("%s: %w", archive, err)
		}
		fmt.Println(path)
	}
	return nil
}

// write makes Homebrew's file for an archive of the release: a cask for a disk
// image, a formula for the source. It gives the file's path below dir.
func (b brew) write(dir, archive string) (string, error) {
	name, text := filepath.Join("Formula", "ninelives.rb"), formulaTemplate
	if strings.HasSuffix(archive, ".dmg") {
		name, text = filepath.Join("Casks", "nine-lives.rb"), caskTemplate
	}
	content, err := b.fill(text, archive)
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	return path, os.WriteFile(path, content, 0o644)
}

func (b brew) fill(text, archive string) ([]byte, error) {
	version := strings.TrimPrefix(b.version, "v")
	switch {
	case number(version) != version:
		return nil, fmt.Errorf("-version %q: Homebrew takes only releases, such as 1.2.3", b.version)
	case !strings.HasPrefix(b.site, "https://") || strings.ContainsAny(b.site, "\"\\# \n"):
		return nil, errors.New("-site: want where releases lie, an address that starts with https://")
	}
	content, err := os.ReadFile(archive)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	var out bytes.Buffer
	err = template.Must(template.New("").Parse(text)).Execute(&out, map[string]string{
		"Site": strings.TrimSuffix(b.site, "/"), "Version": version, "SHA256": hex.EncodeToString(sum[:]),
	})
	return out.Bytes(), err
}

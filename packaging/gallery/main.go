// Command gallery renders every page in every state onto one sheet, light and
// dark side by side, for looking at.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"strings"

	"ninelives/assets"
)

func main() {
	out := flag.String("out", filepath.Join("build", "gallery"), "the folder to write to")
	flag.Parse()
	if err := write(*out); err != nil {
		fmt.Fprintln(os.Stderr, "gallery:", err)
		os.Exit(1)
	}
	fmt.Println(filepath.Join(*out, "index.html"))
}

// schemes are the two colour schemes; a page of one has it whatever the
// browser prefers.
var schemes = []struct{ name, media string }{{"light", "not all"}, {"dark", "all"}}

// write makes the sheet and the pages that it shows.
func write(dir string) error {
	var names []string
	for _, s := range states() {
		doc, err := render(s)
		if err != nil {
			return err
		}
		names = append(names, s.name)
		for _, scheme := range schemes {
			if err := save(filepath.Join(dir, scheme.name, s.name+".html"), still(doc, scheme.name)); err != nil {
				return err
			}
		}
	}
	for _, scheme := range schemes {
		style := strings.ReplaceAll(assets.PageStyle(), "(prefers-color-scheme: dark)", scheme.media)
		if err := save(filepath.Join(dir, scheme.name, "style.css"), []byte(style)); err != nil {
			return err
		}
	}
	return writeSheet(filepath.Join(dir, "index.html"), names)
}

// render is the page as the server gives it.
func render(s state) ([]byte, error) {
	var b bytes.Buffer
	if err := assets.PageTemplates().ExecuteTemplate(&b, s.page, s.site); err != nil {
		return nil, fmt.Errorf("%s: %w", s.name, err)
	}
	return b.Bytes(), nil
}

// still makes a page that stands alone as a file, in one colour scheme.
func still(doc []byte, scheme string) []byte {
	return []byte(strings.NewReplacer(
		`<script src="/static/script.js" defer="defer"></script>`, "",
		`"/static/style.css"`, `"style.css"`,
		`content="light dark"`, `content="`+scheme+`"`,
	).Replace(string(doc)))
}

func save(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}

func writeSheet(path string, names []string) error {
	var b bytes.Buffer
	if err := sheet.Execute(&b, names); err != nil {
		return err
	}
	return save(path, b.Bytes())
}

var sheet = template.Must(template.New("sheet").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Nine Lives: gallery</title>
<style>
body { font: 1rem system-ui, sans-serif; margin: 1.5rem; background: #888; }
section > div { display: flex; gap: 1rem; overflow-x: auto; }
iframe { flex: none; border: 0; border-radius: .5rem; height: 52rem; width: 60rem; resize: both; }
iframe.phone { width: 360px; }
</style></head><body>
<h1>Every page in every state</h1>
{{range .}}<section><h2 id="{{.}}">{{.}}</h2><div>
<iframe loading="lazy" title="{{.}}, light" src="light/{{.}}.html"></iframe>
<iframe loading="lazy" title="{{.}}, dark" src="dark/{{.}}.html"></iframe>
<iframe loading="lazy" class="phone" title="{{.}}, light, on a phone" src="light/{{.}}.html"></iframe>
<iframe loading="lazy" class="phone" title="{{.}}, dark, on a phone" src="dark/{{.}}.html"></iframe>
</div></section>
{{end}}</body></html>
`))

// Package web shows a view as a page: for now a file that a browser opens from
// disk, without a script and without a request to anywhere.
package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"sync"

	"ninelives/assets"
	"ninelives/internal/view"
)

// page is the template. That it does not parse is a broken build, which a test
// finds first.
var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Parse(assets.PageTemplate()))
})

// Render gives the page as one HTML document that needs nothing else. All
// names in it are text, whatever they hold.
func Render(p view.Page) ([]byte, error) {
	style := assets.OldPageStyle()
	sum := sha256.Sum256([]byte(style))
	data := struct {
		Page      view.Page
		Style     template.CSS
		StyleHash string
		Mark      template.HTML
	}{
		Page:      p,
		Style:     template.CSS(style), // our own file
		StyleHash: "sha256-" + base64.StdEncoding.EncodeToString(sum[:]),
		Mark:      template.HTML(assets.IconSVG(string(p.Icon))), // our own file
	}
	var b bytes.Buffer
	if err := page().Execute(&b, data); err != nil {
		return nil, fmt.Errorf("web: page: %w", err)
	}
	return clean(b.Bytes()), nil
}

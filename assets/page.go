package assets

import (
	"embed"
	"html/template"
	"strings"
)

//go:embed page/style.css
var pageStyle string

//go:embed page/script.js
var pageScript string

//go:embed page/templates/*.html
var pageFiles embed.FS

// PageStyle gives the style sheet of the pages.
func PageStyle() string { return pageStyle }

// PageScript gives the script that keeps the pages live; they work without it.
func PageScript() string { return pageScript }

// PageTemplates gives the pages as templates of one set, to be executed with a
// view.Site: "overview", "device", "fix", "settings", "sources", "welcome" and
// "message". What comes out is well-formed XML, so that a test can read it. They
// are read anew at each call, which takes some milliseconds. It panics when a
// template that was built in is broken, which a test finds first.
func PageTemplates() *template.Template {
	set := template.New("pages").Funcs(template.FuncMap{
		"cats":  cats,
		"forms": formsOf,
	})
	return template.Must(set.ParseFS(pageFiles, "page/templates/*.html"))
}

// forms are empty forms, one per verb, that buttons anywhere on a page send
// with their own argument. So a page of fifty devices has few of them.
type forms struct {
	Site  any
	Verbs []string
}

func formsOf(site any, verbs ...string) forms { return forms{site, verbs} }

// cats gives the icons of all states as symbols to be used by name:
// <use href="#cat-ok"/>.
func cats() template.HTML {
	var b strings.Builder
	for _, name := range iconNames {
		drawing := strings.TrimSpace(string(IconSVG(name)))
		_, inside, _ := strings.Cut(drawing, ">\n")
		inside = strings.TrimSuffix(inside, "</svg>")
		b.WriteString(`<symbol id="cat-` + name + `" viewBox="0 0 16 16">` + strings.ReplaceAll(inside, "\n", "") + "</symbol>")
	}
	return template.HTML(b.String()) // our own files
}

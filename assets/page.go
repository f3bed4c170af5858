package assets

import _ "embed"

//go:embed page/page.html
var pageTemplate string

//go:embed page/page.css
var pageStyle string

// PageTemplate gives the template of the page, for html/template. It is
// well-formed XML beside the actions, so that a test can read what comes out.
func PageTemplate() string { return pageTemplate }

// PageStyle gives the style sheet of the page, which stands inside of it.
func PageStyle() string { return pageStyle }

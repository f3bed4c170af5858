package web

import (
	"bytes"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"ninelives/assets"
	"ninelives/internal/view"
)

// show answers with a page, or with one that says that there is none.
func (s *Server) show(w http.ResponseWriter, r *http.Request, one *session) {
	d := s.site(one, r.URL.Path)
	to, known := placeOf(d.Path)
	if !known || !choose(&d, to) {
		d.Path, d.Notice = "/", view.NoSuchPage
		s.render(w, http.StatusNotFound, "message", d)
		return
	}
	said := s.sessions.said(one, byScript(r))
	d.Notice = said.text
	if to.template == "settings" && s.options.Settings != nil {
		d.Settings = s.options.Settings()
		d.Settings.Saved = said.saved
	}
	s.render(w, http.StatusOK, to.template, d)
}

// site is what all pages of a session need.
func (s *Server) site(one *session, path string) view.Site {
	page, revision := s.newest()
	return view.Site{Page: page, Revision: revision, Welcome: page.Welcome, Token: one.token, Path: path}
}

// byScript tells whether our script asks, not a person.
func byScript(r *http.Request) bool {
	mode := r.Header.Get("Sec-Fetch-Mode")
	return mode != "" && mode != "navigate"
}

// choose finds the device and fix of a place; false if they are not there.
func choose(d *view.Site, to place) bool {
	if to.device == "" {
		return true
	}
	i := slices.IndexFunc(d.Page.Cards, func(c view.Card) bool { return c.ID == to.device })
	if i < 0 {
		return false
	}
	d.Card = &d.Page.Cards[i]
	if to.code == "" {
		return true
	}
	k := slices.IndexFunc(d.Card.Fixes, func(f view.PageFix) bool { return f.Code == to.code })
	if k < 0 { // a device that is fine needs no fix, and the page says so
		_, known := assets.FixByCode(to.code)
		return known && len(d.Card.Fixes) == 0
	}
	d.Fix = &d.Card.Fixes[k]
	return true
}

// pages gives the templates, which are let go when nobody has the page open: an
// icon in a menu bar needs none.
func (s *Server) pages() *template.Template {
	if t := s.ready.Load(); t != nil {
		return t
	}
	t := s.templates()
	s.ready.Store(t)
	return t
}

// render answers with a template, whole or not at all.
func (s *Server) render(w http.ResponseWriter, status int, name string, d view.Site) {
	var b bytes.Buffer
	if err := s.pages().ExecuteTemplate(&b, name, d); err != nil {
		s.options.Log.Error("a page could not be made", "page", name, "err", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	answer(w, status, "text/html; charset=utf-8", clean(b.Bytes()))
}

// static answers with what stands in every page.
func (s *Server) static(w http.ResponseWriter, path string) {
	switch path {
	case staticPath + "style.css":
		answer(w, http.StatusOK, "text/css; charset=utf-8", []byte(assets.PageStyle()))
	case staticPath + "script.js":
		answer(w, http.StatusOK, "text/javascript; charset=utf-8", []byte(assets.PageScript()))
	case staticPath + "icon.svg", oldIconPath:
		page, _ := s.newest()
		answer(w, http.StatusOK, "image/svg+xml", assets.IconSVG(string(page.Icon)))
	default:
		refuse(w)
	}
}

func answer(w http.ResponseWriter, status int, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client's loss
}

// clean drops what no document may hold and what turns the direction of the
// text after it. It sees the whole document, so that no name can be forgotten;
// markup is escaped by the template.
func clean(doc []byte) []byte {
	return []byte(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r >= ' ' && r < 0x7f:
			return r
		case unicode.In(r, unicode.Cc, unicode.Bidi_Control, unicode.Noncharacter_Code_Point):
			return -1
		default:
			return r
		}
	}, string(doc)))
}

package web

import (
	"io"
	"net/http"
	"slices"
	"strings"
)

// headers stand in every answer. Nothing comes from outside, nothing is run or
// styled inline, and nobody else may frame, read or keep a page.
var headers = map[string]string{
	"Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Cache-Control":                "no-store",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}

// serve is the gate: who has no session learns nothing, not even which pages
// there are.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	for name, value := range headers {
		w.Header().Set(name, value)
	}
	switch {
	case !slices.Contains(s.hosts, strings.ToLower(r.Host)): // a stranger's name that leads here: DNS rebinding
		refuse(w)
		return
	case s.door.ofAnother(r.Context()):
		refuse(w)
		return
	}
	if r.Method == http.MethodGet && r.URL.Path == enterPath {
		s.enter(w, r)
		return
	}
	one := s.sessions.of(r)
	if one == nil || !fromOurselves(r) {
		refuse(w)
		return
	}
	s.door.welcome(r.Context())
	switch path := r.URL.Path; {
	case r.Method == http.MethodPost:
		s.post(w, r, one)
	case r.Method != http.MethodGet || path == actPath:
		refuse(w)
	case path == eventsPath:
		s.follow(w, r, one)
	case strings.HasPrefix(path, staticPath), path == oldIconPath:
		s.static(w, path)
	default:
		s.show(w, r, one)
	}
}

// refuse says nothing but no, and keeps no connection for it.
func refuse(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Connection", "close")
	w.WriteHeader(http.StatusForbidden)
	_, _ = io.WriteString(w, "403") // the client's loss
}

// fromOurselves tells whether no other page made the browser ask. Browsers
// name the origin of every POST, but as "null" when the page sends no referrer;
// then, and for all else, they say how the asking page is related to us. A page
// cannot forge either. What is typed or opened by the desktop is "none".
func fromOurselves(r *http.Request) bool {
	origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	if len(r.Header["Origin"]) > 1 || len(r.Header["Sec-Fetch-Site"]) > 1 {
		return false
	}
	if r.Method == http.MethodGet {
		return site == "" || site == "same-origin" || site == "none"
	}
	if origin == "" || origin == "null" {
		return site == "same-origin"
	}
	return origin == "http://"+r.Host && (site == "" || site == "same-origin")
}

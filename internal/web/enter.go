package web

import (
	"html/template"
	"net/http"
)

// onward leads on without a redirect. A browser that comes from elsewhere (a
// mail, a file) sends no strict cookie along a redirect, but does so where our
// own page leads.
var onward = template.Must(template.New("").Parse(`<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={{.}}"><title>…</title><a href="{{.}}">…</a>` + "\n"))

// enter turns the key of a link into a session, and leads to its page by an
// address without the key.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) {
	query, session := r.URL.Query(), newKey()
	ok, stolen := s.entries.use(query.Get("t"), session)
	if !ok {
		if stolen != "" {
			s.sessions.close(stolen)
			s.options.Log.Warn("a link to the page was used twice; what it opened is closed")
		}
		refuse(w)
		return
	}
	s.sessions.open(session)
	s.door.welcome(r.Context())
	http.SetCookie(w, &http.Cookie{
		Name: s.sessions.cookie, Value: session, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
	to := wayBack(query.Get("to"))
	if site := r.Header.Get("Sec-Fetch-Site"); site == "" || site == "none" {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := onward.Execute(w, to); err != nil {
		s.options.Log.Debug("a browser left before it was let in", "err", err)
	}
}

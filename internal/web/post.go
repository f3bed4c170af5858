package web

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ninelives/internal/view"
)

// mostArg is how long the argument of a command may be: a path at most.
const mostArg = 4 << 10

// verbs are what a page may ask for; it opens no pages and ends nothing.
var verbs = []view.Verb{
	view.CheckNow, view.OpenObstacle, view.OpenStatus, view.ShowFolder, view.Snooze, view.Ignore, view.CheckEvery, view.WarnAfter,
	view.AtLogin, view.Done, view.DidNotHelp, view.TestNotice, view.HideNames, view.TestFolder,
}

// post takes a form: a click or settings.
func (s *Server) post(w http.ResponseWriter, r *http.Request, one *session) {
	if r.URL.Path != actPath && (r.URL.Path != "/settings" || s.options.Save == nil) {
		refuse(w)
		return
	}
	form, ok := readForm(w, r)
	if !ok || !sameKey(form.Get("token"), one.token) {
		refuse(w)
		return
	}
	if http.NewResponseController(w).SetWriteDeadline(time.Now().Add(s.times.act)) != nil {
		return // the connection is gone
	}
	if r.URL.Path == actPath {
		s.act(w, r, one, form)
	} else {
		s.save(w, r, one, form)
	}
}

// readForm reads a form of bounded size from the body alone.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, bool) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, false
	}
	r.Body = http.MaxBytesReader(w, r.Body, mostBody)
	if r.ParseForm() != nil {
		return nil, false
	}
	for key, values := range r.PostForm {
		if !utf8.ValidString(key) || slices.ContainsFunc(values, func(v string) bool { return !utf8.ValidString(v) }) {
			return nil, false
		}
	}
	return r.PostForm, true
}

// act carries out a click and goes back to where it was made.
func (s *Server) act(w http.ResponseWriter, r *http.Request, one *session, form url.Values) {
	c := view.Command{Verb: view.Verb(form.Get("verb")), Arg: form.Get("arg")}
	if !slices.Contains(verbs, c.Verb) || len(c.Arg) > mostArg {
		refuse(w)
		return
	}
	text, err := s.options.Act(r.Context(), c)
	if err != nil {
		text = err.Error()
	}
	s.sessions.say(one, notice{text: text})
	goTo(w, wayBack(form.Get("back")))
}

// save hands over what was typed. If it is accepted the page follows anew, so
// that loading it again saves nothing; if not, it comes back at once with what
// was typed.
func (s *Server) save(w http.ResponseWriter, r *http.Request, one *session, form url.Values) {
	values := map[string]string{}
	for key, typed := range form {
		if key != "token" && key != "stamp" && key != "back" {
			values[key] = strings.Join(typed, "\n")
		}
	}
	after := s.options.Save(r.Context(), form.Get("stamp"), values)
	if after.Saved {
		s.sessions.say(one, notice{saved: true})
		goTo(w, "/settings")
		return
	}
	d := s.site(one, "/settings")
	d.Settings, d.Settings.Refused = after, true
	s.render(w, http.StatusUnprocessableEntity, "settings", d)
}

// goTo leads to a path of ours by a GET.
func goTo(w http.ResponseWriter, path string) {
	w.Header().Set("Location", path)
	w.WriteHeader(http.StatusSeeOther)
}

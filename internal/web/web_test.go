package web

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ninelives/internal/view"
)

func TestPages(t *testing.T) {
	s := serve(t)
	b := s.newBrowser()
	for path, want := range map[string]string{
		"/":                                  "overview of Anna&#39;s secret summary [Kim&#39;s phone] [Anna&#39;s iPhone] path=/ ",
		"/?since=yesterday":                  "overview of ",
		"/device/77aa12ef":                   "device Kim&#39;s phone path=/device/77aa12ef ",
		"/device/bacd0f11":                   "device Anna&#39;s iPhone ",
		"/device/77aa12ef/fix/power":         "fix power for Kim&#39;s phone path=/device/77aa12ef/fix/power ",
		"/settings":                          "settings ",
		"/sources":                           "sources ",
		"/welcome":                           "welcome ",
		"/device/00000000":                   "404",
		"/device/77aa12ef/":                  "404",
		"/device/77aa12ef/fix/pray":          "404",
		"/device/77aa12ef/fix/":              "404",
		"/device/77aa12ef/fix/power/":        "404",
		"/device/bacd0f11/fix/power":         "fix  for Anna&#39;s iPhone ",
		"/device/bacd0f11/fix/pray":          "404",
		"/device/../settings":                "404",
		"/device/..%2fsettings":              "404",
		"/settings/":                         "404",
		"//settings":                         "404",
		"//evil.example/":                    "404",
		"/device/<script>":                   "404",
		"/device/" + strings.Repeat("a", 65): "404",
	} {
		answer := b.get(path)
		status := http.StatusOK
		if want == "404" {
			status, want = http.StatusNotFound, "message: "+template.HTMLEscapeString(view.NoSuchPage)+" path=/ "
		}
		if answer.status != status || !strings.HasPrefix(answer.body, want) {
			t.Errorf("%s: %d %q", path, answer.status, answer.body)
		}
		for name, value := range headers {
			if answer.Get(name) != value {
				t.Errorf("%s: %s is %q", path, name, answer.Get(name))
			}
		}
		if kind := answer.Get("Content-Type"); kind != "text/html; charset=utf-8" {
			t.Errorf("%s is %s", path, kind)
		}
	}
}

func TestStaticFiles(t *testing.T) {
	b := serve(t).newBrowser()
	for path, kind := range map[string]string{
		"/static/style.css": "text/css; charset=utf-8", "/static/script.js": "text/javascript; charset=utf-8", "/static/icon.svg": "image/svg+xml",
	} {
		if answer := b.get(path); answer.status != http.StatusOK || answer.body == "" || answer.Get("Content-Type") != kind {
			t.Errorf("%s: %d, %d bytes of %s", path, answer.status, len(answer.body), answer.Get("Content-Type"))
		}
	}
}

func TestALinkLetsOneBrowserIn(t *testing.T) {
	s := serve(t)
	for _, test := range []struct{ name, to, want string }{
		{"to the overview", "/", "/"},
		{"to a page", "/settings", "/settings"},
		{"to a fix", "/device/77aa12ef/fix/power", "/device/77aa12ef/fix/power"},
		{"to nowhere", "", "/"},
		{"to another site", "https://evil.example/", "/"},
		{"to another site without a scheme", "//evil.example/", "/"},
		{"to a header of somebody else", "/settings\r\nSet-Cookie: a=b", "/"},
		{"to the way out of a page", "/device/../../x", "/"},
	} {
		t.Run(test.name, func(t *testing.T) {
			link, err := url.Parse(s.Link(test.to))
			if err != nil || link.Scheme != "http" || link.Host != s.hosts[0] || link.Query().Get("to") != test.want {
				t.Errorf("the link is %v, %v", link, err)
			}
			b := browser{served: s, client: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
			b.client.Transport = &http.Transport{DisableKeepAlives: true}
			// Whoever has a link may change where it leads, but only within.
			token := link.Query().Get("t")
			answer := b.get("/enter?" + url.Values{"t": {token}, "to": {test.to}}.Encode())
			if answer.status != http.StatusSeeOther || answer.Get("Location") != test.want {
				t.Errorf("%d to %q", answer.status, answer.Get("Location"))
			}
			cookie, err := http.ParseSetCookie(answer.Get("Set-Cookie"))
			if err != nil || !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/" || cookie.Domain != "" || cookie.MaxAge != 0 || len(cookie.Value) < 43 {
				t.Errorf("cookie %q, %v", answer.Get("Set-Cookie"), err)
			}
			if strings.Contains(cookie.Value, token) || answer.body != "" {
				t.Error("the link's token is still of use")
			}
		})
	}
	if New(Options{}).Link("/") != "" {
		t.Error("there is a link before there is a port")
	}
}

// TestFromElsewhereOurOwnPageLeadsOn is for browsers that send no strict cookie
// along a redirect that began elsewhere.
func TestFromElsewhereOurOwnPageLeadsOn(t *testing.T) {
	s := serve(t)
	b := s.newBrowser()
	answer := b.get(strings.TrimPrefix(s.Link("/settings"), s.base), with("Sec-Fetch-Site", "cross-site"))
	if answer.status != http.StatusOK || answer.Get("Set-Cookie") == "" || !strings.Contains(answer.body, `http-equiv="refresh" content="0;url=/settings"`) {
		t.Errorf("%d %q", answer.status, answer.body)
	}
}

func TestAWrongLinkDoesNotPushOutWhoIsIn(t *testing.T) {
	s := serve(t)
	b := s.newBrowser()
	for range 2 * mostSessions {
		b.get("/enter?t=wrong")
	}
	if b.get("/").status != http.StatusOK {
		t.Error("the session is gone")
	}
}

func TestALinkUsedTwiceClosesWhatItOpened(t *testing.T) {
	s := serve(t)
	bystander, thief := s.newBrowser(), s.newBrowser()
	link := strings.TrimPrefix(s.Link("/"), s.base)
	thief.cookie, _, _ = strings.Cut(thief.get(link).Get("Set-Cookie"), ";")
	if thief.get("/").status != http.StatusOK {
		t.Fatal("the first use opens nothing")
	}
	silent(t, bystander.get(link))
	silent(t, thief.get("/"))
	if bystander.get("/").status != http.StatusOK {
		t.Error("somebody else's session is closed")
	}
}

func TestSessionsAreBoundedAndLastWhileTheyAreUsed(t *testing.T) {
	s := serve(t)
	first, second := s.newBrowser(), s.newBrowser()
	for range 3 {
		s.later(sessionIdle - time.Second)
		if first.get("/").status != http.StatusOK {
			t.Fatal("a session in use has ended")
		}
	}
	silent(t, second.get("/"))
	for range mostSessions {
		s.newBrowser()
	}
	silent(t, first.get("/"))
	if n := len(s.sessions.all); n != mostSessions {
		t.Errorf("%d sessions", n)
	}
}

func TestAClick(t *testing.T) {
	for _, test := range []struct {
		name, back, to string
		change         []func(*http.Request)
	}{
		{"leads back to its page", "/device/77aa12ef", "/device/77aa12ef", nil},
		{"leads back to its place on the page", "/#device-77aa12ef", "/#device-77aa12ef", nil},
		{"leads back to no other site", "https://evil.example/", "/", nil},
		{"leads back to no other site by a trick", "//evil.example/#a", "/", nil},
		{"leads back to no script", "javascript:alert(1)", "/", nil},
		{"leads back to no strange place", "/settings#\"><script>", "/settings", nil},
		{"is taken from a page that names no origin", "/", "/", []func(*http.Request){with("Origin", "null"), with("Sec-Fetch-Site", "same-origin")}},
		{"is taken from our page", "/", "/", []func(*http.Request){with("Sec-Fetch-Site", "same-origin")}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t)
			b := s.newBrowser()
			answer := b.click(view.Snooze, "77aa12ef/1d", test.back, test.change...)
			if answer.status != http.StatusSeeOther || answer.Get("Location") != test.to || answer.body != "" {
				t.Errorf("%d to %q: %q", answer.status, answer.Get("Location"), answer.body)
			}
			if acted := s.commands(); len(acted) != 1 || acted[0] != (view.Command{Verb: view.Snooze, Arg: "77aa12ef/1d"}) {
				t.Errorf("it did %v", acted)
			}
		})
	}
}

func TestWhatAClickHasDoneIsSaidOnce(t *testing.T) {
	s := serve(t)
	b, other := s.newBrowser(), s.newBrowser()
	script, person := with("Sec-Fetch-Mode", "cors"), with("Sec-Fetch-Mode", "navigate")
	said := func(b *browser, change ...func(*http.Request)) string {
		t.Helper()
		_, rest, _ := strings.Cut(b.get("/", change...).body, "notice=")
		text, _, _ := strings.Cut(rest, " token=")
		return text
	}
	s.result = func(view.Command) (string, error) { return "Snoozed <until> Saturday.", nil }
	b.click(view.Snooze, "77aa12ef/1d", "/")
	for _, step := range []struct {
		name, got, want string
	}{
		{"the script of another window takes nothing", said(b, script), ""},
		{"another session hears nothing", said(other), ""},
		{"the page that follows says it", said(b, person), "Snoozed &lt;until&gt; Saturday."},
		{"its script may keep it", said(b, script), "Snoozed &lt;until&gt; Saturday."},
		{"and again", said(b, script), "Snoozed &lt;until&gt; Saturday."},
		{"the next page says it no more", said(b, person), ""},
		{"nor its script", said(b, script), ""},
	} {
		if step.got != step.want {
			t.Errorf("%s: %q, want %q", step.name, step.got, step.want)
		}
	}
	s.result = func(view.Command) (string, error) { return "", errors.New("no such folder") }
	b.click(view.ShowFolder, "77aa12ef", "/")
	if got := said(b); got != "no such folder" {
		t.Errorf("what went wrong is said as %q", got)
	}
	s.later(noticeStays)
	if got := said(b, script); got != "" {
		t.Errorf("much later it still says %q", got)
	}
}

// TestAClickMayTakeItsTime has a click that takes longer than a request may.
func TestAClickMayTakeItsTime(t *testing.T) {
	aside(t, func(t *testing.T, s *served) {
		b := s.newBrowser()
		s.options.Act = func(ctx context.Context, _ view.Command) (string, error) {
			select {
			case <-ctx.Done():
				t.Error("it was told to hurry")
			case <-time.After(usual.act - time.Second):
			}
			return "", nil
		}
		if answer := b.click(view.Done, "77aa12ef/power", "/"); answer.status != http.StatusSeeOther {
			t.Errorf("%d", answer.status)
		}
	})
}

func TestSettings(t *testing.T) {
	var stamp string
	var got map[string]string
	good := true
	s := serve(t, func(s *Server) {
		s.options.Settings = func() view.Settings { return view.Settings{Stamp: "now"} }
		s.options.Save = func(_ context.Context, at string, values map[string]string) view.Settings {
			stamp, got = at, values
			return view.Settings{Values: values, Saved: good, Problem: map[bool]string{false: "the file has changed"}[good]}
		}
	})
	b := s.newBrowser()
	form := url.Values{"token": {b.token}, "stamp": {"then"}, "back": {"/x"}, "check_every": {"6h"}, "backups.folders": {"/a", "/b\nc"}}
	if answer := b.ask("POST", "/settings", form); answer.status != http.StatusSeeOther || answer.Get("Location") != "/settings" {
		t.Errorf("%d to %q", answer.status, answer.Get("Location"))
	}
	if stamp != "then" || len(got) != 2 || got["check_every"] != "6h" || got["backups.folders"] != "/a\n/b\nc" {
		t.Errorf("saved %q as of %q", got, stamp)
	}
	script, person := with("Sec-Fetch-Mode", "cors"), with("Sec-Fetch-Mode", "navigate")
	for _, step := range []struct {
		name  string
		asks  func(*http.Request)
		saved bool
	}{
		{"the script of another window takes nothing", script, false},
		{"the page that follows says it", person, true},
		{"the first news do not take it away", script, true},
		{"nor do the next", script, true},
		{"the next page says it no more", person, false},
		{"nor its script", script, false},
	} {
		want := fmt.Sprintf("settings now problem= saved=%v refused=false", step.saved)
		if body := b.get("/settings", step.asks).body; !strings.HasPrefix(body, want) {
			t.Errorf("%s: %q", step.name, body)
		}
	}
	b.ask("POST", "/settings", form)
	b.get("/settings", person)
	s.later(noticeStays)
	if body := b.get("/settings", script).body; !strings.Contains(body, "saved=false") {
		t.Errorf("much later it still says it: %q", body)
	}
	good = false
	answer := b.ask("POST", "/settings", form)
	if answer.status != http.StatusUnprocessableEntity || !strings.Contains(answer.body, "problem=the file has changed saved=false refused=true backups.folders=/a\n/b\nc check_every=6h path=/settings") {
		t.Errorf("what is not accepted: %d %q", answer.status, answer.body)
	}
	form.Set("token", "wrong")
	got = nil
	silent(t, b.ask("POST", "/settings", form))
	if got != nil {
		t.Error("settings were saved without the token")
	}
}

// follower reads events.
type follower struct {
	t     *testing.T
	lines *bufio.Scanner
}

func (b *browser) follow(path string, change ...func(*http.Request)) follower {
	b.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	b.t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, "GET", b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Cookie", b.cookie)
	for _, c := range change {
		c(r)
	}
	answer, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = answer.Body.Close() })
	if kind := answer.Header.Get("Content-Type"); answer.StatusCode != http.StatusOK || kind != "text/event-stream; charset=utf-8" {
		b.t.Fatalf("%d, %s", answer.StatusCode, kind)
	}
	return follower{b.t, bufio.NewScanner(answer.Body)}
}

// next gives the next line that is not empty.
func (f follower) next() string {
	f.t.Helper()
	for f.lines.Scan() {
		if line := f.lines.Text(); line != "" {
			return line
		}
	}
	return "the end"
}

func (f follower) wants(lines ...string) {
	f.t.Helper()
	for _, want := range lines {
		if got := f.next(); got != want {
			f.t.Fatalf("got %q, want %q", got, want)
		}
	}
}

func TestEvents(t *testing.T) {
	s := serve(t)
	b := s.newBrowser()
	all, late, behind := b.follow("/events"), b.follow("/events?since=1"), b.follow("/events", with("Last-Event-ID", "0"))
	all.wants("retry: 15000", "event: page", "id: 1", "data: 1")
	behind.wants("retry: 15000", "event: page", "id: 1", "data: 1")
	late.wants("retry: 15000")
	p := home()
	p.Generated = "a minute later"
	s.Show(view.View{Page: p})
	p = home()
	p.Cards[0].Standing = "13 days, limit 7"
	s.Show(view.View{Page: p})
	for _, f := range []follower{all, late, behind} {
		f.wants("event: page", "id: 2", "data: 2")
	}
	if body := b.get("/").body; !strings.Contains(body, "revision=2;") {
		t.Errorf("the page does not say which it is: %q", body)
	}
	s.quit()
	all.wants("the end")
	late.wants("the end")
}

func TestAStreamOutlivesTheTimesOfARequest(t *testing.T) {
	aside(t, func(t *testing.T, s *served) {
		f := s.newBrowser().follow("/events?since=1")
		begin := time.Now()
		f.wants("retry: 15000", ":", ":", ":")
		if took := time.Since(begin); took != 3*usual.beat {
			t.Errorf("three signs of life in %v", took)
		}
		p := home()
		p.Summary = "new"
		s.Show(view.View{Page: p})
		f.wants("event: page", "id: 2", "data: 2")
	})
}

func TestAStreamKeepsItsSessionAndEndsWithIt(t *testing.T) {
	aside(t, func(t *testing.T, s *served) {
		b := s.newBrowser()
		f := b.follow("/events?since=1")
		f.wants("retry: 15000", ":")
		for range 3 {
			s.later(sessionIdle - time.Second)
			f.wants(":", ":")
		}
		if b.get("/").status != http.StatusOK {
			t.Error("a page that is open has lost its session")
		}
		_, key, _ := strings.Cut(b.cookie, "=")
		s.sessions.close(key)
		f.wants("the end")
	})
}

func TestServeEndsWithStreamsClicksAndConnectionsOpen(t *testing.T) {
	s := serve(t)
	b := s.newBrowser()
	f := b.follow("/events")
	waits, ended := make(chan struct{}), make(chan struct{})
	s.options.Act = func(ctx context.Context, _ view.Command) (string, error) {
		close(waits)
		<-ctx.Done()
		return "", ctx.Err()
	}
	go func() { defer close(ended); b.click(view.Done, "", "/") }()
	<-waits
	idle := s.dial()
	defer idle.Close()
	begin := time.Now()
	s.stop()
	t.Logf("it took %v", time.Since(begin))
	<-ended
	for f.next() != "the end" {
	}
	if _, err := http.Get(s.base); err == nil {
		t.Error("it still answers")
	}
}

func TestServeSaysWhyItCannot(t *testing.T) {
	if err := New(Options{}).Serve(t.Context()); err == nil {
		t.Error("it serves without a port")
	}
	s := serve(t)
	_ = s.door.Close()
	if err := <-s.ended; err == nil {
		t.Error("a port that is lost is no error")
	}
	s.ended <- nil
}

func TestABrokenPageTellsNothing(t *testing.T) {
	s := serve(t)
	b := s.newBrowser()
	s.templates = func() *template.Template { return template.Must(template.New("overview").Parse("Anna {{.Nothing}}")) }
	s.ready.Store(nil)
	if answer := b.get("/"); answer.status != http.StatusInternalServerError || answer.body != "" {
		t.Errorf("%d %q", answer.status, answer.body)
	}
}

func TestForeignTextIsText(t *testing.T) {
	s := serve(t)
	p := home()
	p.Cards[0].Name = "<b>\x00\x1b[31m\u202eevil\u2066" + strings.Repeat("long", 2000) + "'\"&é猫"
	s.Show(view.View{Page: p})
	got := s.newBrowser().get("/device/77aa12ef").body
	want := "device &lt;b&gt;\ufffd[31mevil" + strings.Repeat("long", 2000) + "&#39;&#34;&amp;é猫 path"
	if !strings.HasPrefix(got, want) {
		t.Errorf("got %.200q", got)
	}
}

// FuzzWayBack wants to stay on our pages whatever a form or link says.
func FuzzWayBack(f *testing.F) {
	for _, s := range []string{"/", "/settings#a", "//evil.example", "/device/a/fix/b#c", "/\\evil.example", "/device/a/fix/b/fix/c", "https:/settings", "/settings\r\nX: y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, back string) {
		to := wayBack(back)
		u, err := url.Parse(to)
		if err != nil || u.Host != "" || u.Scheme != "" || u.RawQuery != "" || u.String() != to {
			t.Fatalf("%q leads to %q", back, to)
		}
		if _, known := placeOf(u.Path); !known {
			t.Fatalf("%q leads to %q, which is no page", back, to)
		}
	})
}

// TestManyAtOnce lets everything happen at the same time, for the race
// detector.
func TestManyAtOnce(t *testing.T) {
	s := serve(t)
	done := make(chan struct{})
	for i := range 8 {
		go func() {
			defer func() { done <- struct{}{} }()
			b := s.newBrowser()
			f := b.follow("/events")
			for k := range 20 {
				p := home()
				p.Summary = fmt.Sprint(i, k)
				s.Show(view.View{Page: p})
				b.click(view.CheckNow, "", "/")
				b.get("/")
				b.get("/settings")
			}
			f.wants("retry: 15000", "event: page")
		}()
	}
	for range 8 {
		<-done
	}
}

package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"ninelives/internal/view"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// soon is the deadline of what must happen at all; it is not waited for.
const soon = 20 * time.Second

// plain are templates that show what they are given.
var plain = template.Must(template.New("").Parse(`
{{- define "overview"}}overview of {{.Page.Summary}}{{range .Page.Cards}} [{{.Name}}]{{end}}{{template "rest" .}}{{end}}
{{- define "device"}}device {{.Card.Name}}{{template "rest" .}}{{end}}
{{- define "fix"}}fix {{with .Fix}}{{.Code}}{{end}} for {{.Card.Name}}{{template "rest" .}}{{end}}
{{- define "settings"}}settings {{.Settings.Stamp}} problem={{.Settings.Problem}} saved={{.Settings.Saved}} refused={{.Settings.Refused}}{{range $k, $v := .Settings.Values}} {{$k}}={{$v}}{{end}}{{template "rest" .}}{{end}}
{{- define "sources"}}sources{{template "rest" .}}{{end}}
{{- define "welcome"}}welcome{{template "rest" .}}{{end}}
{{- define "message"}}message: {{.Notice}}{{template "rest" .}}{{end}}
{{- define "rest"}} path={{.Path}} notice={{.Notice}} token={{.Token}} revision={{.Revision}};{{end}}`))

// served is a server that runs until the test ends.
type served struct {
	*Server
	t       *testing.T
	base    string
	quit    context.CancelFunc
	ended   chan error
	mu      sync.Mutex
	acted   []view.Command
	clock   time.Time
	result  func(view.Command) (string, error)
	connect func() (net.Conn, error)
}

func serve(t *testing.T, change ...func(*Server)) *served {
	t.Helper()
	s := &served{t: t, clock: time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC), ended: make(chan error, 1)}
	s.Server = New(Options{Act: s.act, Now: s.now})
	s.templates = func() *template.Template { return plain }
	for _, c := range change {
		c(s.Server)
	}
	if s.door == nil {
		if err := s.Listen(); err != nil {
			t.Fatal(err)
		}
	}
	s.base = "http://" + s.hosts[0]
	s.connect = func() (net.Conn, error) { return net.Dial("tcp", s.hosts[0]) }
	ctx, cancel := context.WithCancel(context.Background())
	s.quit = cancel
	go func() { s.ended <- s.Serve(ctx) }()
	s.Show(view.View{Page: home()})
	t.Cleanup(s.stop)
	return s
}

// pipes is a listener of connections without a network and without any buffer.
type pipes struct {
	conns chan net.Conn
	ended chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.ended:
		return nil, net.ErrClosed
	}
}
func (p pipes) Close() error { close(p.ended); return nil }
func (p pipes) Addr() net.Addr {
	return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}
}

// aside runs a test with a server that has no network and whose time goes as
// fast as nobody needs it.
func aside(t *testing.T, test func(*testing.T, *served)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		listener := pipes{make(chan net.Conn), make(chan struct{})}
		s := serve(t, func(s *Server) { s.take(listener) })
		s.connect = func() (net.Conn, error) {
			here, there := net.Pipe()
			select {
			case listener.conns <- there:
				return here, nil
			case <-listener.ended:
				return nil, net.ErrClosed
			}
		}
		test(t, s)
	})
}

// stop ends the server and wants that to be soon.
func (s *served) stop() {
	s.quit()
	select {
	case err := <-s.ended:
		if err != nil {
			s.t.Errorf("Serve: %v", err)
		}
		s.ended <- nil
	case <-time.After(soon):
		s.t.Error("Serve does not end")
	}
}

// home is a page of two devices, one with fixes.
func home() view.Page {
	return view.Page{Summary: "Anna's secret summary", Cards: []view.Card{
		{ID: "77aa12ef", Name: "Kim's phone", Fixes: []view.PageFix{{Code: "restart"}, {Code: "power"}}},
		{ID: "bacd0f11", Name: "Anna's iPhone"},
	}}
}

func (s *served) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock
}

func (s *served) later(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = s.clock.Add(d)
}

func (s *served) act(_ context.Context, c view.Command) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.acted = append(s.acted, c)
	if s.result != nil {
		return s.result(c)
	}
	return "", nil
}

func (s *served) commands() []view.Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.acted
}

// browser is a client that came in by a link. It follows no redirect.
type browser struct {
	*served
	client *http.Client
	cookie string
	token  string
}

// newBrowser enters; its connections are its own.
func (s *served) newBrowser() *browser {
	s.t.Helper()
	b := &browser{served: s, client: &http.Client{
		Transport:     &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return s.connect() }},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	s.t.Cleanup(b.client.CloseIdleConnections)
	answer := b.get(strings.TrimPrefix(s.Link("/"), s.base))
	if answer.status != http.StatusSeeOther || answer.Get("Location") != "/" {
		s.t.Fatalf("entering: %d, to %q", answer.status, answer.Get("Location"))
	}
	b.cookie, _, _ = strings.Cut(answer.Get("Set-Cookie"), ";")
	found := regexp.MustCompile(`token=([^ ]+) `).FindStringSubmatch(b.get("/").body)
	if found == nil {
		s.t.Fatal("no token on the page")
	}
	b.token = found[1]
	return b
}

// answered is an answer, read.
type answered struct {
	http.Header
	status int
	body   string
}

// ask sends one request with the cookie and what change makes of it.
func (b *browser) ask(method, path string, form url.Values, change ...func(*http.Request)) answered {
	b.t.Helper()
	r, err := http.NewRequest(method, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	if b.cookie != "" {
		r.Header.Set("Cookie", b.cookie)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", b.base)
	}
	for _, c := range change {
		c(r)
	}
	return b.do(r)
}

func (b *browser) do(r *http.Request) answered {
	b.t.Helper()
	answer, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answered{answer.Header, answer.StatusCode, string(body)}
}

func (b *browser) get(path string, change ...func(*http.Request)) answered {
	b.t.Helper()
	return b.ask("GET", path, nil, change...)
}

// click posts a command with the token.
func (b *browser) click(verb view.Verb, arg, back string, change ...func(*http.Request)) answered {
	b.t.Helper()
	return b.ask("POST", "/act", url.Values{"verb": {string(verb)}, "arg": {arg}, "back": {back}, "token": {b.token}}, change...)
}

func with(name, value string) func(*http.Request) {
	return func(r *http.Request) {
		if name == "Host" {
			r.Host = value
		}
		r.Header.Set(name, value)
	}
}

// wellServed fails the test unless a newcomer is let in and served.
func (s *served) wellServed() {
	s.t.Helper()
	if answer := s.newBrowser().get("/"); answer.status != http.StatusOK || !strings.Contains(answer.body, "Anna's secret summary") && !strings.Contains(answer.body, "Anna&#39;s secret summary") {
		s.t.Errorf("afterwards a good client gets %d %q", answer.status, answer.body)
	}
}

// send writes bytes to the server as they are and gives all that comes back
// until it hangs up.
func (s *served) send(text string) string {
	s.t.Helper()
	conn := s.dial()
	defer conn.Close()
	_, _ = io.WriteString(conn, text) // it may hang up meanwhile
	return s.hear(conn)
}

func (s *served) dial() net.Conn {
	s.t.Helper()
	conn, err := s.connect()
	if err != nil {
		s.t.Fatal(err)
	}
	_ = conn.SetDeadline(time.Now().Add(soon))
	return conn
}

func (s *served) hear(conn net.Conn) string {
	s.t.Helper()
	var b bytes.Buffer
	_, err := io.Copy(&b, io.LimitReader(conn, 1<<20))
	if errors.Is(err, os.ErrDeadlineExceeded) {
		s.t.Errorf("the server does not hang up; so far it said %q", b.String())
	}
	return b.String()
}

// request is the head of a request with the cookie, for send.
func (b *browser) request(line string, headers ...string) string {
	head := append([]string{line, "Host: " + b.hosts[0], "Cookie: " + b.cookie}, headers...)
	return fmt.Sprintf("%s\r\n\r\n", strings.Join(head, "\r\n"))
}

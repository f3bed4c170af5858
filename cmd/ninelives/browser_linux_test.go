package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"ninelives/internal/health"
	"ninelives/internal/instance"
)

// tab is one tab of a real Chromium, driven over a pipe by its DevTools
// protocol: https://chromedevtools.github.io/devtools-protocol/.
type tab struct {
	t       *testing.T
	session string
	to      *os.File

	mu      sync.Mutex
	last    int
	replies map[int]chan reply
	log     []string // what the browser complains of
}

// reply is a message of the browser: an answer or an event.
type reply struct {
	ID     int
	Method string
	Params struct {
		Entry struct{ Level, Text string }
	}
	Result json.RawMessage
	Error  *struct{ Message string }
}

// newTab starts a Chromium with nothing in it.
func newTab(t *testing.T) *tab {
	t.Helper()
	browser := "google-chrome"
	if _, err := exec.LookPath(browser); err != nil {
		browser = "chromium"
	}
	need(t, browser)
	toBrowser, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, fromBrowser, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking",
		"--remote-debugging-pipe", "--user-data-dir="+t.TempDir(), "about:blank")
	c.Env = append(os.Environ(), "HOME="+t.TempDir())
	c.ExtraFiles = []*os.File{toBrowser, fromBrowser} // 3 and 4
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = toBrowser.Close(), fromBrowser.Close()
	b := &tab{t: t, to: to, replies: map[int]chan reply{}}
	ended := make(chan struct{})
	go func() { defer close(ended); b.listen(from) }()
	t.Cleanup(func() {
		_, _ = to.WriteString(`{"id":1000000,"method":"Browser.close"}` + "\x00")
		timer := time.AfterFunc(10*time.Second, func() { _ = c.Process.Kill() })
		_ = c.Wait()
		timer.Stop()
		<-ended
		_, _ = to.Close(), from.Close()
	})
	var target struct{ TargetID, SessionID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &target)
	b.session = target.SessionID
	b.call("Log.enable", nil, nil)
	b.call("Page.enable", nil, nil)
	return b
}

// listen hands out replies and keeps complaints.
func (b *tab) listen(from *os.File) {
	in := bufio.NewReader(from)
	for {
		text, err := in.ReadBytes(0)
		if err != nil {
			return
		}
		var r reply
		if json.Unmarshal(text[:len(text)-1], &r) != nil {
			continue
		}
		b.mu.Lock()
		if r.Method == "Log.entryAdded" && r.Params.Entry.Level == "error" {
			b.log = append(b.log, r.Params.Entry.Text)
		}
		if answer := b.replies[r.ID]; r.ID > 0 && answer != nil {
			answer <- r
			delete(b.replies, r.ID)
		}
		b.mu.Unlock()
	}
}

// call asks the browser for something.
func (b *tab) call(method string, params map[string]any, result any) {
	b.t.Helper()
	b.mu.Lock()
	b.last++
	id, answer := b.last, make(chan reply, 1)
	b.replies[id] = answer
	b.mu.Unlock()
	message := map[string]any{"id": id, "method": method, "params": params}
	if b.session != "" {
		message["sessionId"] = b.session
	}
	text, err := json.Marshal(message)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.to.Write(append(text, 0)); err != nil {
		b.t.Fatal(err)
	}
	select {
	case r := <-answer:
		if r.Error != nil && strings.Contains(r.Error.Message, "navigated") {
			return // the page has gone: whoever waits asks again
		}
		if r.Error != nil {
			b.t.Fatalf("%s: %s", method, r.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(r.Result, result); err != nil {
				b.t.Fatal(err)
			}
		}
	case <-time.After(30 * time.Second):
		b.t.Fatalf("%s: no answer", method)
	}
}

func (b *tab) visit(link string) {
	b.t.Helper()
	b.call("Page.navigate", map[string]any{"url": link}, nil)
}

// eval gives the value of an expression in the page as text.
func (b *tab) eval(expression string) string {
	b.t.Helper()
	var r struct {
		Result           struct{ Value any }
		ExceptionDetails struct{ Text string }
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &r)
	if r.ExceptionDetails.Text != "" {
		return ""
	}
	return fmt.Sprint(r.Result.Value)
}

// until waits until an expression has a value.
func (b *tab) until(expression, want string) {
	b.t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		got := b.eval(expression)
		if got == want {
			return
		}
		if time.Now().After(end) {
			b.t.Fatalf("%s is %q, want %q; %s shows %.500s", expression, got, want, b.eval("location.href"), b.eval("document.body.innerText"))
		}
	}
}

// shows waits until a text stands on the page.
func (b *tab) shows(text string) {
	b.t.Helper()
	b.until(fmt.Sprintf("document.body.innerText.includes(%q)", text), "true")
}

// content wants the browser to have complained of nothing.
func (b *tab) content() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, line := range b.log {
		b.t.Errorf("the browser says: %s", line)
	}
	b.log = nil
}

func TestABrowserThatComesFromElsewhereIsLetIn(t *testing.T) {
	s := surf(t, kim(10*day))
	for _, test := range []struct {
		name  string
		leads func(w http.ResponseWriter, link string)
	}{
		{"by the desktop", nil},
		{"by a page that leads on", func(w http.ResponseWriter, link string) {
			fmt.Fprintf(w, `<meta http-equiv="refresh" content="0;url=%s">`, link)
		}},
		{"by a redirect", func(w http.ResponseWriter, link string) {
			w.Header().Set("Location", link)
			w.WriteHeader(http.StatusFound)
		}},
		{"by a page that is left by script", func(w http.ResponseWriter, link string) { fmt.Fprintf(w, `<script>location.href = %q</script>`, link) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := newTab(t)
			link := s.link("sources")
			start := link
			if test.leads != nil {
				other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", "text/html")
					test.leads(w, link)
				}))
				defer other.Close()
				start = strings.Replace(other.URL, "127.0.0.1", "localhost", 1) // another site
			}
			b.visit(start)
			b.until("location.href", s.base+"/sources")
			b.shows("Nine Lives")
			if got := b.eval("document.cookie + document.referrer"); got != "" {
				t.Errorf("a script sees %q", got)
			}
			b.content()
		})
	}
}

func TestARealBrowserMayClickAndNobodyElse(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		t.Run(fmt.Sprintf("scripts %v", scripts), func(t *testing.T) {
			s, b := surf(t, kim(10*day)), newTab(t)
			b.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": !scripts}, nil)
			b.visit(s.link("overview"))
			b.shows("Kim's phone")
			b.eval(`document.querySelectorAll('details').forEach(d => d.open = true)`)
			b.eval(fmt.Sprintf(`document.querySelector('button[value="%s/1d"]').click()`, health.IDOf(kim(0).UDID)))
			b.shows("Kim's phone: Snoozed until")
			b.until("location.pathname", "/")
			b.content()

			// A page of another port of this computer has the cookie, but no more.
			b.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": false}, nil)
			other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				fmt.Fprintf(w, `<form method="post" action="%s/act"><input name="verb" value="check-now"></form><iframe src="%s/"></iframe><title>other</title>`, s.base, s.base)
			}))
			defer other.Close()
			b.visit(other.URL)
			b.until("document.title", "other")
			if got := b.eval(fmt.Sprintf(`fetch("%s/", {credentials: "include"}).then(() => "read", () => "refused")`, s.base)); got != "refused" {
				t.Errorf("another page has %s it", got)
			}
			if got := b.eval(fmt.Sprintf(`fetch("%s/", {credentials: "include", mode: "no-cors"}).then(() => "read", () => "refused")`, s.base)); got != "refused" {
				t.Errorf("another page has %s it without CORS", got)
			}
			b.eval(`document.forms[0].submit()`)
			b.until("document.body.innerText", "403")
		})
	}
}

func TestAnOpenPageFollowsTheProgram(t *testing.T) {
	s, b := surf(t, kim(10*day)), newTab(t)
	b.visit(s.link("overview"))
	b.shows("needs attention")
	b.until("document.readyState", "complete")
	b.eval(`window.here = 'still here'`)
	s.backup(kim(time.Minute))
	if _, err := instance.Send(t.Context(), s.data(), "check"); err != nil {
		t.Fatal(err)
	}
	b.until(`document.querySelector('.card').classList.contains('ok')`, "true")
	if b.eval("window.here") != "still here" {
		t.Error("the page was loaded anew")
	}
	b.content()
}

package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ninelives/internal/view"
)

// siege is everything at once against one server, for a while.
type siege struct {
	*served
	over    chan struct{}
	all     sync.WaitGroup
	mu      sync.Mutex
	answers map[string]int // by attack and what it got
}

// forever does something again and again until the siege is over.
func (s *siege) forever(do func()) {
	s.all.Go(func() {
		for {
			select {
			case <-s.over:
				return
			default:
				do()
			}
		}
	})
}

// lifted tells whether the siege is over before a time has passed.
func (s *siege) lifted(within time.Duration) bool {
	select {
	case <-s.over:
		return true
	case <-time.After(within):
		return false
	}
}

// strike sends bytes as they are and notes the first line of what comes back.
func (s *siege) strike(name, text string) {
	conn, err := s.connect()
	if err != nil {
		return // there is no room for strangers just now
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(soon))
	_, _ = io.WriteString(conn, text) // it may hang up meanwhile
	answer, err := io.ReadAll(io.LimitReader(conn, 1<<20))
	line, _, _ := strings.Cut(string(answer), "\r\n")
	switch {
	case strings.Contains(string(answer), "Anna"):
		line = "a name"
	case line == "":
		line = "hung up"
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		line = "kept"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[name+": "+line]++
}

// occupy sends bytes and stays, reading nothing, until it is shown out.
func (s *siege) occupy(text string) {
	conn, err := s.connect()
	if err != nil {
		return
	}
	defer conn.Close()
	for sent := 0; !s.lifted(20 * time.Millisecond); sent++ {
		part := text
		if sent > 0 {
			part = "x"
		}
		if _, err := io.WriteString(conn, part); err != nil {
			return
		}
	}
}

// post is a click of a browser, as bytes.
func (b *browser) post(body string, headers ...string) string {
	head := []string{"Content-Type: application/x-www-form-urlencoded", "Content-Length: " + strconv.Itoa(len(body)), "Connection: close"}
	return b.request("POST /act HTTP/1.1", append(head, headers...)...) + body
}

// TestASiege goes through the whole list at the same time: two hundred streams,
// slow clients of every kind, heads and bodies that are too long, other names,
// other sites, wrong tokens and ways out of the folder. Meanwhile a browser
// reads and clicks, and is served.
func TestASiege(t *testing.T) {
	s := &siege{served: serve(t), over: make(chan struct{}), answers: map[string]int{}}
	guest, good := s.newBrowser(), s.newBrowser()
	var guests []*browser
	for range 10 { // one alone may have a few streams only
		guests = append(guests, s.newBrowser())
	}
	origin, form := "Origin: "+s.base, "verb=check-now&token="+guest.token
	other := "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\nCookie: " + guest.cookie + "\r\n\r\n"
	want := map[string]string{}
	for name, attack := range map[string]struct{ text, status string }{
		"another name":      {other, "403 Forbidden"},
		"no cookie":         {"GET / HTTP/1.1\r\nHost: " + s.hosts[0] + "\r\nConnection: close\r\n\r\n", "403 Forbidden"},
		"a wrong link":      {"GET /enter?t=" + guest.token + " HTTP/1.1\r\nHost: " + s.hosts[0] + "\r\nConnection: close\r\n\r\n", "403 Forbidden"},
		"a wrong token":     {guest.post("verb=check-now&token=wrong", origin), "403 Forbidden"},
		"another site":      {guest.post(form, "Origin: https://evil.example"), "403 Forbidden"},
		"a way out":         {guest.request("GET /static/..%2f..%2fetc%2fpasswd HTTP/1.1", "Connection: close"), "403 Forbidden"},
		"a head of 100 KB":  {guest.request("GET / HTTP/1.1", "X: "+strings.Repeat("x", 100<<10)), "431 Request Header Fields Too Large"},
		"a body of 1 MB":    {guest.post(form+"&x="+strings.Repeat("x", 1<<20), origin), "403 Forbidden"},
		"what is no HTTP":   {strings.Repeat("\x00\xff\r\n", 100), "400 Bad Request"},
		"a link of another": {strings.Replace(other, "GET /", "GET /enter?t=x", 1), "403 Forbidden"},
	} {
		want[name] = attack.status
		for range 2 {
			s.forever(func() { s.strike(name, attack.text) })
		}
	}
	for i := range 200 {
		s.forever(func() { s.occupy(guests[i%len(guests)].request("GET /events HTTP/1.1")) })
	}
	for range 50 {
		s.forever(func() { s.occupy("GET / HTTP/1.1\r\nX: ") })
		s.forever(func() { s.occupy(guest.request("POST /act HTTP/1.1", origin, "Content-Length: 60000") + form) })
		s.forever(func() { s.occupy(strings.Repeat(guest.request("GET / HTTP/1.1"), 20)) })
	}

	var pages, tries, clicks atomic.Int64
	s.forever(func() {
		if got := s.steadily(good, "/"); !strings.HasPrefix(got, "200 OK overview of Anna&#39;s secret summary") {
			t.Errorf("a good browser gets %q", got)
		}
		pages.Add(1)
	})
	s.forever(func() {
		tries.Add(1)
		if s.clicked(good) {
			clicks.Add(1)
		}
	})
	end := time.Now().Add(time.Minute) // a busy computer shows most strangers out before it answers them
	for i := 0; i < 40 || !s.answered(want) && time.Now().Before(end); i++ {
		p := home()
		p.Summary = fmt.Sprint("Anna's secret summary ", i)
		s.Show(view.View{Page: p})
		time.Sleep(50 * time.Millisecond)
		s.bounded()
	}
	close(s.over)
	s.all.Wait()

	for got, n := range s.answers {
		name, status, _ := strings.Cut(got, ": ")
		if status != "HTTP/1.1 "+want[name] && status != "hung up" {
			t.Errorf("%s (%d times), want %s", got, n, want[name])
		}
	}
	for name, status := range want {
		if s.answers[name+": HTTP/1.1 "+status] == 0 {
			t.Errorf("%s was never answered", name)
		}
	}
	if did := int64(len(s.commands())); pages.Load() == 0 || clicks.Load() == 0 || did < clicks.Load() || did > tries.Load() {
		t.Errorf("the good browser got %d pages; of %d clicks %d were answered and %d done", pages.Load(), tries.Load(), clicks.Load(), did)
	}
	t.Logf("%d pages, %d of %d clicks; %v", pages.Load(), clicks.Load(), tries.Load(), s.answers)
	follow := good.follow("/events?since=40")
	s.Show(view.View{Page: home()})
	follow.wants("retry: 15000", "event: page")
	s.wellServed()
}

// answered reports whether every attack was answered at least once.
func (s *siege) answered(want map[string]string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, status := range want {
		if s.answers[name+": HTTP/1.1 "+status] == 0 {
			return false
		}
	}
	return true
}

// bounded wants that no more than so many are let in at any time.
func (s *siege) bounded() {
	s.t.Helper()
	s.streams.mu.Lock()
	streams := len(s.streams.all)
	s.streams.mu.Unlock()
	s.door.mu.Lock()
	visitors := len(s.door.open)
	s.door.mu.Unlock()
	if streams > mostStreams || visitors > mostVisitors {
		s.t.Errorf("%d streams and %d connections", streams, visitors)
	}
}

// steadily reads a page as a browser does, which tries again when a connection
// breaks before there is an answer.
func (s *siege) steadily(b *browser, path string) string {
	for range 20 {
		r, _ := http.NewRequest(http.MethodGet, b.base+path, http.NoBody)
		r.Header.Set("Cookie", b.cookie)
		answer, err := b.client.Do(r)
		if err != nil {
			continue
		}
		body, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err == nil {
			return answer.Status + " " + string(body)
		}
	}
	return "nothing"
}

// clicked tells whether a click of a browser was answered; one that broke off
// is not repeated by itself.
func (s *siege) clicked(b *browser) bool {
	form := url.Values{"verb": {string(view.CheckNow)}, "back": {"/"}, "token": {b.token}}
	r, _ := http.NewRequest(http.MethodPost, b.base+actPath, strings.NewReader(form.Encode()))
	for name, value := range map[string]string{"Cookie": b.cookie, "Origin": b.base, "Content-Type": "application/x-www-form-urlencoded"} {
		r.Header.Set(name, value)
	}
	answer, err := b.client.Do(r)
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		s.t.Errorf("a click of a good browser gets %s", answer.Status)
	}
	return true
}

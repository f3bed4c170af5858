package web

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ninelives/internal/view"
)

// silent wants an answer that says no and nothing else.
func silent(t *testing.T, answer answered) {
	t.Helper()
	if answer.status != http.StatusForbidden || answer.body != "403" {
		t.Errorf("got %d %q", answer.status, answer.body)
	}
	for name := range answer.Header {
		_, ours := headers[name]
		if !ours && !slices.Contains([]string{"Content-Type", "Content-Length", "Date", "Connection"}, name) {
			t.Errorf("it says %s: %s", name, answer.Get(name))
		}
	}
}

func TestWhoDoesNotBelongHereLearnsNothing(t *testing.T) {
	const key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	stranger := func(path string, change ...func(*http.Request)) func(*browser) answered {
		return func(b *browser) answered { b.cookie = ""; return b.get(path, change...) }
	}
	insider := func(path string, change ...func(*http.Request)) func(*browser) answered {
		return func(b *browser) answered { return b.get(path, change...) }
	}
	click := func(change ...func(*http.Request)) func(*browser) answered {
		return func(b *browser) answered { return b.click(view.CheckNow, "", "/", change...) }
	}
	without := func(name string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Del(name) }
	}
	method := func(name string) func(*browser) answered {
		return func(b *browser) answered { return b.ask(name, "/", nil) }
	}
	for _, test := range []struct {
		name string
		ask  func(*browser) answered
	}{
		{"no cookie on the overview", stranger("/")},
		{"no cookie on a page that is not there", stranger("/nothing")},
		{"no cookie on a device that is there", stranger("/device/77aa12ef")},
		{"no cookie on the style sheet", stranger("/static/style.css")},
		{"no cookie on the events", stranger("/events")},
		{"no cookie on favicon.ico", stranger("/favicon.ico")},
		{"an empty cookie", func(b *browser) answered { b.cookie = b.sessions.cookie + "="; return b.get("/") }},
		{"a forged cookie", func(b *browser) answered { b.cookie = b.sessions.cookie + "=" + key; return b.get("/") }},
		{"a cookie of another port", func(b *browser) answered { b.cookie = strings.Replace(b.cookie, "=", "1=", 1); return b.get("/") }},
		{"a cookie cut short", func(b *browser) answered { b.cookie = b.cookie[:len(b.cookie)-1]; return b.get("/") }},
		{"a session unused for twelve hours", func(b *browser) answered { b.later(sessionIdle); return b.get("/") }},

		{"a link without a token", stranger("/enter")},
		{"a wrong token", stranger("/enter?t=" + key)},
		{"a token in the wrong case", func(b *browser) answered {
			b.cookie = ""
			return b.get(strings.ToLower(strings.TrimPrefix(b.Link("/"), b.base)))
		}},
		{"a used token", func(b *browser) answered {
			link := strings.TrimPrefix(b.Link("/"), b.base)
			b.get(link)
			return b.get(link)
		}},
		{"a token after a minute", func(b *browser) answered {
			link := strings.TrimPrefix(b.Link("/"), b.base)
			b.later(entryLife)
			return b.get(link)
		}},
		{"a token of many links ago", func(b *browser) answered {
			link := strings.TrimPrefix(b.Link("/"), b.base)
			for range mostEntries {
				b.Link("/")
			}
			return b.get(link)
		}},
		{"the cookie as a token", func(b *browser) answered {
			_, value, _ := strings.Cut(b.cookie, "=")
			return b.get("/enter?t=" + value)
		}},
		{"HEAD on a link", func(b *browser) answered {
			r := b.ask("HEAD", strings.TrimPrefix(b.Link("/"), b.base), nil)
			r.body = "403"
			return r
		}},

		{"another name that leads here", insider("/", with("Host", "evil.example"))},
		{"another name with our port", func(b *browser) answered {
			_, port, _ := net.SplitHostPort(b.hosts[0])
			return b.get("/", with("Host", "evil.example:"+port))
		}},
		{"a name that begins with ours", func(b *browser) answered { return b.get("/", with("Host", b.hosts[0]+".evil.example")) }},
		{"a name with a user before it", func(b *browser) answered { return b.get("/", with("Host", "evil@"+b.hosts[0])) }},
		{"our address with another port", insider("/", with("Host", "127.0.0.1:1"))},
		{"our address without a port", insider("/", with("Host", "127.0.0.1"))},
		{"our address in another spelling", func(b *browser) answered {
			_, port, _ := net.SplitHostPort(b.hosts[0])
			return b.get("/", with("Host", "2130706433:"+port))
		}},
		{"a link under another name", func(b *browser) answered {
			return b.get(strings.TrimPrefix(b.Link("/"), b.base), with("Host", "evil.example"))
		}},

		{"a GET that another site has made", insider("/", with("Sec-Fetch-Site", "cross-site"))},
		{"a GET that another port of this computer has made", insider("/", with("Sec-Fetch-Site", "same-site"))},
		{"events for another port", insider("/events", with("Sec-Fetch-Site", "same-site"))},
		{"a style sheet for another site", insider("/static/style.css", with("Sec-Fetch-Site", "cross-site"))},

		{"a POST of another site", click(with("Origin", "https://evil.example"))},
		{"a POST of another port", click(with("Origin", "http://127.0.0.1:1"))},
		{"a POST over https from our name", func(b *browser) answered {
			return b.click(view.CheckNow, "", "/", with("Origin", "https://"+b.hosts[0]))
		}},
		{"a POST from our other name", func(b *browser) answered {
			return b.click(view.CheckNow, "", "/", with("Origin", "http://"+b.hosts[1]))
		}},
		{"a POST without an origin", click(without("Origin"))},
		{"a POST of a sandbox", click(with("Origin", "null"))},
		{"a POST of a sandbox of another site", click(with("Origin", "null"), with("Sec-Fetch-Site", "cross-site"))},
		{"a POST without an origin of another port", click(without("Origin"), with("Sec-Fetch-Site", "same-site"))},
		{"a POST without an origin that was typed", click(without("Origin"), with("Sec-Fetch-Site", "none"))},
		{"a POST with our origin that another site has made", click(with("Sec-Fetch-Site", "cross-site"))},
		{"a POST with two origins", click(func(r *http.Request) { r.Header.Add("Origin", "https://evil.example") })},
		{"a POST without a cookie", func(b *browser) answered { b.cookie = ""; return b.click(view.CheckNow, "", "/") }},
		{"a POST without a token", func(b *browser) answered { b.token = ""; return b.click(view.CheckNow, "", "/") }},
		{"a POST with the token of another session", func(b *browser) answered {
			b.token = b.newBrowser().token
			return b.click(view.CheckNow, "", "/")
		}},
		{"a token in the address", func(b *browser) answered {
			return b.ask("POST", "/act?verb=check-now&token="+b.token, url.Values{})
		}},
		{"a POST as JSON", click(with("Content-Type", "application/json"))},
		{"a POST as plain text", click(with("Content-Type", "text/plain"))},
		{"a POST as multipart", click(with("Content-Type", "multipart/form-data; boundary=x"))},
		{"a POST without a type", click(without("Content-Type"))},
		{"a POST with a broken form", func(b *browser) answered {
			return b.click(view.CheckNow, "", "/", func(r *http.Request) {
				body := "token=" + b.token + "&verb=check-now&x=%zz"
				r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
			})
		}},
		{"a POST that is not UTF-8", func(b *browser) answered { return b.click(view.Snooze, "\xff", "/") }},
		{"a verb nobody knows", func(b *browser) answered { return b.click("format-disk", "", "/") }},
		{"no verb", func(b *browser) answered { return b.click("", "", "/") }},
		{"the end of the program", func(b *browser) answered { return b.click(view.Quit, "", "/") }},
		{"opening another window", func(b *browser) answered { return b.click(view.OpenPage, "", "/") }},
		{"an argument that is too long", func(b *browser) answered { return b.click(view.Snooze, strings.Repeat("x", mostArg+1), "/") }},
		{"a body that is too long", func(b *browser) answered { return b.click(view.Snooze, strings.Repeat("x", mostBody), "/") }},
		{"a body that is too long and says not how long", func(b *browser) answered {
			return b.click(view.CheckNow, "", "/", func(r *http.Request) {
				r.Body, r.ContentLength = io.NopCloser(strings.NewReader("verb=check-now&token="+b.token+"&x="+strings.Repeat("x", mostBody))), -1
			})
		}},
		{"a POST to a page", func(b *browser) answered { return b.ask("POST", "/", url.Values{"token": {b.token}}) }},
		{"settings where there are none to save", func(b *browser) answered { return b.ask("POST", "/settings", url.Values{"token": {b.token}}) }},
		{"a GET on /act", insider("/act?verb=check-now")},

		{"HEAD", func(b *browser) answered { r := method("HEAD")(b); r.body = "403"; return r }},
		{"PUT", method("PUT")}, {"DELETE", method("DELETE")}, {"OPTIONS", method("OPTIONS")}, {"TRACE", method("TRACE")},
		{"PATCH", method("PATCH")}, {"a method nobody knows", method("PROPFIND")},
		{"a static file that is not there", insider("/static/secret")},
		{"a way up out of the static files", insider("/static/../../../../etc/passwd")},
		{"an escaped way up", insider("/static/%2e%2e/%2e%2e/etc/passwd")},
		{"a way up with escaped slashes", insider("/static/..%2f..%2fetc%2fpasswd")},
		{"a way up with backslashes", insider(`/static/..%5c..%5cwindows%5cwin.ini`)},
		{"a file name with a zero byte", insider("/static/style.css%00.html")},
		{"the folder of the static files", insider("/static/")},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t)
			b := s.newBrowser()
			b.t = t
			silent(t, test.ask(b))
			if acted := s.commands(); len(acted) > 0 {
				t.Errorf("it did %v", acted)
			}
			s.wellServed()
		})
	}
}

// TestWhatIsNotHTTPHarmsNothing sends bytes that no browser sends. Where the
// answer is that of net/http it has no name of ours either.
func TestWhatIsNotHTTPHarmsNothing(t *testing.T) {
	form := func(b *browser) string { return "verb=check-now&token=" + b.token }
	post := func(b *browser, body string, headers ...string) string {
		return b.request("POST /act HTTP/1.1", append([]string{"Origin: " + b.base, "Content-Type: application/x-www-form-urlencoded"}, headers...)...) + body
	}
	length := func(s string) string { return "Content-Length: " + strconv.Itoa(len(s)) }
	for _, test := range []struct {
		name string
		text func(*browser) string
		want string // the status; empty: hanging up without a word will do
	}{
		{"nothing but noise", func(*browser) string { return strings.Repeat("\x00\xff\r\n", 100) }, "400"},
		{"a head of 100 KB", func(b *browser) string { return b.request("GET / HTTP/1.1", "X: "+strings.Repeat("x", 100<<10)) }, "431"},
		{"a thousand headers", func(b *browser) string {
			return b.request("GET / HTTP/1.1", strings.Split(strings.TrimSuffix(strings.Repeat("X-Many: 1234567890\n", 1000), "\n"), "\n")...)
		}, "431"},
		{"a line of 100 KB", func(b *browser) string { return b.request("GET /" + strings.Repeat("x", 100<<10) + " HTTP/1.1") }, "431"},
		{"cookies of 15 KB", func(*browser) string {
			return "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: " + strings.Repeat("a=b; ", 3000) + "\r\n\r\n"
		}, "403"},
		{"cookies of 100 KB", func(*browser) string {
			return "GET / HTTP/1.1\r\nHost: x\r\nCookie: " + strings.Repeat("a=b; ", 20000) + "\r\n\r\n"
		}, "431"},
		{"no host", func(b *browser) string { return "GET / HTTP/1.1\r\nCookie: " + b.cookie + "\r\n\r\n" }, "400"},
		{"no host, as long ago", func(b *browser) string { return "GET / HTTP/1.0\r\nCookie: " + b.cookie + "\r\n\r\n" }, "403"},
		{"two hosts", func(b *browser) string { return b.request("GET / HTTP/1.1", "Host: evil.example") }, "400"},
		{"a whole address of another host", func(b *browser) string { return b.request("GET http://evil.example/ HTTP/1.1") }, "403"},
		{"a tunnel", func(b *browser) string {
			return "CONNECT " + b.hosts[0] + " HTTP/1.1\r\nHost: " + b.hosts[0] + "\r\nCookie: " + b.cookie + "\r\n\r\n"
		}, "403"},
		{"a star", func(b *browser) string { return b.request("OPTIONS * HTTP/1.1") }, "403"},
		{"HTTP/2 without asking", func(*browser) string { return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" }, "403"},
		{"an upgrade to HTTP/2", func(*browser) string {
			return "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
		}, "403"},
		{"two lengths", func(b *browser) string { return post(b, form(b), length(form(b)), "Content-Length: 3") }, "400"},
		{"a length and chunks", func(b *browser) string {
			return post(b, "0\r\n\r\nGET / HTTP/1.1\r\n\r\n", "Content-Length: 5", "Transfer-Encoding: chunked")
		}, "403"},
		{"an encoding nobody knows", func(b *browser) string { return post(b, form(b), "Transfer-Encoding: xchunked") }, "501"},
		{"a negative length", func(b *browser) string { return post(b, form(b), "Content-Length: -1") }, "400"},
		{"a header folded", func(b *browser) string {
			return b.request("GET / HTTP/1.1", "X: 1\r\n Host: evil.example", "Connection: close")
		}, ""},
		{"a request behind a refused one", func(b *browser) string {
			return "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n" + post(b, form(b), length(form(b)))
		}, "403"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t)
			b := s.newBrowser()
			b.t, s.t = t, t
			got := s.send(test.text(b))
			_, rest, _ := strings.Cut(got, " ")
			if status, _, _ := strings.Cut(rest, " "); status != test.want && (test.want != "" || status != "400" && status != "200") {
				t.Errorf("got %.60q, want %s", got, test.want)
			}
			if strings.Contains(got, "\r\nServer:") || strings.Contains(got, "Go") || test.want != "" && strings.Contains(got, "Anna") {
				t.Errorf("it tells too much: %q", got)
			}
			if strings.Count(got, "HTTP/1.") > 1 {
				t.Errorf("it answers more than once: %q", got)
			}
			if acted := s.commands(); len(acted) > 0 {
				t.Errorf("it did %v", acted)
			}
			s.wellServed()
		})
	}
}

func TestSlowHeadsKeepNobodyOut(t *testing.T) {
	s := serve(t, func(s *Server) { s.times.header = time.Hour })
	stream := s.newBrowser().follow("/events?since=1")
	stream.wants("retry: 15000")
	var slow []net.Conn
	for range 4 * mostVisitors {
		conn := s.dial()
		defer conn.Close()
		slow = append(slow, conn)
		_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nX: ")
	}
	for _, conn := range slow[:3*mostVisitors] {
		if got := s.hear(conn); got != "" {
			t.Errorf("it answers half a request: %q", got)
		}
	}
	s.wellServed()
	s.Show(view.View{Page: view.Page{Summary: "Anna's secret summary, again"}})
	for line := stream.next(); line != "data: 2"; line = stream.next() {
		if line == "the end" {
			t.Fatal("who was here before has been shown out")
		}
	}
	s.door.mu.Lock()
	defer s.door.mu.Unlock()
	if n := len(s.door.open); n > mostVisitors {
		t.Errorf("%d connections are open", n)
	}
}

func TestManyConnectionsWithASessionAreBoundedToo(t *testing.T) {
	s := serve(t)
	for range 2 * mostVisitors {
		conn := s.dial()
		defer conn.Close()
		b := browser{served: s, cookie: "x"}
		_, _ = io.WriteString(conn, b.request("GET / HTTP/1.1"))
	}
	for range mostVisitors + 5 {
		s.wellServed()
	}
}

func TestTwoHundredStreams(t *testing.T) {
	s := serve(t)
	var browsers []*browser
	for range 8 {
		browsers = append(browsers, s.newBrowser())
	}
	var conns []net.Conn
	for i := range 200 {
		conn := s.dial()
		defer conn.Close()
		conns = append(conns, conn)
		_, _ = io.WriteString(conn, browsers[i%len(browsers)].request("GET /events HTTP/1.1"))
	}
	s.wellServed()
	s.streams.mu.Lock()
	all := len(s.streams.all)
	s.streams.mu.Unlock()
	if all == 0 || all > mostStreams {
		t.Errorf("%d streams", all)
	}
	s.hear(conns[0]) // is hung up on
	s.wellServed()
}

func TestOneSessionHasFewStreams(t *testing.T) {
	s := serve(t)
	b := s.newBrowser()
	for range 3 * mostOfSession {
		b.follow("/events").wants("retry: 15000")
	}
	s.streams.mu.Lock()
	defer s.streams.mu.Unlock()
	if n := len(s.streams.all); n != mostOfSession {
		t.Errorf("%d streams", n)
	}
}

func TestAStreamThatNobodyReadsEnds(t *testing.T) {
	aside(t, func(t *testing.T, s *served) {
		b := s.newBrowser()
		conn := s.dial()
		defer conn.Close()
		_, _ = io.WriteString(conn, b.request("GET /events HTTP/1.1"))
		count := func() int {
			s.streams.mu.Lock()
			defer s.streams.mu.Unlock()
			return len(s.streams.all)
		}
		synctest.Wait()
		if count() != 1 {
			t.Fatal("there is no stream")
		}
		time.Sleep(usual.event + time.Second)
		synctest.Wait()
		if count() != 0 {
			t.Error("the stream has not ended")
		}
	})
}

// TestWhoIsSlowIsHungUpOn sends the beginning of a request and then nothing.
func TestWhoIsSlowIsHungUpOn(t *testing.T) {
	for _, test := range []struct {
		name string
		text func(*browser) string
		took time.Duration
		want string
	}{
		{"nothing at all", func(*browser) string { return "" }, usual.header, ""},
		{"half a line", func(*browser) string { return "GET" }, usual.header, "HTTP/1.1 400 Bad Request"},
		{"a head without an end", func(b *browser) string { return strings.TrimSuffix(b.request("GET / HTTP/1.1"), "\r\n") }, usual.header, ""},
		{"a body without an end", func(b *browser) string {
			return b.request("POST /act HTTP/1.1", "Origin: "+b.base, "Content-Type: application/x-www-form-urlencoded", "Content-Length: 1000") + "verb=check-now&token=" + b.token
		}, usual.request, "HTTP/1.1 403 Forbidden"},
		{"chunks without an end", func(b *browser) string {
			return b.request("POST /act HTTP/1.1", "Origin: "+b.base, "Content-Type: application/x-www-form-urlencoded", "Transfer-Encoding: chunked") + "5\r\nverb=\r\n"
		}, usual.request, "HTTP/1.1 403 Forbidden"},
		{"a chunk of all the bytes that there are", func(b *browser) string {
			return b.request("POST /act HTTP/1.1", "Origin: "+b.base, "Content-Type: application/x-www-form-urlencoded", "Transfer-Encoding: chunked") + "FFFFFFFFFFFFFFFF\r\nverb="
		}, usual.request, "HTTP/1.1 403 Forbidden"},
		{"nothing after an answer", func(b *browser) string { return b.request("GET / HTTP/1.1") }, usual.idle, "HTTP/1.1 200 OK"},
	} {
		t.Run(test.name, func(t *testing.T) {
			aside(t, func(t *testing.T, s *served) {
				b := s.newBrowser()
				conn := s.dial()
				defer conn.Close()
				_ = conn.SetDeadline(time.Time{})
				begin := time.Now()
				_, _ = io.WriteString(conn, test.text(b))
				got := s.hear(conn)
				if line, _, _ := strings.Cut(got, "\r\n"); line != test.want {
					t.Errorf("got %.60q, want %q", got, test.want)
				}
				// net/http waits for the rest of a body for a moment.
				if took := time.Since(begin).Round(time.Second); took != test.took && took != test.took+time.Second {
					t.Errorf("it took %v, want %v", took, test.took)
				}
				if acted := s.commands(); len(acted) > 0 {
					t.Errorf("it did %v", acted)
				}
				s.wellServed()
			})
		})
	}
}

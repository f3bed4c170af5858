package feed

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"ninelives/internal/health"
)

// childAddress names the address that the test binary reads, and nothing else,
// when it runs as its own child: a proxy in the environment is looked up once
// per process.
const childAddress = "FEED_TEST_ADDRESS"

func TestMain(m *testing.M) {
	if address := os.Getenv(childAddress); address != "" {
		body, err := of(address).Fetch(context.Background())
		fmt.Printf("%s %v", body, err)
		return
	}
	goleak.VerifyTestMain(m)
}

// serve answers every request by answer.
func serve(t *testing.T, answer http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(answer)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(server.Close)
	return server
}

func write(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }
}

const answered = `{"services":[{"serviceName":"iCloud Backup","events":[]}]}`

const apple = "https://www.apple.com/feed.js"

// of gives the feed at address, of at most 1 MiB and from Apple.
func of(address string) *Feed {
	return New(address, "test", Bounds{Largest: 1 << 20, Site: "apple.com"})
}

func TestFetchIntroducesItselfAndKeepsNothing(t *testing.T) {
	var requests []*http.Request
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		requests = append(requests, r)
		http.SetCookie(w, &http.Cookie{Name: "taste", Value: "good"})
		io.WriteString(w, answered)
	})
	source := New(server.URL+"/feed.js", "ninelives/1.2", Bounds{Largest: 100})
	for range 2 {
		body, err := source.Fetch(t.Context())
		if string(body) != answered || err != nil {
			t.Fatalf("%q, error %v", body, err)
		}
	}
	for _, r := range requests {
		if got := r.Header.Get("User-Agent"); got != "ninelives/1.2" {
			t.Errorf("introduces itself as %q", got)
		}
		if !r.Close {
			t.Error("keeps the connection, for hours")
		}
		if got := r.Cookies(); len(got) > 0 {
			t.Errorf("sends cookies: %v", got)
		}
		if r.Method != http.MethodGet || r.URL.Path != "/feed.js" || r.ContentLength > 0 {
			t.Errorf("asks %s %s with %d bytes", r.Method, r.URL, r.ContentLength)
		}
	}
	if len(requests) != 2 {
		t.Errorf("%d requests, want 2", len(requests))
	}
}

func TestFetchFails(t *testing.T) {
	gzipped := func(body string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		io.WriteString(w, body)
		w.Close()
		return b.String()
	}
	packed := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, body)
		}
	}
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			io.WriteString(w, answered)
		}
	}
	endless := func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `{"services":[`)
		for r.Context().Err() == nil {
			io.WriteString(w, strings.Repeat(`{"serviceName":"iCloud Backup"},`, 1000))
		}
	}
	cutOff := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(answered)))
		io.WriteString(w, answered[:len(answered)/2])
	}
	for name, c := range map[string]struct {
		answer  http.HandlerFunc
		trouble health.Trouble
		says    string
	}{
		"an answer without end":             {endless, health.Malformed, "1 MiB"},
		"a little that unpacks to too much": {packed(gzipped(strings.Repeat(" ", 1<<20+1))), health.Malformed, "1 MiB"},
		"an answer that is cut off":         {cutOff, health.Malformed, "cut off"},
		"packed bytes that are cut off":     {packed(gzipped(answered)[:40]), health.Malformed, "cut off"},
		"bytes that are not packed":         {packed(answered), health.Malformed, "packed wrongly"},
		"service unavailable":               {status(http.StatusServiceUnavailable), health.Failed, "HTTP 503 Service Unavailable"},
		"not found":                         {status(http.StatusNotFound), health.Failed, "HTTP 404"},
		"no content":                        {status(http.StatusNoContent), health.Failed, "HTTP 204"},
		"half of it":                        {status(http.StatusPartialContent), health.Failed, "HTTP 206"},
		"a redirect to nowhere":             {status(http.StatusFound), health.Failed, "HTTP 302"},
		"a broken connection":               {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, health.Failed, "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, c.answer)
			body, err := of(server.URL).Fetch(t.Context())
			if got := health.TroubleOf(err); got != c.trouble || !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("trouble %q by %v; want %q, saying %q", got, err, c.trouble, c.says)
			}
			if strings.Contains(fmt.Sprint(err), server.URL) {
				t.Errorf("%v names the address, which its caller does", err)
			}
			if body != nil {
				t.Errorf("%d bytes beside the error", len(body))
			}
		})
	}
}

func TestFetchUnpacks(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "gzip" {
			t.Error("does not ask for packed bytes")
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, answered)
		z.Close()
	})
	if body, err := of(server.URL).Fetch(t.Context()); err != nil || string(body) != answered {
		t.Errorf("%q, %v", body, err)
	}
}

func TestFetchWithoutANetwork(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close() // now nobody listens there
	noName := of(apple)
	noName.client.Transport.(*http.Transport).DialContext = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "www.apple.com", IsNotFound: true}}
	}
	slowName := of(apple)
	slowName.client.Transport.(*http.Transport).DialContext = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "server misbehaving", IsTimeout: true}
	}
	for name, source := range map[string]*Feed{
		"nobody listens":               of("http://" + listener.Addr().String()),
		"the name is not found":        noName,
		"no name server gives answers": slowName,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := source.Fetch(t.Context()); !errors.Is(err, health.ErrOffline) {
				t.Errorf("error %v, want one that is health.ErrOffline", err)
			}
		})
	}
}

func TestFetchOfNoAddress(t *testing.T) {
	for _, address := range []string{"", "feed.js", "ftp://127.0.0.1/feed.js", "http://%", "http://"} {
		if _, err := of(address).Fetch(t.Context()); err == nil || health.TroubleOf(err) == health.Malformed {
			t.Errorf("%q: error %v", address, err)
		}
	}
}

func TestFetchTellsAnotherCertificate(t *testing.T) {
	server := httptest.NewTLSServer(write(answered))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	defer server.Close()
	_, err := of(server.URL).Fetch(t.Context())
	if health.TroubleOf(err) != health.Failed || !strings.Contains(fmt.Sprint(err), "no secure connection") {
		t.Errorf("error %v", err)
	}
}

func TestFetchOverHTTP2KeepsNothingOpen(t *testing.T) { // goleak would tell
	protocol := 0
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protocol = r.ProtoMajor
		io.WriteString(w, answered)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	source := of(server.URL)
	transport := source.client.Transport.(*http.Transport)
	transport.TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	transport.ForceAttemptHTTP2 = true // as without a TLSClientConfig
	if _, err := source.Fetch(t.Context()); err != nil || protocol != 2 {
		t.Errorf("by HTTP/%d: %v", protocol, err)
	}
}

func TestFetchStopsWhenItsCallerDoes(t *testing.T) {
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := of(server.URL).Fetch(ctx); !errors.Is(err, health.ErrTimedOut) {
		t.Errorf("after its caller's deadline: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if _, err := of(server.URL).Fetch(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("after its caller gave up: %v", err)
	}
}

// TestFetchGivesUpOnADrip runs on a network of pipes with a clock of its own.
func TestFetchGivesUpOnADrip(t *testing.T) {
	for name, drip := range map[string]func(net.Conn){
		"one byte a second": func(c net.Conn) {
			for io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n"); ; time.Sleep(time.Second) {
				if _, err := c.Write([]byte(" ")); err != nil {
					return
				}
			}
		},
		"not even a header": func(c net.Conn) { io.Copy(io.Discard, c) },
		"a redirect every four seconds": func(c net.Conn) {
			time.Sleep(4 * time.Second)
			io.WriteString(c, "HTTP/1.1 302 Found\r\nLocation: https://www.apple.com/\r\nContent-Length: 0\r\n\r\n")
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				source := of("http://feed.test/")
				var ends sync.WaitGroup
				defer ends.Wait()
				pipe := func(context.Context, string, string) (net.Conn, error) {
					here, there := net.Pipe()
					ends.Go(func() {
						defer there.Close()
						there.Read(make([]byte, 1)) // an answer before the question is thrown away
						ends.Go(func() { io.Copy(io.Discard, there) })
						drip(there)
					})
					return here, nil
				}
				transport := source.client.Transport.(*http.Transport)
				transport.DialContext, transport.DialTLSContext = pipe, pipe
				began := time.Now()
				_, err := source.Fetch(t.Context())
				if took := time.Since(began); !errors.Is(err, health.ErrTimedOut) || took != patience {
					t.Errorf("after %v: %v; want %v", took, err, patience)
				}
			})
		})
	}
}

func TestRedirects(t *testing.T) {
	const loopback = "http://127.0.0.1:8080/feed.js"
	for name, c := range map[string]struct {
		from, to string
		follow   bool
	}{
		"Apple to itself":                        {apple, "https://www.apple.com/other.js", true},
		"Apple to its bare name":                 {apple, "https://apple.com/feed.js", true},
		"Apple to another name of its own":       {apple, "https://CDN.status.Apple.com/feed.js", true},
		"Apple without encryption":               {apple, "http://www.apple.com/feed.js", false},
		"Apple to a login page":                  {apple, "https://login.hotel.example/", false},
		"Apple to a name that ends alike":        {apple, "https://pineapple.com/feed.js", false},
		"Apple to a name that begins alike":      {apple, "https://www.apple.com.example.org/feed.js", false},
		"Apple to a name in the user's place":    {apple, "https://www.apple.com@example.org/feed.js", false},
		"Apple to this computer":                 {apple, loopback, false},
		"Apple to a file":                        {apple, "file:///etc/passwd", false},
		"a test's address to itself":             {loopback, "http://127.0.0.1:8080/other.js", true},
		"a test's address to itself, encrypted":  {loopback, "https://127.0.0.1:8080/other.js", true},
		"a test's address to another port":       {loopback, "http://127.0.0.1:9090/feed.js", false},
		"a test's address to another host":       {loopback, "http://example.org/feed.js", false},
		"a test's address to Apple":              {loopback, apple, true},
		"a test's address to Apple, unencrypted": {loopback, "http://www.apple.com/feed.js", false},
		"an encrypted address, encryption lost":  {"https://mirror.example/feed.js", "http://mirror.example/feed.js", false},
		"Apple's name, unencrypted, to Apple":    {"http://www.apple.com/feed.js", apple, true},
	} {
		t.Run(name, func(t *testing.T) {
			request := func(address string) *http.Request {
				u, err := url.Parse(address)
				if err != nil {
					t.Fatal(err)
				}
				return &http.Request{URL: u}
			}
			if err := checkRedirect("apple.com", request(c.to), []*http.Request{request(c.from)}); (err == nil) != c.follow {
				t.Errorf("error %v, want it followed: %v", err, c.follow)
			}
		})
	}
}

func TestAFeedWithoutASiteHasOnlyItsOwnHost(t *testing.T) {
	for _, host := range []string{"example.org.", ""} {
		if isOn("", &url.URL{Scheme: "https", Host: host}) {
			t.Errorf("%q counts as its site", host)
		}
	}
}

func TestFetchIsNotLedElsewhere(t *testing.T) {
	visited := false
	elsewhere := serve(t, func(w http.ResponseWriter, _ *http.Request) { visited = true; io.WriteString(w, answered) })
	server := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) })
	_, err := of(server.URL).Fetch(t.Context())
	if visited || !errors.Is(err, errElsewhere) || health.TroubleOf(err) != health.Failed {
		t.Errorf("visited %v, error %v", visited, err)
	}
	round := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) })
	if _, err := of(round.URL).Fetch(t.Context()); err == nil || !strings.Contains(err.Error(), "too often") {
		t.Errorf("round and round: %v", err)
	}
	steps := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			http.Redirect(w, r, "/feed.js", http.StatusMovedPermanently)
			return
		}
		io.WriteString(w, answered)
	})
	if _, err := of(steps.URL).Fetch(t.Context()); err != nil {
		t.Errorf("within the same host: %v", err)
	}
}

func TestFetchGoesThroughTheProxy(t *testing.T) {
	asked := ""
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) { asked = r.URL.String(); io.WriteString(w, answered) })
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childAddress+"=http://feed.invalid/feed.js", "HTTP_PROXY="+proxy.URL, "NO_PROXY=")
	out, err := child.CombinedOutput()
	if err != nil || asked != "http://feed.invalid/feed.js" || !strings.Contains(string(out), answered+" <nil>") {
		t.Errorf("the proxy was asked for %q; %v %s", asked, err, out)
	}
}

func TestNoPasswordIsShown(t *testing.T) {
	server := serve(t, http.NotFound)
	address := strings.Replace(server.URL, "http://", "http://anna:hunter2@", 1)
	for _, source := range []*Feed{of(address), of("http://anna:hunter2@127.0.0.1:1/"), of("gopher://anna:hunter2@x/")} {
		_, err := source.Fetch(t.Context())
		if err == nil || strings.Contains(err.Error()+source.Where(), "hunter2") {
			t.Errorf("%s: %v", source.Where(), err)
		}
	}
	if got := of(apple).Where(); got != apple {
		t.Errorf("says it reads %s", got)
	}
}

package iosrelease

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"ninelives/internal/feed"
	"ninelives/internal/health"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	noon    = time.Date(2026, 8, 22, 12, 0, 0, 0, time.UTC)
	offered = []health.Release{offering("26.6.1", "iPhone13,2")}
)

// served is a list on a server, and how often it was asked for.
type served struct {
	*httptest.Server
	body  string
	code  int
	asked int
}

func (s *served) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	s.asked++
	w.WriteHeader(s.code)
	io.WriteString(w, s.body)
}

// serve starts a server of a good list, secure with a certificate that nobody
// trusts, or not at all.
func serve(t *testing.T, secure bool) *served {
	s := &served{body: apple(row("26.6.1", "iPhone13,2")), code: http.StatusOK}
	s.Server = httptest.NewUnstartedServer(s)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	if secure {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

// reader gives a source at a server and its clock, which stands at noon.
func reader(s *served) (*Source, *time.Time) {
	source, now := New(s.URL, "test"), noon
	source.Now = func() time.Time { return now }
	return source, &now
}

// wants reads and tells what is not as wanted; says is part of the error.
func wants(t *testing.T, source *Source, want []health.Release, says string) {
	t.Helper()
	got, err := source.Read(t.Context())
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("error %v, (-want +got)\n%s", err, diff)
	}
	if (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
		t.Errorf("error %v, want one that says %q", err, says)
	}
}

func TestReadAsksOnceADay(t *testing.T) {
	server := serve(t, false)
	source, now := reader(server)
	for _, c := range []struct {
		after time.Duration
		asked int
	}{{0, 1}, {time.Minute, 1}, {24*time.Hour - time.Second, 1}, {24 * time.Hour, 2}, {47 * time.Hour, 2}} {
		*now = noon.Add(c.after)
		if wants(t, source, offered, ""); server.asked != c.asked {
			t.Errorf("after %v it asked %d times, want %d", c.after, server.asked, c.asked)
		}
	}
	if from, at := source.Last(); from != server.URL || !at.Equal(noon.Add(24*time.Hour)) {
		t.Errorf("read from %s at %v", from, at)
	}
	*now = noon.Add(-time.Hour) // the clock was set back
	if wants(t, source, offered, ""); server.asked != 3 {
		t.Errorf("believes an answer from the future")
	}
}

func TestReadTriesAgainAfterAnHour(t *testing.T) {
	server := serve(t, false)
	server.code = http.StatusServiceUnavailable
	source, now := reader(server)
	for _, after := range []time.Duration{0, time.Minute, time.Hour - time.Second} {
		*now = noon.Add(after)
		if wants(t, source, nil, "HTTP 503"); server.asked != 1 {
			t.Errorf("after %v it asked %d times, want once", after, server.asked)
		}
	}
	server.code = http.StatusOK
	*now = noon.Add(time.Hour)
	if wants(t, source, offered, ""); server.asked != 2 {
		t.Errorf("asked %d times, want 2", server.asked)
	}
}

func TestReadNeverReplacesAGoodAnswerByAnEmptyOne(t *testing.T) {
	server := serve(t, false)
	source, now := reader(server)
	wants(t, source, offered, "")
	server.body = `{"PublicAssetSets":{},"AssetSets":{}}`
	*now = noon.Add(25 * time.Hour)
	wants(t, source, nil, "empty")
	if _, at := source.Last(); !at.Equal(noon) {
		t.Errorf("the last good answer is of %v, want noon", at)
	}
}

func TestReadRemembersWhatItIsTold(t *testing.T) {
	told := []health.Release{offering("18.7.8", "iPhone13,2")}
	for name, c := range map[string]struct {
		told []health.Release
		at   time.Time
		want []health.Release
	}{
		"yesterday":          {told, noon.Add(-23 * time.Hour), told},
		"two days ago":       {told, noon.Add(-48 * time.Hour), offered},
		"tomorrow":           {told, noon.Add(time.Hour), offered},
		"nothing, just now":  {nil, noon, offered},
		"at no time, really": {told, time.Time{}, offered},
	} {
		t.Run(name, func(t *testing.T) {
			source, _ := reader(serve(t, false))
			source.Seed(c.told, c.at)
			wants(t, source, c.want, "")
		})
	}
}

func TestSeedDoesNotTakeBackWhatWasRead(t *testing.T) {
	source, _ := reader(serve(t, false))
	wants(t, source, offered, "")
	source.Seed([]health.Release{offering("18.7.8", "iPhone13,2")}, noon.Add(-time.Hour))
	wants(t, source, offered, "")
}

func TestReadThatIsToldToStopIsTriedAgain(t *testing.T) {
	source, _ := reader(serve(t, false))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := source.Read(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	wants(t, source, offered, "")
}

func TestReadFallsBackWhereAppleIsNotTrusted(t *testing.T) {
	first, second := serve(t, true), serve(t, false)
	second.body = sofa(row("18.7.8", "iPhone13,2"))
	source, _ := reader(first)
	source.second = feed.New(second.URL, "test", feed.Bounds{Largest: largestBody})
	wants(t, source, []health.Release{offering("18.7.8", "iPhone13,2")}, "")
	if from, _ := source.Last(); from != second.URL || source.Where() != first.URL || first.asked != 0 {
		t.Errorf("reads %s, from %s; %d requests to a stranger", source.Where(), from, first.asked)
	}
}

func TestReadTellsBothFailures(t *testing.T) {
	first, second := serve(t, true), serve(t, false)
	second.code = http.StatusTeapot
	source, _ := reader(first)
	source.second = feed.New(second.URL, "test", feed.Bounds{Largest: largestBody})
	wants(t, source, nil, "no secure connection")
	wants(t, source, nil, "HTTP 418")
}

func TestReadAsksNobodyElseForOtherReasons(t *testing.T) {
	for name, c := range map[string]struct {
		code int
		body string
		says string
	}{
		"not available": {http.StatusServiceUnavailable, "", "HTTP 503"},
		"empty":         {http.StatusOK, `{"PublicAssetSets":{}}`, "empty"},
		"a login page":  {http.StatusOK, "<html>", "web page"},
	} {
		t.Run(name, func(t *testing.T) {
			first, second := serve(t, false), serve(t, false)
			first.code, first.body = c.code, c.body
			source, _ := reader(first)
			source.second = feed.New(second.URL, "test", feed.Bounds{Largest: largestBody})
			if wants(t, source, nil, c.says); second.asked != 0 {
				t.Error("asked somebody else")
			}
		})
	}
}

func TestOnlyAppleHasAFallback(t *testing.T) {
	if s := New(URL, "test"); s.Where() != URL || s.second == nil || s.second.Where() != FallbackURL {
		t.Errorf("%s has no fallback", s.Where())
	}
	untrusted := serve(t, true)
	source, _ := reader(untrusted)
	if wants(t, source, nil, "no secure connection"); source.second != nil {
		t.Error("another address has a fallback")
	}
}

func TestErrorsNameThePlaceWithoutItsPassword(t *testing.T) {
	server := serve(t, false)
	server.code = http.StatusNotFound
	source := New(strings.Replace(server.URL, "http://", "http://anna:hunter2@", 1), "test")
	_, err := source.Read(t.Context())
	if !strings.HasPrefix(fmt.Sprint(err), "iosrelease: "+source.Where()+": ") || strings.Contains(err.Error()+source.Where(), "hunter2") {
		t.Errorf("%s: %v", source.Where(), err)
	}
}

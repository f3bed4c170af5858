package applestatus

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"ninelives/internal/health"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve answers every request by answer.
func serve(t *testing.T, answer http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server
}

func TestReadIntroducesItself(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("User-Agent"); got != "ninelives/1.2" {
			t.Errorf("introduces itself as %q", got)
		}
		io.WriteString(w, feedOf(lineOf("iCloud Backup", eventOf())))
	})
	feed, err := New(server.URL+"/feed.js", "ninelives/1.2").Read(t.Context())
	want := health.Feed{Listed: backupOnly, Incidents: []health.Incident{issue(health.ICloudBackup)}}
	if diff := cmp.Diff(want, feed); diff != "" || err != nil {
		t.Fatalf("error %v, (-want +got)\n%s", err, diff)
	}
}

func TestReadSettlesAgainstWhatItSaw(t *testing.T) {
	body := feedOf(lineOf("iCloud Backup", eventOf(`"eventStatus":"resolved"`)))
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) })
	source := New(server.URL, "test")
	now := at(12, 0)
	source.Now = func() time.Time { return now }
	read := func() health.IncidentStatus {
		t.Helper()
		feed, err := source.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return feed.Incidents[0].Status
	}
	read()
	body = feedOf(lineOf("iCloud Backup", eventOf()))
	if now = at(12, 5); read() != health.Resolved {
		t.Error("an old copy took back that it is resolved")
	}
	if now = at(13, 30); read() != health.Ongoing {
		t.Error("an hour later it is still held against the feed")
	}
	source.Seed(shows(health.Resolved), at(13, 40))
	if now = at(13, 45); read() != health.Resolved {
		t.Error("what was read before the restart is not remembered")
	}
}

func TestReadFails(t *testing.T) {
	for name, c := range map[string]struct {
		answer  http.HandlerFunc
		trouble health.Trouble
		says    string
	}{
		"a web page":     {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>Please log in</html>") }, health.Malformed, "web page"},
		"something else": {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"weather":"fine"}`) }, health.Malformed, "no services"},
		"too much": {func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, strings.Repeat(" ", largestBody+1))
		}, health.Malformed, "longer than 2 MiB"},
		"not found": {http.NotFound, health.Failed, "HTTP 404"},
		"a redirect to elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://apple.com.example.org/", http.StatusFound)
		}, health.Failed, "another site"},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, c.answer)
			feed, err := New(server.URL, "test").Read(t.Context())
			if got := health.TroubleOf(err); got != c.trouble || !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("trouble %q by %v; want %q, saying %q", got, err, c.trouble, c.says)
			}
			if !strings.HasPrefix(fmt.Sprint(err), "applestatus: "+server.URL) {
				t.Errorf("%v does not begin with the place", err)
			}
			if diff := cmp.Diff(health.Feed{}, feed); diff != "" {
				t.Errorf("a feed beside the error:\n%s", diff)
			}
		})
	}
}

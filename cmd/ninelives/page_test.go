package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"ninelives/internal/health"
	"ninelives/internal/instance"
	"ninelives/internal/sample"
	"ninelives/internal/view"
	"ninelives/internal/web"
)

// surfer is a browser on the page of a program that runs in this process.
type surfer struct {
	t       *testing.T
	dir     string
	program *program
	client  *http.Client
	base    string
}

// surf starts the program on a folder of backups, without network and phones,
// and comes in by a link.
func surf(t *testing.T, backups ...sample.Folder) *surfer {
	t.Helper()
	return surfWith(t, nil, []string{"--offline"}, backups...)
}

// surfWith is surf with more variables and flags.
func surfWith(t *testing.T, more map[string]string, flags []string, backups ...sample.Folder) *surfer {
	t.Helper()
	s := &surfer{t: t, dir: t.TempDir()}
	for _, b := range backups {
		s.backup(b)
	}
	env := map[string]string{
		"XDG_CONFIG_HOME": s.dir, "XDG_STATE_HOME": s.dir, "APPDATA": s.dir, "LOCALAPPDATA": s.dir, "HOME": s.dir,
		"DBUS_SESSION_BUS_ADDRESS": "unix:path=" + filepath.Join(s.dir, "no-bus"),
	}
	maps.Copy(env, more)
	s.program = &program{out: io.Discard, err: io.Discard, env: func(name string) string { return env[name] }, home: s.dir, goos: runtime.GOOS}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		ended <- s.program.run(ctx, append([]string{"run", "--no-tray", "--data-dir", s.data(), "--backup-dir", filepath.Join(s.dir, "backups")}, flags...))
	}()
	t.Cleanup(func() {
		cancel()
		if code := <-ended; code != 0 {
			t.Errorf("the program ended with %d", code)
		}
	})
	s.enter()
	return s
}

// enter comes in by a one-use link, as a browser does.
func (s *surfer) enter() {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	s.client = &http.Client{Jar: jar, Transport: &http.Transport{}, Timeout: 30 * time.Second}
	s.t.Cleanup(s.client.CloseIdleConnections)
	link, err := url.Parse(s.link("overview"))
	if err != nil {
		s.t.Fatal(err)
	}
	s.base = "http://" + link.Host
	s.get(link.RequestURI())
}

func (s *surfer) data() string { return filepath.Join(s.dir, "data") }

func (s *surfer) backup(f sample.Folder) {
	s.t.Helper()
	if err := os.RemoveAll(filepath.Join(s.dir, "backups", f.UDID)); err != nil {
		s.t.Fatal(err)
	}
	if _, err := f.Write(filepath.Join(s.dir, "backups")); err != nil {
		s.t.Fatal(err)
	}
}

// link asks the running program as `ninelives open` does.
func (s *surfer) link(page string) string {
	s.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		reply, err := instance.Send(s.t.Context(), s.data(), askForLink+page)
		switch {
		case err == nil && strings.HasPrefix(reply, "http://"):
			return reply
		case time.Now().After(end):
			s.t.Fatalf("no link to %s: %q, %v", page, reply, err)
		}
	}
}

func (s *surfer) get(path string) string {
	s.t.Helper()
	answer, err := s.client.Get(s.base + path)
	return s.read(answer, err)
}

func (s *surfer) read(answer *http.Response, err error) string {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		s.t.Fatalf("%d %.200s %v", answer.StatusCode, body, err)
	}
	return string(body)
}

// click posts a command from a page and gives the page that follows.
func (s *surfer) click(verb view.Verb, arg, back string) string {
	s.t.Helper()
	token := regexp.MustCompile(`name="token" value="([^"]+)"`).FindStringSubmatch(s.get(back))
	if token == nil {
		s.t.Fatalf("%s has no form", back)
	}
	form := url.Values{"verb": {string(verb)}, "arg": {arg}, "back": {back}, "token": {token[1]}}
	r, err := http.NewRequest("POST", s.base+"/act", strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", s.base)
	return s.read(s.client.Do(r))
}

func (s *surfer) says(page, want string) {
	s.t.Helper()
	if !strings.Contains(strings.ReplaceAll(page, "&#39;", "'"), want) {
		s.t.Errorf("the page does not say %q:\n%s", want, page)
	}
}

func kim(age time.Duration) sample.Folder {
	return sample.Folder{UDID: "00008110-0000000000000001", Name: "Kim's phone", ProductType: "iPhone14,5", OSVersion: "18.1", Date: time.Now().Add(-age)}
}

const day = 24 * time.Hour

func TestFromALatePhoneToGreenOnThePage(t *testing.T) {
	s := surf(t, kim(10*day))
	id := health.IDOf(kim(0).UDID)
	s.says(s.click(view.CheckNow, "", "/"), "Checked just now. ")
	s.says(s.click(view.Snooze, id+"/1d", "/"), "Kim's phone: Snoozed until ")
	s.says(s.click(view.Snooze, id+"/off", "/device/"+id), "Kim's phone is no longer snoozed.")
	s.says(s.click(view.Ignore, id+"/on", "/"), "Kim's phone is ignored from now on.")
	s.says(s.click(view.Ignore, id+"/off", "/"), "Kim's phone is watched again.")

	first := s.get("/device/" + id)
	code := regexp.MustCompile(`/device/` + id + `/fix/([a-z-]+)`).FindStringSubmatch(first)
	if code == nil {
		t.Fatalf("no fix to go to:\n%s", first)
	}
	fix := "/device/" + id + "/fix/" + code[1]
	s.says(s.click(view.Done, id+"/"+code[1], fix), "no new backup is proven yet")
	s.says(s.click(view.DidNotHelp, id+"/"+code[1], "/device/"+id), "Noted that this did not help. Try next: ")
	s.backup(kim(time.Minute))
	s.says(s.click(view.Done, id+"/wifi", "/device/"+id), "It worked: Kim's phone is backed up again.")
}

func TestLinksOfTheRunningProgram(t *testing.T) {
	s := surf(t, kim(10*day))
	id := health.IDOf(kim(0).UDID)
	for page, path := range map[string]string{
		"overview": "/", "settings": "/settings", "sources": "/sources", id: "/device/" + id, id + "/power": "/device/" + id + "/fix/power",
	} {
		link, err := url.Parse(s.link(page))
		if err != nil || link.Query().Get("to") != path {
			t.Errorf("%s: %v, %v", page, link, err)
		}
	}
	for _, page := range []string{"00000000", "nowhere", id + "/pray", "../x"} {
		reply, err := instance.Send(t.Context(), s.data(), askForLink+page)
		if err != nil || strings.HasPrefix(reply, "http") || !strings.HasPrefix(reply, "no device") && !strings.HasPrefix(reply, "there is no page") {
			t.Errorf("%s: %q, %v", page, reply, err)
		}
	}
}

// crowd is the view of fifty devices with a full strip each, half of them late.
func crowd() view.View {
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	var facts health.Facts
	var all []health.Backup
	s := view.Session{LastCheck: now, NextCheck: now.Add(6 * time.Hour), OS: "darwin", History: map[string][]health.DayRecord{}}
	for i := range 50 {
		id := health.IDOf(fmt.Sprint(i))
		date := now.Add(-time.Duration(i%20) * day)
		all = append(all, health.Backup{
			Device: health.Device{ID: id, Name: fmt.Sprintf("The phone of person %d", i), ProductType: "iPhone14,5", OSVersion: "18.1"},
			Path:   fmt.Sprintf("/Users/anna/Library/Application Support/MobileSync/Backup/00008110-%016X", i),
			Phase:  health.PhaseComplete, LastGood: date, Attempt: date, Encrypted: health.Yes,
		})
		s.History[id] = quarter(now, i%20, 1+i%4)
	}
	facts.Backups = []health.Reading[[]health.Backup]{{Where: "/Users/anna/Library/Application Support/MobileSync/Backup", Value: all, GoodAt: now, TriedAt: now}}
	facts.Host.OS = "darwin"
	return view.Of(health.Judge(facts, health.DefaultPolicy(), now), s, now)
}

// quarter is how the last 90 days go for a device that is backed up every so
// many days, with some weeks of forgetting in between, and was so last that
// many days ago.
func quarter(now time.Time, last, every int) []health.DayRecord {
	var days []health.DayRecord
	age := every
	for ago := 89; ago >= 0; ago-- {
		d := health.DayRecord{Date: now.AddDate(0, 0, -ago).Format(time.DateOnly), Looked: ago%23 > 0, Outage: ago > 50 && ago < 53, Snoozed: ago > 70-last && ago < 75}
		if d.Backup = ago >= last && age >= every && (ago+last)%40 > 9; d.Backup {
			age = 0
		}
		d.Worst = health.OK
		if age > 14 {
			d.Worst = health.Critical
		} else if age > 7 {
			d.Worst = health.Warning
		}
		age++
		days = append(days, d)
	}
	return days
}

// crowded serves that view and gives what fetches a page of it.
func crowded(t testing.TB) func(path string) string {
	t.Helper()
	server := web.New(web.Options{Act: func(context.Context, view.Command) (string, error) { return "", nil }})
	if err := server.Listen(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	server.Show(crowd())
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	get := func(link string) string {
		answer, err := client.Get(link)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d, %v", link, answer.StatusCode, err)
		}
		return string(body)
	}
	link := server.Link("/")
	get(link)
	base, _, _ := strings.Cut(link, "/enter")
	return func(path string) string { return get(base + path) }
}

func TestTheOverviewOfFiftyDevicesIsSmall(t *testing.T) {
	page := crowded(t)("/")
	if n := strings.Count(page, "The phone of person"); n < 50 {
		t.Errorf("only %d devices", n)
	}
	t.Logf("%d bytes", len(page))
	if len(page) >= 60_000 {
		t.Errorf("%d bytes, want less than 60 KB", len(page))
	}
}

// BenchmarkOverviewOfFifty is the whole way of the page: request, templates,
// answer.
func BenchmarkOverviewOfFifty(b *testing.B) {
	get := crowded(b)
	b.ReportAllocs()
	for b.Loop() {
		get("/")
	}
}

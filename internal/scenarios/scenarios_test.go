// Package scenarios tells whole stories, from the disk to the words: sample
// backups and a status feed go through the real readers, judge, view and
// alerts, and what comes out stands in testdata/<story>/want.
package scenarios

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"

	"ninelives/internal/alert"
	"ninelives/internal/applestatus"
	"ninelives/internal/health"
	"ninelives/internal/mobilesync"
	"ninelives/internal/monitor"
	"ninelives/internal/sample"
	"ninelives/internal/store"
	"ninelives/internal/view"
)

var update = flag.Bool("update", false, "write the wanted files anew")

// story is testdata/<name>/story.toml. Ages are counted back from now.
type story struct {
	Title    string
	Now      time.Time
	OS       string
	Place    string // "": as the folders say; "missing", "denied"
	Feed     string // "": as the events say; "html", "off"
	Settings string // a settings file
	Folders  []folder
	Known    []folder // what an earlier run had seen
	Events   []event

	url string // where the feed is served in this run
}

type folder struct {
	UDID, Name, Product, OS string
	Status, State           string
	Age, ManifestAge        string
	InfoAge, ActiveAge      string
	ArchiveAge              string
	Without, Empty, Garbage []string // "info", "status", "manifest", "database"
	Encrypted, Absent       bool
}

type event struct {
	Service, ID, Type, Status string
	Since, Until              string
	Affected                  []string
}

func (s story) ago(t *testing.T, age string) time.Time {
	t.Helper()
	if age == "" {
		return time.Time{}
	}
	d, err := store.ParseDuration(age)
	if err != nil {
		t.Fatal(err)
	}
	return s.Now.Add(-d)
}

func (s story) sample(t *testing.T, f folder) sample.Folder {
	t.Helper()
	out := sample.Folder{
		UDID: f.UDID, Name: f.Name, ProductType: f.Product, OSVersion: f.OS,
		Status: f.Status, BackupState: f.State, Encrypted: f.Encrypted, Absent: f.Absent,
		Date: s.ago(t, f.Age), ManifestDate: s.ago(t, f.ManifestAge), InfoAt: s.ago(t, f.InfoAge),
		ActiveAt: s.ago(t, f.ActiveAge), Archive: s.ago(t, f.ArchiveAge),
		NoInfo: slices.Contains(f.Without, "info"), NoManifest: slices.Contains(f.Without, "manifest"),
		NoDatabase: slices.Contains(f.Without, "database"),
		EmptyInfo:  slices.Contains(f.Empty, "info"), EmptyManifest: slices.Contains(f.Empty, "manifest"),
		EmptyDatabase: slices.Contains(f.Empty, "database"), GarbageInfo: slices.Contains(f.Garbage, "info"),
		GarbageManifest: slices.Contains(f.Garbage, "manifest"),
	}
	switch {
	case slices.Contains(f.Without, "status"):
		out.Status = sample.NoStatus
	case slices.Contains(f.Empty, "status"):
		out.Status = sample.EmptyStatus
	case slices.Contains(f.Garbage, "status"):
		out.Status = sample.GarbageStatus
	}
	return out
}

// outlets collects what the monitor shows and says.
type outlets struct {
	view view.View
	said []alert.Message
}

func (o *outlets) Show(v view.View) { o.view = v }

func (o *outlets) Notify(_ context.Context, m alert.Message) error {
	o.said = append(o.said, m)
	return nil
}

// denied is a place that may not be read: root, which tests often run as, may
// read everything.
type denied string

func (d denied) Where() string { return string(d) }

func (d denied) Read(context.Context) ([]health.Backup, error) {
	return nil, fmt.Errorf("mobilesync: %s: %w", string(d), health.ErrNoPermission)
}

func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*/story.toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, path := range files {
		dir := filepath.Dir(path)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			body, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var s story
			if err := toml.NewDecoder(strings.NewReader(string(body))).DisallowUnknownFields().Decode(&s); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			s.tell(t, filepath.Join(dir, "want"))
		})
	}
}

// tell runs a story through the real wiring and compares what comes out.
func (s *story) tell(t *testing.T, want string) {
	root := filepath.Join(t.TempDir(), "Backup")
	secrets := s.write(t, root)
	out := &outlets{}
	m := monitor.New(s.setup(t, root), monitor.Options{
		Screen: out, Notifier: out, Now: func() time.Time { return s.Now },
		Log: slog.New(slog.DiscardHandler), Facts: s.known(t, root),
	})
	report := m.Check(t.Context())
	body, err := view.JSON(report)
	if err != nil {
		t.Fatal(err)
	}
	here := []string{root, "/backups"}
	if s.url != "" { // a story without a feed has none; nothing would be found everywhere
		here = append(here, s.url, "https://status.example/feed.js")
	}
	plain := strings.NewReplacer(here...)
	texts := map[string]string{
		"report.json": string(body),
		"check.txt":   view.Text(report, s.Now, view.TextStyle{Width: 400}),
		"nagios.txt":  view.Nagios(report),
		"menu.txt":    menuText(out.view),
		"said.txt":    saidText(out.said),
	}
	for name, text := range texts {
		text = plain.Replace(strings.TrimRight(text, "\n")) + "\n"
		for _, secret := range secrets {
			if clean := strings.ReplaceAll(text, "/backups/"+secret, "/backups/…"); strings.Contains(clean, secret) {
				t.Errorf("%s tells %s outside a path", name, secret)
			}
		}
		compare(t, filepath.Join(want, name), text)
	}
}

// write makes the folders and gives the words that must stay secret.
func (s story) write(t *testing.T, root string) []string {
	t.Helper()
	var secrets []string
	if s.Place == "missing" {
		return nil
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, f := range s.Folders {
		made := s.sample(t, f)
		if _, err := made.Write(root); err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, made.Secrets()...)
	}
	return secrets
}

// known makes an earlier run read what was there then, in the same place.
func (s story) known(t *testing.T, root string) health.Facts {
	t.Helper()
	if len(s.Known) == 0 {
		return health.Facts{}
	}
	r := health.Reading[[]health.Backup]{Where: root, GoodAt: s.Now.Add(-health.Day), TriedAt: s.Now.Add(-health.Day)}
	for _, f := range s.Known {
		made := s.sample(t, f)
		r.Value = append(r.Value, health.Backup{
			Device: health.Device{ID: health.IDOf(f.UDID), Name: f.Name, ProductType: f.Product, OSVersion: f.OS},
			Path:   made.Path(root), Phase: health.PhaseComplete, LastGood: made.Date, Attempt: made.Date,
			Encrypted: health.AnswerOf(f.Encrypted),
		})
	}
	return health.Facts{Backups: []health.Reading[[]health.Backup]{r}}
}

func (s *story) setup(t *testing.T, root string) monitor.Setup {
	t.Helper()
	settings := store.Defaults()
	if s.Settings != "" {
		path := filepath.Join(t.TempDir(), "config.toml")
		if err := os.WriteFile(path, []byte(s.Settings), 0o600); err != nil {
			t.Fatal(err)
		}
		var err error
		if settings, err = store.ReadSettings(path, true); err != nil {
			t.Fatal(err)
		}
	}
	setup := monitor.Setup{
		Policy: settings.Policy(), OS: s.OS, Schedule: monitor.Every(6 * time.Hour), FeedName: "Apple's status",
		Session: view.Session{CheckEvery: settings.CheckEvery(), WarnAfter: settings.WarnAfter()},
	}
	now := func() time.Time { return s.Now }
	if s.Place == "denied" {
		setup.Places = append(setup.Places, denied(root))
	} else {
		setup.Places = append(setup.Places, mobilesync.New(root, now))
	}
	if s.Feed != "off" {
		setup.Feed = applestatus.New(s.serve(t), "NineLives/test")
	}
	return setup
}

func (s *story) serve(t *testing.T) string {
	t.Helper()
	var events []sample.Event
	for _, e := range s.Events {
		events = append(events, sample.Event{
			Service: e.Service, ID: e.ID, Type: e.Type, Status: e.Status,
			Start: s.ago(t, e.Since), End: s.ago(t, e.Until), Affected: e.Affected,
		})
	}
	body := sample.Feed(events...)
	if s.Feed == "html" {
		body = []byte("<!DOCTYPE html><html><title>Sign in to the hotel's Wi-Fi</title></html>")
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s.url
}

// menuText draws a menu for the eye.
func menuText(v view.View) string {
	var b strings.Builder
	fmt.Fprintf(&b, "icon: %s\ntooltip: %s\n\n", v.Icon, v.Tooltip)
	drawMenu(&b, v.Menu, "")
	return b.String()
}

func drawMenu(b *strings.Builder, items []view.Item, indent string) {
	for _, i := range items {
		if i.Separator {
			fmt.Fprintf(b, "%s---\n", indent)
			continue
		}
		mark := ""
		if i.Disabled {
			mark = " (off)"
		}
		tick := map[health.Answer]string{health.Yes: "[x] ", health.No: "[ ] "}[i.Tick]
		fmt.Fprintf(b, "%s%s%s%s", indent, tick, i.Label, mark)
		if i.Command.Verb != "" {
			fmt.Fprintf(b, "  -> %s %s", i.Command.Verb, i.Command.Arg)
		}
		b.WriteByte('\n')
		drawMenu(b, i.Children, indent+"    ")
	}
}

func saidText(messages []alert.Message) string {
	if len(messages) == 0 {
		return "(nothing)\n"
	}
	var b strings.Builder
	for _, m := range messages {
		fmt.Fprintf(&b, "%s: %s\n%s\n(click: %s %s)\n", m.Reason, m.Title, m.Body, m.Device, m.Fix)
	}
	return b.String()
}

// compare holds a text against its golden file, or writes that with -update.
func compare(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

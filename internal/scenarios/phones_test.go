package scenarios

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ninelives/assets"
	"ninelives/internal/alert"
	"ninelives/internal/health"
	"ninelives/internal/monitor"
	"ninelives/internal/phone"
	"ninelives/internal/samplephone"
)

// handset is a phone of a story. It is asked at every one of its sights; one
// that is not sighted now is away now.
type handset struct {
	UDID, Name, Product, OS string
	Cloud                   string   // "on", "off"; "": it does not say
	Backups                 []string // ages of its iCloud backups
	Computer                []string // ages of its backups to computers
	SyncOff                 bool     // it may be asked by cable only
	Sights                  []sight  // earliest first
}

// sight is a moment at which a phone was there.
type sight struct {
	Ago     string
	By      string // "usb", "wifi" or "both"
	Power   bool
	Battery int
	Boot    string
	Trust   string // as samplephone.Trust
	Asleep  bool
	Locked  bool // since its start
}

// phones lets the phones of the story be asked at all their earlier sights, by
// the real client over real sockets, and gives what is remembered of that and
// the source for the round of now.
func (s *story) phones(t *testing.T) (known health.Reading[[]health.Phone], now *phone.Source) {
	t.Helper()
	var away []samplephone.Phone
	for _, h := range s.Phones {
		away = append(away, samplephone.Phone{UDID: h.UDID, Name: h.Name})
	}
	daemon, err := samplephone.New(away...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = daemon.Close() })
	at := s.Now
	source := phone.New(phone.Options{
		Address: daemon.Address(), GOOS: s.OS, Now: func() time.Time { return at }, Log: slog.New(slog.DiscardHandler),
	})
	for _, at = range s.sightings(t) {
		s.attach(t, daemon, at)
		if at.Equal(s.Now) {
			break
		}
		known = askedAt(t, source, known, at)
	}
	at = s.Now
	s.secrets = append(s.secrets, daemon.Secrets()...)
	s.daemon = strings.TrimPrefix(daemon.Address(), "UNIX:")
	return known, source
}

// sightings are the moments of all sights and of now, earliest first.
func (s *story) sightings(t *testing.T) []time.Time {
	t.Helper()
	moments := []time.Time{s.Now}
	for _, h := range s.Phones {
		for _, sight := range h.Sights {
			moments = append(moments, s.ago(t, sight.Ago))
		}
	}
	slices.SortFunc(moments, time.Time.Compare)
	return slices.CompactFunc(moments, time.Time.Equal)
}

// attach makes the phones what they were at a moment.
func (s *story) attach(t *testing.T, daemon *samplephone.Daemon, at time.Time) {
	t.Helper()
	for _, h := range s.Phones {
		i := slices.IndexFunc(h.Sights, func(o sight) bool { return s.ago(t, o.Ago).Equal(at) })
		var seen sight
		if i >= 0 {
			seen = h.Sights[i]
		}
		now := s.handset(t, h, seen, at)
		if err := daemon.Change(h.UDID, func(p *samplephone.Phone) { *p = now }); err != nil {
			t.Fatal(err)
		}
	}
}

// handset is a phone as it was at one sight; with none it is away.
func (s *story) handset(t *testing.T, h handset, seen sight, at time.Time) samplephone.Phone {
	t.Helper()
	p := samplephone.IOS18(h.Name)
	p.UDID, p.ProductType, p.OSVersion, p.BootSession = h.UDID, h.Product, h.OS, seen.Boot
	p.Cable, p.WiFi = seen.By == "usb" || seen.By == "both", seen.By == "wifi" || seen.By == "both"
	p.Trust, p.Asleep, p.LockedSinceBoot = samplephone.Trust(seen.Trust), seen.Asleep, seen.Locked
	p.Now = func() time.Time { return at }
	switch last := s.newest(t, h.Backups, at); h.Cloud {
	case "on":
		p.CloudBackup(last)
	case "off":
		p.CloudBackup(last)
		p.CloudOff()
	}
	if last := s.newest(t, h.Computer, at); !last.IsZero() {
		p.ComputerBackup(last, true)
	}
	p.Set(samplephone.Wireless, "EnableWifiConnections", !h.SyncOff)
	p.Set(samplephone.Battery, "ExternalConnected", seen.Power || p.Cable)
	p.Set(samplephone.Battery, "BatteryCurrentCapacity", max(seen.Battery, 1))
	return p
}

// newest gives the newest of some moments that is not after at.
func (s *story) newest(t *testing.T, ages []string, at time.Time) time.Time {
	t.Helper()
	var last time.Time
	for _, age := range ages {
		if then := s.ago(t, age); !then.After(at) && then.After(last) {
			last = then
		}
	}
	return last
}

// askedAt is one earlier round, of the phones alone.
func askedAt(t *testing.T, source *phone.Source, known health.Reading[[]health.Phone], at time.Time) health.Reading[[]health.Phone] {
	t.Helper()
	kept := &keeper{}
	monitor.New(monitor.Setup{Phones: source, PhonesName: source.Where()}, monitor.Options{
		Keeper: kept, Now: func() time.Time { return at }, Log: slog.New(slog.DiscardHandler), Facts: health.Facts{Phones: known},
	}).Check(t.Context())
	if kept.facts.Phones.Trouble != health.NoTrouble {
		t.Fatalf("the phones could not be asked %v: %s", at, kept.facts.Phones.Detail)
	}
	return kept.facts.Phones
}

// keeper remembers for as long as a test lasts.
type keeper struct{ facts health.Facts }

func (k *keeper) Keep(f health.Facts, _ alert.Memory) error {
	k.facts = f
	return nil
}

// quota is iCloud space that a story says.
type quota int64

func (q quota) Where() string { return "brctl quota" }
func (q quota) Read(context.Context) (health.Quota, error) {
	return health.Quota{Remaining: int64(q)}, nil
}

// releases are iOS versions that a story says, on offer to every model in it.
type releases struct {
	versions, models []string
}

// models are all that the story is about.
func (s *story) models() []string {
	var all []string
	for _, f := range s.Folders {
		all = append(all, f.Product)
	}
	for _, h := range s.Phones {
		all = append(all, h.Product)
	}
	return all
}

func (r releases) Where() string { return "https://releases.example/" }

func (r releases) Read(context.Context) ([]health.Release, error) {
	var all []health.Release
	for _, v := range r.versions {
		all = append(all, health.Release{Version: v, ProductTypes: r.models})
	}
	return all, nil
}

// TestEachOfTheNineLeadsAStoryAndIsRuledOutInOne reads what the stories came
// to: the product exists to name the right one of the nine.
func TestEachOfTheNineLeadsAStoryAndIsRuledOutInOne(t *testing.T) {
	files, err := filepath.Glob("testdata/*/want/report.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no reports: %v", err)
	}
	leads, ruledOut := map[string]string{}, map[string]string{}
	for _, path := range files {
		var report struct {
			Devices []struct {
				Fixes []struct{ Code, Odds, Why string }
			}
		}
		body, err := os.ReadFile(path)
		if err == nil {
			err = json.Unmarshal(body, &report)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range report.Devices {
			for i, f := range d.Fixes {
				if i == 0 && (f.Odds == "certain" || f.Odds == "likely" || f.Odds == "possible") {
					leads[f.Code] = path
				}
				if f.Odds == "ruled-out" && f.Why != "" {
					ruledOut[f.Code] = path
				}
			}
		}
	}
	nine, err := assets.Fixes("en")
	if err != nil || len(nine) != 9 {
		t.Fatalf("%d fixes: %v", len(nine), err)
	}
	for _, fix := range nine {
		if leads[fix.Code] == "" || ruledOut[fix.Code] == "" {
			t.Errorf("%s leads in %q, is ruled out in %q", fix.Code, leads[fix.Code], ruledOut[fix.Code])
		}
	}
}

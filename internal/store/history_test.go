package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ninelives/internal/health"
)

const (
	anna = "aaaaaaaa"
	ben  = "bbbbbbbb"
)

func openHistory(dir string) *History {
	h := OpenHistory(dir)
	h.now = func() time.Time { return noon }
	return h
}

// seen is a device in a report, with its proven backups.
func seen(id string, s health.State, backups ...time.Time) health.Verdict {
	v := health.Verdict{Device: health.Device{ID: id}, State: s}
	for _, t := range backups {
		v.Routes = append(v.Routes, health.Route{LastGood: t})
	}
	return v
}

func reportOf(devices ...health.Verdict) health.Report { return health.Report{Devices: devices} }

func mustNote(t testing.TB, h *History, r health.Report, now time.Time) {
	t.Helper()
	if err := h.Note(r, nil, now); err != nil {
		t.Fatal(err)
	}
}

// told writes the days of a device in the letters of the file, without those
// of which nothing is known.
func told(h *History, id string, now time.Time, n int) string {
	var all []string
	for _, d := range h.Days(now, n)[id] {
		m := marks(0)
		if d.Looked {
			m = marksOf(d.Worst)
		}
		for i, is := range []bool{d.Backup, d.Outage, d.Snoozed} {
			if is {
				m |= backupMark << i
			}
		}
		if m == 0 {
			continue
		}
		day, _ := parseDate([]byte(d.Date))
		line := string(appendLine(nil, id, day, m))
		all = append(all, strings.Replace(strings.TrimSuffix(line, "\n"), id+" ", "", 1))
	}
	return strings.Join(all, ", ")
}

func wantTold(t *testing.T, h *History, id string, now time.Time, n int, want string) {
	t.Helper()
	if got := told(h, id, now, n); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// hasten makes a history not wait for the disk.
func hasten(h *History) {
	h.add = func(path string, text []byte) error {
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			return err
		}
		_, err = file.Write(text)
		return errors.Join(err, file.Close())
	}
}

const historyDay = 24 * time.Hour

func TestHistoryTellsWhatTheRoundsOfADayFound(t *testing.T) {
	long := noon.Add(historyDay)
	type round struct {
		now     time.Time
		report  health.Report
		snoozed map[string]time.Time
	}
	at := func(h int) time.Time { return noon.Add(time.Duration(h) * time.Hour) }
	tests := []struct {
		name   string
		rounds []round
		want   string
	}{
		{"a day in one state", []round{{at(0), reportOf(seen(anna, health.OK)), nil}}, "2026-11-20 k"},
		{"the worst state of the day stays", []round{{at(0), reportOf(seen(anna, health.Warning)), nil}, {at(6), reportOf(seen(anna, health.OK)), nil}}, "2026-11-20 w"},
		{"a worse one replaces it", []round{{at(0), reportOf(seen(anna, health.Warning)), nil}, {at(6), reportOf(seen(anna, health.Critical)), nil}}, "2026-11-20 c"},
		{"not to know is worse than fine, and better than late", []round{{at(0), reportOf(seen(anna, health.OK)), nil}, {at(1), reportOf(seen(anna, health.Unknown)), nil}, {at(24), reportOf(seen(anna, health.Warning)), nil}, {at(25), reportOf(seen(anna, health.Unknown)), nil}}, "2026-11-20 u, 2026-11-21 w"},
		{"a state that nobody knows is unknown", []round{{at(0), reportOf(seen(anna, health.State(77))), nil}}, "2026-11-20 u"},
		{"a backup belongs to its own day", []round{{at(0), reportOf(seen(anna, health.OK, at(-48))), nil}}, "2026-11-18 -b, 2026-11-20 k"},
		{"each route's backup counts", []round{{at(0), reportOf(seen(anna, health.OK, at(-48), at(-1))), nil}}, "2026-11-18 -b, 2026-11-20 kb"},
		{"a backup ahead of the clock is of today", []round{{at(0), reportOf(seen(anna, health.OK, at(20))), nil}}, "2026-11-20 kb"},
		{"a day that nobody looked at stays empty", []round{{at(0), reportOf(seen(anna, health.OK)), nil}, {at(48), reportOf(seen(anna, health.OK)), nil}}, "2026-11-20 k, 2026-11-22 k"},
		{"snoozed at one time of the day", []round{{at(0), reportOf(seen(anna, health.Warning)), nil}, {at(1), reportOf(seen(anna, health.Warning)), map[string]time.Time{anna: long}}, {at(2), reportOf(seen(anna, health.Warning)), nil}}, "2026-11-20 wz"},
		{"a snooze that is over is none", []round{{at(0), reportOf(seen(anna, health.Warning)), map[string]time.Time{anna: at(0)}}}, "2026-11-20 w"},
		{"the snooze of another", []round{{at(0), reportOf(seen(anna, health.Warning)), map[string]time.Time{ben: long}}}, "2026-11-20 w"},
		{"an outage covers the days from its start to its end, looked or not", []round{{at(0), health.Report{Devices: []health.Verdict{seen(anna, health.OK)}, Outages: []health.Outage{{Since: at(-50), Until: at(-20)}}}, nil}}, "2026-11-18 -o, 2026-11-19 -o, 2026-11-20 k"},
		{"an outage known to the last hour", []round{{at(0), health.Report{Devices: []health.Verdict{seen(anna, health.OK)}, Outages: []health.Outage{{Since: at(-13), Until: at(-1)}}}, nil}}, "2026-11-19 -o, 2026-11-20 ko"},
		{"all at once", []round{{at(0), health.Report{Devices: []health.Verdict{seen(anna, health.Critical, at(0))}, Outages: []health.Outage{{Since: at(0), Until: at(0)}}}, map[string]time.Time{anna: long}}}, "2026-11-20 cboz"},
		{"a device without a proper id is left out", []round{{at(0), reportOf(seen("x y\n", health.OK), seen("", health.OK)), nil}}, ""},
		{"before there were iPhones the clock is wrong", []round{{time.Unix(0, 0).UTC(), reportOf(seen(anna, health.OK)), nil}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			h := openHistory(dir)
			var now time.Time
			for _, r := range tt.rounds {
				if now = r.now; h.Note(r.report, r.snoozed, now) != nil {
					t.Fatal("cannot note")
				}
			}
			now = noon.Add(7 * historyDay)
			wantTold(t, h, anna, now, 30, tt.want)
			wantTold(t, openHistory(dir), anna, now, 30, tt.want)
			for id := range h.Days(now, 30) {
				if !isID(id) {
					t.Errorf("%q is in the history", id)
				}
			}
		})
	}
}

func TestWhatIsNotProvenIsNoBackupOfTheDay(t *testing.T) {
	h := openHistory(t.TempDir())
	v := seen(anna, health.Unknown, noon)
	v.Routes[0].Weak = true
	v.Routes = append(v.Routes, health.Route{})
	mustNote(t, h, reportOf(v), noon)
	wantTold(t, h, anna, noon, 9, "2026-11-20 u")
}

func TestAnOutageSinceEverIsNotEnteredForEver(t *testing.T) {
	h := openHistory(t.TempDir())
	r := reportOf(seen(anna, health.OK))
	r.Outages = []health.Outage{{Since: time.Unix(0, 0), Until: noon}, {Since: noon, Until: noon.Add(9000 * historyDay)}, {Since: noon, Until: time.Time{}}}
	mustNote(t, h, r, noon)
	days := h.Days(noon, keepDays)[anna]
	out := 0
	for _, d := range days {
		if d.Outage {
			out++
		}
	}
	if out != outageReach+1 || !days[len(days)-1].Outage || len(h.devices[anna]) != out {
		t.Errorf("%d days of outage, %d lines", out, len(h.devices[anna]))
	}
}

func TestDaysAreThoseOfTheCalendarHere(t *testing.T) {
	zone := func(name string) *time.Location {
		l, err := time.LoadLocation(name)
		if err != nil {
			t.Skip("no zone data on this system")
		}
		return l
	}
	berlin, auckland := zone("Europe/Berlin"), zone("Pacific/Auckland")
	h := openHistory(t.TempDir())
	mustNote(t, h, reportOf(seen(anna, health.OK, time.Date(2026, 11, 19, 23, 30, 0, 0, time.UTC))), noon.In(berlin))
	wantTold(t, h, anna, noon, 9, "2026-11-20 kb")
	h = openHistory(t.TempDir())
	mustNote(t, h, reportOf(seen(anna, health.OK)), noon.In(auckland))
	wantTold(t, h, anna, noon.In(auckland), 9, "2026-11-21 k")
	wantTold(t, h, anna, noon.In(berlin), 9, "") // back home it is not tomorrow yet

	spring := time.Date(2026, 3, 30, 0, 30, 0, 0, berlin) // after the day of 23 hours
	var dates []string
	mustNote(t, h, reportOf(seen(anna, health.OK)), spring)
	for _, d := range h.Days(spring, 4)[anna] {
		dates = append(dates, d.Date)
	}
	if diff := cmp.Diff([]string{"2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30"}, dates); diff != "" {
		t.Error(diff)
	}
}

func TestDaysHaveNoGaps(t *testing.T) {
	h := openHistory(t.TempDir())
	mustNote(t, h, reportOf(seen(anna, health.OK)), noon)
	mustNote(t, h, reportOf(seen(ben, health.Critical)), noon.Add(-400*historyDay))
	all := h.Days(noon, 90)
	for id, days := range all {
		if len(days) != 90 || days[0].Date != "2026-08-23" || days[89].Date != "2026-11-20" {
			t.Errorf("%s: %d days, from %v to %v", id, len(days), days[0], days[len(days)-1])
		}
	}
	if len(all) != 2 || all[anna][88] != (health.DayRecord{Date: "2026-11-19"}) || all[anna][89] != (health.DayRecord{Date: "2026-11-20", Looked: true, Worst: health.OK}) {
		t.Errorf("got %v", all[anna][88:])
	}
	all[anna][89].Worst = health.Critical // what is given away can be written to
	if got := h.Days(noon, 1)[anna]; len(got) != 1 || got[0].Worst != health.OK {
		t.Errorf("got %v", got)
	}
	for _, n := range []int{0, -1} {
		if got := h.Days(noon, n); len(got) != 0 {
			t.Errorf("%d days: %v", n, got)
		}
	}
	if got := h.Days(noon, 1<<40)[ben]; len(got) != keepDays {
		t.Errorf("all days are %d", len(got))
	}
	if got := openHistory(t.TempDir()).Days(noon, 90); len(got) != 0 {
		t.Errorf("a new history knows %v", got)
	}
}

func TestOnlyWhatHasChangedIsWritten(t *testing.T) {
	h := openHistory(t.TempDir())
	adds, writes := 0, 0
	h.add = func(path string, text []byte) error { adds++; return appendTo(path, text) }
	h.write = func(path string, content []byte) error { writes++; return replaceFile(path, content) }
	mustNote(t, h, reportOf(), noon)
	if _, err := os.Stat(h.path); err == nil {
		t.Error("nothing was found, and a file was made")
	}
	week := func() {
		for i := range 28 {
			mustNote(t, h, reportOf(seen(anna, health.OK, noon), seen(ben, health.Warning)), noon.Add(time.Duration(i)*6*time.Hour))
		}
	}
	week()
	week()
	if adds != 7 || writes != 1 { // noon to noon is eight days; the first one came with the file
		t.Errorf("%d lines and %d files were written", adds, writes)
	}
	if runtime.GOOS == "windows" {
		return
	}
	if info, err := os.Stat(h.path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// threeDays is a history of three days in its file.
func threeDays(t testing.TB, dir string) *History {
	t.Helper()
	h := openHistory(dir)
	for i := range 3 {
		now := noon.Add(time.Duration(i) * historyDay)
		mustNote(t, h, reportOf(seen(anna, health.Warning, now), seen(ben, health.OK)), now)
	}
	return h
}

const threeDaysOfAnna = "2026-11-20 wb, 2026-11-21 wb, 2026-11-22 wb"

func TestAFileCutAnywhereKeepsItsWholeLines(t *testing.T) {
	whole := content(t, threeDays(t, t.TempDir()).path)
	later := noon.Add(5 * historyDay)
	for cut := range len(whole) {
		dir := t.TempDir()
		h := openHistory(dir)
		if err := os.WriteFile(h.path, []byte(whole[:cut]), 0o600); err != nil {
			t.Fatal(err)
		}
		h.Days(noon, 1)
		damaged := h.problem != nil
		if inHeader := cut > 0 && cut < strings.Index(whole, "\n")+1; damaged != inHeader {
			t.Fatalf("cut at %d: %v", cut, h.problem)
		}
		if err := h.Note(reportOf(seen(anna, health.Critical)), nil, later); (err != nil) != damaged {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		kept := whole[:strings.LastIndex(whole[:cut], "\n")+1]
		var want []string
		for _, d := range []string{"2026-11-20", "2026-11-21", "2026-11-22"} {
			if strings.Contains(kept, d+" "+anna+" wb\n") {
				want = append(want, d+" wb")
			}
		}
		want = append(want, "2026-11-25 c")
		for _, again := range []*History{h, openHistory(dir)} {
			wantTold(t, again, anna, later, 30, strings.Join(want, ", "))
		}
		if t.Failed() {
			t.Fatalf("cut at %d", cut)
		}
	}
}

func TestADamagedLineCostsItself(t *testing.T) {
	whole := content(t, threeDays(t, t.TempDir()).path)
	line := "2026-11-21 " + anna + " wb\n"
	for name, bad := range map[string]string{
		"zeroes": strings.Repeat("\x00", len(line)-1) + "\n", "nothing": "\n", "a date that there is not": "2026-02-30 " + anna + " wb\n", "a month that there is not": "2026-13-01 " + anna + " wb\n",
		"before the iPhone": "1999-11-21 " + anna + " wb\n", "a sign in the date": "2026-1+-21 " + anna + " wb\n", "a device that cannot be": "2026-11-21 AAAAAAAA wb\n", "no state": "2026-11-21 " + anna + " \n",
		"a state that nobody knows": "2026-11-21 " + anna + " xb\n", "marks the wrong way round": "2026-11-21 " + anna + " wzb\n", "a mark twice": "2026-11-21 " + anna + " wbb\n", "something behind it": "2026-11-21 " + anna + " wb \n",
		"without its end": "2026-11-21 " + anna + " w", "longer than any": strings.Repeat("x", 100000) + "\n", "that of a carriage": "2026-11-21 " + anna + " wb\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			h := openHistory(t.TempDir())
			if err := os.WriteFile(h.path, []byte(strings.Replace(whole, line, bad, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			wantTold(t, h, anna, noon.Add(2*historyDay), 400, "2026-11-20 wb, 2026-11-22 wb")
			mustNote(t, h, reportOf(), noon.Add(2*historyDay))
		})
	}
}

func TestAFullDiskCostsNothing(t *testing.T) {
	for half := range 60 {
		dir := t.TempDir()
		h := threeDays(t, dir)
		full := &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
		h.add = func(path string, text []byte) error {
			if err := appendTo(path, text[:min(half, len(text))]); err != nil {
				t.Fatal(err)
			}
			return full
		}
		next := noon.Add(3 * historyDay)
		for i := range 3 {
			err := h.Note(reportOf(seen(anna, health.Critical, next), seen(ben, health.Warning)), nil, next.Add(time.Duration(i)*historyDay))
			if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), h.path) || !strings.Contains(err.Error(), "free some space") {
				t.Fatalf("got %v", err)
			}
		}
		h.add = appendTo
		last := next.Add(3 * historyDay)
		mustNote(t, h, reportOf(seen(anna, health.OK)), last)
		want := threeDaysOfAnna + ", 2026-11-23 cb, 2026-11-24 c, 2026-11-25 c, 2026-11-26 k"
		wantTold(t, h, anna, last, 30, want)
		wantTold(t, openHistory(dir), anna, last, 30, want)
		wantTold(t, openHistory(dir), ben, last, 30, "2026-11-20 k, 2026-11-21 k, 2026-11-22 k, 2026-11-23 w, 2026-11-24 w, 2026-11-25 w")
		if t.Failed() {
			t.Fatalf("after %d bytes", half)
		}
	}
}

func TestAFirstFileThatCannotBeWrittenStaysDue(t *testing.T) {
	h := openHistory(t.TempDir())
	h.write = func(string, []byte) error { return syscall.EROFS }
	for range 2 {
		if err := h.Note(reportOf(seen(anna, health.OK)), nil, noon); !errors.Is(err, syscall.EROFS) || !strings.Contains(err.Error(), "--data-dir") {
			t.Errorf("got %v", err)
		}
	}
	h.write = replaceFile
	mustNote(t, h, reportOf(), noon)
	wantTold(t, openHistory(filepath.Dir(h.path)), anna, noon, 9, "2026-11-20 k")
}

func TestAFileThatIsNoHistoryIsSetAside(t *testing.T) {
	whole := content(t, threeDays(t, t.TempDir()).path)
	zeroed := []byte(whole)
	clear(zeroed[:60])
	tests := []struct {
		name, aside string
		make        func(path string) error
		kept        string
		says        string
	}{
		{"its beginning is damaged: the rest is good", "history.damaged-2026-11-20", holding(string(zeroed)), threeDaysOfAnna, "what could be read of it is kept"},
		{"something else altogether", "history.damaged-2026-11-20", holding("<html>\n"), "", "an empty history is used"},
		{"of a newer version", "history.newer-2026-11-20", holding(strings.Replace(whole, "history 1", "history 2", 1)), "", "newer version"},
		{"of no version", "history.damaged-2026-11-20", holding("Nine Lives history 0\n"), "", "damaged"},
		{"too large", "history.damaged-2026-11-20", func(path string) error {
			return errors.Join(holding(whole)(path), os.Truncate(path, mostHistory+1))
		}, "", "16 MiB"},
		{"a folder", "history.damaged-2026-11-20", func(path string) error { return os.Mkdir(path, 0o700) }, "", "not a regular file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			h := openHistory(dir)
			if err := tt.make(h.path); err != nil {
				t.Fatal(err)
			}
			now := noon.Add(2 * historyDay)
			wantTold(t, h, anna, now, 30, tt.kept) // says nothing, loses nothing
			err := h.Note(reportOf(seen(ben, health.OK)), nil, now)
			if err == nil || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), h.path) || !strings.Contains(err.Error(), tt.aside) {
				t.Errorf("got %v", err)
			}
			if _, err := os.Stat(filepath.Join(dir, tt.aside)); err != nil {
				t.Error(err)
			}
			mustNote(t, h, reportOf(seen(ben, health.OK)), now) // told once
			wantTold(t, openHistory(dir), anna, now, 30, tt.kept)
			if got := told(openHistory(dir), ben, now, 1); got != "2026-11-22 k" {
				t.Errorf("it did not go on: %s", got)
			}
		})
	}
}

func holding(text string) func(path string) error {
	return func(path string) error { return os.WriteFile(path, []byte(text), 0o600) }
}

func TestAFileThatGoesAwayComesBackWhole(t *testing.T) {
	for name, do := range map[string]func(path string) error{
		"removed": os.Remove,
		"emptied": func(path string) error { return os.Truncate(path, 0) },
		"with its folder": func(path string) error {
			return os.RemoveAll(filepath.Dir(path))
		},
		"replaced by an older one": holding(historyHeader + "2026-11-19 " + anna + " k\n"),
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			h := threeDays(t, dir)
			if err := do(h.path); err != nil {
				t.Fatal(err)
			}
			now := noon.Add(3 * historyDay)
			mustNote(t, h, reportOf(seen(anna, health.OK)), now)
			want := threeDaysOfAnna + ", 2026-11-23 k"
			if strings.HasPrefix(name, "replaced") {
				want = "2026-11-19 k, " + want
			}
			wantTold(t, h, anna, now, 30, want)
			wantTold(t, openHistory(dir), anna, now, 30, want)
		})
	}
}

func TestAFileThatGoesAwayUnderTheWritingIsMadeAnew(t *testing.T) {
	h := threeDays(t, t.TempDir())
	h.add = func(path string, text []byte) error {
		return errors.Join(os.Remove(path), appendTo(path, text))
	}
	now := noon.Add(3 * historyDay)
	if err := h.Note(reportOf(seen(anna, health.OK)), nil, now); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	mustNote(t, h, reportOf(), now)
	wantTold(t, openHistory(filepath.Dir(h.path)), anna, now, 30, threeDaysOfAnna+", 2026-11-23 k")
}

func TestLitterOfAKilledHistoryIsSwept(t *testing.T) {
	dir := t.TempDir()
	litter := filepath.Join(dir, ".history.new-1")
	if err := errors.Join(holding("x")(litter), os.Chtimes(litter, noon.Add(-time.Hour), noon.Add(-time.Hour))); err != nil {
		t.Fatal(err)
	}
	threeDays(t, dir)
	if _, err := os.Stat(litter); err == nil {
		t.Error("it is still there")
	}
}

func TestAFolderThatCannotBeReadIsSaid(t *testing.T) {
	h := openHistory(filepath.Join(inFile(t, ""), "data"))
	wantTold(t, h, anna, noon, 9, "")
	for range 2 {
		if err := h.Note(reportOf(seen(anna, health.OK)), nil, noon); err == nil || !strings.Contains(err.Error(), "--data-dir") || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v", err)
		}
	}
	wantTold(t, h, anna, noon, 9, "2026-11-20 k") // it is still known, as long as the program runs
}

func TestAFileThatMayNotBeReadMakesWay(t *testing.T) {
	if os.Getuid() <= 0 {
		t.Skip("root, and Windows, may read everything")
	}
	dir := t.TempDir()
	h := threeDays(t, dir)
	if err := os.Chmod(h.path, 0); err != nil {
		t.Fatal(err)
	}
	h = openHistory(dir)
	if err := h.Note(reportOf(seen(ben, health.OK)), nil, noon); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v", err)
	}
	mustNote(t, h, reportOf(seen(ben, health.OK)), noon)
	wantTold(t, openHistory(dir), ben, noon, 9, "2026-11-20 k")
}

func TestWhatIsOlderThanFiveYearsGoes(t *testing.T) {
	dir := t.TempDir()
	h := openHistory(dir)
	hasten(h)
	start := noon.Add(-6 * 365 * historyDay)
	for now := start; !now.After(noon); now = now.Add(historyDay) {
		mustNote(t, h, reportOf(seen(anna, health.OK)), now)
	}
	text := content(t, h.path)
	lines := strings.Count(text, "\n")
	if lines < keepDays || lines > keepDays+tooOld+3 {
		t.Errorf("%d lines, for %d days", lines, keepDays)
	}
	if _, after, _ := strings.Cut(text, "\n2021-11-2"); after == "" || strings.Contains(text, "\n2021-10-0") || strings.Contains(text, "\n2020") {
		t.Errorf("it goes back to %s", text[len(historyHeader):][:20])
	}
	old := seen(anna, health.OK, start)
	mustNote(t, h, reportOf(old), noon)
	if got := content(t, h.path); got != text {
		t.Error("a backup of six years ago was entered")
	}

	t.Run("a device that is gone for five years is forgotten", func(t *testing.T) {
		h := openHistory(dir)
		hasten(h)
		for i := range keepDays + 100 {
			mustNote(t, h, reportOf(seen(ben, health.OK)), noon.Add(time.Duration(i)*historyDay))
		}
		if got := content(t, h.path); strings.Contains(got, anna) {
			t.Error("it is still there")
		}
	})
	t.Run("a clock that is years ahead for some days costs nothing", func(t *testing.T) {
		h := threeDays(t, t.TempDir())
		for i := range clockIsSane - 1 {
			mustNote(t, h, reportOf(seen(anna, health.Critical)), noon.Add(time.Duration(i+20*365)*historyDay))
		}
		again := openHistory(filepath.Dir(h.path))
		mustNote(t, again, reportOf(), noon.Add(2*historyDay))
		wantTold(t, again, anna, noon.Add(2*historyDay), 30, threeDaysOfAnna)
	})
}

// busy is the most that can happen in five years to n devices: every day goes
// from fine to critical in steps, with a backup, an outage and a snooze.
func busy(t testing.TB, h *History, n int) (last time.Time, largest int64) {
	t.Helper()
	hasten(h)
	h.write = func(path string, content []byte) error { return os.WriteFile(path, content, 0o600) }
	devices := make([]health.Verdict, n)
	for i := range devices {
		devices[i] = seen(health.IDOf(fmt.Sprint(i)), health.OK)
	}
	note := func(r health.Report, snoozed map[string]time.Time, now time.Time) {
		if err := h.Note(r, snoozed, now); err != nil {
			t.Fatal(err)
		}
	}
	for day := range keepDays {
		last = noon.Add(time.Duration(day) * historyDay)
		for _, s := range []health.State{health.OK, health.Unknown, health.Warning, health.Critical} {
			for i := range devices {
				devices[i].State, devices[i].Routes = s, nil
			}
			note(reportOf(devices...), nil, last)
		}
		snoozed := map[string]time.Time{}
		for i := range devices {
			devices[i].Routes = []health.Route{{LastGood: last}}
			snoozed[devices[i].ID] = last.Add(time.Hour)
		}
		note(reportOf(devices...), nil, last)
		r := reportOf(devices...)
		r.Outages = []health.Outage{{Since: last, Until: last}}
		note(r, nil, last)
		note(r, snoozed, last)
		if info, err := os.Stat(h.path); err == nil {
			largest = max(largest, info.Size())
		}
	}
	return last, largest
}

func TestFiveYearsOfTenDevicesAreSmall(t *testing.T) {
	h := openHistory(t.TempDir())
	last, largest := busy(t, h, 10)
	t.Logf("five years in which everything happens to ten devices every day: %.2f MB at most", float64(largest)/1e6)
	if largest > 5e6 {
		t.Errorf("%d bytes, want less than 5 MB", largest)
	}
	if lines := strings.Count(content(t, h.path), "\n"); lines > 2*10*keepDays+tooMany+10*7 {
		t.Errorf("%d lines, for %d days", lines, 10*keepDays)
	}
	for id, days := range openHistory(filepath.Dir(h.path)).Days(last, keepDays) {
		for _, d := range days {
			if d != (health.DayRecord{Date: d.Date, Looked: true, Worst: health.Critical, Backup: true, Outage: true, Snoozed: true}) {
				t.Fatalf("%s: %+v", id, d)
			}
		}
	}
}

func FuzzHistory(f *testing.F) {
	f.Add([]byte(historyHeader + "2026-11-20 aaaaaaaa wb\n2026-11-21 aaaaaaaa kboz\n2026-11-22 bbbbbbbb -o\n"))
	f.Add([]byte("Nine Lives history 9\n"))
	f.Add([]byte("Nine Lives history 1"))
	f.Add([]byte(historyHeader + "2026-11-20 aaaaaaaa w"))
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		h := openHistory(dir)
		if err := os.WriteFile(h.path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		before := h.Days(noon, keepDays)
		_ = h.Note(reportOf(), nil, noon) // may tell of a file set aside
		mustNote(t, h, reportOf(), noon)  // but once
		mustNote(t, openHistory(dir), nothingNew(before), noon)
		if diff := cmp.Diff(before, openHistory(dir).Days(noon, keepDays)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// nothingNew is a report that tells the last day again.
func nothingNew(before map[string][]health.DayRecord) health.Report {
	var r health.Report
	for id, days := range before {
		if last := days[len(days)-1]; last.Looked {
			r.Devices = append(r.Devices, seen(id, last.Worst))
		}
	}
	return r
}

func FuzzHistoryLine(f *testing.F) {
	f.Add([]byte("2026-11-20 a627f939 wboz"))
	f.Add([]byte("2028-02-29 a627f939 -"))
	f.Fuzz(func(t *testing.T, line []byte) {
		device, day, m, ok := parseLine(line)
		if !ok {
			return
		}
		if again := appendLine(nil, string(device), day, m); !bytes.Equal(again, append(bytes.Clone(line), '\n')) {
			t.Errorf("%q became %q", line, again)
		}
	})
}

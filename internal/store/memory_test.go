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

	"ninelives/internal/alert"
	"ninelives/internal/health"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// lives gives a memory that can be told from others, with n devices.
func lives(generation, n int) Remembered {
	at := noon.Add(time.Duration(generation) * time.Second)
	r := Remembered{Alerts: alert.Memory{Devices: map[string]alert.Record{}}}
	var backups []health.Backup
	for i := range n {
		id := health.IDOf(fmt.Sprint(i))
		told := alert.Told{State: health.Warning, First: at, Last: at}
		r.Alerts.Devices[id] = alert.Record{State: health.Warning, Since: at, Told: told, Pending: &alert.Pending{Reason: alert.Still, Before: told}}
		backups = append(backups, health.Backup{
			Device: health.Device{ID: id, Name: "Anna's iPhone", ProductType: "iPhone14,5", OSVersion: "18.1"},
			Path:   "/backups/" + id, Phase: health.PhaseComplete, LastGood: at, ActiveAt: at, Encrypted: health.Yes,
		})
	}
	r.Facts.Backups = []health.Reading[[]health.Backup]{{Value: backups, Where: "/backups", GoodAt: at, TriedAt: at}}
	return r
}

func open(dir string) *Memory {
	m := OpenMemory(dir)
	m.now = func() time.Time { return noon }
	return m
}

func mustSave(t testing.TB, m *Memory, r Remembered) {
	t.Helper()
	if err := m.Save(r); err != nil {
		t.Fatal(err)
	}
}

func wantLoaded(t *testing.T, m *Memory, want Remembered) {
	t.Helper()
	got, err := m.Load()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMemorySurvives(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "Nine Lives")
	wantLoaded(t, open(dir), Remembered{})
	mustSave(t, open(dir), lives(1, 3))
	wantLoaded(t, open(dir), lives(1, 3))
	m := open(dir)
	wantLoaded(t, m, lives(1, 3))
	mustSave(t, m, lives(2, 3))
	wantLoaded(t, open(dir), lives(2, 3))
	if runtime.GOOS == "windows" {
		return
	}
	for path, want := range map[string]fs.FileMode{dir: 0o700, m.path: 0o600, m.copyPath(): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestWhatHasNotChangedIsNotWritten(t *testing.T) {
	m := open(t.TempDir())
	writes := 0
	m.write = func(path string, content []byte) error { writes++; return replaceFile(path, content) }
	mustSave(t, m, lives(1, 3))
	mustSave(t, m, lives(1, 3))
	again := open(filepath.Dir(m.path))
	again.write = m.write
	loaded, err := again.Load()
	if err != nil {
		t.Fatal(err)
	}
	mustSave(t, again, loaded)
	if writes != 1 {
		t.Errorf("%d writes", writes)
	}
	mustSave(t, again, lives(2, 3))
	if err := os.Remove(m.path); err != nil {
		t.Fatal(err)
	}
	mustSave(t, again, lives(2, 3))
	wantLoaded(t, open(filepath.Dir(m.path)), lives(2, 3))
	if writes != 3 {
		t.Errorf("%d writes; a file that is gone must be written again", writes)
	}
}

func TestADamagedMemoryIsSetAsideAndSaidOnce(t *testing.T) {
	good, err := encode(lives(1, 1))
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string][]byte{
		"empty": {}, "zeroes": make([]byte, 500), "cut off": good[:len(good)/2], "not JSON": []byte("<html>"), "null": []byte("null"), "no version": []byte("{}"),
		"two of them": append(bytes.Clone(good), good...), "a wrong type": []byte(`{"version":1,"alerts":[]}`), "a word that nobody knows": []byte(`{"version":1,"alerts":{"devices":{"a":{"state":"fine"}}}}`),
		"a version of another kind": []byte(`{"version":"1"}`), "version minus one": []byte(`{"version":-1}`), "nested for ever": bytes.Repeat([]byte(`{"a":`), 100000),
	}
	for name, bad := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			m := open(dir)
			if err := os.WriteFile(m.path, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := m.Load()
			var aside *SetAside
			if !errors.As(err, &aside) || aside.From != m.path || aside.To != filepath.Join(dir, "memory.damaged-2026-11-20.json") || aside.Restored {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(Remembered{}, got); diff != "" {
				t.Error(diff)
			}
			if content(t, aside.To) != string(bad) {
				t.Error("what was set aside has changed")
			}
			wantLoaded(t, m, Remembered{})         // not said again,
			wantLoaded(t, open(dir), Remembered{}) // not after a restart either,
			mustSave(t, m, lives(2, 1))            // and it goes on
			wantLoaded(t, open(dir), lives(2, 1))
		})
	}
}

func TestSettingAsideNeverOverwrites(t *testing.T) {
	dir := t.TempDir()
	for i := range 4 {
		m := open(dir)
		if err := os.WriteFile(m.path, fmt.Append(nil, i), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := m.Load(); err == nil {
			t.Fatal("no error")
		}
	}
	for i, name := range []string{"", "-2", "-3", "-4"} {
		if got := content(t, filepath.Join(dir, "memory.damaged-2026-11-20"+name+".json")); got != fmt.Sprint(i) {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func TestTheGenerationBeforeIsTakenForADamagedOne(t *testing.T) {
	dir := t.TempDir()
	m := open(dir)
	mustSave(t, m, lives(1, 2))
	mustSave(t, m, lives(2, 2))
	if err := os.Truncate(m.path, 100); err != nil {
		t.Fatal(err)
	}
	m = open(dir)
	got, err := m.Load()
	var aside *SetAside
	if !errors.As(err, &aside) || !aside.Restored {
		t.Fatalf("got %v", err)
	}
	if diff := cmp.Diff(lives(1, 2), got); diff != "" {
		t.Error(diff)
	}
	wantLoaded(t, open(dir), lives(1, 2))
}

func TestANewerMemoryIsNotDestroyed(t *testing.T) {
	dir := t.TempDir()
	m := open(dir)
	newer := []byte(`{"version":2,"alerts":["another form"]}`)
	if err := os.WriteFile(m.path, newer, 0o600); err != nil {
		t.Fatal(err)
	}
	mustSave(t, m, lives(1, 1)) // even without a look at it first
	if got := content(t, filepath.Join(dir, "memory.newer-2026-11-20.json")); got != string(newer) {
		t.Errorf("got %s", got)
	}
	wantLoaded(t, open(dir), lives(1, 1))

	if err := os.WriteFile(m.path, newer, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open(dir).Load(); !errors.Is(err, ErrNewer) {
		t.Errorf("got %v", err)
	}
}

func TestPeekLeavesNoTrace(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	if r, err := open(dir).Peek(); err != nil || r.Alerts.Devices != nil {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a folder was made")
	}
	m := open(dir)
	mustSave(t, m, lives(1, 1))
	mustSave(t, m, lives(2, 1))
	if r, err := open(dir).Peek(); err != nil || !cmp.Equal(r, lives(2, 1)) {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(m.path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := open(dir).Peek()
	var aside *SetAside
	if !errors.As(err, &aside) || aside.To != "" || !cmp.Equal(r, lives(1, 1)) {
		t.Errorf("got %v", err)
	}
	if content(t, m.path) != "x" {
		t.Error("the file has changed")
	}
}

func TestAMemoryThatCannotBeWrittenSaysWhyAndWhatToDo(t *testing.T) {
	cases := map[string]struct {
		err  error
		want string
	}{
		"a full disk":         {&fs.PathError{Op: "write", Path: "secret-temp-name", Err: syscall.ENOSPC}, "free some space on that disk"},
		"a read-only disk":    {&fs.PathError{Op: "open", Path: "secret-temp-name", Err: syscall.EROFS}, "make its folder writable for you, or name another place with --data-dir"},
		"a forbidden folder":  {&fs.PathError{Op: "open", Path: "secret-temp-name", Err: syscall.EACCES}, "make its folder writable for you, or name another place with --data-dir"},
		"a rename that fails": {&os.LinkError{Op: "rename", Old: "secret-temp-name", New: "x", Err: syscall.EACCES}, "make its folder writable for you, or name another place with --data-dir"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			m := open(t.TempDir())
			mustSave(t, m, lives(1, 1))
			m.write = func(string, []byte) error { return c.err }
			err := m.Save(lives(2, 1))
			if !errors.Is(err, errors.Unwrap(c.err)) || !strings.Contains(err.Error(), m.path) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret-temp-name") {
				t.Fatalf("got %v", err)
			}
			wantLoaded(t, open(filepath.Dir(m.path)), lives(1, 1))
			m.write = replaceFile
			mustSave(t, m, lives(2, 1)) // it stays due
			wantLoaded(t, open(filepath.Dir(m.path)), lives(2, 1))
		})
	}
}

func TestAFolderThatCannotBeMade(t *testing.T) {
	file := inFile(t, "")
	m := open(filepath.Join(file, "data"))
	if _, err := m.Load(); err != nil && errors.As(err, new(*SetAside)) {
		t.Errorf("got %v", err)
	}
	if err := m.Save(lives(1, 1)); err == nil || !strings.Contains(err.Error(), "--data-dir") {
		t.Errorf("got %v", err)
	}
}

func TestAFolderThatMayNotBeWritten(t *testing.T) {
	if os.Getuid() <= 0 {
		t.Skip("root, and Windows, may write everywhere")
	}
	dir := t.TempDir()
	mustSave(t, open(dir), lives(1, 1))
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.Chmod(dir, 0o700) }() // so that it can be cleaned up
	m := open(dir)
	wantLoaded(t, m, lives(1, 1))
	if err := m.Save(lives(2, 1)); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v", err)
	}
}

func TestFactsThatCannotBeWrittenDoNotCostWhatWasSaid(t *testing.T) {
	dir := t.TempDir()
	hostile := lives(1, 1)
	hostile.Facts.Backups[0].Value[0].History = time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := open(dir).Save(hostile); err == nil {
		t.Error("nothing was said of it")
	}
	wantLoaded(t, open(dir), Remembered{Alerts: hostile.Alerts})
}

func TestLitterOfKilledWritesIsSwept(t *testing.T) {
	dir := t.TempDir()
	m := open(dir)
	for name, age := range map[string]time.Duration{".memory.json.new-1": time.Hour, ".memory.json.new-2": time.Second, "other": time.Hour} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, noon.Add(-age), noon.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	mustSave(t, m, lives(1, 1))
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range left {
		names = append(names, entry.Name())
	}
	if diff := cmp.Diff([]string{".memory.json.new-2", "memory.json", "other"}, names); diff != "" {
		t.Error(diff)
	}
}

func FuzzLoad(f *testing.F) {
	good, err := encode(lives(1, 2))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"version":2}`))
	f.Add([]byte(`{"version":1,"facts":null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "memory.json")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		r, _, err := read(path)
		if err != nil {
			return
		}
		if content, err := encode(r); content == nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
	})
}

func BenchmarkSave(b *testing.B) {
	for _, n := range []int{3, 1000} {
		b.Run(fmt.Sprintf("%d devices, changed", n), func(b *testing.B) {
			m := open(b.TempDir())
			two := [2]Remembered{lives(1, n), lives(2, n)}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				mustSave(b, m, two[i%2])
			}
		})
		b.Run(fmt.Sprintf("%d devices, unchanged", n), func(b *testing.B) {
			m := open(b.TempDir())
			r := lives(1, n)
			b.ReportAllocs()
			for b.Loop() {
				mustSave(b, m, r)
			}
		})
	}
}

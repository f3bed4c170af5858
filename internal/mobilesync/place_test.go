package mobilesync

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"ninelives/internal/health"
)

func TestUsualPlaces(t *testing.T) {
	known := map[string]string{
		"HOME": "/Users/anna/", "APPDATA": `C:\Users\anna\AppData\Roaming\`, "USERPROFILE": `C:\Users\anna`,
	}
	for _, c := range []struct {
		name, goos string
		env        map[string]string
		want       []string
	}{
		{"a Mac has one", "darwin", known, []string{"/Users/anna/Library/Application Support/MobileSync/Backup"}},
		{"Windows has one per program", "windows", known, []string{
			`C:\Users\anna\AppData\Roaming\Apple Computer\MobileSync\Backup`,
			`C:\Users\anna\Apple\MobileSync\Backup`,
			`C:\Users\anna\AppData\Roaming\Apple\MobileSync\Backup`,
		}},
		{"what Windows does not say is left out", "windows", map[string]string{"USERPROFILE": `D:\a`}, []string{`D:\a\Apple\MobileSync\Backup`}},
		{"Linux has none", "linux", known, nil},
		{"a Mac without a home has none", "darwin", nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Usual(c.goos, func(name string) string { return c.env[name] })
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestFolderNames(t *testing.T) {
	for name, want := range map[string]struct{ ok, archive bool }{
		oldUDID:                        {true, false},
		strings.ToUpper(oldUDID):       {true, false},
		modernUDID:                     {true, false},
		strings.ToLower(modernUDID):    {true, false},
		dashless:                       {true, false},
		oldUDID + "-20261119-101500":   {true, true},
		dashless + "-20261119-101500":  {true, true},
		modernUDID + "-20261119-10150": {},
		modernUDID + " copy":           {},
		oldUDID + ".unback":            {},
		oldUDID[1:]:                    {},
		"x" + oldUDID[1:]:              {},
		".DS_Store":                    {},
		"iMazing.Versions":             {},
		"_unback_":                     {},
		modernUDID + "\n":              {},
		"":                             {},
	} {
		id, archive, ok := parseName(name)
		if ok != want.ok || archive != want.archive || ok != (id != "") {
			t.Errorf("%q: %q, archive %t, %t; want %+v", name, id, archive, ok, want)
		}
	}
	with, _, _ := parseName(strings.ToLower(modernUDID))
	without, _, _ := parseName(dashless)
	if with != without {
		t.Errorf("dashes and case make two devices: %s and %s", with, without)
	}
}

// The four absences are four things.
func TestAbsences(t *testing.T) {
	for _, c := range []struct {
		name    string
		make    func(t *testing.T, dir string) (place string)
		kind    error // nil: no error
		mention string
	}{
		{"an empty folder has no backups", func(_ *testing.T, dir string) string { return dir }, nil, ""},
		{"other folders are no backups", func(t *testing.T, dir string) string {
			mkdir(t, dir, "iMazing.Versions", "Jaspers_iPhone", oldUDID+" 2")
			return dir
		}, nil, ""},
		{"a file named like a device is none", func(t *testing.T, dir string) string {
			write(t, filepath.Join(dir, oldUDID))
			return dir
		}, nil, ""},
		{"a missing folder is not found", func(_ *testing.T, dir string) string { return filepath.Join(dir, "MobileSync", "Backup") },
			health.ErrNotFound, "MobileSync"},
		{"a link without a target is offline", func(t *testing.T, dir string) string {
			link(t, filepath.Join(dir, "absent"), filepath.Join(dir, "Backup"))
			return filepath.Join(dir, "Backup")
		}, health.ErrOffline, "Backup"},
		{"a parent that is a link without a target is offline", func(t *testing.T, dir string) string {
			link(t, filepath.Join(dir, "absent"), filepath.Join(dir, "MobileSync"))
			return filepath.Join(dir, "MobileSync", "a", "Backup")
		}, health.ErrOffline, "Backup"},
		{"below a link with a target a missing folder is not found", func(t *testing.T, dir string) string {
			mkdir(t, dir, "present")
			link(t, filepath.Join(dir, "present"), filepath.Join(dir, "MobileSync"))
			return filepath.Join(dir, "MobileSync", "Backup")
		}, health.ErrNotFound, "Backup"},
		{"a link in a circle is trouble", func(t *testing.T, dir string) string {
			link(t, filepath.Join(dir, "b"), filepath.Join(dir, "a"))
			link(t, filepath.Join(dir, "a"), filepath.Join(dir, "b"))
			return filepath.Join(dir, "a")
		}, errAny, ""},
		{"a file is malformed", func(t *testing.T, dir string) string {
			write(t, filepath.Join(dir, "Backup"))
			return filepath.Join(dir, "Backup")
		}, health.ErrMalformed, "not a folder"},
		{"the folder of a device asks for its parent", func(t *testing.T, dir string) string {
			return complete(t, filepath.Join(dir, "Backups"), modernUDID, xmlOf).dir
		}, health.ErrMalformed, "name the folder that holds it: "},
		{"a renamed folder of a device as well", func(t *testing.T, dir string) string {
			return complete(t, filepath.Join(dir, "Backups"), "Anna", xmlOf).dir
		}, health.ErrMalformed, "Backups"},
	} {
		t.Run(c.name, func(t *testing.T) {
			place := New(c.make(t, t.TempDir()), clock)
			got, err := place.Read(t.Context())
			switch {
			case c.kind == nil && err != nil, c.kind != nil && err == nil, c.kind != nil && !errors.Is(c.kind, errAny) && !errors.Is(err, c.kind):
				t.Fatalf("error %v, want %v", err, c.kind)
			case len(got) != 0:
				t.Errorf("got %+v", got)
			case err != nil && (!strings.HasPrefix(err.Error(), "mobilesync: ") || !strings.Contains(err.Error(), c.mention)):
				t.Errorf("error %q does not mention %q", err, c.mention)
			case err != nil && strings.Contains(err.Error(), modernUDID):
				t.Errorf("error %q gives the UDID away", err)
			}
		})
	}
}

var errAny = errors.New("any")

// A root that holds devices is a root, whatever else lies in it.
func TestRootWithStrayFilesIsStillARoot(t *testing.T) {
	root := t.TempDir()
	complete(t, root, modernUDID, xmlOf)
	write(t, filepath.Join(root, statusName))
	readOne(t, New(root, clock))
}

func TestLinks(t *testing.T) {
	root, elsewhere := t.TempDir(), t.TempDir()
	m := complete(t, elsewhere, "phone", xmlOf)
	link(t, m.dir, filepath.Join(root, modernUDID))
	link(t, filepath.Join(elsewhere, "absent"), filepath.Join(root, oldUDID))
	write(t, filepath.Join(elsewhere, "file"))
	link(t, filepath.Join(elsewhere, "file"), filepath.Join(root, dashless))
	place := New(root, clock)
	got := read(t, place)
	if len(got) != 2 || got[0].Phase != health.PhaseComplete || got[0].Path != filepath.Join(root, modernUDID) {
		t.Fatalf("got %+v", got)
	}
	want := health.Backup{Device: health.Device{ID: health.IDOf(oldUDID)}, Path: filepath.Join(root, oldUDID), Phase: health.PhaseOffline}
	if got[1] != want {
		t.Errorf("link to an absent volume: %+v, want %+v", got[1], want)
	}
	if err := os.Rename(elsewhere, elsewhere+"-unplugged"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(elsewhere + "-unplugged") })
	got = read(t, place)
	if i := slices.IndexFunc(got, func(b health.Backup) bool { return b.Device.Name == "Anna's iPhone" }); i < 0 || got[i].Phase != health.PhaseOffline {
		t.Errorf("after the volume went: %+v", got)
	}
}

func TestALinkThatGoesDuringTheRound(t *testing.T) {
	root, elsewhere := t.TempDir(), t.TempDir()
	m := complete(t, elsewhere, "phone", xmlOf)
	link(t, m.dir, filepath.Join(root, modernUDID))
	place := New(root, clock)
	place.disk = faulty(place.disk, func(path string) error {
		if filepath.Base(path) == statusName {
			return os.RemoveAll(m.dir)
		}
		return nil
	})
	if got := readOne(t, place); got.Phase != health.PhaseOffline {
		t.Errorf("got %+v", got)
	}
}

func TestALinkThatMayNotBeFollowed(t *testing.T) {
	root := t.TempDir()
	link(t, t.TempDir(), filepath.Join(root, modernUDID))
	place := New(root, clock)
	whole := place.disk.stat
	place.disk.stat = func(path string) (fs.FileInfo, error) {
		if path != root {
			return nil, &fs.PathError{Op: "stat", Path: path, Err: syscall.EACCES}
		}
		return whole(path)
	}
	if got := readOne(t, place); got.Phase != health.PhaseNoPermission {
		t.Errorf("got %+v", got)
	}
}

func TestFoldersThatAreGoneAreForgotten(t *testing.T) {
	root := t.TempDir()
	m := complete(t, root, modernUDID, xmlOf)
	place := New(root, clock)
	read(t, place)
	m.remove(".")
	if got := read(t, place); len(got) != 0 || len(place.folders) != 0 {
		t.Errorf("got %+v, remembering %d", got, len(place.folders))
	}
}

// As root every folder may be read, so the refusals come from a seam.
func TestRefusals(t *testing.T) {
	refuse := func(err error, base string) func(string) error {
		return func(path string) error {
			if filepath.Base(path) == base || filepath.Base(filepath.Dir(path)) == base {
				return &fs.PathError{Op: "open", Path: path, Err: err}
			}
			return nil
		}
	}
	for _, c := range []struct {
		name string
		code error
		want health.Phase
	}{
		{"a folder that may not be entered", syscall.EACCES, health.PhaseNoPermission},
		{"a folder that the system guards", syscall.EPERM, health.PhaseNoPermission},
		{"a folder on a dead network drive", absentCodes()[0], health.PhaseOffline},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := t.TempDir()
			complete(t, root, modernUDID, xmlOf)
			complete(t, root, oldUDID, binaryOf)
			place := New(root, clock)
			whole := place.disk
			place.disk = faulty(whole, refuse(c.code, modernUDID))
			got := read(t, place)
			if len(got) != 2 || got[0].Phase != c.want || got[1].Phase != health.PhaseComplete {
				// names sort by digits: the modern one comes first
				t.Fatalf("got %+v", got)
			}
			if got[0].Device.ID != health.IDOf(modernUDID) {
				t.Errorf("device %+v", got[0].Device)
			}
			place.disk = whole
			if got := read(t, place); got[0].Phase != health.PhaseComplete {
				t.Errorf("once it may be read it is %+v", got[0])
			}
		})
		t.Run(c.name+", but for its names", func(t *testing.T) {
			root := t.TempDir()
			complete(t, root, modernUDID, xmlOf)
			place := New(root, clock)
			place.disk.open = func(path string) (fs.File, error) {
				return nil, &fs.PathError{Op: "open", Path: path, Err: c.code}
			}
			if got := readOne(t, place); got.Phase != c.want {
				t.Errorf("got %+v", got)
			}
			place.disk = theDisk()
			if got := readOne(t, place); got.Phase != health.PhaseComplete {
				t.Errorf("once it may be read it is %+v", got)
			}
		})
		t.Run(c.name+" as the place itself", func(t *testing.T) {
			root := t.TempDir()
			place := New(root, clock)
			place.disk.list = func(path string) ([]fs.DirEntry, error) {
				return nil, &fs.PathError{Op: "open", Path: path, Err: c.code}
			}
			want := map[health.Phase]error{health.PhaseNoPermission: health.ErrNoPermission, health.PhaseOffline: health.ErrOffline}[c.want]
			if got, err := place.Read(t.Context()); !errors.Is(err, want) || got != nil {
				t.Errorf("got %v, %v, want %v", got, err, want)
			}
		})
	}
}

func TestRealRefusals(t *testing.T) {
	if os.Geteuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("this user may read everything: run as another user to try a folder that may not be read")
	}
	root := t.TempDir()
	m := complete(t, root, modernUDID, xmlOf)
	forbid(t, m.dir)
	if got := readOne(t, New(root, clock)); got.Phase != health.PhaseNoPermission {
		t.Errorf("got %+v", got)
	}
	forbid(t, root)
	if _, err := New(root, clock).Read(t.Context()); !errors.Is(err, health.ErrNoPermission) {
		t.Errorf("error %v", err)
	}
}

// A disk error is neither damage for ever nor an absence.
func TestADiskErrorIsTriedAgain(t *testing.T) {
	root := t.TempDir()
	complete(t, root, modernUDID, xmlOf)
	place := New(root, clock)
	place.disk.open = func(path string) (fs.File, error) {
		return nil, &fs.PathError{Op: "open", Path: path, Err: syscall.EIO}
	}
	if got := readOne(t, place); got.Phase == health.PhaseComplete && got.Weak == "" {
		t.Errorf("believed unread: %+v", got)
	}
	place.disk = theDisk()
	if got := readOne(t, place); got.Phase != health.PhaseComplete || got.Weak != "" {
		t.Errorf("got %+v", got)
	}
}

func TestVolumeFolderThatIsNotThere(t *testing.T) {
	place := New("/Volumes/Nowhere/Backup", clock)
	place.disk.stat = func(path string) (fs.FileInfo, error) {
		return nil, &fs.PathError{Op: "stat", Path: path, Err: fs.ErrNotExist}
	}
	dir, err := os.Lstat(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	place.disk.lstat = func(path string) (fs.FileInfo, error) {
		if path == "/Volumes" || path == "/" {
			return dir, nil
		}
		return nil, &fs.PathError{Op: "lstat", Path: path, Err: fs.ErrNotExist}
	}
	if runtime.GOOS == "windows" {
		t.Skip("a path of another system")
	}
	if _, err := place.Read(t.Context()); !errors.Is(err, health.ErrOffline) {
		t.Errorf("error %v, want %v", err, health.ErrOffline)
	}
}

// A hanging drive holds neither the caller nor one goroutine per round.
func TestHangingDrive(t *testing.T) {
	defer goleak.VerifyNone(t)
	root := t.TempDir()
	complete(t, root, modernUDID, xmlOf)
	synctest.Test(t, func(t *testing.T) {
		place := New(root, clock)
		healthy := place.disk
		free, hung := make(chan struct{}), 0
		place.disk = faulty(healthy, func(path string) error {
			if filepath.Base(path) == manifestName {
				hung++
				<-free
			}
			return nil
		})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		start := time.Now()
		_, err := place.Read(ctx)
		if !errors.Is(err, health.ErrTimedOut) || time.Since(start) != 20*time.Second {
			t.Errorf("%v after %s", err, time.Since(start))
		}
		for range 100 {
			start = time.Now()
			if _, err := place.Read(t.Context()); !errors.Is(err, health.ErrTimedOut) || time.Since(start) != 0 {
				t.Fatalf("%v after %s", err, time.Since(start))
			}
		}
		synctest.Wait()
		if hung != 1 {
			t.Errorf("%d goroutines hang", hung)
		}
		close(free)
		synctest.Wait()
		if got := readOne(t, place); got.Phase != health.PhaseComplete {
			t.Errorf("after it came back: %+v", got)
		}
	})
}

func TestEndedContext(t *testing.T) {
	root := t.TempDir()
	complete(t, root, modernUDID, xmlOf)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := New(root, clock).Read(ctx); !errors.Is(err, health.ErrTimedOut) || got != nil {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestARoundEndsWithItsContext(t *testing.T) {
	root := t.TempDir()
	for i := range 20 {
		complete(t, root, strings.Repeat("0", 38)+string(rune('a'+i/10))+string(rune('0'+i%10)), xmlOf)
	}
	synctest.Test(t, func(t *testing.T) {
		place := New(root, clock)
		ctx, cancel := context.WithCancel(t.Context())
		looked := 0
		place.disk = faulty(place.disk, func(path string) error {
			if filepath.Base(path) == statusName {
				looked++
				cancel()
			}
			return nil
		})
		if _, err := place.Read(ctx); !errors.Is(err, health.ErrTimedOut) {
			t.Errorf("error %v", err)
		}
		synctest.Wait()
		if looked > 2 { // one lstat, one open
			t.Errorf("looked %d times after nobody waited any more", looked)
		}
	})
}

func TestAPanicIsAnError(t *testing.T) {
	root := t.TempDir()
	place := New(root, func() time.Time { panic("no clock") })
	if _, err := place.Read(t.Context()); err == nil || !strings.Contains(err.Error(), "no clock") {
		t.Errorf("error %v", err)
	}
	place.now = clock
	read(t, place)
}

func TestVanishing(t *testing.T) {
	t.Run("a folder that vanishes during the round is left out", func(t *testing.T) {
		root := t.TempDir()
		m := complete(t, root, modernUDID, xmlOf)
		complete(t, root, oldUDID, xmlOf)
		place := New(root, clock)
		place.disk = faulty(place.disk, func(path string) error {
			if filepath.Dir(path) == m.dir {
				return os.RemoveAll(m.dir)
			}
			return nil
		})
		if got := readOne(t, place); got.Device.ID != health.IDOf(modernUDID) || got.Path == m.dir {
			t.Errorf("got %+v", got) // Info.plist of both names the modern one
		}
	})
	t.Run("a volume that is pulled out during the round is no deletion", func(t *testing.T) {
		volume := filepath.Join(t.TempDir(), "volume")
		m := complete(t, volume, modernUDID, xmlOf)
		backup := filepath.Join(t.TempDir(), "Backup")
		link(t, volume, backup)
		place := New(backup, clock)
		place.disk = faulty(place.disk, func(path string) error {
			if filepath.Base(path) == statusName {
				return os.RemoveAll(filepath.Dir(m.dir))
			}
			return nil
		})
		if got, err := place.Read(t.Context()); !errors.Is(err, health.ErrOffline) {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

// faulty asks before every use of the disk.
func faulty(d disk, ask func(path string) error) disk {
	return disk{
		lstat:  func(path string) (fs.FileInfo, error) { return asked(ask, d.lstat, path) },
		stat:   func(path string) (fs.FileInfo, error) { return asked(ask, d.stat, path) },
		list:   func(path string) ([]fs.DirEntry, error) { return asked(ask, d.list, path) },
		open:   func(path string) (fs.File, error) { return asked(ask, d.open, path) },
		folder: func(path string) (fs.ReadDirFile, error) { return asked(ask, d.folder, path) },
	}
}

func asked[T any](ask func(string) error, do func(string) (T, error), path string) (T, error) {
	if err := ask(path); err != nil {
		var none T
		return none, err
	}
	return do(path)
}

func mkdir(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func write(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, target, path string) {
	t.Helper()
	if err := os.Symlink(target, path); err != nil {
		t.Skipf("no links here: %v", err)
	}
}

func forbid(t *testing.T, dir string) {
	t.Helper()
	if err := os.Chmod(dir, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o755) })
}

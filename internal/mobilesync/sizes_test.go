package mobilesync

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"ninelives/internal/health"
	"ninelives/internal/sample"
)

// counting makes a place that counts until the test ends.
func counting(t testing.TB, root string) *Place {
	t.Helper()
	place := New(root, clock)
	place.CountSizes(t.Context())
	return place
}

// settle waits until nothing is being counted.
func settle(t testing.TB, p *Place) {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); time.Sleep(time.Millisecond) {
		p.sizes.mu.Lock()
		running := p.sizes.running
		p.sizes.mu.Unlock()
		if !running {
			return
		}
	}
	t.Fatal("still counting")
}

// sized reads a place of one backup, lets it count, and reads it again.
func sized(t testing.TB, p *Place) health.Backup {
	t.Helper()
	readOne(t, p)
	settle(t, p)
	return readOne(t, p)
}

// bytesOf sums up the files of a folder in another way.
func bytesOf(t testing.TB, root string) (bytes int64) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Lstat(path)
		if err == nil && info.Mode().IsRegular() {
			bytes += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

func TestSizeShowsInTheNextRound(t *testing.T) {
	root := t.TempDir()
	folder := sample.Folder{UDID: modernUDID, Date: finishAt, Encrypted: true, Prefixes: true, Blobs: []int64{0, 1, 5 << 30, 70 << 30}}
	path, err := folder.Write(root)
	if err != nil {
		t.Fatal(err)
	}
	place := counting(t, root)
	if got := readOne(t, place); got.Size != 0 {
		t.Errorf("%d bytes before anything was counted", got.Size)
	}
	settle(t, place)
	if got, want := readOne(t, place).Size, bytesOf(t, path); got != want || got < 75<<30 {
		t.Errorf("%d bytes, want %d", got, want)
	}
}

func TestNobodyCountsUnasked(t *testing.T) {
	root := t.TempDir()
	complete(t, root, modernUDID, binaryOf)
	var u uses
	place := New(root, clock)
	place.disk = counted(place.disk, &u)
	if got := sized(t, place); got.Size != 0 || u.folder != 0 {
		t.Errorf("%d bytes, %+v", got.Size, u)
	}
}

func TestWhatIsCounted(t *testing.T) {
	for name, change := range map[string]func(m made){
		"as it is": func(made) {},
		"old and flat": func(m made) {
			m.remove(databaseName)
			m.put(oldDatabaseName, []byte("mbdb\x05\x00"), finishAt)
			m.put(cloudName, []byte("flat"), finishAt)
		},
		"left in the way": func(m made) { m.put(snapshotName+"/ab/ab12", []byte("half"), finishAt) },
		"deep":            func(m made) { m.put(strings.Repeat("a/", 200)+"file", []byte("deep"), finishAt) },
		"many in one": func(m made) {
			for n := range 2*atATime + 1 {
				m.put(fmt.Sprintf("cd/%d", n), []byte{1}, finishAt)
			}
		},
		"a link to a large file": func(m made) { link(t, bigFile(t), filepath.Join(m.dir, "ab", "link")) },
		"a link to a folder":     func(m made) { link(t, filepath.Dir(bigFile(t)), filepath.Join(m.dir, "ee")) },
		"a link to itself":       func(m made) { link(t, ".", filepath.Join(m.dir, "ff")) },
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			m := complete(t, root, modernUDID, binaryOf)
			change(m)
			m.rest()
			before := inventory(t, root)
			var u uses
			place := counting(t, root)
			place.disk = counted(place.disk, &u)
			readOne(t, place)
			settle(t, place)
			opened := u.open
			if got, want := readOne(t, place).Size, bytesOf(t, m.dir); got != want {
				t.Errorf("%d bytes, want %d", got, want)
			}
			if u.open != opened || opened > 4 { // three property lists and the database
				t.Errorf("%d files opened in the first round, %d in the next", opened, u.open-opened)
			}
			if diff := cmp.Diff(before, inventory(t, root)); diff != "" {
				t.Errorf("(-before +after):\n%s", diff)
			}
		})
	}
}

// bigFile makes a file outside of every backup.
func bigFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "big")
	write(t, path)
	if err := os.Truncate(path, 1<<30); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestALinkedBackupIsCountedWhereItLies(t *testing.T) {
	elsewhere, root := t.TempDir(), t.TempDir()
	m := complete(t, elsewhere, modernUDID, binaryOf)
	link(t, m.dir, filepath.Join(root, modernUDID))
	if got, want := sized(t, counting(t, root)).Size, bytesOf(t, m.dir); got != want {
		t.Errorf("%d bytes, want %d", got, want)
	}
}

func TestEachBackupIsCountedOnce(t *testing.T) {
	later := finishAt.Add(time.Hour)
	for name, c := range map[string]struct {
		change    func(m made)
		recounted bool
		known     bool
	}{
		"nothing changed":    {func(made) {}, false, true},
		"a blob changed":     {func(m made) { m.put("ab/more", []byte("more"), finishAt) }, false, true},
		"another backup":     {func(m made) { m.touch(statusName, later); m.touch(manifestName, later) }, true, true},
		"its status changed": {func(m made) { m.touch(statusName, later) }, true, true},
		"a run is under way": {func(m made) { m.status(doc{"SnapshotState": "uploading"}); m.touch(statusName, later) }, false, true},
		"being swapped in":   {func(m made) { m.status(doc{"SnapshotState": "moving"}); m.touch(statusName, later) }, false, false},
		"swapped, and weak":  {func(m made) { m.remove(statusName); m.touch(manifestName, later) }, false, false},
		"damaged":            {func(m made) { m.remove(databaseName) }, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			m := complete(t, root, modernUDID, binaryOf)
			var u uses
			place := counting(t, root)
			place.disk = counted(place.disk, &u)
			if got := sized(t, place); got.Size == 0 || u.folder != 2 {
				t.Fatalf("%d bytes, %+v", got.Size, u)
			}
			c.change(m)
			m.rest()
			got := sized(t, place)
			if (u.folder > 2) != c.recounted || (got.Size > 0) != c.known {
				t.Errorf("%d bytes, %+v", got.Size, u)
			}
		})
	}
}

func TestOnlyWhatIsProvenIsCounted(t *testing.T) {
	for _, rung := range rungs {
		t.Run(rung.name, func(t *testing.T) {
			root := t.TempDir()
			m := complete(t, root, modernUDID, xmlOf)
			rung.change(m)
			m.rest()
			got := sized(t, counting(t, root))
			proven := got.Phase == health.PhaseComplete && got.Weak == health.NoFlaw
			if (got.Size > 0) != proven {
				t.Errorf("%d bytes of %+v", got.Size, got)
			}
		})
	}
}

// Of a backup that is replaced while it is being counted there is no size, and
// the next round orders another count.
func TestABackupThatIsReplacedMeanwhile(t *testing.T) {
	root := t.TempDir()
	m := complete(t, root, modernUDID, binaryOf)
	place := counting(t, root)
	var once atomic.Bool
	place.disk = faulty(place.disk, func(path string) error {
		if filepath.Base(path) == "ab" && once.CompareAndSwap(false, true) {
			m.touch(statusName, finishAt.Add(time.Hour))
		}
		return nil
	})
	if got := sized(t, place); got.Size != 0 {
		t.Errorf("%d bytes", got.Size)
	}
	settle(t, place)
	if got := readOne(t, place); got.Size == 0 {
		t.Error("never counted")
	}
}

// A part of a backup is not its size, and what the disk refuses today it may
// give tomorrow.
func TestACountThatFails(t *testing.T) {
	for name, fail := range map[string]func() error{
		"an error of the disk": func() error { return syscall.EIO },
		"no permission":        func() error { return fs.ErrPermission },
		"gone meanwhile":       func() error { return fs.ErrNotExist },
		"a panic":              func() error { panic("no such luck") },
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			complete(t, root, modernUDID, binaryOf)
			place := counting(t, root)
			var healed atomic.Bool
			place.disk = faulty(place.disk, func(path string) error {
				if filepath.Base(path) == "ab" && !healed.Load() {
					return fail()
				}
				return nil
			})
			if got := sized(t, place); got.Size != 0 || got.Phase != health.PhaseComplete {
				t.Errorf("%d bytes, %s", got.Size, got.Phase)
			}
			settle(t, place)
			healed.Store(true)
			if got := sized(t, place); got.Size == 0 {
				t.Error("not counted again")
			}
		})
	}
}

// A drive that hangs holds the count, but no round, and one goroutine at most.
func TestNoRoundWaitsForACount(t *testing.T) {
	defer goleak.VerifyNone(t)
	root := t.TempDir()
	complete(t, root, modernUDID, binaryOf)
	complete(t, root, oldUDID, binaryOf)
	synctest.Test(t, func(t *testing.T) {
		free, hung := make(chan struct{}), atomic.Int32{}
		place := counting(t, root)
		place.disk.folder = func(string) (fs.ReadDirFile, error) {
			hung.Add(1)
			<-free
			return nil, syscall.EIO
		}
		for range 100 {
			start := time.Now()
			if got := read(t, place); len(got) != 2 || got[0].Size+got[1].Size != 0 || time.Since(start) != 0 {
				t.Fatalf("%+v after %s", got, time.Since(start))
			}
		}
		synctest.Wait()
		if hung.Load() != 1 || len(place.sizes.orders) != 2 {
			t.Errorf("%d hang, %d ordered", hung.Load(), len(place.sizes.orders))
		}
		close(free)
		synctest.Wait()
		if place.sizes.running {
			t.Error("still at work")
		}
	})
}

func TestACountEndsWithItsContext(t *testing.T) {
	defer goleak.VerifyNone(t)
	root := t.TempDir()
	for n := range 5 {
		complete(t, root, fmt.Sprintf("%040x", n), binaryOf)
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		place, opened := New(root, clock), atomic.Int32{}
		place.CountSizes(ctx)
		healthy := place.disk.folder
		place.disk.folder = func(path string) (fs.ReadDirFile, error) {
			opened.Add(1)
			time.Sleep(time.Hour)
			return healthy(path)
		}
		read(t, place)
		time.Sleep(time.Minute)
		cancel()
		time.Sleep(2 * time.Hour)
		read(t, place)
		synctest.Wait()
		if opened.Load() != 1 || place.sizes.running || len(place.sizes.orders) != 0 {
			t.Errorf("%d folders, %d orders", opened.Load(), len(place.sizes.orders))
		}
	})
}

func TestSizesOfFoldersThatAreGoneAreForgotten(t *testing.T) {
	root := t.TempDir()
	m := complete(t, root, modernUDID, binaryOf)
	complete(t, root, oldUDID, binaryOf)
	place := counting(t, root)
	read(t, place)
	settle(t, place)
	read(t, place)
	if len(place.sizes.counted) != 2 {
		t.Fatalf("%d counted", len(place.sizes.counted))
	}
	if err := os.RemoveAll(m.dir); err != nil {
		t.Fatal(err)
	}
	if got := readOne(t, place); got.Size == 0 || len(place.sizes.counted) != 1 {
		t.Errorf("%d bytes, %d counted", got.Size, len(place.sizes.counted))
	}
}

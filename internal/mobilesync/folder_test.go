package mobilesync

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"ninelives/internal/health"
)

func TestIdentity(t *testing.T) {
	anna := health.Device{ID: health.IDOf(modernUDID), Name: "Anna's iPhone", ProductType: "iPhone14,5", OSVersion: "18.1"}
	for _, c := range []struct {
		name   string
		folder string
		change func(m made)
		want   health.Device
	}{
		{"Info.plist says who it is", oldUDID, func(made) {}, anna},
		{"Manifest.plist stands in for an empty Info.plist", oldUDID, func(m made) { m.put(infoName, nil, finishAt) }, anna},
		{"Manifest.plist stands in for a missing Info.plist", oldUDID, func(m made) { m.remove(infoName) }, anna},
		{"Manifest.plist stands in for a malformed Info.plist", oldUDID, func(m made) { m.put(infoName, []byte("<plist><dict>"), finishAt) }, anna},
		{"Manifest.plist stands in for an Info.plist without keys", oldUDID, func(m made) { m.put(infoName, m.encode(doc{}), finishAt) }, anna},
		{"the folder's name stands in for both", oldUDID, func(m made) { m.remove(infoName); m.manifest(doc{"Lockdown": nil}) },
			health.Device{ID: health.IDOf(oldUDID)}},
		{"the Unique Identifier does as well", oldUDID, func(m made) { m.info(doc{"Target Identifier": "xxx"}) }, anna},
		{"what has not the form of a UDID is none", oldUDID, func(m made) {
			m.info(doc{"Target Identifier": "", "Unique Identifier": "../../etc"})
			m.manifest(doc{"Lockdown": doc{"UniqueDeviceID": "1234"}})
		}, health.Device{ID: health.IDOf(oldUDID), Name: anna.Name, ProductType: anna.ProductType, OSVersion: anna.OSVersion}},
		{"keys without blanks are understood, a type without a comma is none", modernUDID, func(m made) {
			m.info(doc{"Device Name": nil, "Display Name": nil, "Product Type": nil, "Product Version": nil,
				"DeviceName": "Ben's iPad", "ProductType": "iPhone62", "ProductVersion": "9.1"})
			m.manifest(doc{"Lockdown": nil})
		}, health.Device{ID: anna.ID, Name: "Ben's iPad", OSVersion: "9.1"}},
		{"a type without a comma gives way to the device's own", modernUDID, func(m made) {
			m.info(doc{"Product Type": "iPhone62"})
		}, anna},
		{"keys of a wrong type give way", modernUDID, func(m made) {
			m.info(doc{"Device Name": 7, "Display Name": []byte("Anna"), "Product Type": true, "Product Version": 18.1})
		}, anna},
		{"a Lockdown of a wrong type costs nothing else", modernUDID, func(m made) {
			m.manifest(doc{"Lockdown": "locked"})
		}, anna},
		{"odd names are kept as they are", modernUDID, func(m made) {
			m.info(doc{"Device Name": `"$(reboot)" %s <b>_&_</b> 👩‍👩‍👧 ` + "\u00a0\u202e" + strings.Repeat("x", 5000)})
		}, health.Device{ID: anna.ID, Name: `"$(reboot)" %s <b>_&_</b> 👩‍👩‍👧 ` + "\u00a0\u202e" + strings.Repeat("x", 5000), ProductType: anna.ProductType, OSVersion: anna.OSVersion}},
		{"a name beyond all bounds gives way", modernUDID, func(m made) {
			m.info(doc{"Device Name": strings.Repeat("x", maxText+1)})
		}, anna},
	} {
		for encoding, encode := range encodings {
			t.Run(c.name+"/"+encoding, func(t *testing.T) {
				root := t.TempDir()
				m := complete(t, root, c.folder, encode)
				c.change(m)
				m.rest()
				got := readOne(t, New(root, clock))
				if got.Device != c.want {
					t.Errorf("got %+v, want %+v", got.Device, c.want)
				}
				if got.Phase != health.PhaseComplete || got.Weak != "" {
					t.Errorf("the proof suffered: %+v", got)
				}
			})
		}
	}
}

// Finder empties Info.plist after a good run; nobody is renamed by that.
func TestIdentityOutlivesAnEmptyInfo(t *testing.T) {
	root := t.TempDir()
	m := complete(t, root, oldUDID, xmlOf)
	m.manifest(doc{"Lockdown": nil})
	place := New(root, clock)
	before := readOne(t, place)
	m.put(infoName, nil, now)
	if got := readOne(t, place); got.Device != before.Device {
		t.Errorf("got %+v, want %+v", got.Device, before.Device)
	}
	m.info(doc{"Device Name": "Anna's new iPhone"})
	if got := readOne(t, place); got.Device.Name != "Anna's new iPhone" {
		t.Errorf("got %+v", got.Device)
	}
}

func TestActivity(t *testing.T) {
	recent := now.Add(-5 * time.Minute)
	for _, c := range []struct {
		name   string
		change func(m made)
		want   time.Time
	}{
		{"files of a run that broke off", func(made) {}, finishAt.Add(3 * time.Minute)},
		{"the folder itself", func(m made) { m.touch(".", recent) }, recent},
		{"Snapshot", func(m made) { m.touch(snapshotName, recent) }, recent},
		{"a subfolder of Snapshot", func(m made) { m.touch(snapshotName+"/3f", recent) }, recent},
		{"a blob in it is not looked at", func(m made) { m.touch(snapshotName+"/3f/blob", recent) }, finishAt.Add(3 * time.Minute)},
		{"a blob of the backup is not looked at", func(m made) { m.touch("ab/abcdef", recent) }, finishAt.Add(3 * time.Minute)},
		{"a file time of tomorrow is none", func(m made) { m.touch(snapshotName, now.Add(20*time.Hour)) }, finishAt.Add(3 * time.Minute)},
		{"a file server's clock may be a little ahead", func(m made) { m.touch(snapshotName, now.Add(5*time.Minute)) }, now.Add(5 * time.Minute)},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := t.TempDir()
			m := complete(t, root, modernUDID, xmlOf)
			m.status(doc{"SnapshotState": "uploading"})
			m.put(snapshotName+"/3f/blob", []byte("x"), beganAt)
			m.touch(snapshotName+"/3f", beganAt)
			m.touch(snapshotName, beganAt)
			m.rest()
			c.change(m)
			if got := readOne(t, New(root, clock)); !got.ActiveAt.Equal(c.want) {
				t.Errorf("got %s, want %s", got.ActiveAt, c.want)
			}
		})
	}
}

// uses counts what is asked of the disk.
type uses struct{ lstat, stat, list, open, folder int }

func (u uses) all() int { return u.lstat + u.stat + u.list + u.open + u.folder }

func counted(d disk, u *uses) disk {
	return disk{
		lstat:  func(path string) (fs.FileInfo, error) { u.lstat++; return d.lstat(path) },
		stat:   func(path string) (fs.FileInfo, error) { u.stat++; return d.stat(path) },
		list:   func(path string) ([]fs.DirEntry, error) { u.list++; return d.list(path) },
		open:   func(path string) (fs.File, error) { u.open++; return d.open(path) },
		folder: func(path string) (fs.ReadDirFile, error) { u.folder++; return d.folder(path) },
	}
}

func TestUnchangedFoldersAreNotReadAgain(t *testing.T) {
	root := t.TempDir()
	const folders = 40
	for i := range folders {
		m := complete(t, root, fmt.Sprintf("%040x", i), binaryOf)
		m.remove("ab")
		m.rest()
		if i%2 == 1 { // of iOS 9
			m.remove(databaseName)
			m.put(oldDatabaseName, []byte("mbdb\x05\x00"), finishAt)
			m.rest()
		}
	}
	var u uses
	place := New(root, clock)
	place.disk = counted(place.disk, &u)
	first := read(t, place)
	if u.open < 3*folders {
		t.Fatalf("the first round opened %d files only", u.open)
	}
	u = uses{}
	second := read(t, place)
	t.Logf("%d unchanged folders: %+v, %.1f calls each", folders, u, float64(u.all())/folders)
	if u.open != 0 {
		t.Errorf("%d files opened, want none", u.open)
	}
	if u.all() > 8*folders {
		t.Errorf("%d calls for %d folders, want at most 8 each", u.all(), folders)
	}
	if u.list != 1 {
		t.Errorf("%d folders listed, want the place alone", u.list)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
}

func TestOnlyWhatChangedIsReadAgain(t *testing.T) {
	later := finishAt.Add(time.Hour)
	for _, c := range []struct {
		name   string
		change func(m made)
		opened int
	}{
		{"another time", func(m made) { m.touch(statusName, later) }, 1},
		{"another size", func(m made) { m.put(statusName, append(m.encode(statusDoc()), '\n'), finishAt) }, 1},
		{"another file of the same size and time", func(m made) {
			m.put("new", m.encode(statusDoc()), finishAt)
			if err := os.Rename(filepath.Join(m.dir, "new"), filepath.Join(m.dir, statusName)); err != nil {
				t.Fatal(err)
			}
		}, 1},
		{"nothing", func(made) {}, 0},
		{"two files", func(m made) { m.touch(statusName, later); m.touch(infoName, later) }, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			if runtime.GOOS == "windows" && strings.HasPrefix(c.name, "another file") {
				t.Skip("on Windows size and time are all there is to go by")
			}
			root := t.TempDir()
			m := complete(t, root, modernUDID, xmlOf)
			var u uses
			place := New(root, clock)
			place.disk = counted(place.disk, &u)
			read(t, place)
			u = uses{}
			c.change(m)
			read(t, place)
			if u.open != c.opened {
				t.Errorf("%d files opened, want %d", u.open, c.opened)
			}
		})
	}
}

// Within the grain of a file time a file may change and keep its size and time.
func TestAYoungFileIsReadAgain(t *testing.T) {
	for age, again := range map[time.Duration]bool{0: true, time.Second: true, time.Minute: false} {
		root := t.TempDir()
		m := complete(t, root, modernUDID, xmlOf)
		m.touch(statusName, now.Add(-age))
		place := New(root, clock)
		readOne(t, place)
		m.status(doc{"Date": finishAt.Add(time.Second)})
		m.touch(statusName, now.Add(-age))
		if got := readOne(t, place); got.LastGood.Equal(finishAt.Add(time.Second)) != again {
			t.Errorf("%s old, and read again: %t, want %t", age, !again, again)
		}
	}
}

// Evidence is judged anew each round: what lies ahead of one clock does not of
// a later one.
func TestTheSameEvidenceUnderALaterClock(t *testing.T) {
	root := t.TempDir()
	m := complete(t, root, modernUDID, xmlOf)
	m.status(doc{"Date": now.Add(3 * health.Day)})
	clock := now
	place := New(root, func() time.Time { return clock })
	if got := readOne(t, place); got.Weak != health.StatusDate {
		t.Errorf("got %+v", got)
	}
	clock = clock.Add(3 * health.Day)
	if got := readOne(t, place); got.Weak != "" || !got.LastGood.Equal(clock) {
		t.Errorf("got %+v", got)
	}
}

// Hosts delete Status.plist and write it anew.
func TestAStatusThatIsBeingRewritten(t *testing.T) {
	for _, c := range []struct {
		name   string
		before bool // there was a look before
		during func(m made)
		after  func(m made) // during the pause
		want   health.Backup
	}{
		{"an empty one that is whole after a moment", false,
			func(m made) { m.put(statusName, nil, now) }, func(m made) { m.put(statusName, xmlOf(statusDoc()), now) },
			health.Backup{Phase: health.PhaseComplete, LastGood: finishAt}},
		{"a missing one that is whole after a moment", false,
			func(m made) { m.remove(statusName); m.touch(".", now) }, func(m made) { m.put(statusName, xmlOf(statusDoc()), now) },
			health.Backup{Phase: health.PhaseComplete, LastGood: finishAt}},
		{"one that stays empty is worth nothing", false,
			func(m made) { m.put(statusName, nil, now) }, func(made) {},
			health.Backup{Phase: health.PhaseComplete, LastGood: manifestAt, Weak: health.StatusUnreadable}},
		{"one that stays empty over a proven backup keeps the proof for the moment", true,
			func(m made) { m.put(statusName, nil, now) }, func(made) {},
			health.Backup{Phase: health.PhaseComplete, LastGood: finishAt}},
		{"not if that backup has been touched", true,
			func(m made) { m.put(statusName, nil, now); m.touch(manifestName, now) }, func(made) {},
			health.Backup{Phase: health.PhaseComplete, LastGood: manifestAt, Weak: health.StatusUnreadable}},
		{"not if it says something else", true,
			func(m made) { m.put(statusName, xmlOf(doc{"a": "b"}), now) }, func(made) {},
			health.Backup{Phase: health.PhaseComplete, LastGood: manifestAt, Weak: health.StatusUnreadable}},
		{"not if it has been empty for a while", true,
			func(m made) { m.put(statusName, nil, now.Add(-time.Minute)) }, func(made) {},
			health.Backup{Phase: health.PhaseComplete, LastGood: manifestAt, Weak: health.StatusUnreadable}},
		{"a placeholder that a run begins with is looked at twice", false,
			func(m made) { m.put(manifestName, nil, now) }, func(m made) { m.status(doc{"SnapshotState": "uploading", "BackupState": "empty"}) },
			health.Backup{Phase: health.PhaseUploading}},
		{"a folder that vanishes in the pause is left out", false,
			func(m made) { m.put(statusName, nil, now) }, func(m made) { m.remove(".") },
			health.Backup{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				m := complete(t, root, modernUDID, xmlOf)
				place := New(root, clock)
				if c.before {
					read(t, place)
				}
				c.during(m)
				go func() {
					time.Sleep(place.pause / 2)
					c.after(m)
				}()
				start := time.Now()
				got := health.Backup{}
				if backups := read(t, place); len(backups) > 0 {
					got = backups[0]
				}
				if took := time.Since(start); took > place.pause {
					t.Errorf("waited for %s", took)
				}
				if got.Phase != c.want.Phase || !got.LastGood.Equal(c.want.LastGood) || got.Weak != c.want.Weak {
					t.Errorf("got %+v, want %+v", got, c.want)
				}
				synctest.Wait()
				time.Sleep(place.pause) // let the other one end
			})
		})
	}
}

// inventory tells all that could be changed in a folder.
func inventory(t testing.TB, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		content := []byte{}
		if info.Mode().IsRegular() {
			if content, err = os.ReadFile(path); err != nil {
				return err
			}
		}
		found[path] = fmt.Sprintf("%s %d %s %x", info.Mode(), info.Size(), info.ModTime(), sha256.Sum256(content))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestNothingIsWritten(t *testing.T) {
	root := t.TempDir()
	for i, rung := range rungs {
		m := complete(t, root, fmt.Sprintf("%040x", i), xmlOf)
		rung.change(m)
		m.rest()
	}
	before := inventory(t, root)
	place := New(root, clock)
	for range 3 {
		if got := read(t, place); len(got) != len(rungs) {
			t.Fatalf("%d backups, want %d", len(got), len(rungs))
		}
	}
	if diff := cmp.Diff(before, inventory(t, root)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

// Recorded folders of other tools are read without a panic or a trace. Their
// meaning is for the eye: -v prints it.
func TestSamples(t *testing.T) {
	samples := os.Getenv("NINELIVES_SAMPLES")
	if samples == "" {
		t.Skip("NINELIVES_SAMPLES names no folder of recorded backups")
	}
	root, n := t.TempDir(), 0
	names := map[string]string{}
	err := filepath.WalkDir(samples, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		for _, name := range []string{statusName, manifestName, infoName, databaseName, oldDatabaseName} {
			if _, err := os.Stat(filepath.Join(path, name)); err == nil {
				n++
				folder := fmt.Sprintf("%040x", n)
				names[filepath.Join(root, folder)] = path
				return os.CopyFS(filepath.Join(root, folder), os.DirFS(path))
			}
		}
		return nil
	})
	if err != nil || n == 0 {
		t.Fatalf("%d sample folders, %v", n, err)
	}
	before := inventory(t, root)
	for _, b := range read(t, New(root, time.Now)) {
		t.Logf("%s:\n\t%+v", strings.TrimPrefix(names[b.Path], samples), b)
	}
	if diff := cmp.Diff(before, inventory(t, root)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

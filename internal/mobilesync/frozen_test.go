package mobilesync

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ninelives/internal/health"
	"ninelives/internal/sample"
)

const cloudPath = cloudShard + "/" + cloudName

var cloudAt = at("2026-11-17T03:12:45Z")

func TestTheNameOfTheCloudFile(t *testing.T) {
	sum := fmt.Sprintf("%x", sha1.Sum([]byte("HomeDomain-Library/Preferences/com.apple.mobile.ldbackup.plist")))
	if cloudName != sum || cloudShard != sum[:2] {
		t.Errorf("%s in %s, want %s", cloudName, cloudShard, sum)
	}
}

// plain makes the folder of a complete backup that is not encrypted.
func plain(t testing.TB, root, name string) made {
	t.Helper()
	m := complete(t, root, name, binaryOf)
	m.manifest(doc{"IsEncrypted": false})
	m.database(sqliteHead)
	m.rest()
	return m
}

func cloudDoc() doc {
	return doc{
		"CloudBackupEnabled": true, "LastCloudBackupDate": int(cloudAt.Unix() - 978307200), "LastCloudBackupTZ": "GMT+1",
		"LastiTunesBackupDate": 700000000, "WillEncrypt": false, "RequiresEncryption": 0, "Version": "2.0",
	}
}

// cloud puts the file there, changed.
func (m made) cloud(changes doc) {
	m.put(cloudPath, m.encode(changed(cloudDoc(), changes)), finishAt)
	m.rest()
}

func TestFrozen(t *testing.T) {
	full := health.Frozen{CloudBackup: health.Yes, LastCloudBackup: cloudAt}
	seconds := func(at time.Time) int { return int(at.Unix() - 978307200) }
	for name, c := range map[string]struct {
		change func(m made)
		want   health.Frozen
	}{
		"all is there":           {func(made) {}, full},
		"off":                    {func(m made) { m.cloud(doc{"CloudBackupEnabled": false}) }, health.Frozen{CloudBackup: health.No, LastCloudBackup: cloudAt}},
		"no word of on or off":   {func(m made) { m.cloud(doc{"CloudBackupEnabled": nil}) }, health.Frozen{LastCloudBackup: cloudAt}},
		"no date":                {func(m made) { m.cloud(doc{"LastCloudBackupDate": nil}) }, health.Frozen{CloudBackup: health.Yes}},
		"a date of its own kind": {func(m made) { m.cloud(doc{"LastCloudBackupDate": cloudAt}) }, full},
		"a real": {func(m made) { m.cloud(doc{"LastCloudBackupDate": float64(seconds(cloudAt)) + 0.5}) },
			health.Frozen{CloudBackup: health.Yes, LastCloudBackup: cloudAt.Add(time.Second / 2)}},
		"a day ahead": {func(m made) { m.cloud(doc{"LastCloudBackupDate": seconds(now.Add(23 * time.Hour))}) },
			health.Frozen{CloudBackup: health.Yes, LastCloudBackup: now.Add(23 * time.Hour)}},
		"more than a day ahead":         {func(m made) { m.cloud(doc{"LastCloudBackupDate": seconds(now.Add(25 * time.Hour))}) }, health.Frozen{CloudBackup: health.Yes}},
		"before there were phones":      {func(m made) { m.cloud(doc{"LastCloudBackupDate": seconds(earliest) - 1}) }, health.Frozen{CloudBackup: health.Yes}},
		"zero":                          {func(m made) { m.cloud(doc{"LastCloudBackupDate": 0}) }, health.Frozen{CloudBackup: health.Yes}},
		"less than nothing":             {func(m made) { m.cloud(doc{"LastCloudBackupDate": -1}) }, health.Frozen{CloudBackup: health.Yes}},
		"endless":                       {func(m made) { m.cloud(doc{"LastCloudBackupDate": math.MaxInt64}) }, health.Frozen{CloudBackup: health.Yes}},
		"an endless real":               {func(m made) { m.cloud(doc{"LastCloudBackupDate": 1e300}) }, health.Frozen{CloudBackup: health.Yes}},
		"a text for the date":           {func(m made) { m.cloud(doc{"LastCloudBackupDate": "816868800"}) }, health.Frozen{CloudBackup: health.Yes}},
		"a flag for the date":           {func(m made) { m.cloud(doc{"LastCloudBackupDate": true}) }, health.Frozen{CloudBackup: health.Yes}},
		"a collection for the date":     {func(m made) { m.cloud(doc{"LastCloudBackupDate": doc{"a": "b"}}) }, health.Frozen{CloudBackup: health.Yes}},
		"a number for the flag":         {func(m made) { m.cloud(doc{"CloudBackupEnabled": 1}) }, health.Frozen{LastCloudBackup: cloudAt}},
		"a text for the flag":           {func(m made) { m.cloud(doc{"CloudBackupEnabled": "true"}) }, health.Frozen{LastCloudBackup: cloudAt}},
		"of a phone without iCloud":     {func(m made) { m.cloud(doc{"LastCloudBackupDate": nil, "CloudBackupEnabled": nil}) }, health.Frozen{}},
		"a run above it that broke off": {func(m made) { m.status(doc{"SnapshotState": "uploading"}) }, full},
		"its status is lost":            {func(m made) { m.remove(statusName) }, full},
		"a first run":                   {func(m made) { m.status(doc{"SnapshotState": "uploading", "BackupState": "empty"}) }, health.Frozen{}},
		"being swapped in":              {func(m made) { m.status(doc{"SnapshotState": "moving"}) }, health.Frozen{}},
		"damaged":                       {func(m made) { m.remove(databaseName) }, health.Frozen{}},
		"encrypted":                     {func(m made) { m.manifest(nil); m.database("noise") }, health.Frozen{}},
		"a decrypted copy":              {func(m made) { m.manifest(nil) }, health.Frozen{}},
		"encrypted or not, who knows":   {func(m made) { m.manifest(doc{"IsEncrypted": nil}) }, health.Frozen{}},
		"before iOS 10, flat":           {func(m made) { m.flat() }, full},
		"before iOS 10, but in a folder": {func(m made) {
			m.flat()
			m.remove(cloudName)
			m.cloud(nil)
		}, health.Frozen{}},
	} {
		for encoding, encode := range encodings {
			t.Run(name+", "+encoding, func(t *testing.T) {
				root := t.TempDir()
				m := plain(t, root, modernUDID)
				m.encode = encode
				m.cloud(nil)
				c.change(m)
				m.rest()
				if diff := cmp.Diff(c.want, readOne(t, New(root, clock)).Frozen); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

// flat makes of it a backup of iOS 9.
func (m made) flat() {
	m.remove(databaseName)
	m.remove(cloudShard)
	m.put(oldDatabaseName, []byte("mbdb\x05\x00"), finishAt)
	m.put(cloudName, m.encode(cloudDoc()), finishAt)
}

// Whatever stands in the place of the file, it says nothing, and the backup is
// judged as if it were not there.
func TestHostileCloudFiles(t *testing.T) {
	hostiles := map[string]func(t *testing.T, m made){
		"missing":   func(_ *testing.T, m made) { m.remove(cloudPath) },
		"no folder": func(_ *testing.T, m made) { m.remove(cloudShard) },
		"a folder": func(_ *testing.T, m made) {
			m.remove(cloudPath)
			m.put(cloudPath+"/"+cloudName, binaryOf(cloudDoc()), finishAt)
		},
		"a file for 2f": func(_ *testing.T, m made) { m.remove(cloudShard); m.put(cloudShard, binaryOf(cloudDoc()), finishAt) },
		"just too large": func(_ *testing.T, m made) {
			m.put(cloudPath, append(xmlOf(cloudDoc()), make([]byte, maxCloud)...), finishAt)
		},
		"2^62 texts":            func(_ *testing.T, m made) { m.put(cloudPath, absurdCount(0x50, 1<<62), finishAt) },
		"a billion bytes":       func(_ *testing.T, m made) { m.put(cloudPath, absurdCount(0x40, 1<<30), finishAt) },
		"nested deeply":         func(_ *testing.T, m made) { m.put(cloudPath, wrapped(strings.Repeat("<array>", 8_000)), finishAt) },
		"nested deeply, binary": func(_ *testing.T, m made) { m.put(cloudPath, chain(5_000), finishAt) },
		"a hole of 1 GB": func(t *testing.T, m made) {
			if err := os.Truncate(filepath.Join(m.dir, cloudPath), 1<<30); err != nil {
				t.Fatal(err)
			}
		},
		"a link to a file": func(t *testing.T, m made) {
			elsewhere := filepath.Join(t.TempDir(), "x")
			rename(t, filepath.Join(m.dir, cloudPath), elsewhere)
			link(t, elsewhere, filepath.Join(m.dir, cloudPath))
		},
		"a link to a folder": func(t *testing.T, m made) {
			elsewhere := filepath.Join(t.TempDir(), "x")
			rename(t, filepath.Join(m.dir, cloudShard), elsewhere)
			link(t, elsewhere, filepath.Join(m.dir, cloudShard))
		},
		"a link to itself": func(t *testing.T, m made) {
			m.remove(cloudPath)
			link(t, cloudName, filepath.Join(m.dir, cloudPath))
		},
	}
	for name, input := range hostile() {
		if len(input.raw) < maxCloud {
			hostiles["holds "+name] = func(_ *testing.T, m made) { m.put(cloudPath, input.raw, finishAt) }
		}
	}
	for name, change := range hostiles {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			m := plain(t, root, modernUDID)
			want := readOne(t, New(root, clock))
			m.cloud(nil)
			change(t, m)
			m.rest()
			place := New(root, clock)
			for range 2 {
				if diff := cmp.Diff(want, readOne(t, place)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
		})
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// Every cut of the file says nothing, or what is in it.
func TestTruncatedCloudFile(t *testing.T) {
	for _, encode := range encodings {
		raw := encode(cloudDoc())
		whole, err := decode[cloudFile](bytes.Clone(raw))
		if err != nil {
			t.Fatal(err)
		}
		for n := range raw {
			got, err := decode[cloudFile](bytes.Clone(raw[:n]))
			if err == nil && got != whole && got.genuine() {
				t.Errorf("%d of %d bytes: %+v", n, len(raw), got)
			}
		}
	}
}

// An element that is none costs only itself.
func TestNumbersOfXML(t *testing.T) {
	for body, want := range map[string]time.Time{
		"<integer>816868800</integer>":            at("2026-11-20T12:00:00Z"),
		"<integer>816<!-- -->868800</integer>":    at("2026-11-20T12:00:00Z"),
		"<real>816868800.25</real>":               at("2026-11-20T12:00:00.25Z"),
		"<date>2026-11-20T12:00:00Z</date>":       at("2026-11-20T12:00:00Z"),
		"<integer>+816868800</integer>":           {},
		"<integer>x</integer>":                    {},
		"<integer></integer>":                     {},
		"<integer/>":                              {},
		"<real/>":                                 {},
		"<real>NaN</real>":                        {},
		"<real>-inf</real>":                       {},
		"<real>1e999</real>":                      {},
		"<integer>99999999999999999999</integer>": {},
		"<integer>18446744073709551615</integer>": {},
		"<integer>-9223372036854775808</integer>": {},
		"<integer><true/></integer>":              {},
	} {
		raw := wrapped("<dict><key>LastCloudBackupDate</key>" + body + "<key>CloudBackupEnabled</key><true/></dict>")
		got, err := decode[cloudFile](raw)
		if err != nil || got.Enabled != flag(health.Yes) || !time.Time(got.LastBackup).Equal(want) {
			t.Errorf("%s: %v, %s, %v", body, got.Enabled, time.Time(got.LastBackup), err)
		}
	}
}

// A number may have sixteen bytes in the binary format, and eight are a
// negative one.
func TestWideNumbers(t *testing.T) {
	for name, number := range map[string][]byte{
		"sixteen bytes": append([]byte{0x14}, bytes.Repeat([]byte{0xFF}, 16)...),
		"eight bytes":   binary.BigEndian.AppendUint64([]byte{0x13}, math.MaxUint64),
	} {
		raw := binaryWith(append([]byte{0x5F, 0x10, 19}, "LastCloudBackupDate"...), number, []byte{0xD1, 0, 1})
		if got, err := decode[cloudFile](raw); err != nil || got.LastBackup != (moment{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestFrozenOfSamples(t *testing.T) {
	for _, database := range []string{"", sample.MBDB} {
		folder := sample.Folder{UDID: modernUDID, Date: finishAt, Database: database, CloudBackup: sample.CloudOff, LastCloudBackup: cloudAt}
		root := t.TempDir()
		if _, err := folder.Write(root); err != nil {
			t.Fatal(err)
		}
		want := health.Frozen{CloudBackup: health.No, LastCloudBackup: cloudAt}
		if got := readOne(t, New(root, clock)); got.Frozen != want {
			t.Errorf("%q: %+v", database, got)
		}
	}
}

// While a backup is the same, nobody asks for the file; after the next one, or
// while it is missing, it is looked for.
func TestWhenTheCloudFileIsAskedFor(t *testing.T) {
	for name, c := range map[string]struct {
		change      func(m made)
		opens, more int // beside the four that a folder costs in any case
	}{
		"nothing changed": {func(made) {}, 0, 0},
		"another backup":  {func(m made) { m.touch(statusName, finishAt.Add(time.Hour)) }, 1, 2},
		"another in both": {func(m made) {
			m.touch(statusName, finishAt.Add(time.Hour))
			m.touch(cloudPath, finishAt.Add(time.Hour))
		}, 2, 2},
		"encrypted since":         {func(m made) { m.manifest(nil); m.touch(manifestName, finishAt); m.database("noise") }, 2, 0},
		"changed beside a backup": {func(m made) { m.cloud(doc{"CloudBackupEnabled": false}) }, 0, 0},
		"removed beside a backup": {func(m made) { m.remove(cloudPath) }, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			m := plain(t, root, modernUDID)
			m.cloud(nil)
			var u uses
			place := New(root, clock)
			place.disk = counted(place.disk, &u)
			readOne(t, place)
			c.change(m)
			m.rest()
			u = uses{}
			readOne(t, place)
			if u.open != c.opens || u.lstat-4 != c.more {
				t.Errorf("%+v, want %d opens and %d more lstats", u, c.opens, c.more)
			}
		})
	}
}

func TestALateCloudFileIsFound(t *testing.T) {
	root := t.TempDir()
	m := plain(t, root, modernUDID)
	place := New(root, clock)
	if got := readOne(t, place).Frozen; got != (health.Frozen{}) {
		t.Errorf("got %+v", got)
	}
	m.cloud(nil) // somebody copies the folder, in the order of the names
	if got := readOne(t, place).Frozen; got.CloudBackup != health.Yes {
		t.Errorf("got %+v", got)
	}
}

func TestARefusedCloudFileIsTriedAgain(t *testing.T) {
	root := t.TempDir()
	plain(t, root, modernUDID).cloud(nil)
	place, refuse := New(root, clock), true
	place.disk = faulty(place.disk, func(path string) error {
		if refuse && filepath.Base(path) == cloudName {
			return &os.PathError{Op: "open", Path: path, Err: syscall.EIO}
		}
		return nil
	})
	if got := readOne(t, place); got.Phase != health.PhaseComplete || got.Frozen != (health.Frozen{}) {
		t.Errorf("got %+v", got)
	}
	refuse = false
	if got := readOne(t, place).Frozen; got.CloudBackup != health.Yes {
		t.Errorf("got %+v", got)
	}
}

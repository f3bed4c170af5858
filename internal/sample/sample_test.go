package sample

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

const udid = "00008140-FACE0000000000AA"

func write(t *testing.T, f Folder) string {
	t.Helper()
	path, err := f.Write(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	stat, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return stat.Size()
}

// tree lists what lies under a folder, with sizes and times.
func tree(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		stat, err := os.Lstat(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		found[filepath.ToSlash(name)] = stat.ModTime().UTC().Format(time.RFC3339)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// tool finds a program that checks our files and is not ours. Where CI runs,
// one that is needed may not be missing.
func tool(t *testing.T, name, from string, needed bool) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if needed && os.Getenv("CI") == "true" && runtime.GOOS == "linux" {
			t.Fatalf("%s is needed here (%s)", name, from)
		}
		t.Skipf("not checked by another's parser: %s is missing (%s)", name, from)
	}
	return path
}

// foreign gives a plist as XML, in the reading of libplist. It goes there by
// way of binary: XML that is to become XML is not read at all.
func foreign(t *testing.T, path string) string {
	t.Helper()
	plistutil := tool(t, "plistutil", "Debian: libplist-utils", true)
	binary := filepath.Join(t.TempDir(), "binary.plist")
	if out, err := exec.Command(plistutil, "-i", path, "-o", binary, "-f", "bin").CombinedOutput(); err != nil {
		t.Fatalf("%s: %v %s", path, err, out)
	}
	out, err := exec.Command(plistutil, "-i", binary, "-f", "xml").Output()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

func TestPlistsInTheReadingOfLibplist(t *testing.T) {
	path := write(t, Folder{
		UDID: udid, Name: `Ünal's & "Ωmega" <iPhone> 日本`, ProductType: "iPhone17,1", ProductName: "iPhone 16 Pro", OSVersion: "26.1",
		Date: noon, Encrypted: true, Artwork: 20_000,
	})
	name := "Ünal's &amp; \"Ωmega\" &lt;iPhone&gt; 日本"
	for file, wants := range map[string][]string{
		"Status.plist": {
			"<key>BackupState</key> <string>new</string>",
			"<key>SnapshotState</key> <string>finished</string>",
			"<key>Date</key> <date>2026-11-20T12:00:00Z</date>",
			"<key>IsFullBackup</key> <false/>",
			"<key>Version</key> <string>3.3</string>",
		},
		"Manifest.plist": {
			"<key>IsEncrypted</key> <true/>",
			"<key>Date</key> <date>2026-11-20T11:59:53Z</date>",
			"<key>DeviceName</key> <string>" + name + "</string>",
			"<key>ProductType</key> <string>iPhone17,1</string>",
			"<key>ProductVersion</key> <string>26.1</string>",
			"<key>UniqueDeviceID</key> <string>" + udid + "</string>",
			"<key>ManifestKey</key> <data> BAAAA",
		},
		"Info.plist": {
			"<key>Device Name</key> <string>" + name + "</string>",
			"<key>Last Backup Date</key> <date>2026-11-20T11:59:53Z</date>",
			"<key>Product Name</key> <string>iPhone 16 Pro</string>",
			"<key>Product Type</key> <string>iPhone17,1</string>",
			"<key>Target Identifier</key> <string>" + udid + "</string>",
			"<key>Unique Identifier</key> <string>" + udid + "</string>",
			"<key>com.example.app0002</key>",
		},
	} {
		t.Run(file, func(t *testing.T) {
			got := foreign(t, filepath.Join(path, file))
			for _, want := range wants {
				if !strings.Contains(got, want) {
					t.Errorf("lacks %s: …%s", want, got[max(0, len(got)-1500):])
				}
			}
		})
	}
}

func TestForeignNamesDoNotBreakThePlists(t *testing.T) {
	for _, name := range []string{
		`"; rm -rf ~ $(id) %s %n`, "</string></dict><!--", "_&_ && <b>bold</b>", "a\u200db\u00a0c\u202eD", "nul\x00bell\x07", "bad\xff\xfe",
		strings.Repeat("å", 5000), "\U0001F469\u200D\U0001F469\u200D\U0001F467", "]]>", " ",
	} {
		path := write(t, Folder{UDID: udid, Name: name, Date: noon})
		for _, file := range []string{"Status.plist", "Info.plist", "Manifest.plist"} {
			if got := foreign(t, filepath.Join(path, file)); !strings.HasSuffix(got, "</plist>") {
				t.Errorf("%.20q in %s: …%s", name, file, got[max(0, len(got)-300):])
			}
		}
	}
}

func TestFilesHaveTheFormOfRealOnes(t *testing.T) {
	path := write(t, Folder{UDID: udid, Date: noon})
	if got := size(t, filepath.Join(path, "Status.plist")); got != 189 {
		t.Errorf("Status.plist has %d bytes, every real one has 189", got)
	}
	for file, magic := range map[string]string{
		"Status.plist":   "bplist00",
		"Manifest.plist": "bplist00",
		"Info.plist":     `<?xml version="1.0" encoding="UTF-8"?>`,
		"Manifest.db":    "SQLite format 3\x00",
	} {
		data, err := os.ReadFile(filepath.Join(path, file))
		if err != nil || !bytes.HasPrefix(data, []byte(magic)) {
			t.Errorf("%s begins with %.40q, want %q (%v)", file, data, magic, err)
		}
	}
}

func TestManifestDatabaseIsOneForSQLite(t *testing.T) {
	sqlite := tool(t, "sqlite3", "Debian: sqlite3", false)
	path := filepath.Join(write(t, Folder{UDID: udid, Date: noon}), "Manifest.db")
	out, err := exec.Command(sqlite, "file:"+path+"?mode=ro&immutable=1",
		"PRAGMA integrity_check; PRAGMA page_size; PRAGMA page_count; PRAGMA user_version;").CombinedOutput()
	if got := strings.Fields(string(out)); err != nil || !cmp.Equal(got, []string{"ok", "4096", "1", "2"}) {
		t.Errorf("%v %s", err, out)
	}
}

func TestDatabases(t *testing.T) {
	for name, c := range map[string]struct {
		folder Folder
		file   string
		size   int64
		sqlite bool
	}{
		"an unencrypted one is SQLite":            {Folder{}, "Manifest.db", 4096, true},
		"an encrypted one is noise of whole AES":  {Folder{Encrypted: true}, "Manifest.db", 8208, false},
		"a decrypted copy is SQLite":              {Folder{Encrypted: true, Database: SQLite}, "Manifest.db", 4096, true},
		"an unencrypted one may be broken":        {Folder{Database: Noise}, "Manifest.db", 8208, false},
		"one of old has another name":             {Folder{Database: MBDB}, "Manifest.mbdb", 73, false},
		"one of old is the same when encrypted":   {Folder{Database: MBDB, Encrypted: true}, "Manifest.mbdb", 73, false},
		"an empty one is empty":                   {Folder{EmptyDatabase: true}, "Manifest.db", 0, false},
		"an empty one of old is empty":            {Folder{EmptyDatabase: true, Database: MBDB}, "Manifest.mbdb", 0, false},
		"one beneath a run that broke off stands": {Folder{Status: Uploading}, "Manifest.db", 4096, true},
	} {
		t.Run(name, func(t *testing.T) {
			c.folder.UDID, c.folder.Date = udid, noon
			data, err := os.ReadFile(filepath.Join(write(t, c.folder), c.file))
			if err != nil {
				t.Fatal(err)
			}
			if int64(len(data)) != c.size || bytes.HasPrefix(data, []byte("SQLite format 3")) != c.sqlite {
				t.Errorf("%d bytes, %.20q", len(data), data)
			}
		})
	}
}

func TestMissingAndEmptyFiles(t *testing.T) {
	for name, c := range map[string]struct {
		folder Folder
		gone   []string
		empty  []string
	}{
		"no files at all":        {Folder{Status: NoStatus, NoInfo: true, NoManifest: true, NoDatabase: true}, []string{"Status.plist", "Info.plist", "Manifest.plist", "Manifest.db", "Snapshot"}, nil},
		"empty files":            {Folder{Status: EmptyStatus, EmptyInfo: true, EmptyManifest: true, EmptyDatabase: true}, nil, []string{"Status.plist", "Info.plist", "Manifest.plist", "Manifest.db"}},
		"a first run":            {Folder{Status: Uploading, BackupState: "empty"}, []string{"Manifest.plist", "Manifest.db"}, nil},
		"a finished placeholder": {Folder{BackupState: "empty", EmptyManifest: true, NoInfoDate: true}, []string{"Manifest.db", "Snapshot"}, []string{"Manifest.plist"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.folder.UDID, c.folder.Date = udid, noon
			path := write(t, c.folder)
			for _, file := range c.gone {
				if _, err := os.Lstat(filepath.Join(path, file)); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("%s is there (%v)", file, err)
				}
			}
			for _, file := range c.empty {
				if got := size(t, filepath.Join(path, file)); got != 0 {
					t.Errorf("%s has %d bytes", file, got)
				}
			}
		})
	}
}

func TestStatusHoldsTheState(t *testing.T) {
	for name, c := range map[string]struct {
		folder Folder
		want   string
	}{
		"a word that nobody knows is written as it stands": {Folder{Status: "dreaming"}, "<key>SnapshotState</key> <string>dreaming</string>"},
		"a first run is a full one":                        {Folder{Status: Uploading, BackupState: "empty"}, "<key>IsFullBackup</key> <true/>"},
		"an old format has an old version":                 {Folder{Database: MBDB}, "<key>Version</key> <string>2.4</string>"},
	} {
		t.Run(name, func(t *testing.T) {
			c.folder.UDID, c.folder.Date = udid, noon
			if got := foreign(t, filepath.Join(write(t, c.folder), "Status.plist")); !strings.Contains(got, c.want) {
				t.Errorf("lacks %s: %s", c.want, got)
			}
		})
	}
	undated := foreign(t, filepath.Join(write(t, Folder{UDID: udid, ManifestDate: noon}), "Status.plist"))
	if strings.Contains(undated, "Date") {
		t.Errorf("a folder without a date has one: %s", undated)
	}
}

func TestFileTimesTellTheStory(t *testing.T) {
	const start, active = "2026-11-20T12:00:00Z", "2026-11-20T12:40:00Z"
	for name, c := range map[string]struct {
		folder Folder
		want   map[string]string
	}{
		"a finished backup": {Folder{}, map[string]string{
			".": start, "Status.plist": start, "Manifest.plist": "2026-11-20T11:59:53Z", "Manifest.db": "2026-11-20T11:59:53Z",
			"Info.plist": "2026-11-20T12:02:23Z"}},
		"a run over an older backup": {Folder{Status: Uploading, ActiveAt: noon.Add(40 * time.Minute)}, map[string]string{
			".": start, "Status.plist": start, "Manifest.plist": "2026-11-19T12:00:00Z", "Manifest.db": "2026-11-19T12:00:00Z",
			"Info.plist": "2026-11-19T12:02:30Z", "Snapshot": active}},
		"a first run": {Folder{Status: Uploading, BackupState: "empty", ActiveAt: noon.Add(40 * time.Minute), Prefixes: true}, map[string]string{
			".": start, "Status.plist": start, "Info.plist": "2026-11-20T11:59:00Z", "Snapshot": active}},
		"a run that never began": {Folder{InfoAt: noon.Add(48 * time.Hour)}, map[string]string{
			"Status.plist": start, "Info.plist": "2026-11-22T12:00:00Z"}},
		"a copy": {Folder{StatusAt: noon.Add(time.Hour)}, map[string]string{
			".": "2026-11-20T13:00:00Z", "Status.plist": "2026-11-20T13:00:00Z"}},
		"something stirs in a finished one": {Folder{ActiveAt: noon.Add(40 * time.Minute)}, map[string]string{
			".": active, "Status.plist": start}},
	} {
		t.Run(name, func(t *testing.T) {
			c.folder.UDID, c.folder.Date = udid, noon
			got := tree(t, write(t, c.folder))
			for file, want := range c.want {
				if got[file] != want {
					t.Errorf("%s is of %s, want %s", file, got[file], want)
				}
			}
			for file, at := range got {
				if at > "2026-11-23" {
					t.Errorf("%s is of now (%s), not of the story", file, at)
				}
				if want := c.want["Snapshot"]; strings.HasPrefix(file, "Snapshot") && at != want {
					t.Errorf("%s is of %s, want %s", file, at, want)
				}
			}
		})
	}
}

func TestAllPrefixFolders(t *testing.T) {
	got := tree(t, write(t, Folder{UDID: udid, Date: noon, Status: Uploading, Prefixes: true}))
	for _, folder := range []string{"00", "7f", "ff", "Snapshot/00", "Snapshot/ff"} {
		if _, ok := got[folder]; !ok {
			t.Errorf("%s is missing", folder)
		}
	}
}

func TestArtworkMakesInfoLarge(t *testing.T) {
	got := size(t, filepath.Join(write(t, Folder{UDID: udid, Date: noon, Artwork: 3_000_000}), "Info.plist"))
	if got < 4_000_000 || got > 4_500_000 {
		t.Errorf("Info.plist has %d bytes", got)
	}
}

func TestArchivesAreNamedByTheirTime(t *testing.T) {
	path := write(t, Folder{UDID: udid, Date: noon, Archive: noon})
	if got := filepath.Base(path); got != udid+"-20261120-120000" {
		t.Errorf("named %s", got)
	}
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	folder := Folder{UDID: udid, Name: "Ada", Date: noon, Encrypted: true, Status: Uploading, Artwork: 30_000}
	first, err := folder.entries()
	if err != nil {
		t.Fatal(err)
	}
	second, err := folder.entries()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second, cmp.AllowUnexported(entry{})); diff != "" {
		t.Error(diff)
	}
}

func TestSecretsAreInTheFolder(t *testing.T) {
	folder := Folder{UDID: udid, ProductType: "iPhone17,1", Date: noon}
	data, err := os.ReadFile(filepath.Join(write(t, folder), "Info.plist"))
	if err != nil {
		t.Fatal(err)
	}
	secrets := folder.Secrets()
	if len(secrets) != 6 {
		t.Errorf("%d secrets", len(secrets))
	}
	for _, secret := range secrets {
		if secret != strings.ToLower(udid) && !bytes.Contains(data, []byte(secret)) {
			t.Errorf("%s is not in Info.plist", secret)
		}
	}
}

func TestWriteNeverLeavesItsRoot(t *testing.T) {
	outside := t.TempDir()
	root := filepath.Join(outside, "root")
	for _, hostile := range []string{
		"", ".", "..", "../" + udid, "../../etc", "/etc", outside, udid + "/..", udid + "/../..", `..\` + udid, `C:\` + udid,
		udid + "\x00", udid + "\n", "\n" + udid, udid + "-20261120-120000", "con", strings.Repeat("a", 39), strings.Repeat("a", 41),
		strings.Repeat("g", 40), strings.Repeat("٠", 40), strings.Repeat("a", 16) + "-" + strings.Repeat("b", 8),
	} {
		path, err := Folder{UDID: hostile, Date: noon}.Write(root)
		if err == nil || path != "" {
			t.Errorf("%q was written to %q", hostile, path)
		}
	}
	if got := tree(t, outside); len(got) != 1 {
		t.Errorf("something was written: %v", got)
	}
}

func TestWriteDoesNotFollowALinkOutOfItsRoot(t *testing.T) {
	root, outside := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(root, udid)); err != nil {
		t.Skipf("no links here: %v", err)
	}
	if _, err := (Folder{UDID: udid, Date: noon}).Write(root); err == nil {
		t.Error("wrote through a link")
	}
	if got := tree(t, outside); len(got) != 1 {
		t.Errorf("something was written outside: %v", got)
	}
}

func TestWriteLeavesAloneWhatIsThere(t *testing.T) {
	root := t.TempDir()
	if _, err := (Folder{UDID: udid, Date: noon}).Write(root); err != nil {
		t.Fatal(err)
	}
	before := tree(t, root)
	if _, err := (Folder{UDID: udid, Date: noon.Add(time.Hour)}).Write(root); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over another backup: %v", err)
	}
	if diff := cmp.Diff(before, tree(t, root)); diff != "" {
		t.Error(diff)
	}
}

func TestAnAbsentDriveIsALinkThatLeadsNowhere(t *testing.T) {
	folder := Folder{UDID: udid, Date: noon, Absent: true}
	path, err := folder.Write(t.TempDir())
	if err != nil {
		t.Skipf("no links here: %v", err)
	}
	if stat, err := os.Lstat(path); err != nil || stat.Mode().Type() != fs.ModeSymlink {
		t.Errorf("not a link: %v %v", stat, err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it leads somewhere: %v", err)
	}
}

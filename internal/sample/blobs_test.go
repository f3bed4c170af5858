package sample

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The name under which public tools find the file in a backup.
const cloudName = "2f771621fd3c627d0db75fe173f3dae8ce50e98b"

func TestCloudFileInTheReadingOfLibplist(t *testing.T) {
	for name, c := range map[string]struct {
		folder Folder
		at     string
		want   string
	}{
		"on, with a date": {Folder{CloudBackup: CloudOn, LastCloudBackup: noon}, "2f/" + cloudName,
			"<key>CloudBackupEnabled</key> <true/> <key>LastCloudBackupDate</key> <integer>816868800</integer>"},
		"off":                 {Folder{CloudBackup: CloudOff}, "2f/" + cloudName, "<key>CloudBackupEnabled</key> <false/>"},
		"before iOS 10, flat": {Folder{CloudBackup: CloudOff, Database: MBDB}, cloudName, "<key>CloudBackupEnabled</key> <false/>"},
	} {
		t.Run(name, func(t *testing.T) {
			c.folder.UDID, c.folder.Date = udid, noon
			got := foreign(t, filepath.Join(write(t, c.folder), c.at))
			if !strings.Contains(got, c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestCloudFileIsWrittenOnlyByWhomItIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		folder Folder
		there  bool
	}{
		"nothing said": {Folder{}, false},
		"a first run":  {Folder{CloudBackup: CloudOn, Status: Uploading, BackupState: "empty"}, false},
		"a later run":  {Folder{CloudBackup: CloudOn, Status: Uploading}, true},
		"encrypted":    {Folder{CloudBackup: CloudOn, Encrypted: true}, true},
	} {
		c.folder.UDID, c.folder.Date = udid, noon
		data, err := os.ReadFile(filepath.Join(write(t, c.folder), "2f", cloudName))
		if (err == nil) != c.there {
			t.Errorf("%s: %v", name, err)
		}
		if isPlist := strings.HasPrefix(string(data), "bplist"); isPlist != (c.there && !c.folder.Encrypted) {
			t.Errorf("%s: begins with %.8q", name, data)
		}
	}
}

func TestBlobsClaimTheirSizes(t *testing.T) {
	sum := func(f Folder) (bytes int64, files int) {
		f.UDID, f.Date = udid, noon
		root := write(t, f)
		for name := range tree(t, root) {
			info, err := os.Lstat(filepath.Join(root, name))
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().IsRegular() {
				bytes, files = bytes+info.Size(), files+1
			}
		}
		return bytes, files
	}
	bare, few := sum(Folder{})
	got, more := sum(Folder{Blobs: []int64{0, 5, 3 << 30}})
	if got-bare != 5+(3<<30) || more-few != 3 {
		t.Errorf("%d bytes in %d files more", got-bare, more-few)
	}
}

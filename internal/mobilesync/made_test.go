package mobilesync

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"howett.net/plist"

	"ninelives/internal/health"
)

// The fixtures are made here, in two ways that know nothing of each other:
// XML as text by hand, and binary by the encoder of the plist library.

const (
	modernUDID = "00008110-000A1C2E3F40801E"
	oldUDID    = "0123456789abcdef0123456789abcdef01234567"
	dashless   = "00008110000A1C2E3F40801E"
)

var (
	now      = at("2026-11-20T10:00:00Z")
	finishAt = at("2026-11-18T21:30:00Z")
	beganAt  = at("2026-11-18T20:00:00Z")
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func clock() time.Time { return now }

// doc is a property list to be made.
type doc map[string]any

func xmlOf(d doc) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">` + "\n" +
		`<plist version="1.0">` + "\n")
	writeXML(&b, d)
	b.WriteString("\n</plist>\n")
	return []byte(b.String())
}

func writeXML(b *strings.Builder, v any) {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	switch v := v.(type) {
	case doc:
		b.WriteString("<dict>")
		for k, v := range v {
			fmt.Fprintf(b, "\n\t<key>%s</key>\n\t", escape.Replace(k))
			writeXML(b, v)
		}
		b.WriteString("\n</dict>")
	case []string:
		b.WriteString("<array>")
		for _, s := range v {
			writeXML(b, s)
		}
		b.WriteString("</array>")
	case string:
		fmt.Fprintf(b, "<string>%s</string>", escape.Replace(v))
	case bool:
		fmt.Fprintf(b, "<%t/>", v)
	case int:
		fmt.Fprintf(b, "<integer>%d</integer>", v)
	case float64:
		fmt.Fprintf(b, "<real>%g</real>", v)
	case time.Time:
		fmt.Fprintf(b, "<date>%s</date>", v.UTC().Format("2006-01-02T15:04:05Z"))
	case []byte:
		fmt.Fprintf(b, "<data>\n%s\n</data>", base64.StdEncoding.EncodeToString(v))
	default:
		panic(fmt.Sprintf("no XML for %T", v))
	}
}

func binaryOf(d doc) []byte {
	raw, err := plist.Marshal(d, plist.BinaryFormat)
	if err != nil {
		panic(err)
	}
	return raw
}

// encodings are the ways in which a property list may be written.
var encodings = map[string]func(doc) []byte{"XML": xmlOf, "binary": binaryOf}

func statusDoc() doc {
	return doc{
		"BackupState": "new", "SnapshotState": "finished", "Date": finishAt, "IsFullBackup": false,
		"UUID": "5A0F8C52-0000-4000-8000-3B9D5B6F0001", "Version": "3.3",
	}
}

func manifestDoc() doc {
	return doc{
		"IsEncrypted": true, "Date": finishAt.Add(-7 * time.Second), "Version": "10.0", "SystemDomainsVersion": "24.0",
		"WasPasscodeSet": true, "BackupKeyBag": []byte("bag"),
		"Lockdown": doc{
			"DeviceName": "Anna's iPhone", "ProductType": "iPhone14,5", "ProductVersion": "18.1", "BuildVersion": "22B83",
			"SerialNumber": "F0SERIAL", "UniqueDeviceID": modernUDID,
		},
		"Applications": doc{"com.example.notes": doc{"CFBundleVersion": "7"}},
	}
}

func infoDoc() doc {
	return doc{
		"Device Name": "Anna's iPhone", "Display Name": "Anna's iPhone", "Product Type": "iPhone14,5", "Product Version": "18.1",
		"Target Identifier": modernUDID, "Unique Identifier": strings.ToUpper(modernUDID), "Target Type": "Device",
		"Last Backup Date": finishAt.Add(2 * time.Minute), "IMEI": "350000000000001", "Serial Number": "F0SERIAL",
		"Applications":           doc{"com.example.notes": doc{"PlaceholderIcon": []byte("picture")}},
		"Installed Applications": []string{"com.example.notes"},
	}
}

const sqliteHead = "SQLite format 3\x00"

// made is a device folder in the making.
type made struct {
	t      testing.TB
	dir    string
	encode func(doc) []byte
}

// put writes a file whose time is that of a change at "when".
func (m made) put(name string, content []byte, when time.Time) {
	m.t.Helper()
	path := filepath.Join(m.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		m.t.Fatal(err)
	}
	m.touch(name, when)
}

func (m made) touch(name string, when time.Time) {
	m.t.Helper()
	if err := os.Chtimes(filepath.Join(m.dir, name), when, when); err != nil {
		m.t.Fatal(err)
	}
}

func (m made) remove(name string) {
	m.t.Helper()
	if err := os.RemoveAll(filepath.Join(m.dir, name)); err != nil {
		m.t.Fatal(err)
	}
}

// status, manifest and info write the usual file, changed.
func (m made) status(changes doc) {
	m.put(statusName, m.encode(changed(statusDoc(), changes)), finishAt)
}
func (m made) manifest(changes doc) {
	m.put(manifestName, m.encode(changed(manifestDoc(), changes)), finishAt.Add(-7*time.Second))
}
func (m made) info(changes doc) {
	m.put(infoName, m.encode(changed(infoDoc(), changes)), finishAt.Add(3*time.Minute))
}
func (m made) database(content string) {
	m.put(databaseName, []byte(content), finishAt.Add(-5*time.Second))
}

// changed lays changes over d; nil takes a key away.
func changed(d, changes doc) doc {
	for k, v := range changes {
		if v == nil {
			delete(d, k)
		} else {
			d[k] = v
		}
	}
	return d
}

// complete makes the folder of a complete, encrypted backup of finishAt.
func complete(t testing.TB, root, name string, encode func(doc) []byte) made {
	t.Helper()
	m := made{t, filepath.Join(root, name), encode}
	m.status(nil)
	m.manifest(nil)
	m.info(nil)
	m.database("not the head of a database, as it is encrypted")
	m.put("ab/abcdef", []byte("blob"), beganAt)
	m.rest()
	return m
}

// rest gives the folders old times, so that nothing looks like being written.
func (m made) rest() {
	m.touch(".", beganAt)
}

// read reads a place and wants no error.
func read(t testing.TB, p *Place) []health.Backup {
	t.Helper()
	backups, err := p.Read(t.Context())
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	return backups
}

// readOne reads a place that holds one backup.
func readOne(t testing.TB, p *Place) health.Backup {
	t.Helper()
	backups := read(t, p)
	if len(backups) != 1 {
		t.Fatalf("got %d backups, want one: %+v", len(backups), backups)
	}
	return backups[0]
}

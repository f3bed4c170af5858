package sample

import (
	"fmt"
	"strings"
	"time"

	"howett.net/plist"
)

// dict is a property list's dictionary; its keys are written in order.
type dict map[string]any

// status is Status.plist, which the device writes.
func (f Folder) status() ([]entry, error) {
	file := entry{name: "Status.plist", at: f.StatusAt}
	switch f.Status {
	case NoStatus:
		return nil, nil
	case EmptyStatus:
		return []entry{file}, nil
	case GarbageStatus:
		file.data = noise(f.UDID+"status", 189)
		return []entry{file}, nil
	}
	content := dict{
		"UUID":          f.uuid(),
		"BackupState":   f.BackupState,
		"SnapshotState": f.Status,
		"IsFullBackup":  f.Status != Finished && f.firstRun(),
		"Version":       f.version("3.3", "2.4"),
	}
	if !f.Date.IsZero() {
		content["Date"] = f.Date
	}
	return file.plist(content, plist.BinaryFormat)
}

// version gives the version of a format: since iOS 10, or before.
func (f Folder) version(since10, before string) string {
	if f.Database == MBDB {
		return before
	}
	return since10
}

// info is Info.plist, which the host writes: Finder, iTunes, idevicebackup2.
func (f Folder) info() ([]entry, error) {
	file := entry{name: "Info.plist", at: f.InfoAt}
	switch {
	case f.NoInfo:
		return nil, nil
	case f.EmptyInfo:
		return []entry{file}, nil
	case f.GarbageInfo:
		file.data = noise(f.UDID+"info", 4096)
		return []entry{file}, nil
	}
	content := dict{
		"Applications":           f.applications(),
		"Build Version":          "99Z999",
		"Device Name":            f.Name,
		"Display Name":           f.Name,
		"GUID":                   strings.ToUpper(fmt.Sprintf("%x", noise(f.UDID+"guid", 16))),
		"Installed Applications": []string{"com.example.diary", "com.example.weather"},
		"Product Type":           f.ProductType,
		"Product Version":        f.OSVersion,
		"Serial Number":          f.serial(),
		"Target Identifier":      f.UDID,
		"Target Type":            "Device",
		"Unique Identifier":      strings.ToUpper(f.UDID),
		"iTunes Version":         "12.13.0",
	}
	if f.ProductName != "" {
		content["Product Name"] = f.ProductName
	}
	if !f.NoInfoDate {
		content["Last Backup Date"] = f.InfoDate.Truncate(time.Second)
	}
	if f.isPhone() {
		content["IMEI"], content["Phone Number"] = f.imei(), f.phoneNumber()
	}
	return file.plist(content, plist.XMLFormat)
}

// iconSize is about what a real app's icon has.
const iconSize = 9000

// applications holds the icons that make a real Info.plist large.
func (f Folder) applications() dict {
	apps := dict{}
	for left, n := f.Artwork, 0; left > 0; left, n = left-iconSize, n+1 {
		id := fmt.Sprintf("com.example.app%04d", n)
		apps[id] = dict{
			"ApplicationSINF": noise(id+"sinf", 64),
			"PlaceholderIcon": noise(id, min(left, iconSize)),
			"iTunesMetadata":  noise(id+"metadata", 256),
		}
	}
	return apps
}

// manifest is Manifest.plist, which the device writes near the end; there is
// none before the first run is complete.
func (f Folder) manifest() ([]entry, error) {
	file := entry{name: "Manifest.plist", at: f.ManifestDate}
	switch {
	case f.NoManifest:
		return nil, nil
	case f.EmptyManifest:
		return []entry{file}, nil
	case f.firstRun():
		return nil, nil
	case f.GarbageManifest:
		file.data = noise(f.UDID+"manifest", 4096)
		return []entry{file}, nil
	}
	content := dict{
		"Applications":         dict{"com.example.diary": dict{"CFBundleIdentifier": "com.example.diary", "CFBundleVersion": "1"}},
		"BackupKeyBag":         noise(f.UDID+"keybag", 1388),
		"Date":                 f.ManifestDate,
		"IsEncrypted":          f.Encrypted,
		"SystemDomainsVersion": "24.0",
		"Version":              f.version("10.0", "9.1"),
		"WasPasscodeSet":       true,
		"Lockdown": dict{
			"BuildVersion":   "99Z999",
			"DeviceName":     f.Name,
			"ProductType":    f.ProductType,
			"ProductVersion": f.OSVersion,
			"SerialNumber":   f.serial(),
			"UniqueDeviceID": f.UDID,
		},
	}
	if f.Encrypted {
		content["ManifestKey"] = append([]byte{4, 0, 0, 0}, noise(f.UDID+"key", 40)...)
	}
	return file.plist(content, plist.BinaryFormat)
}

// plist gives the file with its content.
func (e entry) plist(content dict, format int) ([]entry, error) {
	var err error
	if format == plist.XMLFormat {
		e.data, err = plist.MarshalIndent(content, format, "\t")
	} else {
		e.data, err = plist.Marshal(content, format)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.name, err)
	}
	return []entry{e}, nil
}

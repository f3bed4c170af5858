package mobilesync

import "ninelives/internal/health"

// The files of a device folder that are looked at.
const (
	statusName      = "Status.plist"   // written by the device at each step of a run
	manifestName    = "Manifest.plist" // written by the device near the end of a run
	infoName        = "Info.plist"     // written by the host, before or after a run
	databaseName    = "Manifest.db"
	oldDatabaseName = "Manifest.mbdb" // before iOS 10
	snapshotName    = "Snapshot"      // what a run has brought so far
)

// statusFile is what we need of a Status.plist. Date is the device's time when
// this very file was written.
type statusFile struct {
	SnapshotState text `plist:"SnapshotState"`
	BackupState   text `plist:"BackupState"`
	Date          date `plist:"Date"`
	IsFullBackup  flag `plist:"IsFullBackup"`
}

func (f statusFile) genuine() bool { return f.SnapshotState != "" }
func (statusFile) needs() needs    { return needs{levels: 3} }

// The states of a run.
const (
	uploading = "uploading"
	moving    = "moving"
	removing  = "removing"
	finished  = "finished"
)

// manifestFile is what we need of a Manifest.plist. Date is some seconds
// before the end of the run. The marks only tell whether it is a genuine one.
type manifestFile struct {
	Date        date     `plist:"Date"`
	IsEncrypted flag     `plist:"IsEncrypted"`
	Lockdown    lockdown `plist:"Lockdown"`

	Version              mark `plist:"Version"`
	SystemDomainsVersion mark `plist:"SystemDomainsVersion"`
	WasPasscodeSet       mark `plist:"WasPasscodeSet"`
	Applications         mark `plist:"Applications"`
	BackupKeyBag         mark `plist:"BackupKeyBag"`
	ManifestKey          mark `plist:"ManifestKey"`
}

func (f manifestFile) genuine() bool {
	marked := f.Version || f.SystemDomainsVersion || f.WasPasscodeSet || f.Applications || f.BackupKeyBag || f.ManifestKey
	return bool(marked) || f.Lockdown.there || f.Date != date{} || f.IsEncrypted != ""
}

func (manifestFile) needs() needs { return needs{levels: 4} } // Lockdown has values of its own

// lockdown is what the device said of itself at that backup.
type lockdown struct {
	there    bool
	identity lockdownIdentity
}

type lockdownIdentity struct {
	Name    text `plist:"DeviceName"`
	Type    text `plist:"ProductType"`
	Version text `plist:"ProductVersion"`
	UDID    text `plist:"UniqueDeviceID"`
}

// UnmarshalPlist takes a dictionary.
func (l *lockdown) UnmarshalPlist(decode func(any) error) error {
	var identity lockdownIdentity
	if decode(&identity) == nil {
		l.there, l.identity = true, identity
	}
	return nil
}

// infoFile is what we need of an Info.plist. Some tools leave the blanks out
// of the keys.
type infoFile struct {
	Name       text `plist:"Device Name"`
	Name2      text `plist:"DeviceName"`
	Name3      text `plist:"Display Name"`
	Type       text `plist:"Product Type"`
	Type2      text `plist:"ProductType"`
	Version    text `plist:"Product Version"`
	Version2   text `plist:"ProductVersion"`
	Target     text `plist:"Target Identifier"`
	Unique     text `plist:"Unique Identifier"`
	LastBackup date `plist:"Last Backup Date"`
}

func (infoFile) genuine() bool { return true }
func (infoFile) needs() needs  { return needs{levels: 3} }

// database is what the first bytes of a Manifest.db say.
type database struct {
	SQLite health.Answer // of a Manifest.mbdb: don't know
}

package health

import "time"

// Facts is everything the judge may know: one reading per source. A source
// that does not exist (yet) is the zero reading and proves nothing.
type Facts struct {
	Host     Host
	Backups  []Reading[[]Backup] // one per place where this computer keeps backups
	Resting  []Reading[[]Backup] // places that the settings do not name now; not judged, kept in case they come back
	Feed     Reading[Feed]       // Apple's system status
	Phones   Reading[[]Phone]    // the paired phones themselves, those that are away too
	Quota    Reading[Quota]      // iCloud space of this computer's account
	Volumes  Reading[[]Volume]   // the room on the disks that hold the backups
	Releases Reading[[]Release]  // the iOS versions on offer
	Trials   map[string][]Trial  // what people tried, by device ID; kept until a newer backup is proven
}

// Trial is a fix that somebody carried out on a device.
type Trial struct {
	Fix    Code
	At     time.Time
	Failed bool // they said that it did not help; else it was done, and no new backup has shown yet
}

// Host is what is known of the computer that runs the program.
type Host struct {
	OS     string // as in runtime.GOOS; chooses the words of a remedy
	Online Answer // whether it has a network at all
}

// Reading is what a source said, when, and what went wrong last. A failed try
// keeps the last good value and its time.
type Reading[T any] struct {
	Value   T
	Where   string    // the folder, address or command that was read
	GoodAt  time.Time // when Value was read; zero: never
	TriedAt time.Time // the last try, good or not
	Trouble Trouble   // what went wrong at the last try
	Detail  string    // its cause for the curious: an error's text, never a payload
}

// Known reports whether there ever was a good reading.
func (r Reading[T]) Known() bool { return !r.GoodAt.IsZero() }

// Next gives the reading after a further try: the new value, or the old one
// with the trouble that kept it from being renewed.
func (r Reading[T]) Next(value T, err error, now time.Time) Reading[T] {
	r.TriedAt = now
	r.Trouble, r.Detail = TroubleOf(err), ""
	if err != nil {
		r.Detail = err.Error()
		return r
	}
	r.Value, r.GoodAt = value, now
	return r
}

// Phase is how far the backup in a folder has come, by the evidence in the
// folder alone.
type Phase string

// The phases. What is "running" is decided by the judge, from the phase and
// ActiveAt.
const (
	PhaseUnknown      Phase = ""
	PhaseComplete     Phase = "complete"      // finished; LastGood is its date, proof unless Weak
	PhaseUploading    Phase = "uploading"     // a run is under way or broke off; LastGood is the backup beneath it, if any
	PhaseMoving       Phase = "moving"        // being swapped in: not restorable until done
	PhaseUnfinished   Phase = "unfinished"    // only a placeholder of a backup that never came
	PhaseDamaged      Phase = "damaged"       // what is needed to restore is missing or unreadable
	PhaseOffline      Phase = "offline"       // a link to a volume that is not connected
	PhaseNoPermission Phase = "no-permission" // the folder may not be read
	PhaseGone         Phase = "gone"          // was here at an earlier reading, is not any more
	PhaseEmptied      Phase = "emptied"       // its whole place was full and is empty: deleted, or an empty mount point
)

// Flaw is the machine's word for why evidence is weak or a folder is damaged;
// the judge makes the sentence.
type Flaw string

// The flaws.
const (
	NoFlaw              Flaw = ""
	StatusMissing       Flaw = "status-missing"
	StatusUnreadable    Flaw = "status-unreadable" // empty, cut off or not a plist
	StatusState         Flaw = "status-state"      // a SnapshotState that nobody knows
	StatusDate          Flaw = "status-date"       // no date, or an impossible one
	ManifestMissing     Flaw = "manifest-missing"
	ManifestEmpty       Flaw = "manifest-empty"
	ManifestUnreadable  Flaw = "manifest-unreadable"
	ManifestDate        Flaw = "manifest-date" // no usable date; Info.plist's was taken, or none
	DatabaseMissing     Flaw = "database-missing"
	DatabaseEmpty       Flaw = "database-empty"
	DatabaseNotSQLite   Flaw = "database-not-sqlite" // unencrypted, without the SQLite header
	DecryptedCopy       Flaw = "decrypted-copy"      // encrypted, but the database is plain SQLite
	FolderUnreadable    Flaw = "folder-unreadable"
	BrokeOffWhileMoving Flaw = "broke-off-while-moving"
	PlaceEmptied        Flaw = "place-emptied"
)

// Backup is one backup folder of a device, as its own files describe it
// (MobileSync: Status.plist, Manifest.plist, Manifest.db, Info.plist).
type Backup struct {
	Device    Device
	Path      string // full path of the folder
	Archive   bool   // <UDID>-YYYYMMDD-HHMMSS: put aside, not renewed any more
	Phase     Phase
	LastGood  time.Time // when the newest restorable backup in it was made, UTC; zero: none
	Weak      Flaw      // why LastGood is not proof; NoFlaw: it is
	Flaw      Flaw      // why the folder is damaged or unfinished
	History   time.Time // a backup that once was complete here, but cannot be restored now
	Attempt   time.Time // when the last run was started, as far as known
	Failed    bool      // the run of Attempt is known not to have finished
	ActiveAt  time.Time // the newest file time in it; blobs are not looked at
	Encrypted Answer
	Size      int64  // bytes of all its files, as far as they were counted; 0: not known
	Frozen    Frozen // what the device knew of its iCloud backups when this one was made
}

// Frozen is what an unencrypted backup holds of the device's own knowledge of
// its iCloud backups (HomeDomain, com.apple.mobile.ldbackup.plist): as old as
// the backup itself. The zero value says nothing.
type Frozen struct {
	CloudBackup     Answer    // was iCloud Backup switched on
	LastCloudBackup time.Time // its last successful iCloud backup until then
}

// Service is a line of Apple's system status that bears on iCloud backups.
type Service string

// The services. ICloudBackup decides; the others are supporting evidence.
const (
	ICloudBackup  Service = "icloud-backup"
	ICloudAccount Service = "icloud-account" // iCloud Account & Sign In
	AppleAccount  Service = "apple-account"  // Apple Account, once Apple ID
	Photos        Service = "photos"
	ICloudDrive   Service = "icloud-drive"
	ICloudStorage Service = "icloud-storage" // iCloud Storage Upgrades
)

// IncidentKind is Apple's statusType; the zero value is a word nobody knows,
// or none.
type IncidentKind string

// The kinds of incident.
const (
	KindUnknown     IncidentKind = ""
	KindIssue       IncidentKind = "issue"
	KindOutage      IncidentKind = "outage"
	KindPerformance IncidentKind = "performance"
	KindMaintenance IncidentKind = "maintenance"
)

// IncidentStatus is Apple's eventStatus. Only Ongoing counts as "now".
type IncidentStatus string

// The statuses of an incident.
const (
	StatusUnknown IncidentStatus = ""
	Upcoming      IncidentStatus = "upcoming"
	Ongoing       IncidentStatus = "ongoing"
	Resolved      IncidentStatus = "resolved"
	Completed     IncidentStatus = "completed"
)

// Incident is one event on one service.
type Incident struct {
	ID      string // Apple's messageId: the same for all services of one event
	Service Service
	Kind    IncidentKind
	Status  IncidentStatus
	Start   time.Time // from the epochs, never from the localised texts
	End     time.Time // zero: not known
	Named   bool      // the service is only named in another service's affectedServices
}

// Feed is what Apple's system status says about the services that matter.
type Feed struct {
	Listed    []Service // the services that have a line of their own
	Garbled   []Service // those whose line is there and cannot be understood
	Notice    bool      // a drMessage: Apple replaces the page by a notice
	Incidents []Incident
}

// Quota is the iCloud space left in the account of this computer, which need
// not be that of a device (macOS: brctl quota).
type Quota struct {
	Remaining int64 // bytes
}

// Volume is the room on the disk that really holds the backups of a folder, at
// the end of all links.
type Volume struct {
	Path  string // the folder that was asked about: a place of backups, or a device folder that is a link
	Free  int64  // bytes that this person may still fill
	Total int64  // bytes
}

// Release is an iOS or iPadOS version on offer, with the models that it is
// offered to.
type Release struct {
	Version      string   // such as "18.7.8"
	ProductTypes []string // sorted
}

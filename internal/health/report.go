package health

import (
	"fmt"
	"time"
)

// Report is the judgement over all devices at one moment.
type Report struct {
	At        time.Time
	State     State     // the worst device that is not ignored
	Devices   []Verdict // worst first, then by name
	Sources   []SourceState
	Obstacles []Obstacle
	Outages   []Outage // grave trouble with iCloud Backup that Apple tells of
}

// Outage is a time in which Apple had grave trouble with iCloud Backup, as far
// as it is known: Until is its end, or when it was last seen going on.
type Outage struct{ Since, Until time.Time }

// Verdict is the judgement over one device.
type Verdict struct {
	Device
	Model    string // marketing name, else the ProductType, else empty
	State    State
	Ignored  bool      // the user does not want to hear of it; counts for nothing
	LastGood time.Time // of the route that decides; zero: no proven backup
	Limits   Limits    // of the same route
	Why      string    // one sentence
	Step     string    // what makes a proven backup at once, whatever the cause; empty when OK or when nothing can be read
	Routes   []Route
	Fixes    []Opinion // all nine, best first; nil when OK
	Unheard  bool      // only the device could tell whether it is late, and nobody has heard it lately
	Hold     *Hold     // an outage at Apple explains it: say nothing yet
}

// Hold is an outage that excuses a late iCloud backup for a while.
type Hold struct {
	Since time.Time // the outage began
	Until time.Time // the night after its end is over; zero: still going on
}

// RouteKind is a way by which a device is backed up.
type RouteKind string

// The kinds of route.
const (
	ComputerRoute RouteKind = "computer"
	ICloudRoute   RouteKind = "icloud"
)

// RouteState is how one route of a device is doing.
type RouteState string

// The states of a route.
const (
	RouteUnknown      RouteState = "unknown"
	RouteFresh        RouteState = "fresh"
	RouteStale        RouteState = "stale"
	RouteNever        RouteState = "never"
	RouteRunning      RouteState = "running"
	RouteUnfinished   RouteState = "unfinished"
	RouteDamaged      RouteState = "damaged"
	RouteOffline      RouteState = "offline"
	RouteNoPermission RouteState = "no-permission"
)

// Route is one way of backup of one device: one line for people.
type Route struct {
	Kind        RouteKind
	State       RouteState
	LastGood    time.Time
	LastAttempt time.Time
	Weak        bool // LastGood is not proof: never green by itself
	Disputed    bool // the folder says that it finished, and the device knows nothing of it
	Encrypted   Answer
	Path        string    // the folder, for a backup on this computer
	ToldAt      time.Time // when the device told of it, for what no folder here shows; zero: read here
	Limits      Limits
	Why         string
}

// SourceKind names a kind of source.
type SourceKind string

// The kinds of source.
const (
	SourceMobileSync  SourceKind = "mobilesync"
	SourceAppleStatus SourceKind = "apple-status"
	SourcePhone       SourceKind = "phone"
	SourceReleases    SourceKind = "ios-releases" // the iOS versions on offer
	SourceQuota       SourceKind = "icloud-space" // of this computer's account
)

// SourceState is how one source is doing.
type SourceState struct {
	Kind    SourceKind
	Where   string
	Trouble Trouble
	ReadAt  time.Time // the last good reading; zero: never
	Detail  string
	Devices int // how many devices it tells of, or told of before
	Barred  int // phones that are there and do not let this computer ask
}

// State gives the word of JSON and text: "ok" or the trouble.
func (s SourceState) State() string {
	switch {
	case s.Trouble != NoTrouble:
		return string(s.Trouble)
	case s.ReadAt.IsZero():
		return string(Failed)
	default:
		return "ok"
	}
}

// ObstacleCode names something that stands before all fixes.
type ObstacleCode string

// The obstacles.
const (
	FullDiskAccess   ObstacleCode = "full-disk-access"
	VolumeOffline    ObstacleCode = "volume-offline"
	UnfinishedBackup ObstacleCode = "unfinished-backup"
	DamagedBackup    ObstacleCode = "damaged-backup"
	DiskFull         ObstacleCode = "disk-full"
	PairingExpired   ObstacleCode = "pairing-expired"
)

// Obstacle is not one of the nine fixes and comes before them, because while
// it stands nothing else can be judged.
type Obstacle struct {
	Code   ObstacleCode
	Device string // ID; empty: all devices of a place
	Path   string // the folder concerned
	Title  string
	Remedy string
}

// Code names one of the nine fixes: its row, test folder, page anchor and
// value in JSON.
type Code string

// The nine fixes; number, order and meaning are fixed.
const (
	ICloudSettings Code = "icloud-settings"
	WiFi           Code = "wifi"
	Power          Code = "power"
	StorageSpace   Code = "icloud-storage"
	AppleStatus    Code = "apple-status"
	SignOut        Code = "sign-out"
	Restart        Code = "restart"
	ResetSettings  Code = "reset-settings"
	UpdateIOS      Code = "update-ios"
)

// Odds is how likely a fix is to help, by the evidence. The zero value is
// "cannot tell".
type Odds int

// The odds.
const (
	CannotTell Odds = iota
	RuledOut
	Possible
	Likely
	Certain
)

var oddsNames = [...]string{CannotTell: "cannot-tell", RuledOut: "ruled-out", Possible: "possible", Likely: "likely", Certain: "certain"}

// String gives the word used in JSON.
func (o Odds) String() string {
	if o < 0 || int(o) >= len(oddsNames) {
		return fmt.Sprintf("Odds(%d)", int(o))
	}
	return oddsNames[o]
}

// rank orders odds: certain, likely, possible, cannot tell, ruled out.
func (o Odds) rank() int {
	return [...]int{CannotTell: 3, RuledOut: 4, Possible: 2, Likely: 1, Certain: 0}[o]
}

// Opinion is the judgement over one fix for one device.
type Opinion struct {
	Number int
	Code   Code
	Odds   Odds
	Why    string // one sentence: the evidence and its age; another one says what came of trying it
	// Evidence is the first of the two alone, for those who tell of Tried in
	// their own way; empty when it was not tried.
	Evidence string
	Tried    *Trial // the last time it was tried since the last proven backup; nil: it was not. Failed also when a night has shown nothing
}

// DayRecord is what the history knows of one device on one day of this computer's
// calendar. The zero value is a day of which nothing is known.
type DayRecord struct {
	Date    string // "2026-11-20", in the zone of the computer on that day
	Looked  bool   // a round judged the device on that day
	Worst   State  // of the rounds of the day; meaningless unless Looked
	Backup  bool   // a proven backup is dated on that day
	Outage  bool   // Apple had a grave incident with iCloud Backup
	Snoozed bool
}

package sample

import (
	"fmt"
	"time"
)

// Household is what [Demo] made.
type Household struct {
	Folders []Folder // those that lie in root, whole or not
	Feed    []byte   // a body of Apple's feed with an outage of iCloud Backup going on

	// OnAbsentDrive is the device of which root holds only a link that leads
	// nowhere. What is known of it has to be remembered: it was read at
	// OnAbsentDrive.Path(root) and its backup of Date was whole.
	OnAbsentDrive Folder

	// Notes says what could not be made here, such as the link on a Windows
	// that does not let everybody make one. The rest is there.
	Notes []string
}

const (
	hour = time.Hour
	day  = 24 * hour
)

// Demo writes a household's backups into root, which should be empty, as they
// would look at now: a fresh iPhone, one that is late since eleven days, an
// iPad whose first run broke off three days ago, and an iPhone whose backups
// lie on a drive that is not connected.
func Demo(root string, now time.Time) (Household, error) {
	now = now.UTC().Truncate(time.Second)
	home := Household{
		Folders: []Folder{
			{
				UDID: "00008140-FACE000000000001", Name: "Amara’s iPhone", Date: now.Add(-9 * hour), Encrypted: true,
				ProductType: "iPhone17,1", ProductName: "iPhone 16 Pro", OSVersion: "26.6.1",
			},
			{
				UDID: "00008110-FACE000000000002", Name: "ひなたのiPhone", Date: now.Add(-11*day - 2*hour), Encrypted: true,
				ProductType: "iPhone14,5", ProductName: "iPhone 13", OSVersion: "18.7.8",
			},
			{
				UDID: "facade00facade00facade00facade0000000003", Name: "Kofi's iPad", Date: now.Add(-3 * day),
				Status: Uploading, BackupState: "empty", ActiveAt: now.Add(-3*day + 40*time.Minute), Prefixes: true,
				ProductType: "iPad7,11", ProductName: "iPad (7th generation)", OSVersion: "18.7.8",
			},
		},
		OnAbsentDrive: Folder{
			UDID: "00008030-FACE000000000004", Name: "Lucía’s iPhone", Date: now.Add(-5*day - 4*hour), Encrypted: true,
			ProductType: "iPhone12,1", ProductName: "iPhone 11", OSVersion: "26.6.1", Absent: true,
		},
		Feed: outage(now),
	}
	for _, f := range home.Folders {
		if _, err := f.Write(root); err != nil {
			return Household{}, err
		}
	}
	if _, err := home.OnAbsentDrive.Write(root); err != nil {
		note := fmt.Sprintf("the link of %s could not be made, it is missing from the sample: %v", home.OnAbsentDrive.Name, err)
		home.Notes = append(home.Notes, note)
	}
	return home, nil
}

// outage is a feed as on a bad day: Backup is never alone in it, and things
// that are over or still to come stand beside it.
func outage(now time.Time) []byte {
	hit := []string{"iCloud Backup", "iCloud Drive", "iCloud Keychain", "Photos"}
	var events []Event
	for _, service := range hit {
		events = append(events, Event{
			Service: service, ID: "2000099001", Type: "Outage", Status: "ongoing",
			Start: now.Add(-3 * hour).Truncate(time.Minute), Affected: hit,
		})
	}
	began := now.Add(-30 * hour).Truncate(time.Minute)
	return Feed(append(events,
		Event{
			Service: "iMessage", ID: "2000099002", Type: "Issue", Status: "resolved",
			Start: began, End: began.Add(95 * time.Minute), Affected: []string{"FaceTime", "iMessage"},
		},
		Event{
			Service: "Apple Pay & Wallet", ID: "2000099003", Type: "Maintenance", Status: "upcoming",
			Start: began.Add(5 * day), End: began.Add(5*day + 4*hour),
		},
	)...)
}

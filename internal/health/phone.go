package health

import "time"

// Transport is how a phone was reached.
type Transport string

// The transports.
const (
	ByCable Transport = "usb"
	ByWiFi  Transport = "wifi"
)

// PhoneTrouble is why a phone that is there did not answer, or not to the end.
// Its zero value is "none".
type PhoneTrouble string

// The troubles of a phone.
const (
	NotPaired   PhoneTrouble = "not-paired"     // this computer holds no pair record of it: it was never trusted, or not lately
	NotTrusted  PhoneTrouble = "not-trusted"    // there is a pair record, and the phone does not honour it any more
	LockedBoot  PhoneTrouble = "locked"         // not unlocked since it was started
	Asleep      PhoneTrouble = "asleep"         // listed, and silent: normal over Wi-Fi
	RefusedTalk PhoneTrouble = "refused"        // it, or the daemon, turned the connection down
	Garbled     PhoneTrouble = "not-understood" // it answered something that is not the protocol
	NotReached  PhoneTrouble = "not-reached"    // there was no time to ask it: there are too many
)

// Saying is what became of a question to a phone. Its zero value is "not
// asked".
type Saying string

// The sayings.
const (
	NotAsked Saying = ""
	Told     Saying = "told"    // it answered
	Absent   Saying = "absent"  // it knows the question and has no answer
	Refused  Saying = "refused" // it would not say
)

// Phone is what a paired phone said of itself (usbmuxd and lockdown), and what
// is remembered of what it said before: it is there for minutes a day. Each
// group of answers has the time when it was given.
type Phone struct {
	Device Device

	SeenAt    time.Time    // when it was last listed, whether it answered or not
	WiFiAt    time.Time    // when it was last listed as reachable over Wi-Fi; zero: never
	Trouble   PhoneTrouble // why it did not answer at SeenAt, or not to the end: what it told by then stands beside it
	At        time.Time    // when it last answered in a trusted session; zero: never
	Transport Transport    // how it was asked then, the cable before Wi-Fi

	Cloud              Saying    // what became of the question about backups at At
	CloudAt            time.Time // when what follows was told; zero: never
	CloudBackup        Answer    // is iCloud Backup on; No also with no account signed in
	LastCloudBackup    time.Time // end of its last successful iCloud backup, by its own clock
	LastComputerBackup time.Time // end of its last successful backup to any computer, by its own clock
	Encrypts           Answer    // are its backups to computers encrypted
	CloudAhead         time.Time // a LastCloudBackup that was told before it could be true: it proves nothing when its day comes
	ComputerAhead      time.Time // the same of LastComputerBackup

	WiFiSync Answer        // may this computer reach it over Wi-Fi
	ClockAt  time.Time     // when its clock was compared with ours; zero: never
	ClockOff time.Duration // how far its clock is ahead of ours; negative: behind

	PowerAt        time.Time // when what follows was told over Wi-Fi: on a cable the computer is the charger
	Power          Answer    // external power connected
	BatteryPercent int       // 1 to 100; 0: not known
	Nights         []Night   // what was seen of it at night, oldest first

	Boot          string    // names its boot session; means nothing else
	BootAt        time.Time // when that was told; zero: never
	SameBootSince time.Time // when that session was first seen; zero: not known
	RestartAfter  time.Time // its last restart came after this; zero: none was noticed

	FreeBytes int64 // room on the device itself, at At; 0: not known
}

// Night is a night in which a phone was asked over Wi-Fi, or was on a cable.
type Night struct {
	Of      string // the day of its evening, "2026-11-20", in the zone of this computer
	WiFi    bool   // it was on Wi-Fi at one of the times
	Powered bool   // it was on power at one of the times
	Dark    bool   // it was not, deep in the night
}

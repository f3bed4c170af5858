package health

import (
	"fmt"
	"time"
)

// habitFor is how old a word on a habit may be: longer than one on how things
// are today.
const habitFor = 7 * Day

const notAsked = "The device itself has not been asked"

// told gives what the phone said, if that is younger than limit.
func (c *patient) told(limit time.Duration) (*Phone, string) { return c.toldAt(limit, Phone.answered) }

func (p Phone) answered() time.Time      { return p.At }
func (p Phone) answeredCloud() time.Time { return p.CloudAt }
func (p Phone) answeredPower() time.Time { return p.PowerAt }

// toldAt is told for a group of answers that has its own time.
func (c *patient) toldAt(limit time.Duration, when func(Phone) time.Time) (*Phone, string) {
	if c.phone == nil {
		return nil, notAsked
	}
	at := when(*c.phone)
	switch {
	case !at.IsZero() && age(at, c.now) <= limit:
		return c.phone, moment(at, c.now)
	case c.phone.Trouble != "" && age(c.phone.SeenAt, c.now) <= connectFor:
		return nil, "The device is there, but " + troubleWords(c.phone.Trouble)
	case c.phone.Trouble != "" && age(c.phone.SeenAt, c.now) <= phoneFor:
		return nil, fmt.Sprintf("The device was there %s, but %s", moment(c.phone.SeenAt, c.now), troubleWords(c.phone.Trouble))
	case at.IsZero() && !c.phone.At.IsZero():
		return nil, "The device did not say"
	case at.IsZero():
		return nil, notAsked
	default:
		return nil, fmt.Sprintf("The device was last heard %s", moment(at, c.now))
	}
}

// troubleWords says why a phone that is there did not answer, after "but".
func troubleWords(t PhoneTrouble) string {
	switch t {
	case NotPaired:
		return "was never paired with this computer"
	case NotTrusted:
		return "does not trust this computer any more"
	case LockedBoot:
		return "was not unlocked since it was started"
	case Asleep:
		return "asleep"
	case RefusedTalk:
		return "would not talk"
	case NotReached:
		return "there was no time to ask it"
	default:
		return "its answer was not understood"
	}
}

// computerOnly reports whether the person is known to back this device up to
// computers on purpose: iCloud Backup off, and a backup to one in the last month.
func (c *patient) computerOnly() bool {
	if c.phone == nil || c.phone.CloudBackup != No || age(c.phone.CloudAt, c.now) > habitFor {
		return false
	}
	if date, _ := c.phone.computer(); !date.IsZero() && age(date, c.now) < 30*Day {
		return true
	}
	for _, r := range c.routes {
		if r.Kind == ComputerRoute && !r.Weak && !r.LastGood.IsZero() && age(r.LastGood, c.now) < 30*Day {
			return true
		}
	}
	return false
}

func (c *patient) weighICloudSettings(Verdict) (Odds, string) {
	phone, when := c.toldAt(phoneFor, Phone.answeredCloud)
	switch {
	case phone == nil:
		return CannotTell, when + ", so it is not known whether iCloud Backup is switched on."
	case phone.CloudBackup == Yes:
		return RuledOut, fmt.Sprintf("The device said %s that iCloud Backup is on.", when)
	case phone.CloudBackup == No && c.computerOnly():
		return RuledOut, "iCloud Backup is off, but this device is backed up to a computer, so that is taken as intended."
	case phone.CloudBackup == No:
		return Certain, fmt.Sprintf("The device said %s that iCloud Backup is off, or that no Apple Account is signed in.", when)
	default:
		return CannotTell, "The device did not say whether iCloud Backup is on."
	}
}

// weighWiFi knows that a phone on a cable and on Wi-Fi is listed as both, except
// where the system's own usbmuxd sees cables only, as on Linux.
func (c *patient) weighWiFi(Verdict) (Odds, string) {
	phone, when := c.told(connectFor)
	nights := c.nights()
	switch {
	case c.phone != nil && !c.phone.WiFiAt.IsZero() && age(c.phone.WiFiAt, c.now) <= connectFor:
		return RuledOut, fmt.Sprintf("The device was on Wi-Fi %s.", moment(c.phone.WiFiAt, c.now))
	case c.facts.Host.Online == No:
		return Likely, "This computer has no network now, so the device may have none either."
	case nights.lately && nights.ready >= readyNights:
		return RuledOut, nights.readyWords()
	case phone == nil:
		return CannotTell, when + ", so it is not known whether it is on Wi-Fi."
	case phone.WiFiSync == No:
		return CannotTell, "The device may be asked by cable only, so its Wi-Fi is not known: \"Show this device when on Wi-Fi\" is off."
	case phone.WiFiSync != Yes, c.facts.Host.OS == "linux" && phone.WiFiAt.IsZero():
		return CannotTell, "The device was reached by cable, which says nothing about its Wi-Fi."
	case phone.WiFiAt.IsZero():
		return Likely, fmt.Sprintf("The device was reached by cable only (%s), though it may be reached over Wi-Fi, and was never seen there.", when)
	default:
		return Likely, fmt.Sprintf("The device was reached by cable only (%s), though it may be reached over Wi-Fi; it was last seen there %s.", when, moment(phone.WiFiAt, c.now))
	}
}

func (c *patient) weighPower(Verdict) (Odds, string) {
	nights := c.nights()
	switch {
	case nights.lately && nights.powered == 0 && nights.dark >= enoughNights:
		return Likely, fmt.Sprintf("It was asked in %d nights since its last backup, and was on power in none of them.", nights.dark)
	case nights.lately && nights.ready >= readyNights:
		return RuledOut, nights.readyWords()
	}
	phone, when := c.toldAt(connectFor, Phone.answeredPower)
	byCable, _ := c.told(connectFor)
	switch {
	case phone == nil && byCable != nil && byCable.Transport == ByCable:
		return CannotTell, "On a cable this computer charges it, which says nothing about its nights."
	case phone == nil:
		return CannotTell, when + ", so it is not known whether it is charging at night."
	case phone.Power == Yes:
		return RuledOut, fmt.Sprintf("The device was on power %s.", when)
	case phone.Power == No && phone.BatteryPercent > 0 && phone.BatteryPercent <= 20:
		return Likely, fmt.Sprintf("%s it was not charging, with its battery at %d%%.", upper(when), phone.BatteryPercent)
	default:
		return CannotTell, "What is known of its power does not point either way."
	}
}

func (c *patient) weighRestart(v Verdict) (Odds, string) {
	phone, when := c.toldAt(phoneFor, func(p Phone) time.Time { return p.BootAt })
	switch {
	case phone == nil:
		return CannotTell, when + ", so it is not known when it was last restarted."
	case !v.LastGood.IsZero() && !phone.RestartAfter.Before(v.LastGood):
		return RuledOut, fmt.Sprintf("It was restarted since its last backup, as seen %s.", moment(phone.SameBootSince, c.now))
	case !phone.SameBootSince.IsZero() && age(phone.SameBootSince, c.now) >= sameBootFor:
		return Likely, fmt.Sprintf("It has not been restarted for %s at least.", Age(age(phone.SameBootSince, c.now)))
	default:
		return CannotTell, "It is not known when it was last restarted."
	}
}

// weighSignOut: when all else is in place, the account is left. Where nobody
// can tell the iCloud space, a full one is as likely.
func (c *patient) weighSignOut(v Verdict) (Odds, string) {
	if c.computerOnly() {
		return RuledOut, "This device is backed up to a computer only, which needs no Apple Account."
	}
	feed := c.facts.Feed
	if i, ok := feed.Value.find(func(i Incident) bool { return c.signInTrouble(i, v.LastGood) }); ok {
		return Likely, fmt.Sprintf("Apple had %s with %s%s, in the time without a backup.", kindNames[i.Kind], serviceNames[i.Service], since(i.Start, c.now))
	}
	phone, when := c.toldAt(phoneFor, Phone.answeredCloud)
	if phone == nil {
		return CannotTell, when + ", so it is not known whether its Apple Account works."
	}
	if phone.CloudBackup != Yes {
		return CannotTell, "The device did not say that iCloud Backup is on."
	}
	for _, weigh := range []func(*patient, Verdict) (Odds, string){
		(*patient).weighWiFi, (*patient).weighPower, (*patient).weighAppleStatus,
	} {
		if odds, _ := weigh(c, v); odds != RuledOut {
			return CannotTell, "Worth a thought when Wi-Fi, power, space and Apple's status are ruled out."
		}
	}
	switch odds, _ := c.weighStorage(v); {
	case odds == RuledOut:
		return Likely, "iCloud Backup is on, and Wi-Fi, power, space and Apple's status are ruled out, yet there is no new backup."
	case !c.facts.Quota.Known():
		return Possible, "iCloud Backup is on, and Wi-Fi, power and Apple's status are ruled out, yet there is no new backup; only the iCloud space could not be looked at."
	default:
		return CannotTell, "Worth a thought when Wi-Fi, power, space and Apple's status are ruled out."
	}
}

// signInTrouble reports whether an incident on signing in lies in the time
// since the last good backup.
func (c *patient) signInTrouble(i Incident, lastGood time.Time) bool {
	if i.Service != ICloudAccount && i.Service != AppleAccount {
		return false
	}
	if !i.grave() || lastGood.IsZero() || i.Status == Upcoming || i.Start.After(c.now) {
		return false
	}
	return i.Status == Ongoing || i.End.After(lastGood)
}

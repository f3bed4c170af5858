package phone

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"ninelives/internal/health"
)

// The domains that are asked; the root domain has no name. Of the root domain
// and of the storage, which hold much that is nobody's business, single keys
// are asked; the others are small and asked as a whole, in one request each.
const (
	root     = ""
	backups  = "com.apple.mobile.backup"
	battery  = "com.apple.mobile.battery"
	wireless = "com.apple.mobile.wireless_lockdown"
	storage  = "com.apple.disk_usage"
)

// whole is the key that stands for all of a domain.
const whole = ""

// interview is the questions of one reading, and the phone that they make.
type interview struct {
	session *session
	now     func() time.Time
	phone   *health.Phone
}

// hold asks everything, the most telling first: a phone may hang up at any time,
// and where a domain has to be asked twice, the last questions go without an
// answer. The clock comes second, since the dates are by it. The phone's charger is asked
// about over Wi-Fi only, since on a cable it is this computer; whether the phone
// may be reached over Wi-Fi is asked by cable only, since otherwise it is.
func (i *interview) hold() error {
	topics := []func() error{i.backups, i.clock, i.version, i.model, i.name, i.boot}
	if i.phone.Transport == health.ByWiFi {
		i.phone.WiFiSync = health.Yes
		topics = append(topics, i.power, i.room)
	} else {
		topics = append(topics, i.wifi, i.room)
	}
	for _, topic := range topics {
		if err := topic(); err != nil {
			return err
		}
	}
	return nil
}

// get asks for a value unless there have been too many requests: one is left
// for the end of the session.
func (i *interview) get(domain, key string, into any) (health.Saying, error) {
	if i.session.requests >= mostRequests-1 {
		return health.NotAsked, nil
	}
	return i.session.get(domain, key, into)
}

// backupDomain is what is taken of com.apple.mobile.backup. The dates are those
// of the last backups that succeeded; the phone does not tell of failed ones.
type backupDomain struct {
	CloudBackupEnabled   flag
	LastCloudBackupDate  instant
	LastiTunesBackupDate instant
	WillEncrypt          flag
	RequiresEncryption   mark
	Version              mark
}

func (i *interview) backups() error {
	d := backupDomain{}
	said, err := i.get(backups, whole, &d)
	if err != nil {
		return err
	}
	if said == health.Told && d == (backupDomain{}) {
		said = health.Absent
	}
	encrypts := d.WillEncrypt.orNo()
	if said == health.Absent {
		// Some systems tell of a domain only what is asked for by name.
		encrypts = health.DontKnow
		if said, err = i.backupsByName(&d); err != nil {
			return err
		}
	}
	i.phone.Cloud = said
	if said == health.Told {
		i.phone.CloudAt = i.phone.At
		i.phone.CloudBackup, i.phone.Encrypts = d.CloudBackupEnabled.answer, encrypts
		i.phone.LastCloudBackup, i.phone.LastComputerBackup = time.Time(d.LastCloudBackupDate), time.Time(d.LastiTunesBackupDate)
	}
	return nil
}

func (i *interview) backupsByName(d *backupDomain) (health.Saying, error) {
	said, err := i.get(backups, "CloudBackupEnabled", &d.CloudBackupEnabled)
	if err != nil || said != health.Told {
		return said, err
	}
	_, err = i.get(backups, "LastCloudBackupDate", &d.LastCloudBackupDate)
	return said, err
}

func (i *interview) version() error { return i.text("ProductVersion", &i.phone.Device.OSVersion) }
func (i *interview) model() error   { return i.text("ProductType", &i.phone.Device.ProductType) }
func (i *interview) name() error    { return i.text("DeviceName", &i.phone.Device.Name) }

func (i *interview) text(key string, to *string) error {
	var t text
	if _, err := i.get(root, key, &t); err != nil {
		return err // what was filled in is no answer
	}
	*to = string(t)
	return nil
}

// clock compares the phone's clock with ours as it was in the middle of the
// question.
func (i *interview) clock() error {
	var n number
	before := i.now()
	if _, err := i.get(root, "TimeIntervalSince1970", &n); err != nil {
		return err
	}
	middle := before.Add(i.now().Sub(before) / 2).Round(0)
	if n.there && n.value >= 0 && n.value < 1<<33 {
		i.phone.ClockAt, i.phone.ClockOff = middle, unix(n.value).Sub(middle)
	}
	return nil
}

// boot asks which run of the phone's system this is. The name is hashed: it is
// as personal as a serial number, and only compared with itself.
func (i *interview) boot() error {
	var t text
	if _, err := i.get(root, "BootSessionID", &t); err != nil {
		return err
	}
	if t != "" {
		sum := sha256.Sum256([]byte(t))
		i.phone.Boot = hex.EncodeToString(sum[:8])
	}
	return nil
}

func (i *interview) wifi() error {
	var d struct {
		EnableWifiConnections flag
		SupportsWifi          mark
		SupportsWifiSyncing   mark
	}
	said, err := i.get(wireless, whole, &d)
	if said == health.Told && (d.EnableWifiConnections.there || bool(d.SupportsWifi || d.SupportsWifiSyncing)) {
		i.phone.WiFiSync = d.EnableWifiConnections.orNo()
	}
	return err
}

func (i *interview) power() error {
	var d struct {
		BatteryCurrentCapacity number
		ExternalConnected      flag
	}
	if _, err := i.get(battery, whole, &d); err != nil {
		return err
	}
	if d.BatteryCurrentCapacity.there || d.ExternalConnected.answer != "" {
		i.phone.PowerAt = i.phone.At
		i.phone.Power = d.ExternalConnected.answer
		i.phone.BatteryPercent = int(d.BatteryCurrentCapacity.within(1, 100))
	}
	return nil
}

// room asks for the free bytes that no purging has to make first.
func (i *interview) room() error {
	var n number
	if _, err := i.get(storage, "AmountDataAvailable", &n); err != nil {
		return err
	}
	i.phone.FreeBytes = int64(n.within(0, 1<<60))
	return nil
}

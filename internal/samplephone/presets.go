package samplephone

import (
	"fmt"
	"maps"
	"time"
)

// The generations of iOS, as bits: which key is known from which.
const (
	gen12  = 1 << iota // recorded on 12.4.8
	gen13              // recorded on 13.3.1; 15 is taken to be like it
	gen18              // recorded on 18.4.1; 26 and 27 are taken to be like it
	genAll = gen12 | gen13 | gen18
)

// IOS12 is an iPhone with a UDID of 40 digits: no boot session, and an offset
// of the time zone that is a real.
func IOS12(name string) Phone {
	p := preset(name, gen12, identityOf{"iPhone7,2", "12.5.7", "16H81", "N61AP", "arm64", 40})
	p.Set(Root, "TimeZoneOffsetFromUTC", 3600.0)
	p.Values[Disk] = disk(16_000_000_000, 2_400_000_000, 0)
	return p
}

// IOS15 is an iPhone of which single facts are known, and the rest is as on 13.
func IOS15(name string) Phone {
	p := preset(name, gen13, identityOf{"iPhone9,1", "15.8.3", "19H386", "D10AP", "arm64", 40})
	p.Set(Root, "TimeZoneOffsetFromUTC", 3600.0)
	return p
}

// IOS18 is an iPhone 12 with a UDID of the newer form.
func IOS18(name string) Phone {
	return preset(name, gen18, identityOf{"iPhone13,2", "18.4.1", "22E252", "D53gAP", "arm64e", 25})
}

// IOS26 is an iPhone SE. What it tells was not observed over the wire; it is
// taken to be what 18 and 27 tell.
func IOS26(name string) Phone {
	return preset(name, gen18, identityOf{"iPhone14,6", "26.5", "23F77", "D49AP", "arm64e", 25})
}

// IOS27 is an iPhone 16 Pro Max. Of its backup domain three keys were observed.
func IOS27(name string) Phone {
	return preset(name, gen18, identityOf{"iPhone17,2", "27.0", "24A437", "D94AP", "arm64e", 25})
}

// IPad is an iPad, without a telephone in it.
func IPad(name string) Phone {
	p := preset(name, gen18, identityOf{"iPad13,1", "18.5", "22F76", "J307AP", "arm64e", 25})
	p.Set(Root, "DeviceClass", "iPad")
	p.Set(Root, "TelephonyCapability", false)
	for _, key := range []string{"PhoneNumber", "InternationalMobileEquipmentIdentity", "InternationalMobileEquipmentIdentity2",
		"MobileEquipmentIdentifier", "SIMStatus", "SIMTrayStatus", "BasebandVersion", "BasebandStatus"} {
		delete(p.Values[Root], key)
	}
	return p
}

// identityOf is what one model of a phone says about itself.
type identityOf struct {
	productType, version, build, hardware, cpu string
	udid                                       int // characters of its UDID
}

// preset is a healthy phone on the cable: trusted, unlocked, charged, iCloud
// Backup on and a night old, its password for computer backups set.
func preset(name string, generation int, of identityOf) Phone {
	p := Phone{
		Name: name, ProductType: of.productType, OSVersion: of.version, BuildVersion: of.build, Cable: true,
		UDID: udid(name+of.productType, of.udid),
	}
	if generation == gen18 {
		p.BootSession = bootSession(&p)
	}
	p.Values = map[string]map[string]any{
		Root:     rootValues(&p, generation),
		Battery:  battery(),
		Disk:     disk(128_000_000_000, 41_300_000_000, 9_800_000_000),
		Wireless: wireless(),
		DataSync: dataSync(),
	}
	p.Set(Root, "HardwareModel", of.hardware)
	p.Set(Root, "CPUArchitecture", of.cpu)
	p.Set(Backup, "Version", "2.0")
	p.Set(Backup, "RequiresEncryption", 0)
	p.Set(Backup, "WillEncrypt", true)
	p.CloudBackup(time.Now().Add(-9 * time.Hour))
	return p
}

// udid invents one of that many characters, always the same for the same seed.
func udid(seed string, length int) string {
	b := (&Phone{UDID: seed}).invented("UDID")
	if length == 40 {
		return fmt.Sprintf("%x", b[:20])
	}
	return fmt.Sprintf("00008%X-%016X", 0x100+int(b[0]), b[1:9])
}

func bootSession(p *Phone) string {
	b := p.invented("BootSessionID")
	return fmt.Sprintf("%X-%X-%X-%X-%X", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// Restart gives the phone another boot session, if it has one.
func (p *Phone) Restart() {
	if p.BootSession != "" {
		p.BootSession = bootSession(&Phone{UDID: p.BootSession})
	}
}

// rootValues are the root keys known from that generation.
func rootValues(p *Phone, generation int) map[string]any {
	all := map[string]any{}
	for _, k := range rootKeys {
		if k.from&generation != 0 {
			all[k.key] = k.value
		}
	}
	maps.Copy(all, personal(p))
	if generation == gen18 {
		all["HumanReadableProductVersionString"] = p.OSVersion
	}
	return all
}

func battery() map[string]any {
	return map[string]any{
		"BatteryCurrentCapacity": 86, "BatteryIsCharging": true, "ExternalChargeCapable": true, "ExternalConnected": true,
		"FullyCharged": false, "GasGaugeCapability": true, "HasBattery": true,
	}
}

// disk is the storage of the phone. Newer phones count what could be purged
// as available too, older ones add the reserve.
func disk(size, free, purgeable uint64) map[string]any {
	const reserve = 209_715_200
	return map[string]any{
		"AmountDataAvailable": free, "AmountDataReserved": uint64(reserve), "AmountRestoreAvailable": free + reserve,
		"TotalDataAvailable": free + reserve + purgeable, "TotalDataCapacity": size * 4 / 5, "TotalDiskCapacity": size,
		"TotalSystemAvailable": uint64(0), "TotalSystemCapacity": size / 5,
		"CalculateDiskUsage": "OkilyDokily", "NANDInfo": []byte{0, 0, 0, 0},
	}
}

// wireless says that the phone shows itself on the Wi-Fi.
func wireless() map[string]any {
	return map[string]any{
		"EnableWifiConnections": true, "EnableWifiDebugging": false, "SupportsWifi": true, "SupportsWifiSyncing": true,
	}
}

// dataSync says that an iCloud account keeps the address book and the rest.
func dataSync() map[string]any {
	all := map[string]any{}
	for _, what := range []string{"Bookmarks", "Calendars", "Contacts", "Notes"} {
		all[what] = map[string]any{"AccountNames": []string{"iCloud"}, "Sources": []string{"iCloud"}}
	}
	return all
}

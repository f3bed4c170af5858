package main

import (
	"context"
	"fmt"
	"time"

	"ninelives/internal/health"
	"ninelives/internal/iosrelease"
	"ninelives/internal/samplephone"
)

// demoModels are those of the demo.
var demoModels = []string{"iPad7,11", "iPhone12,1", "iPhone14,5", "iPhone15,4", "iPhone17,1"}

// demoPhones are two phones of the household: one that is backed up to this
// computer and to iCloud, and one that has only iCloud, is late there, and was
// on Wi-Fi night after night without power, as an earlier run would remember.
func demoPhones(now time.Time) (*samplephone.Daemon, health.Reading[[]health.Phone], error) {
	amara := samplephone.IOS18("Amara’s iPhone")
	amara.UDID, amara.ProductType, amara.OSVersion, amara.Cable, amara.WiFi = "00008140-FACE000000000001", "iPhone17,1", "26.6.1", false, true
	amara.CloudBackup(now.Add(-8 * time.Hour))
	amara.ComputerBackup(now.Add(-9*time.Hour), true)
	noor := samplephone.IOS18("Noor’s iPhone")
	noor.UDID, noor.ProductType, noor.OSVersion, noor.Cable, noor.WiFi = "00008120-FACE000000000005", "iPhone15,4", "26.6.1", false, true
	last := now.Add(-5 * health.Day)
	noor.CloudBackup(last)
	noor.Set(samplephone.Battery, "ExternalConnected", false)
	noor.Set(samplephone.Battery, "BatteryCurrentCapacity", 64)

	daemon, err := samplephone.New(amara, noor)
	if err != nil {
		return nil, health.Reading[[]health.Phone]{}, fmt.Errorf("making the sample phones: %w", err)
	}
	heard := now.Add(-12 * time.Hour)
	known := health.Phone{
		Device: health.Device{ID: health.IDOf(noor.UDID), Name: noor.Name, ProductType: noor.ProductType, OSVersion: noor.OSVersion},
		SeenAt: heard, WiFiAt: heard, At: heard, Transport: health.ByWiFi,
		Cloud: health.Told, CloudAt: heard, CloudBackup: health.Yes, LastCloudBackup: last,
	}
	for n := 4; n >= 1; n-- {
		known.Nights = append(known.Nights, health.Night{Of: now.AddDate(0, 0, -n).Format(time.DateOnly), WiFi: true})
	}
	return daemon, health.Reading[[]health.Phone]{Value: []health.Phone{known}, GoodAt: heard, TriedAt: heard}, nil
}

// newestIOS is a list of iOS versions that is read from memory.
type newestIOS []byte

// Read implements monitor.Source.
func (n newestIOS) Read(context.Context) ([]health.Release, error) { return iosrelease.Parse(n) }

// Where implements monitor.Source.
func (n newestIOS) Where() string { return "built-in sample of the list of iOS versions" }

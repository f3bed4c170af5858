package store

import (
	"maps"
	"os"
	"path/filepath"
	"time"

	"ninelives/internal/health"
)

// Settings are what the user wants. The zero value is the defaults; what is
// not set keeps following them.
type Settings struct {
	checkEvery schedule
	general    limits
	icloud     limits
	computer   limits
	devices    map[string]*device
	folders    folders
	feed       toggle
	phones     toggle
	releases   toggle
	notify     toggle
	quiet      hours
	repeat     ages
	hideNames  toggle

	forced map[string]bool // keys that an administrator has set; never changed once it is made
	bounds bounds
}

// device is what is set for one device.
type device struct {
	limits limits
	ignore toggle
}

// device gives the settings of one device, to be filled in.
func (s *Settings) device(id string) *device {
	if s.devices == nil {
		s.devices = make(map[string]*device)
	}
	if s.devices[id] == nil {
		s.devices[id] = new(device)
	}
	return s.devices[id]
}

// clone gives settings that share nothing that can change.
func (s Settings) clone() Settings {
	s.devices = maps.Clone(s.devices)
	for id, d := range s.devices {
		own := *d
		s.devices[id] = &own
	}
	return s
}

// Defaults gives the settings of a computer without a file.
func Defaults() Settings { return Settings{} }

const defaultCheckEvery = "6h"

// CheckEvery gives the setting as written: an interval such as "6h" or "1d",
// or a five-field cron line. See also [Settings.Interval].
func (s Settings) CheckEvery() string {
	if s.checkEvery == "" {
		return defaultCheckEvery
	}
	return string(s.checkEvery)
}

// Interval gives the time between two rounds, at least a minute; zero when
// [Settings.CheckEvery] is a cron line.
func (s Settings) Interval() time.Duration {
	every, err := parseSchedule(s.CheckEvery())
	if err != nil {
		return 0
	}
	return every
}

// WarnAfter gives the warn_after for all, as written in settings.
func (s Settings) WarnAfter() string {
	if s.general.warn == 0 {
		return FormatDuration(health.DefaultPolicy().Computer.WarnAfter)
	}
	return FormatDuration(time.Duration(s.general.warn))
}

// Folders gives the places of backups besides the usual ones, with "~" filled
// in. Without a known home folder such a path stays as it is, and is not found.
func (s Settings) Folders() []string {
	var paths []string
	for _, path := range s.folders {
		if home, err := os.UserHomeDir(); err == nil && isBelowHome(path) {
			path = filepath.Join(home, path[2:])
		}
		paths = append(paths, filepath.Clean(path))
	}
	return paths
}

// FeedEnabled reports whether Apple's system status may be read.
func (s Settings) FeedEnabled() bool { return s.feed != toggle(health.No) }

// PhonesEnabled reports whether paired devices may be asked.
func (s Settings) PhonesEnabled() bool { return s.phones != toggle(health.No) }

// ReleasesEnabled reports whether the list of iOS versions may be read.
func (s Settings) ReleasesEnabled() bool { return s.releases != toggle(health.No) }

// HideNames reports whether the page hides the names of devices.
func (s Settings) HideNames() bool { return s.hideNames == toggle(health.Yes) }

// Policy gives what the judge and the notifications go by.
func (s Settings) Policy() health.Policy {
	p := health.DefaultPolicy()
	p.ComputerMost, p.ICloudMost = s.bounds.computer, s.bounds.icloud
	p.Computer = s.computer.route(s.general, p.Computer).Within(p.ComputerMost)
	p.ICloud = s.icloud.route(s.general, p.ICloud).Within(p.ICloudMost)
	p.Silent = s.notify == toggle(health.No)
	p.Quiet = s.quiet.span
	if s.repeat != nil {
		p.Repeat = append([]time.Duration(nil), s.repeat...)
	}
	for id, d := range s.devices {
		if p.Devices == nil {
			p.Devices = make(map[string]health.DevicePolicy, len(s.devices))
		}
		p.Devices[id] = health.DevicePolicy{
			Limits: d.limits.device(p.Computer, p.ICloud),
			Ignore: d.ignore == toggle(health.Yes) && !s.bounds.any(),
		}
	}
	return p
}

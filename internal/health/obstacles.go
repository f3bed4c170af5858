package health

import (
	"fmt"
	"time"
)

// attemptGrace is how long a run that has not finished is left alone: people
// unplug, and try again the same day.
const attemptGrace = Day

// obstacles lists what stands before all fixes, places first, then devices in
// their order.
func obstacles(f Facts, devices []Verdict, now time.Time) []Obstacle {
	var all []Obstacle
	for _, place := range f.Backups {
		switch place.Trouble {
		case NoPermission:
			all = append(all, noPermission(f.Host, "", place.Where))
		case Offline:
			all = append(all, volumeOffline("", "", place.Where))
		default: // the source says it; it stands in nobody's way
		}
	}
	said := pathsOfPlacesInTrouble(f)
	for _, d := range devices {
		if d.Ignored {
			continue
		}
		for _, r := range d.Routes {
			if said[r.Path] {
				continue
			}
			if o, ok := routeObstacle(f.Host, d, r, now); ok {
				all = append(all, o)
			}
		}
	}
	return all
}

// pathsOfPlacesInTrouble are the folders of places that could not be read: one
// line for the place says it for all of them.
func pathsOfPlacesInTrouble(f Facts) map[string]bool {
	paths := map[string]bool{}
	for _, place := range f.Backups {
		if place.Trouble == NoTrouble {
			continue
		}
		for _, b := range place.Value {
			paths[b.Path] = true
		}
	}
	return paths
}

func routeObstacle(h Host, d Verdict, r Route, now time.Time) (Obstacle, bool) {
	if r.Kind != ComputerRoute {
		return Obstacle{}, false
	}
	failed := r.State == RouteUnfinished && !r.Disputed || d.State != OK && r.LastAttempt.After(r.LastGood) && r.State != RouteRunning
	switch {
	case r.State == RouteNoPermission:
		return noPermission(h, d.ID, r.Path), true
	case r.State == RouteOffline:
		return volumeOffline(d.ID, nameOr(d), r.Path), true
	case r.State == RouteDamaged:
		return damaged(h, d, r), true
	case failed && (r.LastAttempt.IsZero() || age(r.LastAttempt, now) > attemptGrace):
		return unfinished(h, d, r, now), true
	}
	return Obstacle{}, false
}

// fullDisks are the disks without room for the next backup, where that is what
// a device depends on: each is named once.
func fullDisks(f Facts, devices []Verdict, now time.Time) []Obstacle {
	var all []Obstacle
	said := map[string]bool{}
	for _, d := range devices {
		for _, r := range d.Routes {
			v, ok := f.volumeOf(r.Path, now)
			depends := d.State != OK || r.State == RouteFresh && r.LastGood.Equal(d.LastGood)
			b := f.backupAt(r.Path)
			if r.Path == "" || !ok || said[v.Path] || d.Ignored || !depends || b.Archive || !v.full(b.Size) {
				continue
			}
			said[v.Path] = true
			all = append(all, Obstacle{
				Code: DiskFull, Device: d.ID, Path: r.Path, Title: fmt.Sprintf("The disk with the backup of %s is nearly full", nameOr(d)),
				Remedy: fmt.Sprintf("Only %s are free on it. Make room there, or move the backups to a larger disk, then back up again.", bytes(v.Free)),
			})
		}
	}
	return all
}

// backupAt is the backup in a folder; the zero backup: there is none.
func (f Facts) backupAt(path string) Backup {
	for _, place := range f.Backups {
		for _, b := range place.Value {
			if b.Path == path {
				return b
			}
		}
	}
	return Backup{}
}

// trustFor is how long ago a phone may have been seen without trust for that to
// stand in the way now.
const trustFor = Day

// barred reports whether the phone does not let this computer ask.
func (p Phone) barred() bool { return p.Trouble == NotTrusted || p.Trouble == NotPaired }

// lostTrust are the devices that are known, were seen lately, and do not let
// this computer ask any more, where nothing else proves them safe.
func lostTrust(f Facts, devices []Verdict, now time.Time) []Obstacle {
	var all []Obstacle
	for _, d := range devices {
		for _, p := range f.Phones.Value {
			if p.Device.ID != d.ID || d.Ignored || d.State == OK || !p.barred() || age(p.SeenAt, now) > trustFor {
				continue
			}
			o := Obstacle{Code: PairingExpired, Device: d.ID, Title: fmt.Sprintf("%s does not trust this computer", nameOr(d))}
			if !p.At.IsZero() {
				o.Title += " any more"
			}
			o.Remedy = "Connect it by cable, unlock it, tap Trust on it and enter its passcode; then check again."
			all = append(all, o)
		}
	}
	return all
}

func noPermission(h Host, device, path string) Obstacle {
	o := Obstacle{Code: FullDiskAccess, Device: device, Path: path, Title: "Nine Lives may not read the backups on this computer"}
	if h.OS == "darwin" {
		o.Remedy = "Open System Settings > Privacy & Security > Full Disk Access, switch Nine Lives on, then quit it and start it again: macOS grants this only at the start."
	} else {
		o.Remedy = fmt.Sprintf("Give your user account the right to read %s, then check again.", path)
	}
	return o
}

func volumeOffline(device, name, path string) Obstacle {
	o := Obstacle{
		Code: VolumeOffline, Device: device, Path: path, Title: "The drive with the backups is not connected",
		Remedy: fmt.Sprintf("Connect the drive that %s leads to; what was seen on it before stays valid for its age.", path),
	}
	if device != "" { // its path would tell the UDID
		o.Title = fmt.Sprintf("The drive with the backup of %s is not connected", name)
		o.Remedy = "Connect that drive; what was seen on it before stays valid for its age."
	}
	return o
}

func unfinished(h Host, d Verdict, r Route, now time.Time) Obstacle {
	o := Obstacle{Code: UnfinishedBackup, Device: d.ID, Path: r.Path}
	o.Title = fmt.Sprintf("The last backup of %s to this computer never finished", nameOr(d))
	o.Remedy = fmt.Sprintf("Connect it by cable, %s, and keep it unlocked until the passcode was entered and the backup has started.", backUpNow(h))
	return o
}

func damaged(h Host, d Verdict, r Route) Obstacle {
	return Obstacle{
		Code: DamagedBackup, Device: d.ID, Path: r.Path,
		Title:  fmt.Sprintf("The backup of %s on this computer is damaged", nameOr(d)),
		Remedy: fmt.Sprintf("Rename the folder %s, do not delete it, then connect the device by cable and %s.", r.Path, backUpNow(h)),
	}
}

// backUpNow names the button that starts a backup to this computer.
func backUpNow(h Host) string {
	switch h.OS {
	case "darwin":
		return "choose it in Finder and click Back Up Now"
	case "windows":
		return "choose it in Apple Devices or iTunes and click Back Up Now"
	default:
		return "run idevicebackup2 backup on its folder"
	}
}

func nameOr(d Verdict) string {
	switch {
	case d.Name != "":
		return d.Name
	case d.Model != "":
		return "this " + d.Model
	default:
		return "device " + d.ID
	}
}

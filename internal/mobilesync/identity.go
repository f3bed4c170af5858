package mobilesync

import (
	"cmp"
	"regexp"
	"strings"

	"ninelives/internal/health"
)

// productType is how Apple's model identifiers look; some tools write
// "iPhone62" for "iPhone6,2", which names no model.
var productType = regexp.MustCompile(`^[A-Za-z]{1,16}[0-9]{1,3},[0-9]{1,3}$`)

// osVersion is how Apple's versions look, with the letter of a security update.
var osVersion = regexp.MustCompile(`^[0-9]{1,3}(?:\.[0-9]{1,3}){0,3}(?: ?\([a-z]\))?$`)

// device says whose backup it is: by Info.plist, else by what the device said
// of itself in Manifest.plist, else by what was known of the folder before,
// else by the folder's name. Info.plist is empty for minutes after a good run.
func (e evidence) device(named string, before health.Device) health.Device {
	info, lock := e.info.value, e.manifest.value.Lockdown.identity
	d := health.Device{
		ID:          cmp.Or(idOf(info.Target, info.Unique), idOf(lock.UDID), before.ID, named),
		Name:        string(cmp.Or(info.Name, info.Name2, info.Name3, lock.Name)),
		ProductType: first(productType, info.Type, info.Type2, lock.Type),
		OSVersion:   first(osVersion, info.Version, info.Version2, lock.Version),
	}
	if before.ID == d.ID && e.info.piece != readable {
		d.Name = cmp.Or(d.Name, before.Name)
		d.ProductType = cmp.Or(d.ProductType, before.ProductType)
		d.OSVersion = cmp.Or(d.OSVersion, before.OSVersion)
	}
	return d
}

// first gives the first text of a form. Unlike a name, which is its owner's,
// model and version are Apple's: anything else in their place is not shown.
func first(form *regexp.Regexp, candidates ...text) string {
	for _, c := range candidates {
		if form.MatchString(string(c)) {
			return string(c)
		}
	}
	return ""
}

// plainDatabase reports whether the device ran iOS 10.0 or 10.1, which leave
// the database readable in encrypted backups, too.
func (l lockdown) plainDatabase() bool {
	version := string(l.identity.Version) + "."
	return strings.HasPrefix(version, "10.0.") || strings.HasPrefix(version, "10.1.")
}

package view

import "ninelives/internal/health"

// phoneFinding says whether the phones can be asked at all, and which of them
// are there.
func phoneFinding(s health.SourceState, goos string) Finding {
	f := Finding{What: s.Where, Says: s.Detail, Remedy: phoneTodo(s, goos)}
	switch s.Trouble {
	case health.NoTrouble:
		f.Good, f.Says = health.Yes, "running; "+s.Detail
		if s.Barred > 0 {
			f.Good = health.DontKnow
		}
	case health.Off:
		f.Says = "not asked: switched off, by --offline or by the setting phones.enabled"
	case health.NotFound:
		f.Says = "not running, so no phone can be asked"
	default:
		f.Good = health.No
	}
	return f
}

// phoneTodo is the next step where a phone could tell more than it does; empty
// when there is none.
func phoneTodo(s health.SourceState, goos string) string {
	switch {
	case s.Trouble == health.Off:
		return "Switch it on to learn when each device was last backed up to iCloud: without --offline, and with phones.enabled = true."
	case s.Trouble == health.NotFound:
		return noDaemonWords(goos)
	case s.Trouble == health.NoPermission:
		return "Let your user account use this socket, then look again."
	case s.State() != "ok":
		return "Nothing to do at first: it is tried again at the next check."
	case s.Barred > 0:
		return "Connect that device by cable, unlock it, tap Trust on it and enter its passcode."
	case s.Devices == 0:
		return visibleWords(goos)
	default:
		return ""
	}
}

// firstPhone leads to the iCloud side of the truth where phones may be asked and
// none was ever heard; empty where one was.
func firstPhone(r health.Report, goos string) string {
	if !neverHeard(r) {
		return ""
	}
	return "No device was asked yet, so nothing is known of iCloud backups. " + visibleWords(goos)
}

// neverHeard reports whether phones may be asked here and none ever answered.
func neverHeard(r health.Report) bool {
	for _, s := range r.Sources {
		if s.Kind == health.SourcePhone {
			return s.Devices == 0 && s.Trouble != health.Off
		}
	}
	return false
}

// trustWords is how a phone comes to be asked on every system.
const trustWords = "connect one by cable once, unlock it and tap Trust; then it is asked when it was last backed up there."

// noDaemonWords is how the service that talks to phones comes about.
func noDaemonWords(goos string) string {
	switch goos {
	case "darwin":
		return "It is a part of macOS and starts by itself when a phone is connected: connect one by cable, unlock it and tap Trust."
	case "windows":
		return "Install the app Apple Devices or iTunes and leave it open, connect the phone by cable, unlock it and tap Trust."
	default:
		return "Install the package usbmuxd, connect the phone by cable, unlock it and tap Trust: the service starts with the first phone."
	}
}

// visibleWords is how a phone that is backed up to iCloud becomes one that can
// be asked.
func visibleWords(goos string) string {
	const cable = "To learn of its iCloud backups, connect the device by cable once, unlock it and tap Trust. "
	switch goos {
	case "darwin":
		return cable + "To have it asked without a cable, choose it in Finder and tick “Show this iPhone when on Wi-Fi”."
	case "windows":
		return cable + "To have it asked without a cable, choose it in Apple Devices and tick “Show this device when on Wi-Fi”."
	default:
		return cable + "On Linux it is asked whenever it is connected by cable."
	}
}

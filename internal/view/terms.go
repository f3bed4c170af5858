package view

import "ninelives/internal/health"

// oddsWords says how likely a fix is to help.
func oddsWords(o health.Odds) string {
	switch o {
	case health.Certain:
		return "certain"
	case health.Likely:
		return "likely"
	case health.Possible:
		return "possible"
	case health.RuledOut:
		return "ruled out"
	default:
		return "cannot tell"
	}
}

// chanceWords are the odds of a fix that leads the list: that it leads says
// nothing when the evidence is silent.
func chanceWords(o health.Odds) string {
	if o == health.CannotTell {
		return "nothing points to a cause"
	}
	return oddsWords(o)
}

// routeWords names a way of backup. What only the device told of is not here.
func routeWords(r health.Route) string {
	switch {
	case r.Kind == health.ComputerRoute && !r.ToldAt.IsZero():
		return "Another computer"
	case r.Kind == health.ComputerRoute:
		return "This computer"
	case r.Kind == health.ICloudRoute:
		return "iCloud"
	default:
		return string(r.Kind)
	}
}

// sourceWords names a source.
func sourceWords(k health.SourceKind) string {
	switch k {
	case health.SourceMobileSync:
		return "Backups on this computer"
	case health.SourceAppleStatus:
		return "Apple's system status"
	case health.SourcePhone:
		return "The devices themselves"
	case health.SourceReleases:
		return "The newest iOS"
	case health.SourceQuota:
		return "iCloud space of this computer's account"
	default:
		return string(k)
	}
}

// troubleWords says why a source could not be read.
func troubleWords(t health.Trouble) string {
	switch t {
	case health.NoTrouble:
		return "never read"
	case health.NotFound:
		return "not there"
	case health.NoPermission:
		return "may not be read"
	case health.Offline:
		return "not connected"
	case health.Malformed:
		return "answer not understood"
	case health.TimedOut:
		return "no answer in time"
	case health.Off:
		return "switched off"
	default:
		return "could not be read"
	}
}

// encryptedWords says whether a backup holds passwords and health data.
func encryptedWords(a health.Answer) string {
	switch a {
	case health.Yes:
		return "encrypted"
	case health.No:
		return "not encrypted"
	default:
		return ""
	}
}

// routeStateWords says how a way of backup is doing.
func routeStateWords(s health.RouteState) string {
	switch s {
	case health.RouteFresh:
		return "fresh"
	case health.RouteStale:
		return "late"
	case health.RouteNever:
		return "never"
	case health.RouteRunning:
		return "running now"
	case health.RouteUnfinished:
		return "not finished"
	case health.RouteDamaged:
		return "damaged"
	case health.RouteOffline:
		return "drive not connected"
	case health.RouteNoPermission:
		return "may not be read"
	default:
		return "unknown"
	}
}

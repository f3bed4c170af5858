package view

import (
	"fmt"
	"time"

	"ninelives/internal/health"
)

// tooltipUnits is what Windows, the narrowest host, shows of a tooltip, in
// UTF-16 code units.
const tooltipUnits = 127

// Of gives everything that is on screen, in the zone of now. A report that is
// older than now is read as [AsOf] says, so green runs out with the clock.
func Of(r health.Report, s Session, now time.Time) View {
	r = AsOf(r, s.NextCheck, now)
	return View{
		Icon:    icon(r, s),
		Tooltip: tooltip(r, now),
		Menu:    menu(r, s, now),
		Page:    PageOf(r, s, now),
	}
}

// icon shows the worst state. The checking icon stands only where there is
// nothing to show yet: a round by schedule must not make the icon blink, and
// the menu's own line says that one is under way.
func icon(r health.Report, s Session) Icon {
	if r.At.IsZero() && s.Checking {
		return IconChecking
	}
	return iconOf(r.State)
}

func iconOf(s health.State) Icon {
	switch s {
	case health.OK:
		return IconOK
	case health.Warning:
		return IconAttention
	case health.Critical:
		return IconProblem
	default:
		return IconUnknown
	}
}

// tooltip says the state in words, and names the worst device as long as both
// fit.
func tooltip(r health.Report, now time.Time) string {
	text := "Nine Lives: " + summary(r)
	if len(r.Devices) == 0 || r.Devices[0].Ignored || r.Devices[0].State == health.OK {
		return text
	}
	long := fmt.Sprintf("%s. %s: %s", text, isolated(nameOf(r.Devices[0])), standing(r.Devices[0], now))
	if units(long) > tooltipUnits {
		return text
	}
	return long
}

// summary is the report's own, or the word that there is none yet, or that the
// backups could not be read: that is not the same as none.
func summary(r health.Report) string {
	switch {
	case r.At.IsZero():
		return "not looked yet"
	default:
		return r.Summary()
	}
}

// units counts UTF-16 code units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

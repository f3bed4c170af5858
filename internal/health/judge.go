package health

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Judge weighs all facts: a verdict per device over every route of backup, the
// obstacles, the states of the sources, and the worst of it all. It is a pure
// function; now decides ages, and its location decides what a night is.
func Judge(f Facts, p Policy, now time.Time) Report {
	f = f.believable(now)
	r := Report{At: now, Sources: sourceStates(f, now), Outages: outages(f.Feed)}
	for _, c := range casesOf(f, p, now) {
		r.Devices = append(r.Devices, c.verdict())
	}
	slices.SortStableFunc(r.Devices, worstFirst)
	r.Obstacles = slices.Concat(obstacles(f, r.Devices, now), fullDisks(f, r.Devices, now), lostTrust(f, r.Devices, now))
	r.State = worstOf(r.Devices)
	if r.State == OK && slices.ContainsFunc(f.Backups, neverSeen) {
		r.State = Unknown
	}
	return r
}

// neverSeen reports whether a place is there and was never read: whatever lies
// in it may be years old, so green would be a guess.
func neverSeen(place Reading[[]Backup]) bool {
	return !place.Known() && unread(place)
}

// unread reports whether a place is there and could not be read now, whatever
// is known of it from before.
func unread(place Reading[[]Backup]) bool {
	return place.Trouble != NoTrouble && place.Trouble != NotFound && place.Trouble != Off
}

// worstOf gives the state of the worst device; none at all is unknown.
func worstOf(devices []Verdict) State {
	state, any := OK, false
	for _, d := range devices {
		if d.Ignored {
			continue
		}
		any = true
		if d.State.Worse(state) {
			state = d.State
		}
	}
	if !any {
		return Unknown
	}
	return state
}

// worstFirst orders devices: ignored ones last, then by urgency, then by name.
func worstFirst(a, b Verdict) int {
	return cmp.Or(
		cmp.Compare(boolRank(a.Ignored), boolRank(b.Ignored)),
		cmp.Compare(b.State.urgency(), a.State.urgency()),
		strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)),
		strings.Compare(a.ID, b.ID),
	)
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// patient is one device with everything that is known of it.
type patient struct {
	Device
	seenAt  time.Time // of the evidence that names the device
	folders []Backup  // of all places
	routes  []Route
	phone   *Phone
	facts   Facts
	policy  Policy
	now     time.Time
}

// casesOf groups the facts by device.
func casesOf(f Facts, p Policy, now time.Time) []*patient {
	var all []*patient
	byID := map[string]*patient{}
	of := func(d Device) *patient {
		c := byID[d.ID]
		if c == nil {
			c = &patient{Device: Device{ID: d.ID}, facts: f, policy: p, now: now}
			byID[d.ID] = c
			all = append(all, c)
		}
		return c
	}
	for _, place := range f.Backups {
		folders := map[string][]Backup{}
		var order []string
		for _, b := range place.Value {
			id := b.Device.ID
			of(b.Device).name(b.Device, latest(b.LastGood, b.Attempt))
			if _, seen := folders[id]; !seen {
				order = append(order, id)
			}
			folders[id] = append(folders[id], b)
		}
		for _, id := range order {
			c := byID[id]
			c.folders = append(c.folders, folders[id]...)
			c.routes = append(c.routes, computerRoutes(folders[id], place.Trouble, p.LimitsFor(id, ComputerRoute), now)...)
		}
	}
	for i := range f.Phones.Value {
		phone := &f.Phones.Value[i]
		if byID[phone.Device.ID] == nil && (phone.At.IsZero() || phone.Device.ProductType != "" && Kind(phone.Device.ProductType) == "") {
			continue // a stranger's phone, of which nothing is known, or a television
		}
		c := of(phone.Device)
		c.name(phone.Device, phone.At)
		c.phone = phone
	}
	for _, c := range all {
		c.hear()
	}
	return all
}

// hear adds to the routes how much room is left for them, and what the device
// itself says, or said.
func (c *patient) hear() {
	for i, r := range c.routes {
		for _, b := range c.folders {
			if b.Path == r.Path {
				c.routes[i].Why += c.roomWords(b)
			}
		}
	}
	computer, cloud := c.policy.LimitsFor(c.ID, ComputerRoute), c.policy.LimitsFor(c.ID, ICloudRoute)
	if c.phone == nil || c.phone.CloudAt.IsZero() {
		if r, ok := frozenRoute(c.folders, cloud, c.now); ok {
			c.routes = append(c.routes, r)
			return
		}
	}
	if c.phone == nil || c.phone.At.IsZero() {
		return
	}
	for i, r := range c.routes {
		c.routes[i] = r.disputed(*c.phone, c.now)
	}
	c.routes = append(c.routes, cloudRoute(*c.phone, cloud, c.now))
	read := !slices.ContainsFunc(c.facts.Backups, unread)
	if r, ok := elsewhereRoute(*c.phone, c.folders, read, computer, c.now); ok {
		c.routes = append(c.routes, r)
	}
}

// name takes over what a device is called from the newest evidence that says
// so: a name changes only with the next backup.
func (c *patient) name(d Device, at time.Time) {
	newer := c.seenAt.IsZero() || at.After(c.seenAt)
	take := func(to *string, from string) {
		if from != "" && (newer || *to == "") {
			*to = from
		}
	}
	take(&c.Name, visible(d.Name))
	take(&c.ProductType, d.ProductType)
	take(&c.OSVersion, d.OSVersion)
	if newer {
		c.seenAt = at
	}
}

// verdict judges the device by the best of its routes.
func (c *patient) verdict() Verdict {
	v := Verdict{Device: c.Device, Model: cmp.Or(Model(c.ProductType), c.ProductType)}
	v.Ignored = c.policy.Devices[c.ID].Ignore
	v.Routes = slices.Clone(c.routes)
	best := c.decides()
	v.State, v.LastGood, v.Limits = best.urgency(c.now), best.LastGood, best.Limits
	v.Why = verdictWords(v.State, best, c.now)
	v.Unheard = best.unheard(c.now)
	if v.State != OK {
		v.Step = c.step(best)
		v.Fixes = c.opinions(v)
		v.Hold = c.hold(best)
	}
	return v
}

// decides gives the route that the verdict follows: the one that proves most.
// What only the device can tell, and nobody has heard for a while, excuses an
// older backup here, not a newer one that is late: then this is the one that
// people keep.
func (c *patient) decides() Route {
	better := func(a, b Route) int { return betterRoute(a, b, c.now) }
	best := slices.MinFunc(c.routes, better)
	if !best.unheard(c.now) {
		return best
	}
	newer := slices.DeleteFunc(slices.Clone(c.routes), func(r Route) bool { return !r.LastGood.After(best.LastGood) || r.Weak })
	if len(newer) > 0 {
		return slices.MinFunc(newer, better)
	}
	return best
}

// strangeAfter is how long a device may be silent before it is asked whether it
// is still there at all.
const strangeAfter = 14 * Day

// step is how a proven backup comes about at once. Finding the cause may take
// nights; this need not wait for it.
func (c *patient) step(r Route) string {
	switch {
	case r.State == RouteNoPermission, r.LastGood.IsZero() && r.State == RouteOffline:
		return ""
	case r.State == RouteRunning:
		return "Leave the device connected and unlocked until the backup has finished."
	case !r.ToldAt.IsZero() && r.Weak && c.phone.wrongClock():
		return "On the device, open Settings > General > Date & Time and switch on Set Automatically; then back it up."
	case r.unheard(c.now) && age(r.ToldAt, c.now) > strangeAfter:
		return "Connect the device by cable and unlock it, or bring it onto the Wi-Fi of this computer: then it can be asked. If it is not used any more, ignore it."
	case r.unheard(c.now):
		return "Connect the device by cable and unlock it, or bring it onto the Wi-Fi of this computer: then it can be asked."
	case r.Kind == ICloudRoute && c.phone != nil && c.phone.CloudBackup == No:
		return fmt.Sprintf("On the device, open Settings > your name > iCloud > iCloud Backup, switch on “Back Up This %s”, then tap Back Up Now.", cmp.Or(Kind(c.ProductType), "iPhone"))
	case r.Kind == ICloudRoute:
		return "On the device, open Settings > your name > iCloud > iCloud Backup and tap Back Up Now."
	case r.State == RouteOffline:
		return fmt.Sprintf("Connect the drive with its backups, connect the device by cable, and %s.", backUpNow(c.facts.Host))
	default:
		return fmt.Sprintf("Connect the device by cable and %s.", backUpNow(c.facts.Host))
	}
}

// verdictWords says the verdict in one sentence.
func verdictWords(s State, r Route, now time.Time) string {
	if r.LastGood.IsZero() {
		return r.Why
	}
	if r.unheard(now) {
		return r.Why
	}
	what := "complete"
	switch {
	case r.Kind == ICloudRoute:
		what = "iCloud"
	case r.Weak:
		what = "probable"
	}
	limit := r.Limits.WarnAfter
	if s == Critical {
		limit = r.Limits.CriticalAfter
	}
	old := Age(age(r.LastGood, now))
	if old == Span(limit) && s != OK {
		old = "just over " + old
	}
	words := fmt.Sprintf("Last %s backup %s ago; the limit is %s.", what, old, Span(limit))
	switch {
	case s == Unknown:
		words = r.Why
	case r.State == RouteOffline:
		words += " The drive it is on is not connected now."
	case r.State == RouteNoPermission:
		words += " It may not be read now."
	case r.State == RouteRunning:
		words += " A new one is running."
	case r.State == RouteUnfinished:
		words += " A later run did not finish."
	}
	return words
}

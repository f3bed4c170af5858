package health

// Carry adds to a new good reading of a place what was known from the one
// before it and must not be forgotten:
//
//   - a folder whose volume is absent, or that may not be read now, keeps the
//     date that was proven earlier, for its age;
//   - a device whose only folder has disappeared stays, as gone: a deleted
//     backup must not turn the icon green;
//   - where all of them disappeared together, the drive may just not be mounted
//     on its folder: the last date stays, but proves nothing any more;
//   - a device whose name cannot be read for the moment keeps its name;
//   - the size of a backup that is still the same is not lost while it is
//     counted anew.
func Carry(before, now []Backup) []Backup {
	old := make(map[string]Backup, len(before))
	for _, b := range before {
		old[b.Path] = b
	}
	out := make([]Backup, 0, len(now))
	here := make(map[string]bool, len(now))
	for _, b := range now {
		out = append(out, b.remembering(old[b.Path]))
		here[b.Device.ID] = true
	}
	for _, b := range before {
		if here[b.Device.ID] {
			continue
		}
		out = append(out, b.disappeared(len(now) == 0))
	}
	return out
}

// disappeared is a folder that was here before and is not any more.
func (b Backup) disappeared(allDid bool) Backup {
	switch {
	case b.Phase == PhaseGone || b.Phase == PhaseEmptied && allDid:
		return b
	case allDid && !b.LastGood.IsZero():
		b.Phase, b.Weak, b.Failed = PhaseEmptied, PlaceEmptied, false
		return b
	default:
		return Backup{Device: b.Device, Path: b.Path, Archive: b.Archive, Phase: PhaseGone, History: latest(b.LastGood, b.History)}
	}
}

// remembering completes a reading of a folder from the one before it.
func (b Backup) remembering(before Backup) Backup {
	if before.Device.ID != b.Device.ID {
		return b
	}
	if b.Device.Name == "" {
		b.Device.Name = before.Device.Name
	}
	if b.Device.ProductType == "" {
		b.Device.ProductType, b.Device.OSVersion = before.Device.ProductType, before.Device.OSVersion
	}
	if b.Size == 0 && b.LastGood.Equal(before.LastGood) {
		b.Size = before.Size
	}
	if b.Phase == PhaseOffline || b.Phase == PhaseNoPermission {
		b.LastGood, b.Weak, b.Encrypted = before.LastGood, before.Weak, before.Encrypted
		b.Attempt, b.Failed = before.Attempt, before.Failed
	}
	return b
}

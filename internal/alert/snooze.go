package alert

import "time"

// untilBackup is the end of a snooze that lasts until the next backup: the
// same moment as view.UntilBackup.
func untilBackup() time.Time { return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }

// Snooze silences a device until the given time, or, with 9999-01-01 UTC, until
// its next backup. A time that is not ahead of now ends its snooze.
func (m Memory) Snooze(device string, until, now time.Time) Memory {
	if !until.After(now) {
		return m.Unsnooze(device)
	}
	m = m.clone()
	r, known := m.Devices[device]
	if !known {
		r.Since = plain(now)
	}
	r.Snooze, r.Woke = &Snooze{Set: plain(now), Until: plain(until)}, false
	m.Devices[device] = r
	return m
}

// Unsnooze ends the snooze of a device. Whoever asks for it knows how the
// device is doing: nothing is owed but the next reminder.
func (m Memory) Unsnooze(device string) Memory {
	m = m.clone()
	if r, known := m.Devices[device]; known {
		r.Snooze, r.Woke = nil, false
		m.Devices[device] = r
	}
	return m
}

// Snoozed gives the snoozed devices and when each snooze ends; 9999-01-01 UTC
// stands for the next backup. It is never nil.
func (m Memory) Snoozed() map[string]time.Time {
	ends := map[string]time.Time{}
	for id, r := range m.Devices {
		if r.Snooze != nil {
			ends[id] = r.Snooze.Until
		}
	}
	return ends
}

package view

import (
	"strconv"
	"strings"

	"ninelives/internal/health"
)

const (
	lateLabel  = "Needs attention after"
	riskLabel  = "At risk after"
	lengthHelp = "A length of time such as 36h, 7d or 2 weeks."
	otherTimes = "At other times"
)

// Groups is the form in words, in its order.
func (s Settings) Groups() []SettingsGroup {
	groups := []SettingsGroup{
		s.scheduleGroup(),
		s.limits("limits", "", "When a backup is late", "This holds for all devices and kinds of backup, unless said below."),
		s.limits("icloud", "icloud.", "iCloud backups", "Empty fields follow what is set for all, or else the usual that they show."),
		s.limits("computer", "computer.", "Backups on this computer", "Empty fields follow what is set for all, or else the usual that they show."),
	}
	for _, d := range s.Devices {
		groups = append(groups, s.deviceGroup(d))
	}
	return append(groups, s.folderGroup(), s.noticeGroup(), s.feedGroup(), s.loginGroup(), s.pageGroup())
}

func (s Settings) scheduleGroup() SettingsGroup {
	g := SettingsGroup{
		ID: "schedule", Title: "How often to check",
		Help:   "Nine Lives also checks when it starts and when the computer wakes up.",
		Fields: s.schedule(),
	}
	if len(s.Next) > 0 {
		var times []string
		for _, t := range s.Next {
			times = append(times, When(t, s.Now))
		}
		g.Notes = append(g.Notes, "The next checks: "+strings.Join(times, "; ")+".")
	}
	return g
}

// schedule asks for check_every in two fields: the usual intervals, and one of
// one's own.
func (s Settings) schedule() []SettingsField {
	choice := s.field(checkEvery, FieldSelect, "Check every", "")
	value, chosen := s.Values[checkEvery], false
	current := value
	if current == "" {
		current = s.Usual[checkEvery]
	}
	for _, usual := range []string{"1h", "3h", "6h", "12h", "1d"} {
		o := SettingsOption{Value: usual, Label: settingWords(usual)}
		isDefault := same(usual, s.Usual[checkEvery])
		switch {
		case same(usual, current):
			o.Value, o.Chosen, chosen = value, true, true
		case isDefault:
			o.Value = "" // so that it follows the default again
		}
		if isDefault {
			o.Label += " (as usual)"
		}
		choice.Options = append(choice.Options, o)
	}
	choice.Options = append(choice.Options, SettingsOption{Value: ownChoice, Label: otherTimes + ", written below", Chosen: !chosen})
	own := s.field(ownName, FieldText, "Other times", "An interval such as 90m or 2 days, or a schedule of five fields in this computer's time: "+
		"minute, hour, day, month, day of the week. 0 9,21 * * * is every day at 9:00 and 21:00.")
	own.Value = s.own()
	if !chosen || own.Value != "" {
		own.Error, choice.Error = choice.Error, ""
	}
	return []SettingsField{choice, own}
}

// own is what stands in the second field of check_every.
func (s Settings) own() string {
	if text, typed := s.Values[ownName]; typed {
		return text
	}
	value := s.Values[checkEvery]
	for _, usual := range []string{"", "1h", "3h", "6h", "12h", "1d"} {
		if same(usual, value) {
			return ""
		}
	}
	return value
}

// limits are the two limits of all, of a route or of a device.
func (s Settings) limits(id, prefix, title, help string) SettingsGroup {
	return SettingsGroup{ID: id, Title: title, Help: help, Fields: []SettingsField{
		s.field(prefix+"warn_after", FieldText, lateLabel, lengthHelp),
		s.field(prefix+"critical_after", FieldText, riskLabel, "Not shorter than the other one."),
	}}
}

func (s Settings) deviceGroup(d SettingsDevice) SettingsGroup {
	name := d.Name
	if name == "" {
		name = "Device " + d.ID + ", not seen now"
	}
	help := "Empty fields follow its kind of backup."
	if d.Model != "" {
		help = d.Model + ". " + help
	}
	ignore := "device." + d.ID + ".ignore"
	if s.Forced[ignore] {
		help += " Your administrator sets limits: a device's own count where they are stricter, and none can be ignored."
	}
	g := s.limits("device-"+d.ID, "device."+d.ID+".", name, help)
	g.Fields = append(g.Fields, s.toggle(ignore, "Ignore this device", "An ignored device is shown, and counts for nothing.", "Yes, ignore it", "No, watch it"))
	return g
}

func (s Settings) folderGroup() SettingsGroup {
	g := SettingsGroup{ID: "folders", Title: "Folders of backups"}
	if s.HideNames {
		g.Notes = append(g.Notes, "Folders are not shown, and not changed by saving, while names are hidden.")
	} else {
		g.Fields = []SettingsField{s.field("backups.folders", FieldLines, "Folders besides the usual places",
			"One full path a line, each a folder that holds a folder for every device. Empty a line to take it out.")}
	}
	if s.FixedFolders {
		g.Notes = append(g.Notes, "Nine Lives was started with --backup-dir: only the folders named there are read until it is started without.")
	}
	for i, f := range s.Folders {
		about := isolated(f.Path)
		if s.HideNames {
			about = "Folder " + strconv.Itoa(i+1)
		}
		if !f.Own {
			about += " (a usual place)"
		}
		g.Actions = append(g.Actions, SettingsAction{Label: "Test now", About: about, Command: Command{Verb: TestFolder, Arg: f.Path}, Says: f.Says})
	}
	return g
}

func (s Settings) noticeGroup() SettingsGroup {
	return SettingsGroup{
		ID: "notifications", Title: "Notifications",
		Fields: []SettingsField{
			s.toggle("notifications.enabled", "Send notifications", "", "On", "Off"),
			s.field("notifications.quiet", FieldText, "Quiet hours", "Such as 22:00-08:00; what is due then comes afterwards. Empty: none."),
			s.field("notifications.repeat", FieldText, "Remind again after", "Counted from the first message, such as 1d, 3d, 7d; the last one goes on."),
		},
		Actions: []SettingsAction{{Label: "Send me a test", About: "Notifications", Command: Command{Verb: TestNotice}, Says: s.Noticed}},
	}
}

func (s Settings) feedGroup() SettingsGroup {
	g := SettingsGroup{ID: "apple", Title: "What else is asked", Fields: []SettingsField{
		s.toggle("phones.enabled", "Ask the devices themselves", "A paired iPhone or iPad tells when its last iCloud backup was, through the pairing that this computer already has. Nothing on it is changed.", "On", "Off"),
		s.toggle("apple_status.enabled", "Read Apple's system status", "A plain request for a public page; it tells when iCloud Backup is down. Nothing of yours is sent.", "On", "Off"),
		s.toggle("ios_releases.enabled", "Read which iOS is the newest", "A plain request for Apple's public list, once a day. Nothing of yours is sent.", "On", "Off"),
	}}
	if s.Offline {
		g.Notes = append(g.Notes, "Nine Lives was started with --offline: none of these is asked until it is started without.")
	}
	return g
}

func (s Settings) loginGroup() SettingsGroup {
	g := SettingsGroup{ID: "login", Title: "Start at login"}
	action := SettingsAction{About: "Nine Lives starts when you log in", Label: "Do not start it any more", Command: Command{Verb: AtLogin, Arg: "off"}}
	switch s.AtLogin {
	case health.Yes:
	case health.No:
		action = SettingsAction{About: "Nine Lives does not start when you log in", Label: "Start it at login", Command: Command{Verb: AtLogin, Arg: "on"}}
	default:
		g.Notes = []string{"Whether Nine Lives starts when you log in cannot be told here; “ninelives doctor” says why."}
		return g
	}
	g.Actions = []SettingsAction{action}
	return g
}

func (s Settings) pageGroup() SettingsGroup {
	return SettingsGroup{ID: "page", Title: "This page", Fields: []SettingsField{
		s.toggle("page.hide_names", "Names of devices", "Hide them to share your screen: devices are called by what they are.", "Hidden", "Shown"),
	}}
}

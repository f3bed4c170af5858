//go:build cgo || traycheck

package tray

import "ninelives/internal/cocoa"

// nameItem and labelItem do for the icon what the library does not.
func (o *owner) nameItem() { o.missing(cocoa.NameStatusItem("NineLives")) }

func (o *owner) labelItem(text string) { o.missing(cocoa.LabelStatusItem(text)) }

// missing logs what this macOS lacks. The icon works without.
func (o *owner) missing(err error) {
	if err != nil {
		o.tray.opt.Log.Warn("tray: the icon has no name of its own, or none for VoiceOver", "err", err)
	}
}

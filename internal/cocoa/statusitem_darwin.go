package cocoa

import "github.com/ebitengine/purego/objc"

// NameStatusItem gives the program's icon in the menu bar a name by which macOS
// remembers where the person moved it; without one it shares the name of every
// other nameless icon, and the place, which may be off the screen.
func NameStatusItem(name string) error {
	return Pooled(func(c *Calls) { c.OnMain(statusItem(c), "setAutosaveName:", c.String(name)) })
}

// LabelStatusItem says what VoiceOver reads of the icon.
func LabelStatusItem(text string) error {
	return Pooled(func(c *Calls) {
		c.OnMain(c.Send(statusItem(c), "button"), "setAccessibilityLabel:", c.String(text))
	})
}

// statusItem finds the icon where the tray's library keeps it: in a variable of
// the application's delegate. A library that keeps it elsewhere has no such
// variable, and nothing is done.
func statusItem(c *Calls) objc.ID {
	app := c.Send(c.Class("NSApplication"), "sharedApplication")
	return c.Variable(c.Send(app, "delegate"), "statusItem")
}

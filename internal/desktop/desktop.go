// Package desktop speaks to the person's desktop: it shows a notification,
// opens a link or a folder, and starts the program at login.
//
// What cannot compile elsewhere stands in files that end in the name of a
// system. They all offer the same names, and this is their contract:
//
//   - newService(NotifierOptions) *service, with send, withdraw, probe and
//     close: one way to show a notice. send returns nil only when the system
//     took the notice, and may hang: the queue of [Notifier] bounds it.
//   - separate(*exec.Cmd): cuts a child loose from our terminal, so that
//     Ctrl-C here does not end the browser there.
//   - slot, with read, write and remove: the one place of the login item, a
//     file or a registry value. A missing item is fs.ErrNotExist in all three.
//   - loginBlocked and loginAllow: whether the system's own settings keep the
//     item from starting although it is there, and how to lift that.
//   - newLoader() loader: what has to be told that the item is there or gone;
//     nil where the system looks for itself.
//
// Everything else (texts, templates, command lines, quoting) is plain
// functions that take the system's name and are tested on any machine.
package desktop

// The systems, named as in runtime.GOOS.
const (
	mac     = "darwin"
	linux   = "linux"
	windows = "windows"
)

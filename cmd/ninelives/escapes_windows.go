package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// readsEscapes asks the console to read colour escapes, which those before the
// Windows Terminal do only when asked. Who refuses gets none.
func readsEscapes(f *os.File) bool {
	var mode uint32
	console := windows.Handle(f.Fd())
	if windows.GetConsoleMode(console, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}

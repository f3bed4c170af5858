// Package assets holds what the program shows and does not compute: the texts
// of the nine fixes and the icons, embedded as plain data. It imports nothing
// of ours.
package assets

//go:build !windows

package main

import "os"

// readsEscapes is true: terminals here read colour escapes without being asked.
func readsEscapes(*os.File) bool { return true }

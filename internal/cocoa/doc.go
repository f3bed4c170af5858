// Package cocoa talks to the Objective-C objects of macOS without cgo of our
// own. Everything it does is asked for first: a class, a method or a variable
// that this macOS does not have is an error to be logged, and stops what was
// to follow. There is no other guard: an exception inside Cocoa cannot be
// caught from here and ends the program, so only messages that raise none
// under the conditions that were looked at are sent.
//
// On other systems the package is empty.
package cocoa

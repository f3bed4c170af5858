package cocoa

import (
	"fmt"
	"runtime"

	"github.com/ebitengine/purego"
	"github.com/ebitengine/purego/objc"
)

// Calls is a run of messages to objects. After the first thing that is missing
// it does nothing more, and Err says what that was.
type Calls struct{ err error }

// Err is what was missing; nil: nothing.
func (c *Calls) Err() error { return c.err }

func (c *Calls) fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("cocoa: "+format, args...)
	}
}

// Class finds a class.
func (c *Calls) Class(name string) objc.ID {
	class := objc.GetClass(name)
	if class == 0 {
		c.fail("there is no class %s", name)
	}
	return objc.ID(class)
}

// knows reports whether a message may be sent.
func (c *Calls) knows(target objc.ID, message string) (objc.SEL, bool) {
	if c.err == nil && target == 0 {
		c.fail("there is nothing to send %s to", message)
	}
	if c.err != nil {
		return 0, false
	}
	name := objc.RegisterName(message)
	if !objc.Send[bool](target, objc.RegisterName("respondsToSelector:"), name) {
		c.fail("%s is not understood", message)
		return 0, false
	}
	return name, true
}

// Send sends a message and gives the object that it answers with, if it does.
func (c *Calls) Send(target objc.ID, message string, args ...any) objc.ID {
	name, ok := c.knows(target, message)
	if !ok {
		return 0
	}
	return target.Send(name, args...)
}

// OnMain sends a message with one object to the main thread, where all that is
// on screen belongs, and does not wait: the thread may be on its way out.
func (c *Calls) OnMain(target objc.ID, message string, object objc.ID) {
	name, ok := c.knows(target, message)
	if !ok {
		return
	}
	const wait = false
	c.Send(target, "performSelectorOnMainThread:withObject:waitUntilDone:", name, object, wait)
}

// String makes a text an object, which is the caller's to keep.
func (c *Calls) String(text string) objc.ID {
	object := c.Send(c.Send(c.Class("NSString"), "alloc"), "initWithUTF8String:", text+"\x00")
	if object == 0 {
		c.fail("this text is not valid")
	}
	return object
}

// Text reads an object that is a text; of none it is empty.
func (c *Calls) Text(object objc.ID) string {
	if object == 0 {
		return ""
	}
	name, ok := c.knows(object, "UTF8String")
	if !ok {
		return ""
	}
	return objc.Send[string](object, name)
}

// Variable reads a variable of an object by its name, without any of the
// object's own code.
func (c *Calls) Variable(object objc.ID, name string) objc.ID {
	if object == 0 {
		c.fail("there is no object with a %s", name)
	}
	if c.err != nil {
		return 0
	}
	variable := object.Class().InstanceVariable(name)
	if variable == 0 {
		c.fail("there is no variable %s", name)
		return 0
	}
	return object.GetIvar(variable)
}

// Load makes the classes of a framework of the system known.
func (c *Calls) Load(framework string) {
	path := "/System/Library/Frameworks/" + framework + ".framework/" + framework
	if _, err := purego.Dlopen(path, purego.RTLD_GLOBAL|purego.RTLD_NOW); err != nil {
		c.fail("%w", err)
	}
}

// Pooled runs messages on one thread and lets go of what they leave behind. A
// panic of the bridge is an error like any other.
func Pooled(run func(c *Calls)) (err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("cocoa: the bridge broke down: %v", p)
		}
	}()
	c := &Calls{}
	pool := c.Send(c.Send(c.Class("NSAutoreleasePool"), "alloc"), "init")
	if c.err != nil {
		return c.err
	}
	run(c)
	pool.Send(objc.RegisterName("drain"))
	return c.err
}

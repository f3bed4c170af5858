package samplephone

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"strings"
	"time"

	"howett.net/plist"
)

// errSpoilt ends a connection on which something went wrong on purpose.
var errSpoilt = errors.New("samplephone: spoilt on purpose")

// errInstead says that an error was said instead of the answer: whatever the
// answer would have begun has not begun, and the conversation goes on.
var errInstead = errors.New("samplephone: an error instead")

// depth of a [Deep] plist: as deep as fits into the 1 MB that a careful reader
// takes from the daemon, so that its limit of size does not hide the depth.
const depth = 60_000

// wire is one side of a connection: it writes answers, well or badly.
type wire struct {
	net.Conn
	header func(size uint32) []byte // claims a body of that size
	less   uint32                   // the size whose header claims less than there can be
	tally  tally
	// failure is the message that says a [SayError] in place of the other one.
	failure func(f Fault, instead map[string]any) map[string]any
	done    <-chan struct{} // closes when the fake ends
}

// answer sends the message, or what the fault makes of it.
func (w *wire) answer(step Step, faults []Fault, message map[string]any) error {
	f, bad := w.tally.next(step, faults)
	if bad {
		switch f.How {
		case SayError:
			return cmp.Or(w.plain(w.failure(f, message)), errInstead)
		case WrongTypes, WrongShape:
			message, bad = twistAll(message, f.How), false
		default: // spoils the bytes, not the message
		}
	}
	if !bad {
		return w.plain(message)
	}
	body, err := encode(message)
	if err != nil {
		return err
	}
	return w.spoil(f, body)
}

// plain sends the message as it is.
func (w *wire) plain(message map[string]any) error {
	body, err := encode(message)
	if err != nil {
		return err
	}
	return w.send(body)
}

// encode gives the XML plist that both protocols speak in.
func encode(message map[string]any) ([]byte, error) {
	body, err := plist.Marshal(message, plist.XMLFormat)
	if err != nil {
		return nil, fmt.Errorf("samplephone: answer: %w", err)
	}
	return body, nil
}

// send writes a whole frame.
func (w *wire) send(body []byte) error {
	_, err := w.Write(append(w.header(uint32(len(body))), body...))
	return err
}

// spoil does to the answer what the fault says.
func (w *wire) spoil(f Fault, body []byte) error {
	whole := append(w.header(uint32(len(body))), body...)
	switch f.How {
	case Silence:
		return w.silence()
	case Oversized:
		_, _ = w.Write(append(w.header(math.MaxInt32-15), body[:16]...))
		return w.silence()
	case Flood:
		return w.flood(body)
	case Undersized:
		_, _ = w.Write(w.header(w.less))
		return w.silence()
	case CutOff:
		_, _ = w.Write(whole[:len(whole)/2])
	case Garbage:
		return w.send(bytes.Repeat([]byte{0xf1, 0x00, 0x9d, 0x3c}, 64))
	case Deep:
		return w.send([]byte(`<plist version="1.0">` + strings.Repeat("<array>", depth) + strings.Repeat("</array>", depth) + `</plist>`))
	case Dribble:
		return w.dribble(whole, cmp.Or(f.Pause, time.Millisecond))
	default: // HangUp: nothing at all
	}
	return errSpoilt
}

// silence swallows what comes until the other side gives up, or the fake ends.
func (w *wire) silence() error {
	_, _ = io.Copy(io.Discard, w.Conn)
	return errSpoilt
}

func (w *wire) flood(body []byte) error {
	_, err := w.Write(w.header(math.MaxInt32 - 15))
	chunk := bytes.Repeat(body, 64)
	for err == nil {
		_, err = w.Write(chunk)
	}
	return errSpoilt
}

func (w *wire) dribble(frame []byte, pause time.Duration) error {
	for _, b := range frame {
		if _, err := w.Write([]byte{b}); err != nil {
			return err
		}
		if !w.wait(pause) {
			return errSpoilt
		}
	}
	return nil
}

// wait sleeps, and reports false when the fake ended meanwhile.
func (w *wire) wait(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-w.done:
		return false
	}
}

// twistAll gives the values of a message other types than they have: all that
// are single, or all that hold others. Which message it is stays readable, so
// that a reader gets as far as the values.
func twistAll(message map[string]any, how How) map[string]any {
	out := make(map[string]any, len(message))
	for key, v := range message {
		if key != "MessageType" && key != "Request" {
			v = twist(v, how)
		}
		out[key] = v
	}
	return out
}

func twist(v any, how How) any {
	switch v := v.(type) {
	case map[string]any:
		if how == WrongTypes {
			return twistAll(v, how)
		}
	case []map[string]any:
		if how == WrongTypes {
			out := []map[string]any{}
			for _, one := range v {
				out = append(out, twistAll(one, how))
			}
			return out
		}
	case string:
		if how == WrongTypes {
			return []any{v}
		}
		return v
	case []byte:
		return how == WrongTypes
	default:
		if how == WrongShape {
			return v
		}
	}
	return fmt.Sprint(v)
}

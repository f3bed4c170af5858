package phone

import (
	"encoding/binary"
	"fmt"
	"io"
)

// The limits of a message in bytes, checked before there is room made for it.
// A pair record has 13 kB, an answer of a phone some hundred bytes.
const (
	mostMux      = 1 << 20
	mostLockdown = 4 << 20
)

// The header of usbmuxd: four little-endian numbers.
const (
	muxHeader  = 16
	muxVersion = 1
	muxPlist   = 8 // the one type of message that carries a property list
)

// writeMux sends a message to the daemon. Its answer will carry the same tag.
func writeMux(w io.Writer, tag uint32, message any) error {
	body, err := encode(message)
	if err != nil {
		return err
	}
	frame := make([]byte, 0, muxHeader+len(body))
	for _, n := range []uint32{uint32(muxHeader + len(body)), muxVersion, muxPlist, tag} {
		frame = binary.LittleEndian.AppendUint32(frame, n)
	}
	_, err = w.Write(append(frame, body...))
	return err
}

// readMux reads one message of the daemon.
func readMux(r io.Reader, into any) (tag uint32, err error) {
	var header [muxHeader]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return 0, err
	}
	field := func(i int) uint32 { return binary.LittleEndian.Uint32(header[4*i:]) }
	length := field(0)
	switch {
	case field(1) != muxVersion || field(2) != muxPlist:
		return 0, fmt.Errorf("%w: not a message of usbmuxd", errGarbled)
	case length < muxHeader || length > mostMux:
		return 0, fmt.Errorf("%w: a message of %d bytes", errGarbled, length)
	}
	return field(3), readBody(r, length-muxHeader, into)
}

// writeLockdown sends a message to the phone; its length goes first, big-endian.
func writeLockdown(w io.Writer, message any) error {
	body, err := encode(message)
	if err != nil {
		return err
	}
	frame := binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(body)), uint32(len(body)))
	_, err = w.Write(append(frame, body...))
	return err
}

// readLockdown reads one message of the phone.
func readLockdown(r io.Reader, into any) error {
	var header [4]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return err
	}
	length := binary.BigEndian.Uint32(header[:])
	if length > mostLockdown {
		return fmt.Errorf("%w: a message of %d bytes", errGarbled, length)
	}
	return readBody(r, length, into)
}

func readBody(r io.Reader, length uint32, into any) error {
	body := make([]byte, length)
	if _, err := io.ReadFull(r, body); err != nil {
		return err
	}
	return decode(body, into)
}

package sample

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
)

// Secrets lists what the folder holds of its owner and must never leave it:
// UDID (in every spelling), serial, phone number and IMEI.
func (f Folder) Secrets() []string {
	secrets := []string{f.UDID, strings.ToUpper(f.UDID), strings.ToLower(f.UDID), f.serial()}
	if f.told().isPhone() {
		secrets = append(secrets, f.imei(), f.phoneNumber())
	}
	return secrets
}

func (f Folder) isPhone() bool { return strings.HasPrefix(f.ProductType, "iPhone") }

// serial is of the right length and says what it is.
func (f Folder) serial() string {
	return fmt.Sprintf("FAKE%X", noise(f.UDID+"serial", 4))
}

// imei has the form of a test device's.
func (f Folder) imei() string {
	return fmt.Sprintf("00440100%07d", binary.BigEndian.Uint32(noise(f.UDID+"imei", 4))%10_000_000)
}

// phoneNumber is from the range that is kept free for stories.
func (f Folder) phoneNumber() string {
	return fmt.Sprintf("+1 (202) 555-01%02d", noise(f.UDID+"phone", 1)[0]%100)
}

// uuid has the form of a random one.
func (f Folder) uuid() string {
	b := noise(f.UDID+"uuid", 16)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return strings.ToUpper(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]))
}

// noise gives n bytes that look random and are always the same for a seed.
func noise(seed string, n int) []byte {
	out := make([]byte, 0, n+sha256.Size)
	for counter := uint64(0); len(out) < n; counter++ {
		block := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(seed), counter))
		out = append(out, block[:]...)
	}
	return out[:n:n]
}

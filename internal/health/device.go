package health

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Device names one iPhone, iPad or iPod touch.
//
// It never holds a UDID, serial or phone number: sources replace the UDID by
// [IDOf] as soon as they have read it.
type Device struct {
	ID          string // IDOf the UDID
	Name        string // as its owner called it: foreign text, cleaned by each outlet
	ProductType string // Apple's model identifier, such as "iPhone14,5"; may be empty
	OSVersion   string // such as "18.1"; may be empty
}

// IDOf gives the short name of a device: the first 8 hex digits of the SHA-256
// of its UDID in lower case without dashes.
func IDOf(udid string) string {
	plain := strings.ReplaceAll(strings.ToLower(udid), "-", "")
	sum := sha256.Sum256([]byte(plain))
	return hex.EncodeToString(sum[:4])
}

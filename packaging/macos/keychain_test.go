package main

import (
	"encoding/base64"
	"path/filepath"
	"strings"
	"testing"
)

// The stand-in takes what it is given into account, as the real one does, and
// talks as much.
func keychains(identity string) map[string]string {
	return map[string]string{"security": "case $1 in import) cat \"$2\" >\"$HOME/taken\" ;; list-keychains) [ $# -gt 3 ] || echo '    \"/k k/login.keychain-db\"' ;; find-identity) echo '" + identity + "' ;; *) echo \"$@\" ;; esac"}
}

func TestTheCertificateOfAReleaseGoesIntoAKeychainOfItsOwn(t *testing.T) {
	const secret = "secret word"
	for name, identity := range map[string]string{
		"of Apple's":   `  1) 0A1B "Developer ID Application: Anna (ABC)"`,
		"of one's own": `  1) 0A1B "Developer ID Application: Anna (ABC)" (CSSMERR_TP_NOT_TRUSTED)`,
	} {
		m := newMac(t, keychains(identity))
		m.env = append(m.env, "CERTIFICATE="+base64.StdEncoding.EncodeToString([]byte("p12")), "CERTIFICATE_PASSWORD="+secret)
		out, err := m.run("keychain.sh", "/r/s.keychain-db")
		if want := "SIGNING_KEYCHAIN=/r/s.keychain-db\nSIGNING_IDENTITY=Developer ID Application: Anna (ABC)\n"; err != nil || out != want {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		calls := string(read(t, m.calls))
		for _, want := range []string{"create-keychain -p ", "set-key-partition-list -S apple-tool:,apple:,codesign: ", "list-keychains -d user -s /r/s.keychain-db /k k/login.keychain-db\n"} {
			if !strings.Contains(calls, want) {
				t.Errorf("%s: %q was not called:\n%s", name, want, calls)
			}
		}
		if string(read(t, filepath.Join(m.home, "taken"))) != "p12" {
			t.Errorf("%s: another certificate was imported", name)
		}
	}
}

func TestACertificateWithoutItsKeyIsRefused(t *testing.T) {
	m := newMac(t, keychains("     0 valid identities found"))
	if out, err := m.run("keychain.sh", "/r/s"); err == nil || there(m.calls) {
		t.Errorf("without a certificate: %v\n%s", err, out)
	}
	m.env = append(m.env, "CERTIFICATE=cDEy", "CERTIFICATE_PASSWORD=secret word")
	if out, err := m.run("keychain.sh", "/r/s"); err == nil || !strings.Contains(out, "together with its key") || strings.Contains(out, "secret") {
		t.Errorf("%v\n%s", err, out)
	}
}

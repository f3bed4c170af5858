package samplephone

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestSecretsAreAllThatIsPersonal(t *testing.T) {
	a, b := IOS18("Anna's iPhone"), IOS12("Ben's iPhone")
	d := playing(t, a, b)
	secrets := d.Secrets()
	for _, p := range []Phone{a, b} {
		record, err := p.pairRecord()
		if err != nil {
			t.Fatal(err)
		}
		hidden := string(record)
		for _, s := range secrets {
			hidden = strings.ReplaceAll(hidden, s, "")
		}
		if len(hidden) > len(record)/10 {
			t.Errorf("of the %d bytes of the pair record %d are no secret:\n%s", len(record), len(hidden), hidden)
		}
		all, _ := p.answers(Root)
		for _, key := range []string{"UniqueDeviceID", "SerialNumber", "PhoneNumber", "WiFiAddress", "InternationalMobileEquipmentIdentity", "UniqueChipID"} {
			if !slices.Contains(secrets, fmt.Sprint(all[key])) {
				t.Errorf("%s is no secret", key)
			}
		}
	}
	boot := a.BootSession
	if err := d.Change(a.UDID, (*Phone).Restart); err != nil {
		t.Fatal(err)
	}
	if later := d.Secrets(); !slices.Contains(later, boot) || len(later) != len(secrets)+1 {
		t.Errorf("%d secrets after a restart, before %d", len(later), len(secrets))
	}
	for _, s := range secrets {
		if len(s) < 11 {
			t.Errorf("%q is so short that it may stand anywhere", s)
		}
		if strings.Contains(s, "iPhone") {
			t.Errorf("%q is the name of a phone", s)
		}
	}
	if a.UDID == IOS18("another").UDID || a.UDID != IOS18("Anna's iPhone").UDID {
		t.Error("a UDID does not depend on the name alone")
	}
}

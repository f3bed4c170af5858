package phone

import (
	"errors"
	"strings"
	"testing"
	"time"

	"ninelives/internal/health"
)

func TestWhatIsNoMessage(t *testing.T) {
	for name, body := range map[string]string{
		"nothing":                            "",
		"spaces":                             " \n",
		"text, which the library would take": "{ DeviceList = (); }",
		"binary":                             "bplist00",
		"HTML":                               "<html><body>log in</body></html>",
		"the old format, in a tag":           "<00>",
		"broken off":                         "<plist><dict><key>MessageType</key>",
		"as deep as 4 MB can be":             "<plist>" + strings.Repeat("<array>", mostLockdown/len("<array>")),
		"one too many":                       "<plist>" + strings.Repeat("<true/>", mostMarkup),
		"a dictionary that is none":          "<plist><array/></plist>",
	} {
		began := time.Now()
		var answer muxAnswer
		if err := decode([]byte(body), &answer); !errors.Is(err, health.ErrMalformed) || strings.Contains(err.Error(), "MessageType") {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

func TestALongListIsNotTooLong(t *testing.T) {
	list := make([]dict, 200)
	for i := range list {
		list[i] = dict{"DeviceID": i + 1, "MessageType": "Attached", "Properties": dict{
			"ConnectionSpeed": 480000000, "ConnectionType": "USB", "DeviceID": i + 1, "LocationID": 1, "ProductID": 4776,
			"SerialNumber": someUDID, "UDID": someUDID, "USBSerialNumber": someUDID,
		}}
	}
	body, err := encode(dict{"DeviceList": list})
	if err != nil {
		t.Fatal(err)
	}
	answer := muxAnswer{DeviceList: part{into: new([]attached)}}
	if err := decode(body, &answer); err != nil {
		t.Fatal(err)
	}
	if got, err := answer.devices(); err != nil || len(got) != len(list) {
		t.Error(len(got), err)
	}
}

func TestOneOddPhoneDoesNotHideTheOthers(t *testing.T) {
	body, err := encode(dict{"DeviceList": []any{
		"nonsense", dict{"DeviceID": "1"}, dict{"DeviceID": 2, "Properties": "x"},
		dict{"DeviceID": 3, "Properties": dict{"SerialNumber": someUDID, "ConnectionType": 7}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	answer := muxAnswer{DeviceList: part{into: new([]attached)}}
	if err := decode(body, &answer); err != nil {
		t.Fatal(err)
	}
	got, err := answer.devices()
	if all := handsets(got); err != nil || len(all) != 1 || all[0].cable != 3 {
		t.Error(got, err)
	}
}

func TestWhatXMLDoesNotAllowCostsNoMessage(t *testing.T) {
	var got struct{ Name text }
	body := "<plist><dict><key>Name</key><string>A\x01\xff\uFFFE\tä</string></dict></plist>"
	if err := decode([]byte(body), &got); err != nil || got.Name != "A?????\tä" {
		t.Errorf("%q, %v", got.Name, err)
	}
}

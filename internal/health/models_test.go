package health

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestModelNames(t *testing.T) {
	cases := map[string]string{
		"iPhone1,1": "iPhone", "iPhone7,1": "iPhone 6 Plus", "iPhone7,2": "iPhone 6",
		"iPhone8,4": "iPhone SE (1st generation)", "iPhone10,6": "iPhone X", "iPhone12,8": "iPhone SE (2nd generation)",
		"iPhone14,5": "iPhone 13", "iPhone14,6": "iPhone SE (3rd generation)", "iPhone17,2": "iPhone 16 Pro Max",
		"iPhone18,4": "iPhone Air", "iPhone18,5": "iPhone 17e",
		"iPad1,1": "iPad", "iPad2,5": "iPad mini", "iPad8,12": "iPad Pro 12.9-inch (4th generation)",
		"iPad13,18": "iPad (10th generation)", "iPad16,11": "iPad Air 13-inch (M4)", "iPad17,4": "iPad Pro 13-inch (M5)",
		"iPod9,1": "iPod touch (7th generation)",
		"":        "", "iPhone": "", "iPhone99,1": "", "iphone14,5": "", "xiPhone14,5": "", "Watch6,1": "", "MacBookPro18,1": "",
	}
	for productType, want := range cases {
		if got := Model(productType); got != want {
			t.Errorf("Model(%q) = %q, want %q", productType, got, want)
		}
	}
}

// Every row is of its family, so that a slip of the keyboard shows, and no
// identifier was given to two names.
func TestTheTableOfModelsIsSound(t *testing.T) {
	if len(models) != 176 {
		t.Errorf("%d identifiers: one stands in two rows, or count anew", len(models))
	}
	for productType, name := range models {
		kind := Kind(productType)
		if kind == "" || !strings.HasPrefix(name, kind) {
			t.Errorf("%s is called %q", productType, name)
		}
		if ButtonsOf(productType) == ButtonsUnknown {
			t.Errorf("%s (%s) has no known buttons", productType, name)
		}
	}
}

func TestKinds(t *testing.T) {
	cases := map[string]string{
		"iPhone14,5": "iPhone", "iPad13,18": "iPad", "iPod7,1": "iPod touch", "iPhone99,9": "iPhone",
		"": "", "iPhone": "", "iPhone14": "", "iPhone14,": "", "iPhone,5": "", "iPhone-1,5": "", "iPhonebook1,1": "",
		"iPhone14,5,6": "", "Watch6,1": "", "AppleTV5,3": "", "x86_64": "", "xiPhone14,5": "", "iPhone99999999999999999999,1": "",
	}
	for productType, want := range cases {
		if got := Kind(productType); got != want {
			t.Errorf("Kind(%q) = %q, want %q", productType, got, want)
		}
	}
}

func TestButtons(t *testing.T) {
	cases := map[Buttons][]string{
		HomeAndTop: {
			"iPhone1,1", "iPhone3,1", "iPhone5,4", "iPhone6,2", "iPhone8,4", // up to iPhone 5s, SE
			"iPad1,1", "iPad2,5", "iPad5,1", "iPad6,8", "iPad7,4", "iPad7,12", // with a home button …
			"iPad11,1", "iPad11,3", "iPad11,7", "iPad12,2", // … to mini 5, Air 3 and iPad 9
			"iPod1,1", "iPod9,1",
		},
		HomeAndSide: {
			"iPhone7,1", "iPhone7,2", "iPhone8,1", "iPhone8,2", "iPhone9,4",
			"iPhone10,1", "iPhone10,2", "iPhone10,4", "iPhone10,5", // iPhone 8
			"iPhone12,8", "iPhone14,6", // SE 2 and 3
		},
		NoHome: {
			"iPhone10,3", "iPhone10,6", // X
			"iPhone11,2", "iPhone11,4", "iPhone11,6", "iPhone11,8",
			"iPhone12,1", "iPhone12,5", "iPhone13,1", "iPhone14,5", "iPhone14,8", "iPhone17,5", "iPhone18,5",
			"iPhone19,1", "iPhone30,2", // not made yet
			"iPad8,1", "iPad8,8", "iPad8,9", "iPad8,12", // Pro 11 and 12.9 from the third on
			"iPad13,1", "iPad13,4", "iPad13,11", "iPad13,16", "iPad13,18", "iPad13,19", // Air 4, Pro, Air 5, iPad 10
			"iPad14,1", "iPad14,2", "iPad15,7", "iPad16,1", "iPad17,4", // mini 6, A16, mini A17 Pro
			"iPad18,1", // not made yet
		},
		ButtonsUnknown: {"", "iPhone", "iPhoneX,1", "iPad9,1", "iPad10,2", "Watch7,1", "RealityDevice14,1"},
	}
	for want, types := range cases {
		for _, productType := range types {
			if got := ButtonsOf(productType); got != want {
				t.Errorf("ButtonsOf(%q) = %q, want %q", productType, got, want)
			}
		}
	}
}

// The names agree with two public tables, but for how they write editions and
// inches. The tables are no part of the project.
func TestModelsAgreeWithPublicTables(t *testing.T) {
	samples := os.Getenv("NINELIVES_SAMPLES")
	if samples == "" {
		t.Skip("NINELIVES_SAMPLES names no folder of samples")
	}
	for _, name := range []string{
		"feeds/kyle-seongwoo-jun-apple-device-identifiers/ios-device-identifiers.json",
		"feeds/macadmins-sofa/producttype-to-marketingname.from-v2-Devices.json",
	} {
		text, err := os.ReadFile(filepath.Join(samples, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		var table map[string]string
		if err := json.Unmarshal(text, &table); err != nil {
			t.Fatal(err)
		}
		for productType, theirs := range table {
			if strings.HasSuffix(theirs, "Simulator") {
				continue
			}
			if ours := Model(productType); plainName(ours) != plainName(theirs) {
				t.Errorf("%s: %q here, %q in %s", productType, ours, theirs, filepath.Base(name))
			}
		}
	}
}

// plainName drops what tables write differently: brackets, the radio, the
// storage, the market, and that a first one is the first.
func plainName(name string) string {
	for _, extra := range []string{" Wi-Fi + Cellular", " Wi-Fi", " (1 or 2 TB)", " (1TB)", " (China mainland)", " (1st generation)"} {
		name = strings.ReplaceAll(name, extra, "")
	}
	return strings.NewReplacer("(", "", ")", "").Replace(name)
}

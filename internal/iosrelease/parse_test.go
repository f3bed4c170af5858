package iosrelease

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ninelives/internal/health"
)

// row makes a version that Apple offers to models.
func row(version string, models ...string) string {
	return fmt.Sprintf(`{"ProductVersion":%q,"Build":"23G83","PostingDate":"2026-08-17","ExpirationDate":"2026-11-20","SupportedDevices":%s}`, version, array(models))
}

func array(texts []string) string {
	raw, _ := json.Marshal(append([]string{}, texts...))
	return string(raw)
}

// apple makes a body of Apple's list that offers rows in a set.
func apple(rows ...string) string {
	return fmt.Sprintf(`{"PublicAssetSets":{"iOS":[%s],"macOS":[%s]},"AssetSets":{"iOS":[%s]},"PublicBackgroundSecurityImprovements":{"iOS":[%s]}}`,
		strings.Join(rows, ","), row("26.6.1", "J132AP", "Mac-7BA5B2D9E42DDD94"), row("99.1", "iPhone13,2"), row("98.1", "iPhone13,2"))
}

// sofa makes a body of SOFA's list of one major version.
func sofa(latest string, releases ...string) string {
	return fmt.Sprintf(`{"Version":"2.0","OSVersions":[{"OSVersion":"18","Latest":%s,"SecurityReleases":[%s]}],"Devices":{"iPhone1,1":{"MarketingName":"iPhone"}},"BackgroundSecurityImprovements":{"18":[%s]}}`,
		latest, strings.Join(releases, ","), row("18.9", "iPhone13,2"))
}

// bare makes a release in SOFA's list without devices.
func bare(version, kind string) string {
	return fmt.Sprintf(`{"ProductVersion":%q,"ReleaseType":%q,"DeviceScope":"universal"}`, version, kind)
}

func offering(version string, models ...string) health.Release {
	return health.Release{Version: version, ProductTypes: models}
}

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want []health.Release
	}{
		"two tracks, each model its own": {
			apple(row("18.7.8", "iPhone13,2", "iPhone12,1"), row("26.6.1", "iPhone18,1", "iPhone13,2"), row("18.7.10", "iPhone11,8"), row("15.8.8", "iPod9,1")),
			[]health.Release{offering("26.6.1", "iPhone13,2", "iPhone18,1"), offering("18.7.10", "iPhone11,8"), offering("18.7.8", "iPhone12,1", "iPhone13,2"), offering("15.8.8", "iPod9,1")},
		},
		"the highest of a major version, number by number": {
			apple(row("18.7.8", "iPad7,11"), row("18.7.10", "iPad7,11"), row("18.7.9", "iPad7,11")),
			[]health.Release{offering("18.7.10", "iPad7,11")},
		},
		"a version in two rows, for two groups of models": {
			apple(row("26.5", "iPhone13,2"), row("26.5", "iPad8,1", "iPhone13,2")),
			[]health.Release{offering("26.5", "iPad8,1", "iPhone13,2")},
		},
		"watches, televisions and speakers among them": {
			apple(row("11.6", "Watch6,10"), row("26.6", "AppleTV5,3", "AudioAccessory1,1", "RealityDevice14,1", "iPhone14,5")),
			[]health.Release{offering("26.6", "iPhone14,5")},
		},
		"in a set of another name": {
			`{"PublicAssetSets":{"iPadOS":[` + row("27.0", "iPad8,1") + `]}}`,
			[]health.Release{offering("27.0", "iPad8,1")},
		},
		"an improvement of a version is not a version": {
			apple(row("26.3.1", "iPhone14,5"), strings.Replace(row("26.4", "iPhone14,5"), `"Build"`, `"ProductVersionExtra":"(a)","Build"`, 1), row("26.5 (a)", "iPhone14,5")),
			[]health.Release{offering("26.3.1", "iPhone14,5")},
		},
		"an expired row": {
			apple(strings.Replace(row("26.6", "iPhone14,5"), "2026-11-20", "2001-01-01", 1)),
			[]health.Release{offering("26.6", "iPhone14,5")},
		},
		"names that only look like models": {
			apple(row("26.6", "iPhone14,5", "iPhone", "iPhone14", "iPhone14,5 ", "xiPhone14,5", "iPhone14,5555", "MyiPad1,1", "iPhone１,1")),
			[]health.Release{offering("26.6", "iPhone14,5")},
		},
		"rows without devices or without anything": {
			apple(row("27.0"), `{"ProductVersion":"28.0"}`, `{"ProductVersion":"29.0","SupportedDevices":null}`, "null", "{}", row("26.6", "iPhone14,5")),
			[]health.Release{offering("26.6", "iPhone14,5")},
		},
		"behind a mark": {"\xef\xbb\xbf\n" + apple(row("26.6", "iPhone14,5")), []health.Release{offering("26.6", "iPhone14,5")}},

		"SOFA: a release for a few models above the newest for all": {
			sofa(row("18.7.8", "iPhone13,2"), row("18.7.10", "iPhone11,8"), row("18.7.9", "iPhone11,8"), row("18.7.8", "iPhone13,2")),
			[]health.Release{offering("18.7.10", "iPhone11,8"), offering("18.7.8", "iPhone13,2")},
		},
		"SOFA: releases without devices are for those of the newest": {
			sofa(row("18.7.8", "iPhone13,2"), bare("18.7.9", "OS"), bare("18.7.7", "OS")),
			[]health.Release{offering("18.7.9", "iPhone13,2")},
		},
		"SOFA: an empty list of devices is nobody": {
			sofa(row("18.7.8", "iPhone13,2"), row("18.7.9")),
			[]health.Release{offering("18.7.8", "iPhone13,2")},
		},
		"SOFA: rapid responses are not versions": {
			sofa(row("16.5", "iPhone13,2"), bare("16.5.1", "RSR_a"), bare("16.5.2 (c)", "OS")),
			[]health.Release{offering("16.5", "iPhone13,2")},
		},
		"SOFA: devices as objects": {
			sofa(`{"ProductVersion":"26.4","SupportedDevices":[{"board_id":"D53pAP","device_id":"iPhone13,3","marketing_name":"iPhone 12 Pro"},null,{}]}`),
			[]health.Release{offering("26.4", "iPhone13,3")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse([]byte(c.body))
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("error %v, (-want +got)\n%s", err, diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	placeholder := strings.Replace(row("18.7.9"), "23G83", "18A000", 1)
	var crowd []string
	for a := range 26 {
		for b := range 500 {
			crowd = append(crowd, fmt.Sprintf("iPhone%d,%d", a, b))
		}
	}
	for name, c := range map[string]struct{ body, says string }{
		"nothing":                       {"", "empty"},
		"a web page":                    {"<html>Please log in</html>", "web page"},
		"cut off":                       {apple(row("26.6", "iPhone14,5"))[:60], "cut off"},
		"an array":                      {"[]", "not an object"},
		"something else":                {`{"weather":"fine"}`, "no list"},
		"Apple's sets without anything": {`{"PublicAssetSets":{},"AssetSets":{},"PublicRapidSecurityResponses":{}}`, "empty"},
		"nothing but watches":           {apple(row("11.6", "Watch6,10")), "empty"},
		"SOFA without anything":         {`{"OSVersions":[]}`, "empty"},
		"SOFA's v1 with placeholders":   {sofa(placeholder, placeholder), "empty"},
		"no version that is one":        {apple(row("next", "iPhone14,5"), row("26.", "iPhone14,5"), row("26.6b", "iPhone14,5"), row("99999", "iPhone14,5")), "empty"},
		"a row of another type":         {apple(row("26.6", "iPhone14,5"), `"26.7"`), "another type"},
		"a version of another type":     {apple(row("26.6", "iPhone14,5"), `{"ProductVersion":26.7,"SupportedDevices":["iPhone14,5"]}`), "another type"},
		"devices of another type":       {apple(row("26.6", "iPhone14,5"), `{"ProductVersion":"26.7","SupportedDevices":{"iPhone14,5":true}}`), "another type"},
		"devices of mixed types":        {apple(`{"ProductVersion":"26.7","SupportedDevices":["iPhone14,5",7]}`), "another type"},
		"SOFA in another shape":         {`{"OSVersions":{"26":{}}}`, "another type"},
		"more models than there can be": {apple(row("26.6", crowd...)), "more models"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse([]byte(c.body))
			if got != nil || !errors.Is(err, health.ErrMalformed) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, error %v; want one that is health.ErrMalformed, saying %q", got, err, c.says)
			}
		})
	}
}

func TestParseGivesTheSameForEveryOrder(t *testing.T) {
	models := []string{"iPhone13,2", "iPhone11,8", "iPad8,1", "iPhone2,10", "iPhone2,9"}
	rows := []string{row("26", models[:2]...), row("26.0", models...), row("26.00", models...), row("18.7.8", models...), row("18.7.10", models[1]), row("18.7.10", models[2])}
	want, err := Parse([]byte(apple(rows...)))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(9, 9))
	for range 200 {
		random.Shuffle(len(rows), func(i, k int) { rows[i], rows[k] = rows[k], rows[i] })
		got, err := Parse([]byte(apple(rows...)))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatalf("error %v, (-want +got)\n%s", err, diff)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(apple(row("18.7.8", "iPhone13,2"), row("26.6.1", "iPhone18,1", "iPhone13,2"))))
	f.Add([]byte(sofa(row("18.7.8", "iPhone13,2"), row("18.7.10", "iPhone11,8"), bare("18.7.7", "OS"))))
	f.Add([]byte(sofa(`{"ProductVersion":"26.4","SupportedDevices":[{"device_id":"iPhone13,3"}]}`)))
	f.Add([]byte("\xef\xbb\xbf<html>"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		releases, err := Parse(raw)
		if err != nil {
			if !errors.Is(err, health.ErrMalformed) || releases != nil {
				t.Fatalf("%v beside %v", releases, err)
			}
			return
		}
		check(t, releases)
		var rows []string
		for _, r := range releases {
			rows = append(rows, row(r.Version, r.ProductTypes...))
		}
		again, err := Parse([]byte(`{"PublicAssetSets":{"x":[` + strings.Join(rows, ",") + `]}}`))
		if diff := cmp.Diff(releases, again); diff != "" || err != nil {
			t.Fatalf("said again: error %v, (-want +got)\n%s", err, diff)
		}
	})
}

// check tells what is not in order in what Parse gave.
func check(t *testing.T, releases []health.Release) {
	t.Helper()
	seen := map[offer]bool{}
	var before version
	for _, r := range releases {
		v, ok := readVersion(r.Version)
		if !ok || len(r.ProductTypes) == 0 || !slices.IsSorted(r.ProductTypes) {
			t.Fatalf("%+v", r)
		}
		if before.text != "" && before.compare(v) <= 0 {
			t.Fatalf("%s comes before %s", before.text, v.text)
		}
		before = v
		for _, m := range r.ProductTypes {
			o := offer{m, v.numbers[0]}
			if seen[o] || !productType.MatchString(m) {
				t.Fatalf("%q is wrong or there twice", m)
			}
			seen[o] = true
		}
	}
	if len(seen) == 0 {
		t.Fatal("nothing, and no error")
	}
}

// big makes a body like the recorded ones: 29 versions, each twice for up to
// 95 models, and the older ones that are passed over.
func big() []byte {
	var rows []string
	for v := range 29 {
		var models []string
		for m := range 95 {
			models = append(models, fmt.Sprintf("iPhone%d,%d", m/8+1, m%8+1))
		}
		rows = append(rows, row(fmt.Sprintf("%d.%d.%d", 12+v/4, v%4, v), models...))
	}
	return []byte(apple(rows...))
}

func BenchmarkParse(b *testing.B) {
	body := big()
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(body); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkUnmarshal is what reading the same body costs anybody.
func BenchmarkUnmarshal(b *testing.B) {
	body := big()
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		var v any
		if err := json.Unmarshal(body, &v); err != nil {
			b.Fatal(err)
		}
	}
}

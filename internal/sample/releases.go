package sample

import "time"

// Releases is a body of Apple's list of iOS versions (gdmf, v2/pmv) that offers
// each version to these models, in the order given; a watch and a Mac stand
// beside them, as in Apple's.
func Releases(now time.Time, models []string, versions ...string) []byte {
	type row struct {
		ProductVersion   string
		Build            string
		PostingDate      string
		ExpirationDate   string
		SupportedDevices []string
	}
	rowOf := func(version, build string, models ...string) row {
		return row{version, build, now.AddDate(0, 0, -3).Format(time.DateOnly), now.AddDate(0, 3, 0).Format(time.DateOnly), models}
	}
	ios := []row{rowOf("99.1", "99A1", "Watch7,1")}
	for _, v := range versions {
		ios = append(ios, rowOf(v, "23G83", models...), rowOf(v, "23G6083", models...))
	}
	set := map[string][]row{"iOS": ios, "macOS": {rowOf("99.2", "99B1", "J132AP")}}
	return encode(map[string]any{"PublicAssetSets": set, "AssetSets": set, "PublicBackgroundSecurityImprovements": map[string][]row{}})
}

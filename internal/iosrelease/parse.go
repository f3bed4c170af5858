package iosrelease

import (
	"encoding/json"

	"ninelives/internal/feed"
	"ninelives/internal/health"
)

// body is either list: Apple's has asset sets, SOFA's has OSVersions.
type body struct {
	PublicAssetSets map[string][]asset // what is offered now; AssetSets holds older ones too
	OSVersions      []major
}

// asset is a version that Apple offers. Its dates are left out: PostingDate is
// not the day of the release, and ExpirationDate is put off as long as the
// version is on offer; an expired one was never seen in the list, so that
// heeding it would only let a wrong clock of this computer empty the list.
type asset struct {
	ProductVersion      string
	ProductVersionExtra string // "(a)": a background security improvement, not a version
	SupportedDevices    devices
}

// major is a major version in SOFA's list, with every release of it there ever
// was.
type major struct {
	Latest           release // the newest that all its models can have
	SecurityReleases []release
}

type release struct {
	ProductVersion   string
	ReleaseType      string
	SupportedDevices *devices // nil: those of Latest; empty: SOFA does not know
}

// devices are the ProductTypes that a list names, whether as texts or as
// objects (SOFA changed from one to the other and back); what is no iPhone,
// iPad or iPod touch is left out.
type devices []string

func (d *devices) UnmarshalJSON(raw []byte) error {
	var texts []string
	if json.Unmarshal(raw, &texts) == nil {
		d.keep(texts)
		return nil
	}
	var objects []map[string]any
	if err := json.Unmarshal(raw, &objects); err != nil {
		return err
	}
	for _, object := range objects {
		for _, value := range object {
			if text, ok := value.(string); ok {
				texts = append(texts, text)
			}
		}
	}
	d.keep(texts)
	return nil
}

func (d *devices) keep(texts []string) {
	*d = (*d)[:0]
	for _, text := range texts {
		if isProductType(text) {
			*d = append(*d, text)
		}
	}
}

// Parse reads a body of Apple's list or of SOFA's (v2), whichever it is, and
// gives the highest version of each major one that each model is offered,
// always in the same order: Apple shuffles its list. Of SOFA's, "offered" means
// ever released for the model.
//
// A body that is neither list, has something of another type in it or offers
// nothing to anybody is health.ErrMalformed: half a list could make an old
// version look like the newest.
func Parse(raw []byte) ([]health.Release, error) {
	plain, err := feed.Bare(raw)
	if err != nil {
		return nil, err
	}
	var b body
	if err := feed.Decode(plain, &b); err != nil {
		return nil, err
	}
	if b.PublicAssetSets == nil && b.OSVersions == nil {
		return nil, feed.Malformed("no list of versions in it")
	}
	offers := newest{}
	for _, set := range b.PublicAssetSets { // whatever its name: "iOS" holds watches too
		for _, a := range set {
			if a.ProductVersionExtra == "" {
				offers.add(a.ProductVersion, a.SupportedDevices)
			}
		}
	}
	for _, m := range b.OSVersions {
		m.addTo(offers)
	}
	if len(offers) == 0 {
		return nil, feed.Malformed("empty: it offers nothing to any iPhone or iPad")
	}
	return offers.releases()
}

func (m major) addTo(offers newest) {
	var all devices
	if m.Latest.SupportedDevices != nil {
		all = *m.Latest.SupportedDevices
	}
	offers.add(m.Latest.ProductVersion, all)
	for _, r := range m.SecurityReleases {
		switch {
		case r.ReleaseType != "" && r.ReleaseType != "OS": // RSR_a and the like
		case r.SupportedDevices == nil:
			offers.add(r.ProductVersion, all)
		default:
			offers.add(r.ProductVersion, *r.SupportedDevices)
		}
	}
}

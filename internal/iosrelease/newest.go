package iosrelease

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ninelives/internal/feed"
	"ninelives/internal/health"
)

// most bounds what a body can make us keep; recorded lists offer up to 250
// versions, one for each model and major version.
const most = 10_000

var (
	productType = regexp.MustCompile(`^(?:iPhone|iPad|iPod)[0-9]{1,3},[0-9]{1,3}$`)
	dotted      = regexp.MustCompile(`^[0-9]{1,4}(?:\.[0-9]{1,4}){0,3}$`)
)

func isProductType(text string) bool { return productType.MatchString(text) }

// offer is a place in the list: a model has one version of each major one.
type offer struct {
	productType string
	major       int
}

// newest are the highest versions seen so far.
type newest map[offer]version

// add takes note that a version is offered to models. One that is not plain
// numbers, such as "16.5.1 (a)", is not a version to update to.
func (n newest) add(text string, models []string) {
	v, ok := readVersion(text)
	if !ok {
		return
	}
	for _, m := range models {
		o := offer{m, v.numbers[0]}
		if old, twice := n[o]; !twice || v.compare(old) > 0 {
			n[o] = v
		}
	}
}

// releases groups the offers by version, the newest first.
func (n newest) releases() ([]health.Release, error) {
	if len(n) > most {
		return nil, feed.Malformed("more models than there can be")
	}
	models, versions := map[string][]string{}, map[string]version{}
	for o, v := range n {
		models[v.text] = append(models[v.text], o.productType)
		versions[v.text] = v
	}
	inOrder := slices.SortedFunc(maps.Values(versions), func(a, b version) int { return b.compare(a) })
	out := make([]health.Release, len(inOrder))
	for i, v := range inOrder {
		slices.Sort(models[v.text])
		out[i] = health.Release{Version: v.text, ProductTypes: models[v.text]}
	}
	return out, nil
}

// version is a dotted one, with its numbers read: 18.7.10 comes after 18.7.8.
type version struct {
	text    string
	numbers []int
}

func readVersion(text string) (version, bool) {
	if !dotted.MatchString(text) {
		return version{}, false
	}
	v := version{text: text}
	for part := range strings.SplitSeq(text, ".") {
		number, err := strconv.Atoi(part)
		if err != nil {
			return version{}, false
		}
		v.numbers = append(v.numbers, number)
	}
	return v, true
}

// compare has an order also for those that mean the same, such as 26 and
// 26.00, or the result would depend on the order of the list.
func (v version) compare(other version) int {
	return cmp.Or(slices.Compare(v.numbers, other.numbers), cmp.Compare(v.text, other.text))
}

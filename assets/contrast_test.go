package assets

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// pairs are the colours that stand as text on a ground.
var pairs = [][2]string{
	{"ink", "paper"}, {"ink", "card"}, {"ink", "code"}, {"ink", "ok-tint"}, {"brand", "card"}, {"ink", "lead"}, {"ink", "warning-tint"}, {"ink", "unknown-tint"},
	{"soft", "paper"}, {"soft", "card"}, {"soft", "lead"}, {"soft", "code"},
	{"brand", "paper"}, {"brand", "lead"}, {"card", "brand"},
	{"ok", "card"}, {"ok", "ok-tint"}, {"warning", "card"}, {"warning", "warning-tint"}, {"warning", "paper"},
	{"critical", "card"}, {"critical", "critical-tint"}, {"unknown", "card"}, {"unknown", "unknown-tint"},
}

// edges are what shows where a field or a line of a drawing is.
var edges = [][2]string{{"edge", "card"}, {"edge", "paper"}, {"edge", "warning-tint"}, {"ink", "line"}, {"ok", "line"}, {"warning", "line"}, {"critical", "line"}, {"soft", "code"}}

// TestAllTextHasEnoughContrast asks for the 4.5:1 of WCAG 2 AA for text and the
// 3:1 for what else has to be seen, in light and in dark.
func TestAllTextHasEnoughContrast(t *testing.T) {
	light, dark, found := strings.Cut(PageStyle(), "@media (prefers-color-scheme: dark)")
	if !found {
		t.Fatal("no dark colours")
	}
	dark, _, _ = strings.Cut(dark, "* {")
	for name, css := range map[string]string{"light": light, "dark": dark} {
		colours := map[string]float64{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{3,6});`).FindAllStringSubmatch(css, -1) {
			colours[m[1]] = luminance(t, m[2])
		}
		ratio := func(p [2]string) float64 {
			text, okText := colours[p[0]]
			ground, okGround := colours[p[1]]
			if !okText || !okGround {
				t.Fatalf("%s: no colour %q or %q", name, p[0], p[1])
			}
			return (max(text, ground) + .05) / (min(text, ground) + .05)
		}
		for _, p := range pairs {
			if r := ratio(p); r < 4.5 {
				t.Errorf("%s: %s on %s is %.2f", name, p[0], p[1], r)
			}
		}
		for _, p := range edges {
			if r := ratio(p); r < 3 {
				t.Errorf("%s: %s beside %s is %.2f", name, p[0], p[1], r)
			}
		}
	}
}

// luminance is that of WCAG 2, for six hex digits of sRGB.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) != 6 {
		t.Fatalf("#%s does not have six digits", hex)
	}
	sum := 0.0
	for i, weight := range []float64{.2126, .7152, .0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(fmt.Errorf("#%s: %w", hex, err))
		}
		c := float64(n) / 255
		if c <= .04045 {
			sum += weight * c / 12.92
		} else {
			sum += weight * math.Pow((c+.055)/1.055, 2.4)
		}
	}
	return sum
}

package view

import "ninelives/internal/health"

// PageFix is one of the nine for one device.
type PageFix struct {
	Number  int
	Code    string
	Title   string
	Odds    string // as in JSON
	Chance  string // the odds in words
	Says    string // which way the evidence speaks: "Speaks for it"
	Why     string // the evidence
	Tried   string // what came of trying it; empty: nobody did
	Short   string
	Matters string     // why it helps
	Warning string     // what it costs; before the steps
	Steps   []string   // for this device and its system
	Takes   string     // how long
	Proof   string     // how one sees that it helped
	Checked string     // how far the steps can be trusted
	Next    PageAction // the fix that comes after it; zero where none is worth a try
	Best    bool       // leads, and the evidence points to it
}

// saysWords says which way the evidence speaks.
func saysWords(o health.Odds) string {
	switch o {
	case health.Certain, health.Likely, health.Possible:
		return "Speaks for it"
	case health.RuledOut:
		return "Ruled out because"
	default:
		return "Not known"
	}
}

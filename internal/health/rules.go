package health

import (
	"cmp"
	"slices"
)

// rule is one of the nine fixes: how costly it is, and what the evidence says
// for and against it. To add evidence, change a row's weigh function.
type rule struct {
	number int
	code   Code
	risk   risk
	weigh  func(*patient, Verdict) (Odds, string)
}

// risk is what a fix may cost when it does not help.
type risk int

const (
	harmless risk = iota
	low
	medium // data or settings may go; a backup to this computer comes first
)

// rules are the nine fixes. Number, order and meaning are fixed.
var rules = [9]rule{
	{1, ICloudSettings, harmless, (*patient).weighICloudSettings},
	{2, WiFi, harmless, (*patient).weighWiFi},
	{3, Power, harmless, (*patient).weighPower},
	{4, StorageSpace, medium, (*patient).weighStorage},
	{5, AppleStatus, harmless, (*patient).weighAppleStatus},
	{6, SignOut, medium, (*patient).weighSignOut},
	{7, Restart, harmless, (*patient).weighRestart},
	{8, ResetSettings, medium, nil}, // weighed last, by what became of the others
	{9, UpdateIOS, low, (*patient).weighUpdate},
}

// opinions weighs all nine and puts the best first: by odds and what came of
// trying, then by risk, then by number, so that a costly fix never leads on
// equal evidence.
func (c *patient) opinions(v Verdict) []Opinion {
	all, trials := make([]Opinion, 0, len(rules)), c.openTrials()
	for _, r := range rules {
		if r.weigh == nil {
			continue
		}
		odds, why := r.weigh(c, v)
		all = append(all, c.afterTrial(Opinion{Number: r.number, Code: r.code, Odds: odds, Why: why}, trials))
	}
	odds, why := weighReset(all)
	all = append(all, c.afterTrial(Opinion{Number: 8, Code: ResetSettings, Odds: odds, Why: why}, trials))
	slices.SortFunc(all, func(a, b Opinion) int {
		return cmp.Or(
			cmp.Compare(a.rank(), b.rank()),
			cmp.Compare(rules[a.Number-1].risk, rules[b.Number-1].risk),
			cmp.Compare(a.Number, b.Number),
		)
	})
	return all
}

// weighReset: resetting all settings is worth a thought only when every
// gentler fix is out, and none when the cause is known.
func weighReset(others []Opinion) (Odds, string) {
	tried := false
	for _, o := range others {
		if o.Odds == Certain && !o.InVain() {
			return RuledOut, "The cause is known, and resetting the settings would not change it."
		}
	}
	for _, o := range others {
		if rules[o.Number-1].risk >= medium || o.Odds == RuledOut {
			continue
		}
		if !o.InVain() {
			return CannotTell, "Worth a thought only when the gentler fixes are ruled out or were tried."
		}
		tried = true
	}
	if tried {
		return Possible, "All gentler fixes were tried or are ruled out by what we know."
	}
	return Possible, "All gentler fixes are ruled out by what we know."
}

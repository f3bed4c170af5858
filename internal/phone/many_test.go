package phone

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ninelives/internal/health"
	"ninelives/internal/samplephone"
)

func manyPhones(n int, change func(*samplephone.Phone)) (many []samplephone.Phone) {
	for i := range n {
		p := samplephone.Phone{UDID: fmt.Sprintf("00008101-%016X", i), Cable: true}
		change(&p)
		many = append(many, p)
	}
	return many
}

func troubles(phones []health.Phone) map[health.PhoneTrouble]int {
	n := map[health.PhoneTrouble]int{}
	for _, p := range phones {
		n[p.Trouble]++
	}
	return n
}

func TestMorePhonesThanCanBeAskedAtOnce(t *testing.T) {
	d := newDesk(t, manyPhones(3*mostPhones+1, func(p *samplephone.Phone) { p.Trust = samplephone.NotPaired })...)
	if got := troubles(d.read()); got[health.NotPaired] != 3*mostPhones+1 || len(got) != 1 {
		t.Errorf("%v", got)
	}
}

// TestPhonesThatAreNotReachedComeFirstNextTime: all sleep, so that no place is
// free before the time is over.
func TestPhonesThatAreNotReachedComeFirstNextTime(t *testing.T) {
	const more = 5
	d := newDesk(t, manyPhones(mostPhones+more, func(p *samplephone.Phone) { p.Asleep = true })...)
	missed := func(want int) (ids []string) {
		t.Helper()
		got, err := d.readWithin(time.Second)
		for _, p := range got {
			if p.Trouble == health.NotReached {
				ids = append(ids, p.Device.ID)
			}
		}
		if err != nil || len(ids) != want || len(got) != mostPhones+more {
			t.Errorf("%d of %d phones not reached instead of %d, %v", len(ids), len(got), want, err)
		}
		return ids
	}
	missed(more)
	if !strings.Contains(d.log.String(), "not_reached=5") {
		t.Error(d.log.String())
	}
	missed(0) // only those were left to be asked
	d.wait(time.Minute)
	d.source.Ask()
	third := missed(more)
	d.source.Ask()
	for _, id := range missed(more) {
		if slices.Contains(third, id) {
			t.Error("it is always the same that are not reached")
		}
	}
}

// TestOneThatHadToWaitIsNotCalledAsleep when the time is over before it answers.
func TestOneThatHadToWaitIsNotCalledAsleep(t *testing.T) {
	d := newDesk(t, manyPhones(mostPhones+1, func(p *samplephone.Phone) { p.Asleep = true })...)
	d.source.session = 500 * time.Millisecond
	got, err := d.readWithin(800 * time.Millisecond)
	if n := troubles(got); err != nil || n[health.NotReached] != 1 {
		t.Errorf("%v, %v", n, err)
	}
}

package phone

import (
	"fmt"
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
	asked := func(sessions int) []health.Phone {
		t.Helper()
		d.daemon.Forget()
		got, err := d.readWithin(time.Second)
		if n := d.sessions(); err != nil || n != sessions || len(got) != mostPhones+more {
			t.Errorf("%d sessions instead of %d, %d phones, %v", n, sessions, len(got), err)
		}
		return got
	}
	first := asked(mostPhones)
	if n := troubles(first); n[health.NotReached] != more || n[health.Asleep] != mostPhones {
		t.Errorf("%v", n)
	}
	if !strings.Contains(d.log.String(), "not_reached=5") {
		t.Error(d.log.String())
	}
	second := asked(more)
	if n := troubles(second); n[health.Asleep] != mostPhones+more {
		t.Errorf("%v", n)
	}
	d.wait(time.Minute)
	d.source.Ask()
	third := asked(mostPhones)
	d.source.Ask()
	for i, p := range asked(mostPhones) {
		if p.Trouble == health.NotReached && third[i].Trouble == health.NotReached {
			t.Error("it is always the same that are not reached")
		}
	}
}

// TestOneThatHadToWaitIsNotCalledAsleep when the time is over before it answers.
func TestOneThatHadToWaitIsNotCalledAsleep(t *testing.T) {
	d := newDesk(t, manyPhones(mostPhones+1, func(p *samplephone.Phone) { p.Asleep = true })...)
	d.source.session = 500 * time.Millisecond
	got, err := d.readWithin(800 * time.Millisecond)
	if n := troubles(got); err != nil || n[health.NotReached] != 1 || n[health.Asleep] != mostPhones {
		t.Errorf("%v, %v", n, err)
	}
}

package phone

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ninelives/internal/health"
	"ninelives/internal/samplephone"
)

// given are the answers of a phone, each as what it would be without it.
var given = []func(*health.Phone){
	func(p *health.Phone) { p.ClockAt, p.ClockOff = time.Time{}, 0 },
	func(p *health.Phone) { p.Device.OSVersion = "" },
	func(p *health.Phone) { p.Device.ProductType = "" },
	func(p *health.Phone) { p.Device.Name = "" },
	func(p *health.Phone) { p.Boot = "" },
	func(p *health.Phone) { p.PowerAt, p.Power, p.BatteryPercent = time.Time{}, "", 0 },
	func(p *health.Phone) { p.FreeBytes = 0 },
}

// TestWhatAPhoneToldBeforeItWentStays lets a phone go after each of its answers.
func TestWhatAPhoneToldBeforeItWentStays(t *testing.T) {
	wifi := func() samplephone.Phone { p := anna(); p.Cable, p.WiFi = false, true; return p }
	whole := newDesk(t, wifi()).one()
	for _, how := range []samplephone.How{samplephone.HangUp, samplephone.Silence, samplephone.CutOff, samplephone.Garbage} {
		for after := 1; after <= len(given); after++ {
			p := wifi()
			p.Faults = []samplephone.Fault{{At: samplephone.GetValue, After: after, How: how}}
			d := newDesk(t, p)
			got, err := d.readWithin(400 * time.Millisecond)
			if err != nil || len(got) != 1 {
				t.Fatal(got, err)
			}
			want := whole
			want.Trouble = health.Asleep
			if how == samplephone.Garbage {
				want.Trouble = health.Garbled
			}
			for _, not := range given[after-1:] {
				not(&want)
			}
			if diff := cmp.Diff(want, got[0], cmp.Comparer(func(a, b time.Duration) bool { return (a - b).Abs() < time.Millisecond })); diff != "" {
				t.Errorf("%s after %d answers: %s", how, after, diff)
			}
		}
	}
}

func TestACableThatIsPulledAfterTheDate(t *testing.T) {
	p := anna()
	p.Faults = []samplephone.Fault{{At: samplephone.GetValue, After: 1, How: samplephone.HangUp}}
	d := newDesk(t, p)
	got := d.one()
	if got.Trouble != health.RefusedTalk || got.CloudAt != noon || got.LastCloudBackup != noon.Add(-9*time.Hour) {
		t.Errorf("%+v", got)
	}
	d.change(p.UDID, func(p *samplephone.Phone) { p.Cable = false })
	d.change(p.UDID, func(p *samplephone.Phone) { p.Cable = true })
	d.wait(again - time.Minute)
	if again := d.one(); again.CloudAt != noon || d.sessions() != 1 {
		t.Errorf("it was read, and is asked again: %d sessions, %+v", d.sessions(), again)
	}
	d.wait(time.Minute)
	if d.one(); d.sessions() != 2 {
		t.Errorf("%d sessions", d.sessions())
	}
}

// TestAGroupThatIsCutGivesNothing lets a phone tell that iCloud Backup is on,
// and go before it tells the date.
func TestAGroupThatIsCutGivesNothing(t *testing.T) {
	p := anna()
	p.ByName = []string{samplephone.Backup}
	p.Faults = []samplephone.Fault{{At: samplephone.GetValue, After: 2, How: samplephone.HangUp}}
	got := newDesk(t, p).one()
	if want := (health.Phone{Device: health.Device{ID: health.IDOf(p.UDID)}, SeenAt: noon, Trouble: health.RefusedTalk}); !cmp.Equal(want, got) {
		t.Error(cmp.Diff(want, got))
	}
}

// TestAnAnswerToAnotherQuestionFillsNothing: it was read in before it was found
// to be none.
func TestAnAnswerToAnotherQuestionFillsNothing(t *testing.T) {
	said := lockdownFrames(t, dict{"Request": "StopSession", "Value": "Stranger"})
	for name, ask := range map[string]func(*interview) error{
		"version": (*interview).version, "boot": (*interview).boot, "power": (*interview).power, "room": (*interview).room,
	} {
		phone := health.Phone{}
		err := ask(&interview{session: &session{conn: playTape(said), id: "x"}, now: time.Now, phone: &phone})
		if err == nil || !cmp.Equal(phone, health.Phone{}) {
			t.Errorf("%s: %v, %+v", name, err, phone)
		}
	}
}

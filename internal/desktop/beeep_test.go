package desktop

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/gen2brain/beeep"

	"ninelives/internal/alert"
)

func TestBeeepGetsTextsThatItsSystemCanBear(t *testing.T) {
	m := alert.Message{Title: "-Ben's\u00a0$(x)`\niPad]]>", Body: "one & <two>\nthree\u200d $HOME"}
	for goos, want := range map[string][]any{
		mac:     {"· -Ben's $(x)` iPad]]>", "one & <two> three $HOME", "/i.png"},
		windows: {"-Ben's (x) iPad]] >", "one & <two> three\u200d HOME", "/i.png"},
		linux:   {"· -Ben's $(x)` iPad]]>", "one &amp; &lt;two&gt;\nthree\u200d $HOME", "/i.png"},
	} {
		var got []any
		s := &beeepService{withDefaults(NotifierOptions{goos: goos, IconFile: "/i.png", beeep: func(title, body string, icon any) error {
			got = []any{title, body, icon}
			return nil
		}})}
		if err := s.send(t.Context(), m); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q (%v), want %q", goos, got, err, want)
		}
		if err := s.send(t.Context(), alert.Message{}); err != nil || got[0] != "Nine Lives" {
			t.Errorf("%s: a notice without a title has %q (%v)", goos, got[0], err)
		}
	}
}

func TestToastShownBySecondWayCountsAsShown(t *testing.T) {
	com := errors.New("COM failed")
	for _, c := range []struct {
		name  string
		goos  string
		err   error
		shown bool
	}{
		{"PowerShell showed it after COM failed", windows, errors.Join(com, nil), true},
		{"both failed", windows, errors.Join(com, errors.New("PowerShell failed")), false},
		{"something before them failed", windows, com, false},
		{"another system never says it so", linux, errors.Join(com, nil), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &beeepService{NotifierOptions{goos: c.goos, beeep: func(string, string, any) error { return c.err }}}
			if err := s.send(t.Context(), alert.Message{}); (err == nil) != c.shown {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestBeeepCannotTakeBackAndSaysWhatItUses(t *testing.T) {
	for goos, want := range map[string]string{mac: "AppleScript", windows: "PowerShell"} {
		s := &beeepService{NotifierOptions{goos: goos}}
		if name, err := s.probe(context.Background()); err != nil || !strings.Contains(name, want) {
			t.Errorf("%s: %q, %v", goos, name, err)
		}
		if err := s.withdraw(context.Background()); err != nil {
			t.Errorf("%s: %v", goos, err)
		}
		s.close()
	}
}

func TestBeeepsNameIsSetOnceForAll(t *testing.T) {
	var all sync.WaitGroup
	for i := range 10 {
		all.Go(func() { NewNotifier(NotifierOptions{App: fmt.Sprint("Nine Lives ", i)}).Close() })
	}
	all.Wait()
	if !strings.HasPrefix(beeep.AppName, "Nine Lives") {
		t.Errorf("beeep's name is %q", beeep.AppName)
	}
}

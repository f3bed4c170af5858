package assets

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

//go:embed texts/messages.en.toml
var messagesTOML string

// Phrase is a sentence with words in braces that are filled in later.
type Phrase string

// With fills the words in: With("name", "Anna's iPhone") replaces "{name}".
// Text that was filled in is not looked at again, so that a device may be
// called "{limit}".
func (p Phrase) With(pairs ...string) string {
	oldnew := make([]string, len(pairs))
	for i, word := range pairs {
		if i%2 == 0 {
			word = "{" + word + "}"
		}
		oldnew[i] = word
	}
	return strings.NewReplacer(oldnew...).Replace(string(p))
}

// Counted is a sentence in its two numbers.
type Counted struct{ One, Many Phrase }

// For chooses the number.
func (c Counted) For(n int) Phrase {
	if n == 1 {
		return c.One
	}
	return c.Many
}

// MessageTexts holds the sentences of the notifications; what each of them
// says, and which words it is given, stands in texts/messages.en.toml.
type MessageTexts struct {
	Title struct {
		Late, Overdue, Never, Still, Unknown, Solved Counted
		Place                                        Phrase
		PlaceNew                                     Phrase `toml:"place_new"`
		PlaceAgain                                   Phrase `toml:"place_again"`
	}
	Line struct {
		Device, Place, Nameless Phrase
		PlaceRemedy             Phrase `toml:"place_remedy"`
		PlaceAgain              Phrase `toml:"place_again"`
		More, First, Now, Tried Counted
		TriedOver               Counted `toml:"tried_over"`
	}
	Rule struct {
		Limit, Never                                  Counted
		Still, Snooze, Unknown, Place, Solved, Waited Phrase
		PlaceNew                                      Phrase `toml:"place_new"`
		LimitOf                                       Phrase `toml:"limit_of"`
	}
	Next struct{ Reminder, Never Phrase }
	List struct{ Two, Comma, More Phrase }
	Date struct {
		Weekdays    [7]string  // from Sunday
		Months      [12]string // from January
		Moment, Day Phrase
		OldDay      Phrase `toml:"old_day"` // a day of another year
	}
}

// Messages gives the sentences of the notifications. It panics when the file
// that was built in is broken, which a test finds first.
var Messages = sync.OnceValue(func() MessageTexts {
	var t MessageTexts
	strict := toml.NewDecoder(strings.NewReader(messagesTOML)).DisallowUnknownFields()
	if err := strict.Decode(&t); err != nil {
		panic("assets: texts/messages.en.toml: " + err.Error())
	}
	return t
})

package assets

import (
	"reflect"
	"testing"
)

func TestEverySentenceOfTheMessagesIsThere(t *testing.T) {
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, v.Field(i))
			}
		case reflect.Array:
			for i := range v.Len() {
				walk(path, v.Index(i))
			}
		default:
			if v.String() == "" {
				t.Errorf("%s is missing in texts/messages.en.toml", path)
			}
		}
	}
	walk("messages", reflect.ValueOf(Messages()))
}

func TestWhatIsFilledInIsNotLookedAtAgain(t *testing.T) {
	got := Phrase("{name}: {why}").With("name", "{why}", "why", "{name}")
	if want := "{why}: {name}"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

package feed

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"ninelives/internal/health"
)

func TestBare(t *testing.T) {
	for name, c := range map[string]struct{ body, want, says string }{
		"JSON":                     {`{}`, `{}`, ""},
		"blanks around it":         {" \r\n{}\n", `{}`, ""},
		"a mark before it":         {"\n\xef\xbb\xbf\n{}", `{}`, ""},
		"nothing":                  {"", "", "empty"},
		"a mark and nothing else":  {"\xef\xbb\xbf \n", "", "empty"},
		"a web page":               {"<!DOCTYPE html>", "", "web page"},
		"a web page behind a mark": {"\xef\xbb\xbf<html>", "", "web page"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Bare([]byte(c.body))
			if string(got) != c.want || errors.Is(err, health.ErrMalformed) != (c.says != "") || c.says != "" && !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestDecode(t *testing.T) {
	for name, c := range map[string]struct{ body, says string }{
		"an object":                 {`{"name":"secret"}`, ""},
		"an object of other things": {`{"other":["secret"]}`, ""},
		"cut off":                   {`{"name":"secr`, "cut off, at byte 13"},
		"something behind it":       {`{"name":"secret"} x`, "at byte 19"},
		"an array":                  {`["secret"]`, "not an object"},
		"text":                      {`"secret"`, "not an object"},
		"another type inside":       {`{"name":["secret"]}`, "another type"},
	} {
		t.Run(name, func(t *testing.T) {
			var into struct{ Name string }
			err := Decode([]byte(c.body), &into)
			if errors.Is(err, health.ErrMalformed) != (c.says != "") || c.says != "" && !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("%v", err)
			}
			if strings.Contains(fmt.Sprint(err), "secr") {
				t.Errorf("%v quotes the body", err)
			}
		})
	}
}

package feed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"ninelives/internal/health"
)

// Bare gives a body without its byte order mark and the blanks around it. An
// empty body and a web page are health.ErrMalformed.
func Bare(body []byte) ([]byte, error) {
	plain := bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\xef\xbb\xbf"))
	plain = bytes.TrimSpace(plain)
	switch {
	case len(plain) == 0:
		return nil, Malformed("empty")
	case plain[0] == '<':
		return nil, Malformed("a web page, as the login pages of public networks are")
	}
	return plain, nil
}

// Decode reads JSON whose outermost value is an object. Its error is
// health.ErrMalformed and never quotes the body.
func Decode(plain []byte, into any) error {
	err := json.Unmarshal(plain, into)
	var syntax *json.SyntaxError
	var other *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax):
		return Malformed(fmt.Sprintf("not JSON, or cut off, at byte %d", syntax.Offset))
	case errors.As(err, &other) && other.Field != "":
		return Malformed("something of another type in it")
	default:
		return Malformed("JSON, but not an object")
	}
}

// Malformed makes an error of the kind health.ErrMalformed that says why.
func Malformed(why string) error { return fmt.Errorf("%w: %s", health.ErrMalformed, why) }

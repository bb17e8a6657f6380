package httpapi

import (
	"encoding"
	"errors"
	"reflect"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

var textual = reflect.TypeFor[encoding.TextUnmarshaler]()

var errNull = errors.New("null is no value here")

// refuseNull keeps null from silently becoming an empty text, 0 or false; pointers and Optional take it.
func refuseNull() *json.Unmarshalers {
	return json.JoinUnmarshalers(
		notNull[string](), notNull[bool](), notNull[int](), notNull[int64](), notNull[float64](),
	)
}

func notNull[T any]() *json.Unmarshalers {
	return json.UnmarshalFromFunc(func(decoder *jsontext.Decoder, _ *T) error {
		if decoder.PeekKind() == 'n' {
			return errNull
		}
		return errors.ErrUnsupported
	})
}

// nestsDeeper reports whether brackets outside strings nest deeper than limit. It looks at nothing else: the decoder judges the rest.
func nestsDeeper(body []byte, limit int) bool {
	depth, inString := 0, false
	for i := 0; i < len(body); i++ {
		switch char := body[i]; {
		case inString && char == '\\':
			i++
		case char == '"':
			inString = !inString
		case inString:
		case char == '{' || char == '[':
			depth++
			if depth > limit {
				return true
			}
		case char == '}' || char == ']':
			depth--
		}
	}
	return false
}

package httpapi

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Optional is a member of a PATCH body that may be absent (leave it), null (clear it) or a value (set it). Document it with
// swaggertype.
type Optional[T any] struct {
	Set   bool // the member was there
	Null  bool // it was null
	Value T
}

// Some returns a member with a value.
func Some[T any](value T) Optional[T] { return Optional[T]{Set: true, Value: value} }

// Null returns a member that is null.
func Null[T any]() Optional[T] { return Optional[T]{Set: true, Null: true} }

// Apply changes target as the member asks: not at all, to nil, or to its value.
func (o Optional[T]) Apply(target **T) {
	switch {
	case !o.Set:
	case o.Null:
		*target = nil
	default:
		value := o.Value
		*target = &value
	}
}

// IsZero reports whether the member is absent; json leaves it out with omitzero.
func (o Optional[T]) IsZero() bool { return !o.Set }

// UnmarshalJSONFrom notes that the member was there, and its value.
func (o *Optional[T]) UnmarshalJSONFrom(decoder *jsontext.Decoder) error {
	*o = Optional[T]{Set: true}
	if decoder.PeekKind() == 'n' {
		o.Null = true
		return decoder.SkipValue()
	}
	return json.UnmarshalDecode(decoder, &o.Value)
}

// MarshalJSONTo writes the value, or null.
func (o Optional[T]) MarshalJSONTo(encoder *jsontext.Encoder) error {
	if !o.Set || o.Null {
		return encoder.WriteToken(jsontext.Null)
	}
	return json.MarshalEncode(encoder, o.Value)
}

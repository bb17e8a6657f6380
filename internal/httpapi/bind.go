package httpapi

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"sochibo/internal/fault"
)

// maxDepth is how deep a body may nest.
const maxDepth = 32

// The faults of a body as a whole.
var (
	ErrBodyMissing  = fault.New(fault.Malformed, "body_missing")
	ErrBodyTooLarge = fault.New(fault.TooLarge, "body_too_large")
	ErrBodyBroken   = fault.New(fault.Malformed, "body_incomplete")
	ErrMediaType    = fault.New(fault.Unsupported, "media_type_unsupported")
)

// Bind reads the JSON body into v: unknown, duplicate and differently cased members, wrong types, invalid UTF-8 and anything after the
// value are refused with the pointer to the place.
func Bind(c *gin.Context, v any) error {
	body, err := Body(c)
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return ErrBodyMissing
	}
	if err := checkMediaType(c); err != nil {
		return err
	}
	return decode(body, v)
}

// BindOptional is Bind for a request that may come without a body; v then stays as it is.
func BindOptional(c *gin.Context, v any) error {
	err := Bind(c, v)
	if errors.Is(err, ErrBodyMissing) {
		return nil
	}
	return err
}

// Body returns the bytes of the body within the limit; it may be asked for several times.
func Body(c *gin.Context) ([]byte, error) {
	state := of(c)
	if state.bodyRead || c.Request.Body == nil {
		return state.body, state.bodyErr
	}
	state.bodyRead = true
	data, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, state.maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		state.bodyErr = fault.With(ErrBodyTooLarge, fault.Args{"limit": state.maxBody})
	case err != nil && c.Request.Context().Err() != nil:
		state.bodyErr = c.Request.Context().Err()
	case err != nil:
		state.bodyErr = fault.Because(ErrBodyBroken, err)
	default:
		state.body = data
	}
	return state.body, state.bodyErr
}

func checkMediaType(c *gin.Context) error {
	mediaType, _, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	if err != nil || mediaType != "application/json" {
		return ErrMediaType
	}
	return nil
}

// decode reads strictly what encoding/json would let pass.
func decode(body []byte, v any) error {
	if nestsDeeper(body, maxDepth) {
		return atPointer("json_too_deep", "", fault.Args{"limit": maxDepth})
	}
	if string(bytes.TrimSpace(body)) == "null" {
		return atPointer("field_type", "", fault.Args{"expected": "object"})
	}
	err := json.Unmarshal(body, v, json.RejectUnknownMembers(true), json.WithUnmarshalers(refuseNull()))
	if err == nil {
		return nil
	}
	var syntactic *jsontext.SyntacticError
	var semantic *json.SemanticError
	switch {
	case errors.As(err, &syntactic):
		code := "json_malformed"
		if errors.Is(err, jsontext.ErrDuplicateName) {
			code = "field_duplicate"
		}
		return atPointer(code, string(syntactic.JSONPointer), nil)
	case errors.As(err, &semantic):
		return semanticFault(err, semantic)
	default:
		return atPointer("json_malformed", "", nil)
	}
}

// semanticFault says what is wrong with a value of well-formed JSON.
func semanticFault(err error, semantic *json.SemanticError) error {
	pointer := string(semantic.JSONPointer)
	if f, ok := fault.As(err); ok {
		return atPointer(f.Code, pointer, f.Args) //fault:codes date_malformed month_malformed
	}
	var instant *time.ParseError
	switch {
	case errors.Is(err, json.ErrUnknownName):
		return atPointer("field_unknown", pointer, fault.Args{"name": semantic.JSONPointer.LastToken()})
	case semantic.JSONKind == '"' && isID(semantic.GoType):
		return atPointer("id_malformed", pointer, nil)
	case errors.As(err, &instant), semantic.JSONKind == '"' && semantic.GoType == reflect.TypeFor[time.Time]():
		return atPointer("instant_malformed", pointer, nil)
	default:
		return atPointer("field_type", pointer, fault.Args{"expected": expected(semantic.GoType)})
	}
}

// atPointer makes the fault of one place.
func atPointer(code, pointer string, args fault.Args) error {
	var fields fault.Fields
	fields.Check(false, pointer, code, args)
	return fault.With(fields.Err(fault.Malformed, code), args)
}

// isID reports whether a type is a UUID or a slice's own id, which embeds one.
func isID(t reflect.Type) bool {
	id := reflect.TypeFor[uuid.UUID]()
	return t == id || t != nil && t.Kind() == reflect.Struct && t.NumField() == 1 && t.Field(0).Type == id
}

// expected names the JSON type that a Go type is read from.
func expected(t reflect.Type) string {
	if t == nil {
		return "other"
	}
	switch t.Kind() { //nolint:exhaustive // the rest is an object
	case reflect.String, reflect.Array:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "integer"
	case reflect.Float32, reflect.Float64:
		return "number"
	case reflect.Slice:
		return "array"
	case reflect.Pointer:
		return expected(t.Elem())
	}
	if t.Implements(textual) || reflect.PointerTo(t).Implements(textual) {
		return "string"
	}
	return "object"
}

package calendar

import (
	"database/sql/driver"
	"errors"
	"fmt"
)

// point is what days, months and quarters have in common.
type point interface {
	comparable
	fmt.Stringer
	IsZero() bool
}

var errZero = errors.New("the zero value is no day, month or quarter")

func marshal[P point](p P) ([]byte, error) {
	if p.IsZero() {
		return nil, errZero
	}
	return []byte(p.String()), nil
}

func unmarshal[P point](p *P, text []byte, parse func(string) (P, error)) error {
	read, err := parse(string(text))
	if err == nil {
		*p = read
	}
	return err
}

func value[P point](p P) (driver.Value, error) {
	if p.IsZero() {
		return nil, nil //nolint:nilnil // nil is how a driver writes NULL
	}
	return p.String(), nil
}

// scan reads a stored text. A malformed one is no fault of the caller but of the store, so the cause loses its kind.
func scan[P point](p *P, source any, parse func(string) (P, error)) error {
	var text string
	switch source := source.(type) {
	case nil:
		*p = *new(P)
		return nil
	case string:
		text = source
	case []byte:
		text = string(source)
	default:
		return fmt.Errorf("cannot read %T as %T", source, *p)
	}
	read, err := parse(text)
	if err != nil {
		return fmt.Errorf("stored text %q is no %T: %v", text, *p, err) //nolint:errorlint // see above
	}
	*p = read
	return nil
}

// digits reads a number that consists of ASCII digits only.
func digits(text string) (int, bool) {
	number := 0
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		number = number*10 + int(text[i]-'0')
	}
	return number, len(text) > 0
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err) //nolint:forbidigo // only constants reach this
	}
	return value
}

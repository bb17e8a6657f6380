package org

import (
	_ "embed" // the words come with the program
	"fmt"
	"sync"

	"github.com/goccy/go-yaml"
)

// Enumeration is the set of words that an enumerated field can hold.
type Enumeration struct {
	Name  string
	Words []Word
}

// Word is one word of an enumeration with its labels.
type Word struct {
	Word string
	Vi   string
	En   string
}

//go:embed enumerations.yaml
var enumerationsYAML []byte

// Enumerations returns every enumeration there is.
func Enumerations() ([]Enumeration, error) { return readEnumerations() }

var readEnumerations = sync.OnceValues(func() ([]Enumeration, error) {
	var list []Enumeration
	if err := yaml.UnmarshalWithOptions(enumerationsYAML, &list, yaml.DisallowUnknownField()); err != nil {
		return nil, fmt.Errorf("read enumerations: %w", err)
	}
	return list, nil
})

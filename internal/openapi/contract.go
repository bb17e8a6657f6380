package openapi

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/goccy/go-yaml"
)

//go:embed contract.yaml
var contractYAML []byte

// contract is what holds for every operation, read from contract.yaml.
type contract struct {
	Tags       []tag             `json:"tags"`
	Statuses   map[string]string `json:"statuses"`
	Parameters map[string]string `json:"parameters"`
	Formats    formats           `json:"formats"`
	Shared     []shared          `json:"shared"`
	Headers    openapi3.Headers  `json:"headers"`
	Problem    *openapi3.Schema  `json:"problem"`
}

// tag is one chapter of the document.
type tag struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

// formats says which format a text without one has, by the name of its property or parameter.
type formats struct {
	Names    map[string]string `json:"names"`
	Suffixes map[string]string `json:"suffixes"`
}

// shared is a parameter that every operation with one of the methods takes, but for the operations excepted.
type shared struct {
	Key       string             `json:"key"`
	Methods   []string           `json:"methods"`
	Except    []string           `json:"except"`
	Parameter openapi3.Parameter `json:"parameter"`
}

func readContract() (contract, error) {
	var c contract
	raw, err := yaml.YAMLToJSON(contractYAML)
	if err != nil {
		return c, fmt.Errorf("contract.yaml: %w", err)
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return c, fmt.Errorf("contract.yaml: %w", err)
	}
	return c, nil
}

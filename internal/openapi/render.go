package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/goccy/go-yaml"
)

// document is the order in which a reader meets the parts; inside each, names are sorted.
type document struct {
	OpenAPI    any `json:"openapi"`
	Info       any `json:"info"`
	Servers    any `json:"servers"`
	Tags       any `json:"tags,omitempty"`
	Paths      any `json:"paths"`
	Components any `json:"components"`
}

// render writes the document as JSON, on one line because the program carries it, and, from the same bytes, as YAML, which people read.
func render(doc *openapi3.T) (jsonDoc, yamlDoc []byte, err error) {
	raw, err := json.Marshal(doc)
	if err != nil {
		return nil, nil, fmt.Errorf("write the document: %w", err)
	}
	var ordered document
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&ordered); err != nil {
		return nil, nil, fmt.Errorf("order the document: %w", err)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(ordered); err != nil {
		return nil, nil, fmt.Errorf("write the document: %w", err)
	}
	yamlDoc, err = yaml.JSONToYAML(out.Bytes())
	if err != nil {
		return nil, nil, fmt.Errorf("write the document as YAML: %w", err)
	}
	return out.Bytes(), yamlDoc, nil
}

package openapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// addExamples gives the request bodies their examples. An example of no operation is a fault.
func addExamples(doc *openapi3.T, examples map[string][]byte) error {
	bodies := map[string]*openapi3.MediaType{}
	for _, op := range operations(doc) {
		if op.RequestBody != nil && op.RequestBody.Value != nil {
			bodies[op.OperationID] = op.RequestBody.Value.Content[jsonType]
		}
	}
	var faults []error
	for file, text := range examples {
		name := strings.TrimSuffix(file, ".json")
		operation, _, _ := strings.Cut(name, ".")
		body := bodies[operation]
		if body == nil {
			faults = append(faults, fmt.Errorf("example %s: no operation %s takes a body", file, operation))
			continue
		}
		var value any
		if err := json.Unmarshal(text, &value); err != nil {
			faults = append(faults, fmt.Errorf("example %s: %w", file, err))
			continue
		}
		if body.Examples == nil {
			body.Examples = openapi3.Examples{}
		}
		body.Examples[name] = &openapi3.ExampleRef{Value: openapi3.NewExample(value)}
	}
	return errors.Join(faults...)
}

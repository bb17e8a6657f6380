package openapi

import (
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
)

// addHeaders names the headers of the answers, which follow from what the operation takes and gives.
func addHeaders(op *openapi3.Operation) {
	for code, response := range op.Responses.Map() {
		status, err := strconv.Atoi(code)
		if err != nil || status >= 300 || response.Value == nil {
			continue
		}
		declared := response.Value.Headers
		response.Value.Headers = openapi3.Headers{}
		add := func(applies bool, name string) {
			if applies || declared[name] != nil {
				response.Value.Headers[name] = &openapi3.HeaderRef{Ref: "#/components/headers/" + name}
			}
		}
		add(len(response.Value.Content) > 0 && versioned(op, response.Value), "ETag")
		add(status == 201, "Location")
		add(takes(op, "Idempotency-Key"), "Idempotency-Replayed")
		add(takes(op, "dry_run") && status == 200, "Sochibo-Dry-Run")
	}
}

// versioned reports whether an answer is a version of a record, or belongs to one.
func versioned(op *openapi3.Operation, r *openapi3.Response) bool {
	if takes(op, "If-Match") || takes(op, "If-None-Match") {
		return true
	}
	media := r.Content[jsonType]
	if media == nil || media.Schema == nil || media.Schema.Value == nil {
		return false
	}
	version := media.Schema.Value.Properties["version"]
	return version != nil && version.Value.Type.Is("integer")
}

func takes(op *openapi3.Operation, parameter string) bool {
	return slices.ContainsFunc(op.Parameters, func(p *openapi3.ParameterRef) bool {
		return p.Value != nil && p.Value.Name == parameter
	})
}

// addFailures names the failures that a parameter of the shell brings with it.
func addFailures(op *openapi3.Operation, c contract) {
	add := func(code string) {
		if op.Responses.Value(code) == nil {
			op.Responses.Set(code, &openapi3.ResponseRef{Value: problemResponse(c.Statuses[code])})
		}
	}
	if ifMatch := op.Parameters.GetByInAndName("header", "If-Match"); ifMatch != nil {
		add("412")
		if ifMatch.Required {
			add("428")
		}
	}
	if op.RequestBody != nil {
		add("413")
		add("415")
	}
}

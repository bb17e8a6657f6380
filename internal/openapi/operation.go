package openapi

import (
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	jsonType    = "application/json"
	problemType = "application/problem+json"
	schemaRef   = "#/components/schemas/"

	// shortHand stands in a @Param for the description in contract.yaml, because swag refuses an empty one.
	shortHand = "-"
)

// place is where an operation stands.
type place struct{ method, path string }

func (p place) String() string { return p.method + " " + p.path }

// operations gives every operation in the order of path and method.
func operations(doc *openapi3.T) iter.Seq2[place, *openapi3.Operation] {
	return func(yield func(place, *openapi3.Operation) bool) {
		for _, path := range doc.Paths.InMatchingOrder() {
			byMethod := doc.Paths.Value(path).Operations()
			methods := make([]string, 0, len(byMethod))
			for method := range byMethod {
				methods = append(methods, method)
			}
			slices.Sort(methods)
			for _, method := range methods {
				if !yield(place{method, path}, byMethod[method]) {
					return
				}
			}
		}
	}
}

func repairOperation(at place, op *openapi3.Operation, c contract) []error {
	repairParameters(op, c, at.method)
	repairBody(op)
	addFailures(op, c)
	repairResponses(op, c)
	addHeaders(op)
	if op.Description == "" && op.Summary != "" {
		op.Description = strings.TrimSuffix(op.Summary, ".") + "."
	}
	return complain(at, op, c)
}

func complain(at place, op *openapi3.Operation, c contract) []error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s: %s", at, fmt.Sprintf(format, args...)))
	}
	if op.Summary == "" {
		fault("no @Summary")
	}
	if op.OperationID == "" {
		fault("no @ID")
	}
	if len(op.Tags) != 1 {
		fault("needs exactly one of @Tags, has %d", len(op.Tags))
	}
	for _, name := range op.Tags {
		if !slices.ContainsFunc(c.Tags, func(t tag) bool { return t.Name == name }) {
			fault("@Tags %q is not in contract.yaml", name)
		}
	}
	for _, p := range op.Parameters {
		if p.Value != nil && p.Value.Description == "" {
			fault("parameter %q has no description", p.Value.Name)
		}
	}
	return faults
}

func uniqueIDs(doc *openapi3.T) []error {
	var faults []error
	seen := map[string]place{}
	for at, op := range operations(doc) {
		if first, taken := seen[op.OperationID]; taken && op.OperationID != "" {
			faults = append(faults, fmt.Errorf("%s: @ID %s is that of %s", at, op.OperationID, first))
		}
		seen[op.OperationID] = at
	}
	return faults
}

// addShared puts the parameters of the shell and the failures that any operation can have among the components.
func addShared(doc *openapi3.T, c contract) {
	doc.Components.Parameters = openapi3.ParametersMap{}
	for _, s := range c.Shared {
		doc.Components.Parameters[s.Key] = &openapi3.ParameterRef{Value: &s.Parameter}
	}
	doc.Components.Headers = c.Headers
	doc.Components.Schemas["Problem"] = &openapi3.SchemaRef{Value: c.Problem}
	doc.Components.Responses = openapi3.ResponseBodies{
		"Unauthenticated": {Value: problemResponse(c.Statuses["401"])},
		"Failure":         {Value: problemResponse("Any other failure; `code` says which.")},
	}
}

func repairParameters(op *openapi3.Operation, c contract, method string) {
	for _, s := range c.Shared {
		declared := func(p *openapi3.ParameterRef) bool {
			return p.Value != nil && p.Value.Name == s.Parameter.Name && p.Value.In == s.Parameter.In && p.Value.Required == s.Parameter.Required
		}
		found := slices.ContainsFunc(op.Parameters, declared)
		if found || slices.Contains(s.Methods, method) && !slices.Contains(s.Except, op.OperationID) {
			op.Parameters = append(slices.DeleteFunc(op.Parameters, declared),
				&openapi3.ParameterRef{Ref: "#/components/parameters/" + s.Key, Value: &s.Parameter})
		}
	}
	for _, p := range op.Parameters {
		if p.Ref == "" && (p.Value.Description == "" || p.Value.Description == shortHand) {
			p.Value.Description = c.Parameters[p.Value.Name]
		}
		if p.Ref == "" && p.Value.Schema != nil {
			c.Formats.apply(p.Value.Name, p.Value.Schema.Value)
		}
	}
}

func repairBody(op *openapi3.Operation) {
	if op.RequestBody != nil && op.RequestBody.Value != nil {
		delete(op.RequestBody.Value.Extensions, "x-originalParamName")
	}
}

func repairResponses(op *openapi3.Operation, c contract) {
	for code, response := range op.Responses.Map() {
		status, err := strconv.Atoi(code)
		if err != nil || status >= 400 {
			describe(response.Value, status, c.Statuses[code])
			response.Value.Content = problemContent()
			continue
		}
		describe(response.Value, status, "Done.")
		foreignContent(response.Value.Content)
	}
	if op.Security == nil {
		op.Security = openapi3.NewSecurityRequirements()
	}
	if len(*op.Security) > 0 {
		op.Responses.Set("401", &openapi3.ResponseRef{Ref: "#/components/responses/Unauthenticated"})
	}
	if op.Responses.Value("default") == nil {
		op.Responses.Set("default", &openapi3.ResponseRef{Ref: "#/components/responses/Failure"})
	}
}

// describe replaces a description that is absent or is only the name of the status, which swag writes on its own.
func describe(r *openapi3.Response, status int, otherwise string) {
	if r.Description != nil && *r.Description != "" && *r.Description != http.StatusText(status) {
		return
	}
	if otherwise == "" {
		otherwise = "The request failed."
	}
	r.Description = &otherwise
}

// foreignContent gives CSV, spreadsheets and pictures the schema of a file: swag repeats that of the JSON for them.
func foreignContent(content openapi3.Content) {
	for mime, media := range content {
		if mime == jsonType {
			continue
		}
		schema := openapi3.NewStringSchema()
		if !strings.HasPrefix(mime, "text/") {
			schema = schema.WithFormat("binary")
		}
		media.Schema = schema.NewRef()
	}
}

func problemResponse(description string) *openapi3.Response {
	return &openapi3.Response{Description: &description, Content: problemContent()}
}

func problemContent() openapi3.Content {
	return openapi3.Content{problemType: openapi3.NewMediaType().WithSchemaRef(&openapi3.SchemaRef{Ref: schemaRef + "Problem"})}
}

// useTags writes the chapters that are used, in the order of contract.yaml.
func useTags(doc *openapi3.T, c contract) {
	used := map[string]bool{}
	for _, op := range operations(doc) {
		for _, name := range op.Tags {
			used[name] = true
		}
	}
	doc.Tags = nil
	for _, t := range c.Tags {
		if used[t.Name] {
			doc.Tags = append(doc.Tags, &openapi3.Tag{Name: t.Name, Description: t.Description})
		}
	}
}

package openapi

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// monthFormat is ours: a month has no standard format, so a pattern is published in its place.
const (
	monthFormat  = "month"
	monthPattern = "^[0-9]{4}-(0[1-9]|1[0-2])$"
)

// omitted marks a property that an answer may leave out (`extensions:"x-omitempty"` on the field).
const omitted = "x-omitempty"

// apply sets the format of a text that has none.
func (f formats) apply(name string, schema *openapi3.Schema) {
	if schema == nil {
		return
	}
	if schema.Items != nil && schema.Items.Ref == "" {
		schema = schema.Items.Value
	}
	if !schema.Type.Is("string") || schema.Pattern != "" || len(schema.Enum) > 0 {
		return
	}
	if schema.Format == "" {
		schema.Format = f.of(name)
	}
	if schema.Format == monthFormat {
		schema.Format, schema.Pattern = "", monthPattern
	}
}

func (f formats) of(name string) string {
	if format, named := f.Names[name]; named {
		return format
	}
	for suffix, format := range f.Suffixes {
		if strings.HasSuffix(name, suffix) {
			return format
		}
	}
	return ""
}

// keepReachable drops the schemas that no operation leads to, such as Go types that a failure was declared with.
func keepReachable(doc *openapi3.T) {
	requests, answers := reachable(doc)
	maps.DeleteFunc(doc.Components.Schemas, func(name string, _ *openapi3.SchemaRef) bool {
		return !requests[name] && !answers[name]
	})
}

// repairSchemas gives texts their formats, and makes every property of a schema that only answers use required unless
// it is marked: the server always writes them, and without it every generated client would have to doubt each one.
func repairSchemas(doc *openapi3.T, c contract) {
	requests, _ := reachable(doc)
	for name, ref := range doc.Components.Schemas {
		answerOnly := !requests[name] && name != "Problem"
		walk(ref, func(ref *openapi3.SchemaRef) {
			delete(ref.Value.Extensions, "x-enum-varnames")
			typeNullable(ref.Value)
			if answerOnly {
				requireAll(ref.Value)
			}
			for property, inner := range ref.Value.Properties {
				if inner.Ref == "" {
					c.Formats.apply(property, inner.Value)
					delete(inner.Value.Extensions, omitted)
					ref.Value.Properties[property] = plain(inner)
				}
			}
		})
	}
}

// anything is what a value of any type may be, null among it; without a type nullable has no meaning.
func anything() openapi3.SchemaRefs {
	text := openapi3.NewStringSchema()
	text.Nullable = true
	list := openapi3.NewArraySchema()
	list.Items = openapi3.NewSchemaRef("", openapi3.NewSchema())
	var all openapi3.SchemaRefs
	for _, s := range []*openapi3.Schema{text, openapi3.NewFloat64Schema(), openapi3.NewBoolSchema(), list, openapi3.NewObjectSchema()} {
		s.Format = ""
		all = append(all, openapi3.NewSchemaRef("", s))
	}
	return all
}

// typeNullable repeats the type of a reference that may be null, and puts null among the words of an enumeration that may
// be, without which OpenAPI 3.0 gives nullable no meaning.
func typeNullable(schema *openapi3.Schema) {
	if schema.Nullable && len(schema.Enum) > 0 && !slices.Contains(schema.Enum, nil) {
		schema.Enum = append(schema.Enum, nil)
	}
	if schema.Nullable && schema.Type == nil && len(schema.AllOf)+len(schema.AnyOf)+len(schema.OneOf) == 0 {
		schema.AnyOf, schema.Nullable = anything(), false
	}
	if schema.Nullable && schema.Type == nil && len(schema.AllOf) == 1 && schema.AllOf[0].Value != nil {
		schema.Type = schema.AllOf[0].Value.Type
	}
}

// plain takes the wrapping off a reference that says nothing besides.
func plain(ref *openapi3.SchemaRef) *openapi3.SchemaRef {
	s := ref.Value
	if len(s.AllOf) != 1 || s.Nullable || s.Description != "" || s.AllOf[0].Ref == "" {
		return ref
	}
	return s.AllOf[0]
}

func requireAll(schema *openapi3.Schema) {
	schema.Required = schema.Required[:0]
	for property, ref := range schema.Properties {
		if ref.Value == nil || ref.Value.Extensions[omitted] == nil {
			schema.Required = append(schema.Required, property)
		}
	}
	slices.Sort(schema.Required)
}

// reachable names the schemas that request bodies and answers lead to.
func reachable(doc *openapi3.T) (requests, answers map[string]bool) {
	requests, answers = map[string]bool{}, map[string]bool{}
	for _, op := range operations(doc) {
		if op.RequestBody != nil && op.RequestBody.Value != nil {
			follow(doc, op.RequestBody.Value.Content, requests)
		}
		for _, response := range op.Responses.Map() {
			if response.Value != nil {
				follow(doc, response.Value.Content, answers)
			}
		}
	}
	for _, response := range doc.Components.Responses {
		follow(doc, response.Value.Content, answers)
	}
	return requests, answers
}

func follow(doc *openapi3.T, content openapi3.Content, seen map[string]bool) {
	var visit func(*openapi3.SchemaRef)
	visit = func(ref *openapi3.SchemaRef) {
		name, named := strings.CutPrefix(ref.Ref, schemaRef)
		if named && !seen[name] && doc.Components.Schemas[name] != nil {
			seen[name] = true
			walk(doc.Components.Schemas[name], func(*openapi3.SchemaRef) {}, visit)
		}
	}
	for _, media := range content {
		if media.Schema != nil {
			visit(media.Schema)
			walk(media.Schema, func(*openapi3.SchemaRef) {}, visit)
		}
	}
}

// walk calls inline for the schema and every schema written inside it, and named for every reference it meets, which it
// does not follow.
func walk(ref *openapi3.SchemaRef, inline func(*openapi3.SchemaRef), named ...func(*openapi3.SchemaRef)) {
	if ref == nil {
		return
	}
	if ref.Ref != "" {
		for _, call := range named {
			call(ref)
		}
		return
	}
	inline(ref)
	for _, property := range ref.Value.Properties {
		walk(property, inline, named...)
	}
	walk(ref.Value.Items, inline, named...)
	walk(ref.Value.AdditionalProperties.Schema, inline, named...)
	for _, part := range slices.Concat(ref.Value.AllOf, ref.Value.OneOf, ref.Value.AnyOf) {
		walk(part, inline, named...)
	}
}

package app_test

import (
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"sochibo/internal/database"
)

func optionsAt(now func() time.Time) database.Options { return database.Options{Now: now} }

// collect notes every field that a schema names, with its pointer; a list has one place, 0.
func collect(s *openapi3.Schema, pointer string, fields map[string]bool) {
	for _, part := range s.AllOf {
		collect(part.Value, pointer, fields)
	}
	if s.Items != nil {
		collect(s.Items.Value, pointer+"/0", fields)
	}
	for name, property := range s.Properties {
		fields[pointer+"/"+name] = true
		collect(property.Value, pointer+"/"+name, fields)
	}
}

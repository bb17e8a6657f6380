package api

import (
	"embed"
	"io/fs"
)

//go:generate make --no-print-directory -C .. generate

//go:embed swagger.json openapi.json openapi.yaml examples
var files embed.FS

// OpenAPI is the published contract, OpenAPI 3.0.3 as JSON.
func OpenAPI() []byte { return read("openapi.json") }

// OpenAPIYAML is the published contract as YAML.
func OpenAPIYAML() []byte { return read("openapi.yaml") }

// Swagger is the contract as swag writes it from the handlers, Swagger 2.0 as JSON.
func Swagger() []byte { return read("swagger.json") }

// Examples holds request bodies, each in a file named after its operation: createMeeting.json, createMeeting.draft.json.
func Examples() (fs.FS, error) { return fs.Sub(files, "examples") }

// read gives a file that the compiler has put there.
func read(name string) []byte {
	raw, _ := files.ReadFile(name)
	return raw
}

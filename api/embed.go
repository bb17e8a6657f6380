package api

import (
	"embed"
	"io/fs"
)

//go:generate make --no-print-directory -C .. generate

//go:embed openapi.json
var openAPI []byte

//go:embed examples
var examples embed.FS

// OpenAPI is the published contract, OpenAPI 3.0.3 as JSON. The same as YAML, and as swag writes it, stand beside it and are not in the program.
func OpenAPI() []byte { return openAPI }

// Examples holds request bodies, each in a file named after its operation: createMeeting.json, createMeeting.draft.json.
func Examples() (fs.FS, error) { return fs.Sub(examples, "examples") }

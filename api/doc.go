// Package api holds the contract inside the binary: the document as swag wrote it, the document as published, and bodies
// that its operations accept.
//
// All but the examples is generated; `make generate` writes it and nobody edits it by hand. The package imports nothing
// of the project.
package api

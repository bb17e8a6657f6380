// Package openapi turns the contract as swag writes it into the contract as it is published.
//
// swag reads the comments above the handlers and writes Swagger 2.0. Convert makes OpenAPI 3.0.3 of it and repairs what
// Swagger 2.0 cannot say or swag leaves open: failures are application/problem+json with one shared schema, the token is
// a bearer scheme, what is true of every request is written once. What it adds is data and stands in contract.yaml.
//
// Invariants: the same input gives the same bytes; a document that does not validate, or an operation without summary,
// operationId or known tag, is an error that names the operation.
//
// The package is called by `make generate` and by tests. It may import nothing of the project, and no part of the server
// imports it: the page for people is in the docs package below, which carries no converter.
package openapi

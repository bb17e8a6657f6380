// Package docs serves the contract: /openapi.json for programs and /docs, a page in Swagger UI, for people.
//
// Everything comes out of the binary; the page works without a network and asks no other host for anything. The package
// owns the page and its content security policy. It imports nothing of the project and needs no converter.
package docs

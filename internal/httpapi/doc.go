// Package httpapi is the HTTP shell: what is true of every request, whatever it asks.
//
// It owns routes and their permissions, request ids, the access log, security headers, strict reading of bodies and parameters,
// problems (RFC 9457), paging, entity tags, idempotent and dry-run writes, formats and the server's limits.
//
// Invariants: a route cannot be mounted without a permission; a handler returns its error and never writes one; what a caller can
// get wrong is a 4xx with a stable code and the place; an answer is rendered in full before its first byte leaves; the log holds
// ids, never names, texts or query strings.
//
// It may call fault, calendar, text and database (for receipts and dry runs alone).
package httpapi

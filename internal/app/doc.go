// Package app wires the rooms together: it is the only one that knows every other, and mounts the routes of all slices on
// one page (routes.go).
//
// Invariants: nothing is mounted that the contract does not document; what starts here is also stopped here.
package app

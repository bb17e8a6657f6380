// Package arch is the floor plan of the house as a test: which room may import which, where gin and gorm may be used, who
// may name which table, and what no room may have.
//
// It owns plan_test.go, the list of the rooms and of every exception with its reason. Invariants: an exception that nothing
// needs any more is a fault; every rule is itself tested with a violation planted in a source that exists only in memory.
//
// It reads the source of the module and the list of tables in the migrations; it calls no other room, and nobody calls it.
package arch

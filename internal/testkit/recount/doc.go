// Package recount is the test-only oracle of the figures: a slow and plain
// reading of the reference semantics, with a generator of random exchange
// folders to compare the product with.
//
// Owns: Facts (what a recount needs to know), Summary (the figures of a query),
// Folder (an exchange folder in memory), RandomFolder, NormalForm and Spoil.
// Invariants: nothing of the project is imported, so that no fault can be shared
// with what is tested; nothing is cached or posted: every figure is counted
// afresh from the facts, day by day.
// May call: the standard library.
package recount

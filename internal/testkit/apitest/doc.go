// Package apitest gives the tests of a slice a small installation, callers with roles in it, and answers that are easy to judge.
//
// It owns the tree these tests stand on: a province, two base organisations a and b, the cells a1, a2 and b1.
//
// Invariants: every test gets a fresh store on each engine; the clock stands still at Now.
//
// It may call every room to the left of the slice under test.
package apitest

// Package dbtest gives every test a fresh, migrated store on each engine.
//
// It owns the stores of tests: a SQLite file per test, and a PostgreSQL database per test in a throw-away cluster, both copied from
// a migrated template. Invariants: a test never sees another's rows; no test is skipped for want of a server, it fails and says what
// to install; nothing is left behind, even by a killed test.
//
// It may call database and the other rooms of the test kit, and tests alone may call it.
package dbtest

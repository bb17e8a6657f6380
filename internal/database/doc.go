// Package database is the only door to the store: it opens PostgreSQL or SQLite, runs transactions, translates what goes wrong
// and owns the schema.
//
// It owns the migrations (migrations/{postgres,sqlite}/*.sql, the same numbers and names for both engines) and one table,
// idempotency_key. All other tables belong to the slices; this room knows none of them.
//
// Invariants: every statement of the program runs inside Write, Read or Bulk; a transaction has one clock (Tx.Now, UTC,
// microseconds); retries live here and nowhere else, so closures must be safe to run twice; on both engines Read refuses writes;
// parameters of statements never reach the log.
//
// It may call fault and calendar and no other room.
package database

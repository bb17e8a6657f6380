// Package ledger keeps the book that every figure is read from: numbered entries, their paths through the tree, and the
// balances they add up to.
//
// It owns the tables ledger_entry, ledger_path, ledger_path_step, balance and ledger_head.
//
// Invariants: entries are never changed or removed, a correction is a reversal and a new entry; entry numbers follow the
// order of commits and recorded_at never decreases with them; a balance is the sum of the entries whose path leads
// through it; what is due, excused, covered and reported is posted by Settle alone, as the difference between what the
// facts say and what is posted. docs/architecture.md tells the whole idea.
//
// It may call calendar, database, audit, org and rules.
package ledger

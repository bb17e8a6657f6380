// Package inspection keeps rounds of inspection and supervision: who inspects, when, and which organisations and members.
//
// It owns the tables inspection and inspection_object. A round and each of its objects is posted to the ledger in the transaction that
// records it, in the month and by the tree of the round's first day.
//
// Invariants: an object is in a round once; the inspecting organisation exists on the first day and can have the inspecting body.
//
// It may call fault, calendar, text, database, httpapi, auth, org, member and ledger.
package inspection

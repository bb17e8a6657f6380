// Package structure holds the acts that change the tree and who is in office: founding, editing, moving, merging and
// dissolving organisations, terms of bodies, excused months.
//
// It owns no table; org keeps the rows. Each act holds the tree lock alone, asks whether it may, writes, and settles the
// ledger in the same transaction, so that figures and tree never disagree.
//
// It may call every room to its left in the list of docs/architecture.md.
package structure

// Package proof shows the transparency log to those who check it: its leaves, its signed checkpoints, and proofs that a leaf is in it and
// that it only ever grew; and who read data of persons in a privileged role.
//
// It owns no table: the log itself is audit's, and this room asks who may see it. Invariants: what it shows was signed or can be proved
// against what was signed; a leaf holds no name.
//
// It may call fault, calendar, database, httpapi, audit, auth, org and member.
package proof

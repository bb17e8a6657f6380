// Package audit is the transparency log: every write leaves a leaf in it, in the transaction of the write.
//
// It owns the tables log_head, log_leaf, log_hash, log_seal, log_checkpoint and log_rotation, and the accesses of
// privileged roles to data of persons in access_entry, with the digests of their days in access_day. A leaf holds who did what and, for each record that the
// write changed, a salted commitment to what the record is afterwards: ids and hashes, never a name or a text. The leaves are
// those of a Merkle tree as golang.org/x/mod/sumdb/tlog keeps it, and its root is signed as golang.org/x/mod/sumdb/note does.
//
// Invariants: leaf numbers begin at 0 and have no gaps; a leaf and the hashes above it never change; a write whose leaf cannot be
// written does not happen, since Write is the only way for a slice to change the store; an access is committed before the answer that
// it is about; a day of accesses that has a digest gets no further rows.
//
// It may call fault, calendar, text, database and httpapi.
package audit

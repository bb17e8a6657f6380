// Package exchange moves records in and out as a folder of CSV files: import, export, and the sample that is built in.
//
// It owns the exchange format (docs/exchange-format.md): which files there are, their columns, keys and words. It owns no table; it
// reads and writes those of the slices set by set, because an import of a province does not pass through requests.
//
// Invariants: a folder is imported whole or not at all, in one transaction, and every fault of it is named in one run; memory does
// not grow with the folder; a second import of the same folder changes nothing; an export has the same bytes on both engines, and
// imported into an empty store and exported again it has the same bytes once more.
//
// An import runs in steps: the rows are staged into temporary tables, one for each file (stage_<file>), with the code of everything
// that may be referred to in known_<file>; each file is checked by SQL and its good rows are moved; then rolls are frozen, versions
// written and the ledger posted. Faulty rows stay behind, so that the checks that follow see what is right of the folder.
//
// It may call every room of the slices; none of them calls it.
package exchange

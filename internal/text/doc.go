// Package text holds the rules for text that every room shares: what may be stored, how names are compared, searched and sorted, and
// how numbers are written for Vietnamese readers.
//
// Invariants: stored text is NFC without invisible characters; keys depend on the text alone, so both engines order alike.
//
// It may call fault.
package text

// Package rules holds the dated rule sets: what is due, how often, and what a session has to cover.
//
// It owns the embedded sets (sets/*.yaml) and their validation: sets follow one another without a gap and without an
// overlap, and name only words that exist. A figure is judged by the set in force on its day, never by today's.
//
// Invariants: a Book never changes once it is loaded. It may call fault, calendar and org.
package rules

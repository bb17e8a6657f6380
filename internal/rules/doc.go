// Package rules holds the dated rule sets: what is due, how often, what a session has to cover, who counts, and how sessions are rated.
//
// It owns the embedded sets (sets/*.yaml), the language of rubrics, and their validation: sets follow one another without a gap and
// without an overlap, the bands of a rubric too, and all name only words that exist. Local sets come from a folder and hold for a part
// of the tree. A figure is judged by the set in force on its day, never by today's.
//
// Invariants: a Book never changes once it is loaded; rates are compared as whole numbers; assessing is pure, so that the same findings
// and answers always come to the same points.
//
// It may call fault, calendar, database, httpapi, audit, auth, org and member.
package rules

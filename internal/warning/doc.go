// Package warning says what is amiss in an organisation's sessions, computed on reading, with the rule it rests on and the rows that show
// it; and what a caller owes in a month, by when, with the request that settles it.
//
// It owns no table and keeps nothing: the same rows give the same warnings, a warning goes when its cause goes, and no warning changes a
// figure or a record.
//
// Invariants: thresholds are data of the rule set in force for the organisation on the day, or constants that name their source; counts are
// compared as whole numbers; what nobody recorded is held against nobody; who sees a warning is decided where its organisation stands today.
//
// It may call fault, calendar, text, database, httpapi, auth, org, member, rules, ledger, resolution, meeting and schedule.
package warning

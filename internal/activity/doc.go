// Package activity answers what the sessions of a period were made of: which content items they covered, what they studied, who prepared
// them, who was absent and why, which tasks they gave and what became of those, and what strengths and shortcomings follow by fixed rules.
//
// It owns no table. It reads the frozen records of the meetings that the ledger counts, one by one, and so costs what it touches: an answer
// rests on a limited number of sessions. What balances tell already it leaves to the summary.
//
// Invariants: a session counts here exactly when it counts in the summary, by the tree of its day; counts are integers, a share is its
// numerator and denominator; who was an officer is read from the record, never from today's roster; nothing is judged by a rule set that
// was not in force.
//
// It may call fault, calendar, text, database, httpapi, auth, org, rules, ledger, directive, topic, meeting and summary.
package activity
